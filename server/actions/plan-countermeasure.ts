/** Somebody who plans recruitment writes down a measure that was begun or will be. */
import type { Actor, Context } from '../context.ts'
import { insertCountermeasure } from '../db/countermeasures.ts'
import { listSites } from '../db/sites.ts'
import { findTrial } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import { type CountermeasureDraft, countermeasureProblems } from '../domain/countermeasure.ts'
import type { Parsed } from '../domain/parsed.ts'

export function planCountermeasure(
  context: Context,
  actor: Actor,
  trialId: string,
  draft: CountermeasureDraft,
): Promise<Parsed<{ countermeasureId: string }>> {
  return transact(context, actor, trialId, async (write) => {
    const sites = (await listSites(write, trialId)).map(({ id }) => id)
    const { timeZone } = await findTrial(write, trialId)
    const problems = countermeasureProblems(draft, sites, context.today(timeZone))
    if (problems.length > 0) return { problems }
    return { value: { countermeasureId: await insertCountermeasure(write, context, trialId, draft) } }
  })
}
