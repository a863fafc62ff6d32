/** Somebody who plans recruitment says on which day a measure was taken last. */
import type { Actor, Context } from '../context.ts'
import { endCountermeasure as end, listCountermeasureSettings } from '../db/countermeasures.ts'
import { findTrial } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import { endProblems } from '../domain/countermeasure.ts'
import type { Parsed } from '../domain/parsed.ts'
import { settingSeen } from '../domain/setting-change.ts'

export function endCountermeasure(
  context: Context,
  actor: Actor,
  trialId: string,
  { id, seen, endedOn }: { id: string; seen: string; endedOn: CalendarDate },
): Promise<Parsed<{ countermeasureId: string }>> {
  return transact(context, actor, trialId, async (write) => {
    const found = settingSeen(await listCountermeasureSettings(write, trialId), { id, seen })
    if ('problems' in found) return found
    // Ended by somebody else a moment ago: an end is corrected with a reason, never said twice.
    if (found.setting.value.endedOn !== null) return { problems: [{ field: '', code: 'setting_changed_meanwhile' }] }
    const { timeZone } = await findTrial(write, trialId)
    const problems = endProblems(found.setting.value, endedOn, context.today(timeZone))
    if (problems.length > 0) return { problems }
    await end(write, id, endedOn)
    return { value: { countermeasureId: id } }
  })
}
