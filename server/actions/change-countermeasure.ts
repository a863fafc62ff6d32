/** Somebody who plans recruitment corrects what is written of a measure, with a reason. */
import type { Actor, Context } from '../context.ts'
import { listCountermeasureSettings, reviseCountermeasure } from '../db/countermeasures.ts'
import { listSites } from '../db/sites.ts'
import { findTrial } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import { type CountermeasureDraft, countermeasureProblems } from '../domain/countermeasure.ts'
import type { Parsed } from '../domain/parsed.ts'
import { settingSeen } from '../domain/setting-change.ts'

export function changeCountermeasure(
  context: Context,
  actor: Actor,
  trialId: string,
  { id, seen, to, reason }: { id: string; seen: string; to: CountermeasureDraft; reason: string },
): Promise<Parsed<{ countermeasureId: string }>> {
  return transact(context, actor, trialId, async (write) => {
    const found = settingSeen(await listCountermeasureSettings(write, trialId), { id, seen })
    if ('problems' in found) return found
    const sites = (await listSites(write, trialId)).map((site) => site.id)
    const { timeZone } = await findTrial(write, trialId)
    const problems = countermeasureProblems(to, sites, context.today(timeZone))
    if (reason === '') problems.push({ field: 'reason', code: 'setting_missing' })
    if (problems.length > 0) return { problems }
    await reviseCountermeasure(write, id, to, reason)
    return { value: { countermeasureId: id } }
  })
}
