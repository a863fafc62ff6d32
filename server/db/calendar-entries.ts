/** What people wrote into a trial's calendar. */
import type { Context } from '../context.ts'
import type { Basis } from '../domain/bilingual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { CalendarEntry, EntryKind } from '../domain/calendar-entry.ts'
import type { Setting } from '../domain/setting-change.ts'
import type { CalendarEntryRow, Db } from './database.ts'
import { settingFrom } from './kept-settings.ts'
import { named } from './trials.ts'
import type { Write } from './write.ts'

function entryFrom(row: CalendarEntryRow): CalendarEntry {
  return {
    id: row.id,
    kind: row.kind as EntryKind,
    title: { ja: row.title_ja, en: row.title_en },
    body: { ja: row.body_ja, en: row.body_en },
    dueOn: row.due_on as CalendarDate,
    meetingId: row.meeting_id,
    met: row.met_on === null ? null : { on: row.met_on as CalendarDate, evidence: row.evidence ?? '' },
    source: { ja: row.source_ja, en: row.source_en },
    basis: row.basis as Basis,
  }
}

/** Those that stand, by day; each with a digest of what somebody sees who looks at it. */
export async function listCalendarEntries(db: Db, trialId: string): Promise<Setting<CalendarEntry>[]> {
  const rows = await db
    .selectFrom('calendar_entry')
    .selectAll()
    .where('trial_id', '=', trialId)
    .where('voided_at', 'is', null)
    .orderBy('due_on')
    .orderBy('id')
    .execute()
  return rows.map((row) => settingFrom(row, entryFrom(row)))
}

function columnsOf(entry: Omit<CalendarEntry, 'id'>): Omit<CalendarEntryRow, 'id' | 'trial_id' | 'voided_at'> {
  return {
    kind: entry.kind,
    ...named('title', entry.title),
    ...named('body', entry.body),
    due_on: entry.dueOn,
    meeting_id: entry.meetingId,
    met_on: entry.met?.on ?? null,
    evidence: entry.met?.evidence ?? null,
    ...named('source', entry.source),
    basis: entry.basis,
  }
}

export async function insertCalendarEntry(
  write: Write,
  context: Context,
  trialId: string,
  entry: Omit<CalendarEntry, 'id'>,
): Promise<string> {
  const id = context.newId()
  const row = { id, trial_id: trialId, ...columnsOf(entry), voided_at: null }
  await write.insert('calendar_entry', row, 'calendar_entry_added')
  return id
}

export async function reviseCalendarEntry(
  write: Write,
  id: string,
  entry: Omit<CalendarEntry, 'id'>,
  { auditAs, reason }: { auditAs: 'calendar_entry_changed' | 'condition_met'; reason: string | null },
): Promise<void> {
  await write.revise('calendar_entry', id, columnsOf(entry), auditAs, reason)
}

/** A void entry stays in the audit trail, and nowhere else. */
export async function reviseVoidEntry(write: Write, context: Context, id: string, reason: string): Promise<void> {
  await write.revise('calendar_entry', id, { voided_at: context.now() }, 'calendar_entry_voided', reason)
}
