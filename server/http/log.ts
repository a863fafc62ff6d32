/**
 * The log as somebody asks for it: its list, site, search and order, and the days by which things had happened and were
 * known. The page shows a part of it; files and paper take all of it.
 */
import { countByTrial } from '../db/daily-counts.ts'
import { type LoggedSubject, listEventVersions, listLoggedSubjects, listSubjectIds, type Part } from '../db/logs.ts'
import { listSites } from '../db/sites.ts'
import { listEventsOf, listWithdrawnEvents } from '../db/subject-events.ts'
import { countSubjectsByState, subjectOrders } from '../db/subjects.ts'
import { findPathway } from '../db/trials.ts'
import type { WithdrawnEvent } from '../domain/correction.ts'
import type { Pathway } from '../domain/milestone.ts'
import { reaches, sitesWithin } from '../domain/permission.ts'
import { type ListRule, listCounts, type SavedList, savedLists } from '../domain/saved-list.ts'
import type { Site } from '../domain/site.ts'
import type { Subject, SubjectEvent } from '../domain/subject.ts'
import { type Clocks, eventsKnownAt, isOnList, stateCounts, subjectUnder } from '../domain/two-clocks.ts'
import type { BothClocks } from '../pages/as-of.ts'
import { bothClocks, clocksOf } from './as-of.ts'
import { knownCounts, partSize } from './known-counts.ts'
import { type TrialVisit, textOf } from './visit.ts'

export type LogQuery = {
  list: SavedList
  siteCode: string | null
  search: string
  order: (typeof subjectOrders)[number]
  direction: 'asc' | 'desc'
  page: number
}

export type Entry = LoggedSubject & { events: readonly SubjectEvent[]; withdrawn: readonly WithdrawnEvent[] }

export type Log = {
  pathway: Pathway
  /** Within the reader's reach; and the one that was asked for. */
  sites: readonly Site[]
  site: Site | null
  scope: 'every' | readonly string[]
  query: LogQuery
  clocks: BothClocks
  counts: Record<SavedList, number>
  /** In the whole trial, whatever the reader's reach. */
  registeredInTrial: number
  /** The subjects on the list, in order: all of them, or a part. */
  idsOf(part: Part): Promise<string[]>
  entriesOf(ids: readonly string[]): Promise<Entry[]>
}

/** The log of a visit; `always` is a list that the page itself chooses, whatever was asked for. */
export async function logOf(visit: TrialVisit, always: Partial<LogQuery> = {}): Promise<Log> {
  const { actor, context, request, trial } = visit
  const { db } = context
  const scope = sitesWithin(actor.grants, 'see_subjects', trial.id)
  const sites = (await listSites(db, trial.id)).filter(({ id }) => reaches(scope, id))
  const query = { ...queryOf(request.query, sites), ...always }
  const site = sites.find((one) => one.code === query.siteCode) ?? null
  const search = query.search === '' ? null : query.search
  const clocks = bothClocks(visit)
  const pathway = await findPathway(db, trial.id)
  const filter = { scope, siteId: site?.id ?? null, search }
  const past = clocksOf(visit, clocks)
  const read = past === null ? presentLog(visit, filter, query) : pastLog(visit, filter, query, pathway, past)
  const registeredInTrial = await countRegistered(visit, pathway, clocks)
  return { pathway, sites, site, scope, query, clocks, registeredInTrial, ...(await read) }
}

type Filter = { scope: 'every' | readonly string[]; siteId: string | null; search: string | null }
type Reading = Pick<Log, 'counts' | 'idsOf' | 'entriesOf'>

async function presentLog({ context: { db }, trial }: TrialVisit, filter: Filter, query: LogQuery): Promise<Reading> {
  const { order, direction } = query
  const asked = { ...filter, list: savedLists[query.list], order, direction }
  return {
    counts: listCounts(await countSubjectsByState(db, trial.id, filter)),
    idsOf: (part) => listSubjectIds(db, trial.id, asked, part),
    entriesOf: async (ids) => {
      const events = await listEventsOf(db, ids)
      const withdrawn = await withdrawnOf(db, ids)
      return (await listLoggedSubjects(db, ids)).map((logged) => ({
        ...logged,
        events: events.get(logged.subject.id) ?? [],
        withdrawn: withdrawn.get(logged.subject.id) ?? [],
      }))
    },
  }
}

