/** Subjects and their events. What happens to a subject is written here: the event, the copy of its state, the counts. */
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { Basis } from '../domain/bilingual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { CorrectionReason, WithdrawnEvent } from '../domain/correction.ts'
import type { Pathway } from '../domain/milestone.ts'
import { reaches } from '../domain/permission.ts'
import { nobody, placeOf, type Reconciliation } from '../domain/reconciliation.ts'
import type { ListRule, StateCount } from '../domain/saved-list.ts'
import { courseOf, type Subject, type SubjectEvent, type Tally } from '../domain/subject.ts'
import type { Exit, SubjectState } from '../domain/subject-state.ts'
import type { Db, SubjectEventRow, SubjectRow } from './database.ts'
import type { Write } from './write.ts'

export function subjectFrom(row: SubjectRow): Subject {
  return {
    id: row.id,
    siteId: row.site_id,
    number: row.number,
    registrationNumber: row.registration_number,
    state: row.state as SubjectState,
    consentedOn: row.consented_on as CalendarDate,
    lastEventOn: row.last_event_on as CalendarDate,
    basis: row.basis as Basis,
  }
}

export function eventFrom(row: SubjectEventRow): SubjectEvent {
  return {
    id: row.id,
    originId: row.corrects_id ?? row.id,
    what: row.kind === 'exit' ? { kind: 'exit', exit: row.step as Exit } : { kind: 'milestone', code: row.step },
    occurredOn: row.occurred_on as CalendarDate,
    recordedAt: row.recorded_at,
    note: row.note,
    basis: row.basis as Basis,
  }
}

/** The sites whose subjects the reader may see: another site's subject does not exist for them. */
export type Scope = 'every' | readonly string[]

/** A subject within the reader's scope; null where there is none, or none for them. */
export async function findSubject(db: Db, trialId: string, subjectId: string, scope: Scope): Promise<Subject | null> {
  const row = await db
    .selectFrom('subject')
    .selectAll()
    .where('trial_id', '=', trialId)
    .where('id', '=', subjectId)
    .executeTakeFirst()
  return row === undefined || !reaches(scope, row.site_id) ? null : subjectFrom(row)
}

/** What was written down of the subject itself, beside its events. */
export async function findConsent(
  db: Db,
  subjectId: string,
): Promise<{ consentVersionId: string; referralSource: string | null }> {
  const row = await db
    .selectFrom('subject')
    .select(['consent_version_id', 'referral_source'])
    .where('id', '=', subjectId)
    .executeTakeFirstOrThrow()
  return { consentVersionId: row.consent_version_id, referralSource: row.referral_source }
}

export async function listEvents(db: Db, subjectId: string): Promise<SubjectEvent[]> {
  const rows = await db
    .selectFrom('subject_event')
    .selectAll()
    .where('subject_id', '=', subjectId)
    .where('withdrawn_at', 'is', null)
    .orderBy('occurred_on')
    .orderBy('id')
    .execute()
  return rows.map(eventFrom)
}

/** The versions of a subject's events that are no longer believed, the latest correction first. */
export async function listWithdrawnEvents(db: Db, subjectIds: readonly string[]): Promise<WithdrawnEvent[]> {
  if (subjectIds.length === 0) return []
  const rows = await db
    .selectFrom('subject_event')
    .selectAll()
    .where('subject_id', 'in', subjectIds)
    .where('withdrawn_at', 'is not', null)
    .orderBy('id', 'desc')
    .execute()
  return rows.map((row) => ({
    ...eventFrom(row),
    subjectId: row.subject_id,
    withdrawnAt: row.withdrawn_at ?? '',
    because: row.withdrawn_because as CorrectionReason,
    inWords: row.withdrawn_note,
  }))
}

export const subjectOrders = ['number', 'consented', 'last'] as const
export type SubjectOrder = (typeof subjectOrders)[number]

export type SubjectQuery = {
  scope: Scope
  siteId: string | null
  list: ListRule
  /** A part of the number. */
  search: string | null
  order: SubjectOrder
  direction: 'asc' | 'desc'
  limit: number
  offset: number
}

const orderColumns = { number: 'number', consented: 'consented_on', last: 'last_event_on' } as const

/** A page of a trial's log, with each subject's events. */
export async function listSubjects(
  db: Db,
  trialId: string,
  query: SubjectQuery,
): Promise<{ subject: Subject; events: SubjectEvent[] }[]> {
  const rows = await matching(db, trialId, query)
    .selectAll()
    .orderBy(orderColumns[query.order], query.direction)
    .orderBy('number')
    .limit(query.limit)
    .offset(query.offset)
    .execute()
  if (rows.length === 0) return []
  const eventRows = await db
    .selectFrom('subject_event')
    .selectAll()
    .where(
      'subject_id',
      'in',
      rows.map(({ id }) => id),
    )
    .where('withdrawn_at', 'is', null)
    .orderBy('occurred_on')
    .orderBy('id')
    .execute()
  const events = new Map<string, SubjectEvent[]>(rows.map(({ id }) => [id, []]))
  for (const row of eventRows) events.get(row.subject_id)?.push(eventFrom(row))
  return rows.map((row) => ({ subject: subjectFrom(row), events: events.get(row.id) ?? [] }))
}

