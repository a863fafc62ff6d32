/** Somebody says that a condition of a committee is met: on which day, and what shows it. */
import type { Actor, Context } from '../context.ts'
import { listCalendarEntries, reviseCalendarEntry } from '../db/calendar-entries.ts'
import { findTrial } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import { metProblems } from '../domain/calendar-entry.ts'
import type { Parsed } from '../domain/parsed.ts'
import { settingSeen } from '../domain/setting-change.ts'

export function markConditionMet(
  context: Context,
  actor: Actor,
  trialId: string,
  said: { id: string; seen: string; on: CalendarDate; evidence: string },
): Promise<Parsed<{ entryId: string }>> {
  return transact(context, actor, trialId, async (write) => {
    const found = settingSeen(await listCalendarEntries(write, trialId), said)
    if ('problems' in found) return found
    const { value: entry } = found.setting
    if (entry.kind !== 'condition') return { problems: [{ field: 'metOn', code: 'meeting_is_not_met' }] }
    const { timeZone } = await findTrial(write, trialId)
    const problems = metProblems(said, context.today(timeZone))
    if (problems.length > 0) return { problems }
    const met = { on: said.on, evidence: said.evidence }
    await reviseCalendarEntry(write, entry.id, { ...entry, met }, { auditAs: 'condition_met', reason: null })
    return { value: { entryId: entry.id } }
  })
}