/** The same from the events: what the rows say is today's, so that every subject's course is read again. */
async function pastLog(
  { context: { db }, trial }: TrialVisit,
  filter: Filter,
  query: LogQuery,
  pathway: Pathway,
  clocks: Clocks,
): Promise<Reading> {
  const { order, direction } = query
  const asked = { ...filter, list: savedLists.all, order: 'number', direction: 'asc' } as const
  const ids = await listSubjectIds(db, trial.id, asked, 'all')
  const entriesOf = async (part: readonly string[]): Promise<Entry[]> => {
    const versions = await listEventVersions(db, part)
    const withdrawn = await withdrawnOf(db, part)
    return (await listLoggedSubjects(db, part)).flatMap((logged) => {
      const { id } = logged.subject
      const events = eventsKnownAt(versions.get(id) ?? [], clocks)
      const subject = subjectUnder(pathway, logged.subject, events)
      if (subject === null) return []
      const known = (withdrawn.get(id) ?? []).filter(
        ({ withdrawnAt }) => clocks.knownBefore === null || withdrawnAt < clocks.knownBefore,
      )
      return [{ ...logged, subject, events, withdrawn: known }]
    })
  }
  const subjects: Subject[] = []
  for (let from = 0; from < ids.length; from += partSize) {
    const entries = await entriesOf(ids.slice(from, from + partSize))
    subjects.push(...entries.map(({ subject }) => subject))
  }
  const rule: ListRule = savedLists[query.list]
  const onList = inOrder(
    subjects.filter((subject) => isOnList(rule, subject)),
    order,
    direction,
  )
  return {
    counts: listCounts(stateCounts(subjects)),
    idsOf: async (part) => {
      const shown = part === 'all' ? onList : onList.slice(part.offset, part.offset + part.limit)
      return shown.map(({ id }) => id)
    },
    entriesOf,
  }
}

/** The rows came in the order of their numbers, which stays where the other order has nothing to say. */
function inOrder(subjects: Subject[], order: LogQuery['order'], direction: 'asc' | 'desc'): Subject[] {
  const sign = direction === 'asc' ? 1 : -1
  if (order === 'number') return direction === 'asc' ? subjects : subjects.reverse()
  const keyOf = ({ enteredOn, lastEventOn }: Subject) => (order === 'consented' ? enteredOn : lastEventOn)
  return subjects.sort((a, b) => (keyOf(a) === keyOf(b) ? 0 : keyOf(a) < keyOf(b) ? -sign : sign))
}

async function withdrawnOf(db: TrialVisit['context']['db'], ids: readonly string[]) {
  const bySubject = new Map<string, WithdrawnEvent[]>(ids.map((id) => [id, []]))
  for (const event of await listWithdrawnEvents(db, ids)) bySubject.get(event.subjectId)?.push(event)
  return bySubject
}

async function countRegistered({ context, trial }: TrialVisit, pathway: Pathway, { day, known }: BothClocks) {
  if (known.day !== null) {
    const { byDay } = await knownCounts(context, trial, pathway, day, known.day)
    return byDay.reduce((sum, { number }) => sum + number, 0)
  }
  const counted = await countByTrial(context.db, [{ trialId: trial.id, step: pathway.counting.code }], day)
  return counted.get(trial.id) ?? 0
}

function queryOf(typed: Record<string, unknown>, sites: readonly Site[]): LogQuery {
  const pageNumber = Number(textOf(typed.page))
  const list = textOf(typed.list)
  return {
    list: (Object.hasOwn(savedLists, list) ? list : 'all') as SavedList,
    siteCode: sites.find((site) => site.code === typed.site)?.code ?? null,
    search: textOf(typed.search)
      .normalize('NFKC')
      .replace(/\p{Cc}/gu, '')
      .trim()
      .slice(0, 64),
    order: subjectOrders.find((order) => order === typed.order) ?? 'number',
    direction: typed.direction === 'desc' ? ('desc' as const) : ('asc' as const),
    page: Number.isInteger(pageNumber) && pageNumber > 0 && pageNumber < 1e6 ? pageNumber : 1,
  }
}
