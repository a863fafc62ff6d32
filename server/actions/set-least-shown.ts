/** A data manager says from which count on single sites' numbers are shown to committees and guests. */
import type { Actor, Context } from '../context.ts'
import { findTrial, reviseLeastShown } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'

/** Null shows every count. What guests read already is frozen, and stays as it is. */
export function setLeastShown(
  context: Context,
  actor: Actor,
  trialId: string,
  leastShown: number | null,
): Promise<Parsed<{ leastShown: number | null }>> {
  return transact(context, actor, trialId, async (write) => {
    const trial = await findTrial(write, trialId)
    if (trial.leastShown === leastShown) return { problems: [{ field: 'leastShown', code: 'date_unchanged' }] }
    await reviseLeastShown(write, trialId, leastShown)
    return { value: { leastShown } }
  })
}
