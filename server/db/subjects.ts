/** Subjects: one, a page of a trial's log, and how many there are of which kind. */
import { sql } from 'kysely'
import type { Basis } from '../domain/bilingual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import { type LogOrder, milestoneIn } from '../domain/log-order.ts'
import { reaches } from '../domain/permission.ts'
import { nobody, placeOf, type Reconciliation } from '../domain/reconciliation.ts'
import type { ListRule, Period, StateCount } from '../domain/saved-list.ts'
import type { Subject, SubjectEvent } from '../domain/subject.ts'
import { sequenceOf, subjectNumber, subjectNumberKey } from '../domain/subject-number.ts'
import { isUnderWay, type SubjectState, subjectStates } from '../domain/subject-state.ts'
import type { Db, SubjectRow } from './database.ts'
import { prepared } from './prepared.ts'
import { listStateCounts, stateCountFrom } from './state-counts.ts'
import { listEventsOf } from './subject-events.ts'

export function subjectFrom(row: SubjectRow): Subject {
  return {
    id: row.id,
    siteId: row.site_id,
    number: row.number,
    registrationNumber: row.registration_number,
    state: row.state as SubjectState,
    enteredOn: row.entered_on as CalendarDate,
    consentedOn: row.consented_on as CalendarDate | null,
    attempt: row.attempt,
    earlierAttemptId: row.earlier_attempt_id,
    lastEventOn: row.last_event_on as CalendarDate,
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
): Promise<{ consentVersionId: string | null; referralSource: string | null }> {
  const row = await db
    .selectFrom('subject')
    .select(['consent_version_id', 'referral_source'])
    .where('id', '=', subjectId)
    .executeTakeFirstOrThrow()
  return { consentVersionId: row.consent_version_id, referralSource: row.referral_source }
}

export type SubjectQuery = {
  scope: Scope
  siteId: string | null
  list: ListRule
  /** A part of the number. */
  search: string | null
  /** Those who gave consent in it; null for everybody. */
  consented: Period | null
  order: LogOrder
  direction: 'asc' | 'desc'
  limit: number
  offset: number
}

/** By what a log is sorted: a column of the subject, or the day on which its milestone was first reached. */
function keyOf(order: LogOrder) {
  const code = milestoneIn(order)
  if (code !== null) {
    return sql<string | null>`(select min(occurred_on) from subject_event where subject_id = subject.id
      and kind = 'milestone' and step = ${code} and withdrawn_at is null)`
  }
  if (order === 'state') {
    const places = subjectStates.map((state, place) => sql`when ${sql.lit(state)} then ${sql.lit(place)}`)
    return sql<number>`case state ${sql.join(places, sql` `)} end`
  }
  const columns = { number: 'number_key', consented: 'consented_on', last: 'last_event_on' } as const
  return sql.ref<string | null>(columns[order as keyof typeof columns])
}

/** The subjects that match, in order: whoever has no such day comes last either way, and equals stand by their numbers. */
export function inOrder(
  db: Db,
  trialId: string,
  query: Pick<SubjectQuery, 'scope' | 'siteId' | 'list' | 'search' | 'consented' | 'order' | 'direction'>,
) {
  const key = keyOf(query.order)
  const rows = matching(db, trialId, query)
  // Everybody has a number, a state and a last event: an index that has them in order is read no further than the page.
  const isAlwaysThere = ['number', 'state', 'last'].includes(query.order)
  const dated = isAlwaysThere ? rows : rows.orderBy(sql`${key} is null`)
  return dated.orderBy(key, query.direction).orderBy('number_key')
}

/** A page of a trial's log, with each subject's events. */
export async function listSubjects(
  db: Db,
  trialId: string,
  query: SubjectQuery,
): Promise<{ subject: Subject; events: SubjectEvent[] }[]> {
  const rows = await inOrder(db, trialId, query).selectAll().limit(query.limit).offset(query.offset).execute()
  const events = await listEventsOf(
    db,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => ({ subject: subjectFrom(row), events: events.get(row.id) ?? [] }))
}

/** How many subjects match, by state, and how many of them were registered: the counts beside the saved lists. */
export async function countSubjectsByState(
  db: Db,
  trialId: string,
  query: Pick<SubjectQuery, 'scope' | 'siteId' | 'search' | 'consented'>,
): Promise<StateCount[]> {
  const { scope, siteId, search, consented } = query
  if (search === null && consented === null) {
    const own = siteId === null ? scope : reaches(scope, siteId) ? [siteId] : []
    return listStateCounts(db, trialId, own)
  }
  const rows = await matching(db, trialId, { ...query, list: { by: 'every' } })
    .select(({ fn }) => [
      'state',
      fn.countAll<number>().as('number'),
      fn.count<number>('registration_number').as('registered'),
    ])
    .groupBy('state')
    .execute()
  return rows.map(stateCountFrom)
}

function matching(
  db: Db,
  trialId: string,
  query: Pick<SubjectQuery, 'scope' | 'siteId' | 'list' | 'search' | 'consented'>,
) {
  let rows = db.selectFrom('subject').where('trial_id', '=', trialId)
  if (query.scope !== 'every') {
    rows = query.scope.length === 0 ? rows.where(sql.lit(false)) : rows.where('site_id', 'in', query.scope)
  }
  if (query.siteId !== null) rows = rows.where('site_id', '=', query.siteId)
  if (query.list.by === 'states') rows = rows.where('state', 'in', query.list.states)
  if (query.list.by === 'registration') {
    rows = rows.where('registration_number', 'is not', null).where('state', '!=', 'void')
  }
  if (query.list.by === 'unregistered') {
    rows = rows.where('registration_number', 'is', null).where('state', 'in', query.list.states)
  }
  // What is due, their timelines decide; nobody else can be among them.
  if (query.list.by === 'due') rows = rows.where('state', 'in', subjectStates.filter(isUnderWay))
  if (query.consented !== null) {
    const { from, until } = query.consented
    rows = rows.where('consented_on', '>=', from).where('consented_on', '<=', until)
  }
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
  // Of each site's subjects in a state only those of the period are looked at: the two tables in this order.
  const rows = await db
    .selectFrom('state_count')
    .crossJoin('subject')
    .select(({ fn }) => [
      'state_count.site_id',
      'state_count.state',
      fn.countAll<number>().as('number'),
      fn.count<number>('subject.registration_number').as('registered'),
    ])
    .where('state_count.trial_id', '=', trialId)
    .where('state_count.state', '!=', 'void')
    .whereRef('subject.trial_id', '=', 'state_count.trial_id')
    .whereRef('subject.site_id', '=', 'state_count.site_id')
    .whereRef('subject.state', '=', 'state_count.state')
    .where('subject.consented_on', '>=', period.from)
    .where('subject.consented_on', '<=', period.until)
    .groupBy(['state_count.site_id', 'state_count.state'])
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

/** The place of the last subject among those that a site has ever had. */
export async function lastSiteSequence(db: Db, siteId: string): Promise<number> {
  const row = await db
    .selectFrom('subject')
    .select(({ fn }) => fn.max('site_sequence').as('last'))
    .where('site_id', '=', siteId)
    .executeTakeFirst()
  return Number(row?.last ?? 0)
}

/**
 * The highest number of a site among those that look as if they were given here: 12 after `SSC-01-012`, whatever else the
 * site calls its subjects; 0 where there is none.
 */
export async function lastOwnNumber(
  db: Db,
  trial: { id: string; code: string },
  site: { id: string; code: string },
): Promise<number> {
  const [start = ''] = subjectNumberKey(subjectNumber(trial.code, site.code, 0)).split(' ')
  const pattern = `${start.slice(0, -9).replace(/[\\%_]/g, '\\$&')}_________ %`
  const inOrder = db
    .selectFrom('subject')
    .select('number')
    .where('trial_id', '=', trial.id)
    .where('site_id', '=', site.id)
    .where(sql<boolean>`number_key like ${pattern} escape '\\'`)
    .orderBy('number_key', 'desc')
  // Words of nine letters look the same to the engine, and sort behind digits: where the first few are such, more are read.
  for (const most of [2, 50]) {
    for (const { number } of await inOrder.limit(most).execute()) {
      const sequence = sequenceOf(number, trial.code, site.code)
      if (sequence !== null) return sequence
    }
  }
  return 0
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

/** The numbers of some subjects of a trial by their identifiers; identifiers of nobody there are left out. */
export async function findSubjectNumbers(
  db: Db,
  trialId: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('subject')
    .select(['id', 'number'])
    .where('trial_id', '=', trialId)
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map(({ id, number }) => [id, number]))
}

const linkedTo = prepared((db, id, earlierAttemptId) =>
  db
    .selectFrom('subject')
    .selectAll()
    .where((where) => where.or([where('id', '=', earlierAttemptId), where('earlier_attempt_id', '=', id)])),
)

/** The attempts of the same person before and after this one; of several after it, one that counts, where there is one. */
export async function listLinkedAttempts(
  db: Db,
  { id, earlierAttemptId }: Pick<Subject, 'id' | 'earlierAttemptId'>,
): Promise<{ before: Subject | null; after: Subject | null }> {
  const rows = await linkedTo(db, id, earlierAttemptId ?? '')
  const before = rows.find((row) => row.id === earlierAttemptId)
  const later = rows.filter((row) => row.earlier_attempt_id === id)
  const after = later.find(({ state }) => state !== 'void') ?? later[0]
  return {
    before: before === undefined ? null : subjectFrom(before),
    after: after === undefined ? null : subjectFrom(after),
  }
}

export async function isNumberTaken(db: Db, trialId: string, number: string): Promise<boolean> {
  const row = await db
    .selectFrom('subject')
    .select('id')
    .where('trial_id', '=', trialId)
    .where('number_key', '=', subjectNumberKey(number))
    .executeTakeFirst()
  return row !== undefined
}
