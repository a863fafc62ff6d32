/** Somebody changes what stands in the calendar, with a reason; what stood there stays in the audit trail. */
import type { Actor, Context } from '../context.ts'
import { listCalendarEntries, reviseCalendarEntry } from '../db/calendar-entries.ts'
import { findTrial } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import { type EntryDraft, entryFrom } from '../domain/calendar-entry.ts'
import type { Parsed } from '../domain/parsed.ts'
import { settingSeen } from '../domain/setting-change.ts'

export function changeCalendarEntry(
  context: Context,
  actor: Actor,
  trialId: string,
  change: { id: string; seen: string; to: EntryDraft; reason: string },
): Promise<Parsed<{ entryId: string }>> {
  return transact(context, actor, trialId, async (write) => {
    const settings = await listCalendarEntries(write, trialId)
    const found = settingSeen(settings, change)
    if ('problems' in found) return found
    const { timeZone } = await findTrial(write, trialId)
    const known = settings.map(({ value }) => value)
    const entry = entryFrom({ ...change.to, kind: found.setting.value.kind }, known, context.today(timeZone))
    if ('problems' in entry) return entry
    const { reason } = change
    await reviseCalendarEntry(write, change.id, entry.value, { auditAs: 'calendar_entry_changed', reason })
    return { value: { entryId: change.id } }
  })
}
