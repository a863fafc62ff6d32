/** Somebody who keeps the calendar writes down when a committee meets, or what it asks for. */
import type { Actor, Context } from '../context.ts'
import { insertCalendarEntry, listCalendarEntries } from '../db/calendar-entries.ts'
import { findTrial } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import { type EntryDraft, entryFrom } from '../domain/calendar-entry.ts'
import type { Parsed } from '../domain/parsed.ts'

export function addCalendarEntry(
  context: Context,
  actor: Actor,
  trialId: string,
  draft: EntryDraft,
): Promise<Parsed<{ entryId: string }>> {
  return transact(context, actor, trialId, async (write) => {
    const known = (await listCalendarEntries(write, trialId)).map(({ value }) => value)
    const { timeZone } = await findTrial(write, trialId)
    const entry = entryFrom(draft, known, context.today(timeZone))
    if ('problems' in entry) return entry
    return { value: { entryId: await insertCalendarEntry(write, context, trialId, entry.value) } }
  })
}
