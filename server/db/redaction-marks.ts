/** What stands where texts of the audit trail were taken out: each redaction's mark at the places that it names. */

import type { CalendarDate } from '../domain/calendar-date.ts'
import { type RedactedEntry, type Redaction, type RedactionKind, redactionMark } from '../domain/redaction.ts'
import type { Db, RedactionRow } from './database.ts'
import { isTaken } from './sealed-texts.ts'

/** By the texts' places in an entry: `after.note`. */
export type Marks = Partial<Record<string, string>>

/** The marks of a chain, by the places of its entries. */
export async function listMarks(db: Db, chain: string): Promise<Map<number, Marks>> {
  const rows = await db
    .selectFrom('redaction')
    .select(['decided_on', 'kind', 'places'])
    .where('trial_id', '=', chain)
    .where('state', '=', 'confirmed')
    .orderBy('id')
    .execute()
  return marksFrom(rows.map((row) => ({ ...markedFrom(row), entries: entriesFrom(row.places) })))
}

export function entriesFrom(places: string | null): RedactedEntry[] {
  return places === null ? [] : JSON.parse(places)
}

export function markedFrom(row: Pick<RedactionRow, 'decided_on' | 'kind'>): Pick<Redaction, 'decidedOn' | 'kind'> {
  return { decidedOn: row.decided_on as CalendarDate | null, kind: row.kind as RedactionKind }
}

export function marksFrom(
  redactions: readonly Pick<Redaction, 'entries' | 'decidedOn' | 'kind'>[],
): Map<number, Marks> {
  const marks = new Map<number, Marks>()
  for (const redaction of redactions) {
    const mark = redactionMark(redaction)
    for (const { sequence, places } of redaction.entries) {
      marks.set(sequence, { ...marks.get(sequence), ...Object.fromEntries(places.map((place) => [place, mark])) })
    }
  }
  return marks
}

/** A record as an entry holds it, with a mark where each text was. */
export function withMarks(
  side: 'before' | 'after',
  row: Record<string, unknown>,
  marks: Marks = {},
): Record<string, unknown> {
  const columns = Object.entries(row).map(([field, value]) => [
    field,
    isTaken(value) ? (marks[`${side}.${field}`] ?? '■■■■') : value,
  ])
  return Object.fromEntries(columns)
}
