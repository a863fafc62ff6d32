/** Which entries of a trial's trail the address asks for: of a person, a kind, a record, a period. */
import { type AuditQuestion, listRecordsOfSubject } from '../db/audit-trail.ts'
import { findPersonId } from '../db/people.ts'
import { addDays, type CalendarDate } from '../domain/calendar-date.ts'
import { dateProblem } from '../domain/date-problem.ts'
import type { Problem } from '../domain/parsed.ts'
import { readDate } from '../domain/read-date.ts'
import { endOfDay } from '../domain/two-clocks.ts'
import type { AuditTyped } from '../pages/audit-filter.ts'
import { isWritable } from './forms.ts'
import { type TrialVisit, textOf } from './visit.ts'

export type AskedOfTrail = { typed: AuditTyped; question: AuditQuestion; problems: Problem[] }

/** What cannot be read is told and asks for nothing; an unknown person, kind or record has no entries. */
export async function askedOfTrail({ context: { db }, request: { query }, trial }: TrialVisit): Promise<AskedOfTrail> {
  const text = (name: string) => (isWritable(textOf(query[name])) ? textOf(query[name]).trim().slice(0, 100) : '')
  const problems: Problem[] = []
  const day = (field: string): CalendarDate | null => {
    const typed = text(field)
    if (typed === '') return null
    const reading = readDate(typed)
    if ('date' in reading) return reading.date
    problems.push(dateProblem(field, reading))
    return null
  }
  const from = day('from')
  const until = day('until')
  if (from !== null && until !== null && until < from) {
    problems.push({ field: 'until', code: 'audit_until_before_from', values: { from } })
  }
  const person = text('person')
  const record = text('record').normalize('NFKC')
  const ofSubject = record === '' ? [] : await listRecordsOfSubject(db, trial.id, record)
  const question: AuditQuestion = {
    personId: person === '' ? null : ((await findPersonId(db, person)) ?? person),
    event: text('event') || null,
    recordIds: record === '' ? null : ofSubject.length > 0 ? ofSubject : [record],
    from: from === null ? null : endOfDay(trial.timeZone, addDays(from, -1)),
    before: until === null ? null : endOfDay(trial.timeZone, until),
  }
  const typed = {
    person,
    event: text('event'),
    record,
    from: from ?? text('from'),
    until: until ?? text('until'),
  }
  return { typed, question, problems }
}
