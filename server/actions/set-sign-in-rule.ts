/** An administrator says whether a trial asks everybody in it for a second factor. */
import type { Actor, Context } from '../context.ts'
import { insertOrReviseRule, type SignInRule } from '../db/second-factors.ts'
import { transactUnderLock } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'

/** From then on, who has a role in the trial sets one up before anything else. It stands in the trial's audit trail. */
export function setSignInRule(
  context: Context,
  actor: Actor,
  rule: Pick<SignInRule, 'trialId' | 'secondFactor'>,
): Promise<Parsed<{ trialId: string }>> {
  return transactUnderLock(context, actor, rule.trialId, async (write) => {
    await insertOrReviseRule(write, context, rule)
    return { value: { trialId: rule.trialId } }
  })
}
