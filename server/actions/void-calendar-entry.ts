/** Somebody takes out of the calendar what was written by mistake, with a reason; the audit trail keeps it. */
import type { Actor, Context } from '../context.ts'
import { listCalendarEntries, reviseVoidEntry } from '../db/calendar-entries.ts'
import { countConditionsAt } from '../db/request-conditions.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { settingSeen } from '../domain/setting-change.ts'

export function voidCalendarEntry(
  context: Context,
  actor: Actor,
  trialId: string,
  asked: { id: string; seen: string; reason: string },
): Promise<Parsed<{ entryId: string }>> {
  return transact(context, actor, trialId, async (write) => {
    const settings = await listCalendarEntries(write, trialId)
    const found = settingSeen(settings, asked)
    if ('problems' in found) return found
    const due = settings.filter(({ value }) => value.meetingId === asked.id).length
    const count = due + (await countConditionsAt(write, asked.id))
    if (count > 0) return { problems: [{ field: '', code: 'meeting_has_conditions', values: { count } }] }
    await reviseVoidEntry(write, context, asked.id, asked.reason)
    return { value: { entryId: asked.id } }
  })
}
