/** Who read single subjects of a trial: a page at a time, or as a file. */
import { type AccessQuestion, listReaders, listReads } from '../db/access-records.ts'
import { findSubjectIdOf } from '../db/audit-trail.ts'
import { findPersonId, findUsernames } from '../db/people.ts'
import { type AccessRecord, accessKinds } from '../domain/access-record.ts'
import { addDays, type CalendarDate } from '../domain/calendar-date.ts'
import { dateProblem } from '../domain/date-problem.ts'
import type { Problem } from '../domain/parsed.ts'
import { readDate } from '../domain/read-date.ts'
import { endOfDay } from '../domain/two-clocks.ts'
import {
  type AccessTyped,
  type AccessWorld,
  accessesPage,
  accessFileHeader,
  accessFileRow,
} from '../pages/accesses-page.ts'
import { auditWorldOf } from './audit-world.ts'
import { isWritable } from './forms.ts'
import { csvOf } from './spreadsheet.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

const pageSize = 50
/** So many records are read at a time for a file. */
const partSize = 1000

export async function listAccesses(visit: TrialVisit): Promise<Reply> {
  const { context, request, trial, words } = visit
  const { typed, question, problems } = await askedOf(visit)
  const place = textOf(request.query.before)
  const before = /^[\w-]{1,64}$/.test(place) ? place : null
  const found = await listReads(context.db, trial.id, { before, limit: pageSize + 1 }, question)
  const records = found.slice(0, pageSize)
  const readers = await listReaders(context.db, trial.id)
  const usernames = await findUsernames(context.db, readers)
  const people = readers.map((id) => ({ id, username: usernames.get(id) ?? id }))
  const world = await worldOf(visit, records, readers)
  const input = {
    world,
    records,
    typed,
    problems,
    people,
    isStart: before === null,
    goesOn: found.length > pageSize,
  }
  return { page: accessesPage(input, words), status: problems.length > 0 ? 422 : 200 }
}

export async function exportAccesses(visit: TrialVisit): Promise<Reply> {
  const { context, trial, words } = visit
  const { question, problems } = await askedOf(visit)
  if (problems.length > 0) {
    return { seeOther: `/trials/${trial.code}/accesses?${visit.request.originalUrl.split('?')[1] ?? ''}` }
  }
  const rows = (async function* () {
    yield accessFileHeader(words)
    for (let before: string | null = null; ; ) {
      const records: AccessRecord[] = await listReads(context.db, trial.id, { before, limit: partSize }, question)
      const world = await worldOf(visit, records, [])
      for (const record of records) yield accessFileRow(record, world, words)
      before = records.at(-1)?.id ?? null
      if (records.length < partSize) return
    }
  })()
  const name = `${trial.code}_${words.t('accesses.file_name')}.csv`.replace(/[/\\:*?"<>|\p{Cc}]/gu, '-')
  return { file: { name, type: 'text/csv; charset=utf-8', content: csvOf(rows) } }
}

function worldOf(visit: TrialVisit, records: readonly AccessRecord[], people: readonly string[]): Promise<AccessWorld> {
  const subjects = records.flatMap(({ subjectId }) => subjectId ?? [])
  return auditWorldOf(visit, [], [...people, ...records.map(({ personId }) => personId)], subjects)
}

/** What cannot be read is told and asks for nothing; an unknown person or subject has no records. */
async function askedOf({ context: { db }, request: { query }, trial }: TrialVisit): Promise<{
  typed: AccessTyped
  question: AccessQuestion
  problems: Problem[]
}> {
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
  const subject = text('subject').normalize('NFKC')
  const what = accessKinds.find((one) => one === text('what')) ?? null
  const question = {
    personId: person === '' ? null : ((await findPersonId(db, person)) ?? person),
    subjectId: subject === '' ? null : ((await findSubjectIdOf(db, trial.id, subject)) ?? subject),
    what,
    from: from === null ? null : endOfDay(trial.timeZone, addDays(from, -1)),
    before: until === null ? null : endOfDay(trial.timeZone, until),
  }
  const typed = { person, subject, what: what ?? '', from: from ?? text('from'), until: until ?? text('until') }
  return { typed, question, problems }
}
