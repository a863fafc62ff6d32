/** Somebody points at a text that was typed by mistake and asks that it be taken out; nothing goes yet. */
import type { Actor, Context } from '../context.ts'
import { findEntry, findSubjectOf, isAskedAlready, isSigned } from '../db/redactions.ts'
import { transactUnderLock } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { askProblems, type RedactionDraft, textsOf } from '../domain/redaction.ts'

export function askRedaction(
  context: Context,
  actor: Actor,
  draft: RedactionDraft,
): Promise<Parsed<{ redactionId: string }>> {
  return transactUnderLock(context, actor, draft.trialId, async (write) => {
    const entry = await findEntry(write, draft.trialId, draft.sequence)
    const texts = entry === null ? [] : textsOf(entry)
    const target = texts.find(({ table, field }) => `${table}.${field}` === draft.place) ?? null
    const known = {
      isAsked: target !== null && (await isAskedAlready(write, draft.trialId, target)),
      isSigned: target !== null && (await isSigned(write, target)),
    }
    const problems = askProblems(target, draft, known)
    if (entry === null || target === null || problems.length > 0) return { problems }
    const id = context.newId()
    await write.insert(
      'redaction',
      {
        id,
        trial_id: draft.trialId,
        record_table: target.table,
        record_id: target.recordId,
        field: target.field,
        sequence: draft.sequence,
        subject_id: await findSubjectOf(write, entry),
        words: draft.words,
        kind: draft.kind,
        state: 'asked',
        asked_by: actor.personId,
        asked_at: context.now(),
        decided_by: null,
        decided_at: null,
        decided_on: null,
        entries: null,
        places: null,
      },
      'redaction_asked',
    )
    return { value: { redactionId: id } }
  })
}