/** How many subjects match, by state, and how many of them were registered: the counts beside the saved lists. */
export async function countSubjectsByState(
  db: Db,
  trialId: string,
  query: Pick<SubjectQuery, 'scope' | 'siteId' | 'search'>,
): Promise<StateCount[]> {
  const rows = await matching(db, trialId, { ...query, list: { by: 'every' } })
    .select(({ fn }) => [
      'state',
      fn.countAll<number>().as('number'),
      fn.count<number>('registration_number').as('registered'),
    ])
    .groupBy('state')
    .execute()
  return rows.map((row) => ({
    state: row.state as SubjectState,
    number: Number(row.number),
    registered: Number(row.registered),
  }))
}

function matching(db: Db, trialId: string, query: Pick<SubjectQuery, 'scope' | 'siteId' | 'list' | 'search'>) {
  let rows = db.selectFrom('subject').where('trial_id', '=', trialId)
  if (query.scope !== 'every') {
    rows = query.scope.length === 0 ? rows.where(sql.lit(false)) : rows.where('site_id', 'in', query.scope)
  }
  if (query.siteId !== null) rows = rows.where('site_id', '=', query.siteId)
  if (query.list.by === 'states') rows = rows.where('state', 'in', query.list.states)
  if (query.list.by === 'registration') rows = rows.where('registration_number', 'is not', null)
  if (query.search !== null) {
    const pattern = `%${query.search.toUpperCase().replace(/[\\%_]/g, '\\$&')}%`
    rows = rows.where(sql<boolean>`upper(number) like ${pattern} escape '\\'`)
  }
  return rows
}

/** Where the screenings started in a period stand now, for each site: from the log's rows, not from the roll-up. */
export async function listReconciliations(
  db: Db,
  trialId: string,
  siteIds: readonly string[],
  period: { from: CalendarDate; until: CalendarDate },
): Promise<Reconciliation[]> {
  const rows = await db
    .selectFrom('subject')
    .select(({ fn }) => [
      'site_id',
      'state',
      fn.countAll<number>().as('number'),
      fn.count<number>('registration_number').as('registered'),
    ])
    .where('trial_id', '=', trialId)
    .where('consented_on', '>=', period.from)
    .where('consented_on', '<=', period.until)
    .groupBy(['site_id', 'state'])
    .execute()
  const bySite = new Map(siteIds.map((id): [string, Reconciliation] => [id, { ...nobody }]))
  for (const row of rows) {
    const own = bySite.get(row.site_id)
    if (own === undefined) continue
    const [number, registered] = [Number(row.number), Number(row.registered)]
    own.started += number
    own.registered += registered
    const place = placeOf(row.state as SubjectState, false)
    if (place !== null) own[place] += number - registered
  }
  return siteIds.map((id) => bySite.get(id) ?? nobody)
}

/** How many subjects a site has ever had: the next number follows it. */
export async function lastSiteSequence(db: Db, siteId: string): Promise<number> {
  const row = await db
    .selectFrom('subject')
    .select(({ fn }) => fn.max('site_sequence').as('last'))
    .where('site_id', '=', siteId)
    .executeTakeFirst()
  return Number(row?.last ?? 0)
}

/** The last registration number given in a trial; 0 before the first. */
export async function lastRegistrationNumber(db: Db, trialId: string): Promise<number> {
  const row = await db
    .selectFrom('subject')
    .select(({ fn }) => fn.max('registration_number').as('last'))
    .where('trial_id', '=', trialId)
    .executeTakeFirst()
  return Number(row?.last ?? 0)
}

/** The numbers of some subjects by their identifiers; identifiers of nobody are left out. */
export async function findSubjectNumbers(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('subject').select(['id', 'number']).where('id', 'in', ids).execute()
  return new Map(rows.map(({ id, number }) => [id, number]))
}

export async function isNumberTaken(db: Db, trialId: string, number: string): Promise<boolean> {
  const row = await db
    .selectFrom('subject')
    .select('id')
    .where('trial_id', '=', trialId)
    .where('number', '=', number)
    .executeTakeFirst()
  return row !== undefined
}

export type NewSubject = {
  id: string
  trialId: string
  siteId: string
  number: string
  siteSequence: number
  consentedOn: CalendarDate
  consentVersionId: string
  referralSource: string | null
  basis: Basis
}

