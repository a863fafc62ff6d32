/** A second person confirms that a text goes: out of its rows and out of the trail, of which every hash stays as it was. */
import type { Actor, Context } from '../context.ts'
import { findRedacting, findRedaction, findTextAsked, forgetOldPages, isSigned } from '../db/redactions.ts'
import { findTrial } from '../db/trials.ts'
import { transactUnderLock } from '../db/write.ts'
import { isRefused, type Parsed } from '../domain/parsed.ts'
import { decisionProblems, redactionMark, seenOf } from '../domain/redaction.ts'

export async function confirmRedaction(
  context: Context,
  actor: Actor,
  draft: { trialId: string; redactionId: string; seen: string },
): Promise<Parsed<{ redactionId: string }>> {
  const outcome = await transactUnderLock(context, actor, draft.trialId, async (write) => {
    const redaction = await findRedaction(write, draft.trialId, draft.redactionId)
    if (redaction === null) return { problems: [{ field: '', code: 'redaction_unknown' }] }
    const trial = await findTrial(write, draft.trialId)
    const problems = decisionProblems(redaction, actor.personId)
    if (problems.length > 0) return { problems }
    if (await isSigned(write, redaction)) return { problems: [{ field: '', code: 'redaction_of_signed' }] }
    const text = await findTextAsked(write, draft.trialId, redaction)
    if (text === null) return { problems: [{ field: '', code: 'redaction_nothing_there' }] }
    const redacting = await findRedacting(write, draft.trialId, redaction, text)
    if (seenOf(redacting.entries) !== draft.seen) return { problems: [{ field: '', code: 'redaction_went_on' }] }
    const entries = redacting.entries.map(({ sequence, places, remains }) => ({ sequence, places, remains }))
    const decidedOn = context.today(trial.timeZone)
    await write.revise(
      'redaction',
      redaction.id,
      {
        state: 'confirmed',
        decided_by: actor.personId,
        decided_at: context.now(),
        decided_on: decidedOn,
        entries: `,${entries.map(({ sequence }) => sequence).join(',')},`,
        places: JSON.stringify(entries),
      },
      'redaction_confirmed',
      null,
    )
    await write.redact(text, redactionMark({ decidedOn, kind: redaction.kind }), redacting)
    return { value: { redactionId: redaction.id } }
  })
  if (!isRefused(outcome)) await forgetOldPages(context.db)
  return outcome
}
