/** A second person looks at what was asked to be taken out, and leaves it where it is. */
import type { Actor, Context } from '../context.ts'
import { findRedaction } from '../db/redactions.ts'
import { findTrial } from '../db/trials.ts'
import { transactUnderLock } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { decisionProblems } from '../domain/redaction.ts'

export function refuseRedaction(
  context: Context,
  actor: Actor,
  draft: { trialId: string; redactionId: string },
): Promise<Parsed<{ redactionId: string }>> {
  return transactUnderLock(context, actor, draft.trialId, async (write) => {
    const redaction = await findRedaction(write, draft.trialId, draft.redactionId)
    if (redaction === null) return { problems: [{ field: '', code: 'redaction_unknown' }] }
    const trial = await findTrial(write, draft.trialId)
    const problems = decisionProblems(redaction, actor.personId)
    if (problems.length > 0) return { problems }
    const decided = { decided_by: actor.personId, decided_at: context.now(), decided_on: context.today(trial.timeZone) }
    await write.revise('redaction', redaction.id, { state: 'refused', ...decided }, 'redaction_refused', null)
    return { value: { redactionId: redaction.id } }
  })
}