/** Opens a subject with its first event, the screening. */
export async function insertSubject(
  write: Write,
  context: Context,
  pathway: Pathway,
  subject: NewSubject,
): Promise<void> {
  const id = context.newId()
  const opening: SubjectEvent = {
    id,
    originId: id,
    what: { kind: 'milestone', code: pathway.screening.code },
    occurredOn: subject.consentedOn,
    recordedAt: context.now(),
    note: null,
    basis: subject.basis,
  }
  const course = courseOf(pathway, [opening])
  await write.insert(
    'subject',
    {
      id: subject.id,
      trial_id: subject.trialId,
      site_id: subject.siteId,
      number: subject.number,
      site_sequence: subject.siteSequence,
      registration_number: null,
      consented_on: subject.consentedOn,
      consent_version_id: subject.consentVersionId,
      referral_source: subject.referralSource,
      basis: subject.basis,
      state: course.state,
      last_event_on: course.lastEventOn,
    },
    'screening_recorded',
  )
  await insertEvent(write, subject.trialId, subject.id, opening, 'screening_recorded')
  await write.tally(subject.siteId, course.tallies)
}

/** What is about to be written down of a subject. */
export type NextEvent = Pick<SubjectEvent, 'what' | 'occurredOn' | 'note' | 'basis'> & {
  /** The number that a final registration gives; null with every other event. */
  registrationNumber: number | null
  /** The name of the change in the audit trail. */
  auditAs: string
}

/** Adds an event to a subject, and brings the copy of its state and the daily counts up to it. */
export async function insertNextEvent(
  write: Write,
  context: Context,
  here: { trial: { id: string }; pathway: Pathway; subject: Subject; events: readonly SubjectEvent[] },
  { registrationNumber, auditAs, ...next }: NextEvent,
): Promise<void> {
  const { trial, pathway, subject, events } = here
  const id = context.newId()
  const event: SubjectEvent = { id, originId: id, recordedAt: context.now(), ...next }
  const before = courseOf(pathway, events)
  const after = courseOf(pathway, [...events, event])
  await insertEvent(write, trial.id, subject.id, event, auditAs)
  const registration = registrationNumber === null ? {} : { registration_number: registrationNumber }
  const changes = { state: after.state, last_event_on: after.lastEventOn, ...registration }
  await write.revise('subject', subject.id, changes, auditAs, null)
  await write.tally(subject.siteId, difference(before.tallies, after.tallies))
}

/** Puts a new version of an event in the place of an old one, and brings everything derived up to it. */
export async function replaceEvent(
  write: Write,
  context: Context,
  here: { trial: { id: string }; pathway: Pathway; subject: Subject; events: readonly SubjectEvent[] },
  eventId: string,
  { occurredOn, because, inWords }: { occurredOn: CalendarDate; because: CorrectionReason; inWords: string | null },
): Promise<void> {
  const { trial, pathway, subject, events } = here
  const old = events.find(({ id }) => id === eventId)
  if (old === undefined) throw new Error(`no event ${eventId} of subject ${subject.id}`)
  const event: SubjectEvent = { ...old, id: context.newId(), recordedAt: context.now(), occurredOn }
  const before = courseOf(pathway, events)
  const after = courseOf(
    pathway,
    events.map((other) => (other.id === eventId ? event : other)),
  )
  const reason = inWords === null ? because : `${because}: ${inWords}`
  const withdrawn = { withdrawn_at: event.recordedAt, withdrawn_because: because, withdrawn_note: inWords }
  await write.revise('subject_event', eventId, withdrawn, 'event_corrected', reason)
  await insertEvent(write, trial.id, subject.id, event, 'event_corrected', old.originId)
  const isConsent = event.what.kind === 'milestone' && event.what.code === pathway.screening.code
  const consent = isConsent ? { consented_on: occurredOn } : {}
  const changes = { state: after.state, last_event_on: after.lastEventOn, ...consent }
  await write.revise('subject', subject.id, changes, 'event_corrected', reason)
  await write.tally(subject.siteId, difference(before.tallies, after.tallies))
}

async function insertEvent(
  write: Write,
  trialId: string,
  subjectId: string,
  event: SubjectEvent,
  auditEvent: string,
  correctsId: string | null = null,
): Promise<void> {
  await write.insert(
    'subject_event',
    {
      id: event.id,
      trial_id: trialId,
      subject_id: subjectId,
      kind: event.what.kind,
      step: event.what.kind === 'exit' ? event.what.exit : event.what.code,
      occurred_on: event.occurredOn,
      recorded_at: event.recordedAt,
      note: event.note,
      basis: event.basis,
      corrects_id: correctsId,
      withdrawn_at: null,
      withdrawn_because: null,
      withdrawn_note: null,
    },
    auditEvent,
  )
}

/** What has to be added to the counts when one list of tallies takes the place of another. */
function difference(before: readonly Tally[], after: readonly Tally[]): Tally[] {
  const sums = new Map<string, Tally>()
  const add = ({ step, date, number }: Tally, sign: 1 | -1) => {
    const key = `${step} ${date}`
    const sum = sums.get(key)?.number ?? 0
    sums.set(key, { step, date, number: sum + sign * number })
  }
  for (const tally of after) add(tally, 1)
  for (const tally of before) add(tally, -1)
  return [...sums.values()].filter(({ number }) => number !== 0)
}
