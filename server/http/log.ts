/**
 * The log as somebody asks for it: its list, site, search and order, and the days by which things had happened and were
 * known. The page shows a part of it; files and paper take all of it.
 */
import { countByTrial } from '../db/daily-counts.ts'
import { type DueSubject, listDueSubjects } from '../db/due-subjects.ts'
import { type LogEntry, listLogEntries, listWithdrawnBySubject } from '../db/log-entries.ts'
import { listEventVersions, listLoggedSubjects, listSubjectIds, type Part } from '../db/logs.ts'
import { remembered } from '../db/remembered.ts'
import { countSubjectsByState } from '../db/subjects.ts'
import { findTrialFacts, type TrialFacts } from '../db/trial-facts.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import { type LogOrder, milestoneIn, ordersOf } from '../domain/log-order.ts'
import type { Pathway } from '../domain/milestone.ts'
import { reaches, sitesWithin } from '../domain/permission.ts'
import { readDate } from '../domain/read-date.ts'
import { listCounts, type Period, type SavedList, savedLists } from '../domain/saved-list.ts'
import type { Site } from '../domain/site.ts'
import { reachedOn, type Subject, type SubjectEvent } from '../domain/subject.ts'
import { subjectStates } from '../domain/subject-state.ts'
import { type DueKind, dueKinds, dueKindsOf, timelineOf } from '../domain/timeline.ts'
import { type Clocks, eventsKnownAt, isOnList, stateCounts, subjectUnder } from '../domain/two-clocks.ts'
import type { BothClocks } from '../pages/as-of.ts'
import type { LogQuery } from '../pages/subjects-page.ts'
import { bothClocks, clocksOf } from './as-of.ts'
import { knownCounts, partSize } from './known-counts.ts'
import { type TrialVisit, textOf } from './visit.ts'

export type Log = {
  facts: TrialFacts
  pathway: Pathway
  /** Within the reader's reach; and the one that was asked for. */
  sites: readonly Site[]
  site: Site | null
  scope: 'every' | readonly string[]
  query: LogQuery
  clocks: BothClocks
  /** How many each list holds of those who match; and of everybody within the reader's reach. */
  counts: Record<SavedList, number>
  countsOfAll: Record<SavedList, number>
  /** In the whole trial, whatever the reader's reach. */
  registeredInTrial: number
  /** The subjects on the list, in order: all of them, or a part. */
  idsOf(part: Part): Promise<string[]>
  entriesOf(ids: readonly string[]): Promise<LogEntry[]>
}

/** The log of a visit; `always` is a list that the page itself chooses, whatever was asked for. */
export async function logOf(visit: TrialVisit, always: Partial<LogQuery> = {}): Promise<Log> {
  const { actor, context, request, trial } = visit
  const { db } = context
  const scope = sitesWithin(actor.grants, 'see_subjects', trial.id)
  const facts = await findTrialFacts(db, trial.id)
  const { pathway } = facts
  const sites = facts.sites.filter(({ id }) => reaches(scope, id))
  const query = { ...queryOf(request.query, sites, pathway), ...always }
  const site = sites.find((one) => one.code === query.siteCode) ?? null
  const search = query.search === '' ? null : query.search
  const clocks = bothClocks(visit)
  const filter = { scope, siteId: site?.id ?? null, search, consented: query.consented }
  const past = clocksOf(visit, clocks)
  const asked = { filter, query, pathway }
  const read = past === null ? presentLog(visit, asked, clocks.day) : pastLog(visit, asked, past)
  const registeredInTrial = await countRegistered(visit, pathway, clocks)
  return { facts, pathway, sites, site, scope, query, clocks, registeredInTrial, ...(await read) }
}

/** What a log was asked for, as a record of reading it says it: that something was searched, never what. */
export function askedOf({ query, clocks, site }: Log): Record<string, string> {
  const { consented } = query
  return {
    list: query.list,
    site: site?.code ?? '',
    search: query.search === '' ? '' : 'yes',
    from: consented?.from ?? '',
    until: consented?.until ?? '',
    asOf: clocks.day,
    knownAt: clocks.known.day ?? '',
  }
}

type Filter = {
  scope: 'every' | readonly string[]
  siteId: string | null
  search: string | null
  consented: Period | null
}
type Asked = { filter: Filter; query: LogQuery; pathway: Pathway }
type Reading = Pick<Log, 'counts' | 'countsOfAll' | 'idsOf' | 'entriesOf'>

/** Everybody within the reader's reach. */
const unfiltered = ({ scope }: Filter): Filter => ({ scope, siteId: null, search: null, consented: null })

async function presentLog(visit: TrialVisit, asked: Asked, today: CalendarDate): Promise<Reading> {
  const { db } = visit.context
  const { id: trialId } = visit.trial
  const { filter, query } = asked
  const rule = savedLists[query.list]
  const ordered = { ...filter, list: rule, order: query.order, direction: query.direction }
  const due = await listDueSubjects(db, trialId, today)
  const isFiltered = filter.siteId !== null || filter.search !== null || filter.consented !== null
  // What it rests on is read within, so that it is not older than what it is kept under.
  const countsOfAll = await remembered(db, trialId, `lists ${today} ${JSON.stringify(filter.scope)}`, async () =>
    countsWith(visit, unfiltered(filter), await listDueSubjects(db, trialId, today)),
  )
  return {
    countsOfAll,
    counts: isFiltered ? await countsWith(visit, filter, due) : countsOfAll,
    idsOf: async (part) => {
      if (rule.by !== 'due') return listSubjectIds(db, trialId, ordered, part)
      // The rows are in order, and the timelines say who of them is meant.
      const meant = new Set(due.filter(({ kinds }) => kinds.includes(rule.kind)).map(({ id }) => id))
      return partOf(
        (await listSubjectIds(db, trialId, ordered, 'all')).filter((id) => meant.has(id)),
        part,
      )
    },
    entriesOf: (ids) => listLogEntries(db, trialId, ids),
  }
}

async function countsWith({ context: { db }, trial }: TrialVisit, filter: Filter, due: readonly DueSubject[]) {
  const states = await countSubjectsByState(db, trial.id, filter)
  return listCounts(states, dueCounts(await matchingDue()))

  /** Sites are told apart here; a part of a number, or a day of consent, only where it is written. */
  async function matchingDue() {
    const { scope, siteId, search, consented } = filter
    const near = due.filter((one) => reaches(scope, one.siteId) && (siteId === null || one.siteId === siteId))
    if (near.length === 0 || (search === null && consented === null)) return near
    const list = { by: 'due', kind: 'overdue' } as const
    const ids = await listSubjectIds(db, trial.id, { ...filter, list, order: 'number', direction: 'asc' }, 'all')
    const matching = new Set(ids)
    return near.filter(({ id }) => matching.has(id))
  }
}

function dueCounts(due: readonly { kinds: readonly DueKind[] }[]): Record<DueKind, number> {
  const numbers = dueKinds.map((kind) => [kind, due.filter(({ kinds }) => kinds.includes(kind)).length])
  return Object.fromEntries(numbers) as Record<DueKind, number>
}

function partOf(ids: readonly string[], part: Part): string[] {
  return part === 'all' ? [...ids] : ids.slice(part.offset, part.offset + part.limit)
}

/** A subject of the past, with what it is sorted by and what was due for it. */
type PastRow = { subject: Subject; key: string | number | null; kinds: readonly DueKind[] }

/** The same from the events: what the rows say is today's, so that every subject's course is read again. */
async function pastLog(
  { context: { db }, trial }: TrialVisit,
  { filter, query, pathway }: Asked,
  clocks: Clocks,
): Promise<Reading> {
  const { order, direction, consented } = query
  const entriesOf = async (part: readonly string[]): Promise<LogEntry[]> => {
    const versions = await listEventVersions(db, part)
    const withdrawn = await listWithdrawnBySubject(db, part)
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
  const idsWith = (matching: Filter) =>
    listSubjectIds(
      db,
      trial.id,
      { ...matching, consented: null, list: savedLists.all, order: 'number', direction: 'asc' },
      'all',
    )
  const ids = await idsWith(unfiltered(filter))
  const everybody: PastRow[] = []
  for (let from = 0; from < ids.length; from += partSize) {
    for (const { subject, events } of await entriesOf(ids.slice(from, from + partSize))) {
      const kinds = dueKindsOf(timelineOf(pathway, events, clocks.asOf), clocks.asOf)
      everybody.push({ subject, key: keyOf(order, subject, events), kinds })
    }
  }
  const matching = new Set(await idsWith(filter))
  const isWithin = ({ consentedOn }: Subject) =>
    consented === null || (consentedOn !== null && consentedOn >= consented.from && consentedOn <= consented.until)
  const rows = everybody.filter(({ subject }) => matching.has(subject.id) && isWithin(subject))
  const onList = inOrder(
    rows.filter(({ subject, kinds }) => isOnList(savedLists[query.list], subject, kinds)),
    order,
    direction,
  )
  const countsOf = (some: readonly PastRow[]) =>
    listCounts(stateCounts(some.map(({ subject }) => subject)), dueCounts(some))
  return {
    counts: countsOf(rows),
    countsOfAll: countsOf(everybody),
    idsOf: async (part) =>
      partOf(
        onList.map(({ subject }) => subject.id),
        part,
      ),
    entriesOf,
  }
}

/** What a past row is sorted by; null where it has no such day. */
function keyOf(order: LogOrder, subject: Subject, events: readonly SubjectEvent[]): string | number | null {
  const code = milestoneIn(order)
  if (code !== null) return reachedOn(events, code)
  if (order === 'state') return subjectStates.indexOf(subject.state)
  return order === 'consented' ? subject.consentedOn : subject.lastEventOn
}

/** The rows came in the order of their numbers, which stays where the other order has nothing to say. */
function inOrder(rows: PastRow[], order: LogOrder, direction: 'asc' | 'desc'): PastRow[] {
  const sign = direction === 'asc' ? 1 : -1
  if (order === 'number') return direction === 'asc' ? rows : rows.reverse()
  return rows.sort(({ key: a }, { key: b }) => {
    if (a === b) return 0
    if (a === null || b === null) return a === null ? 1 : -1
    return a < b ? -sign : sign
  })
}

async function countRegistered({ context, trial }: TrialVisit, pathway: Pathway, { day, known }: BothClocks) {
  if (known.day !== null) {
    const { whole } = await knownCounts(context, trial, pathway, day, known.day)
    return whole.days.reduce((sum, { number }) => sum + number, 0)
  }
  return remembered(context.db, trial.id, `registered ${day}`, async () => {
    const counted = await countByTrial(context.db, [{ trialId: trial.id, step: pathway.counting.code }], day)
    return counted.get(trial.id) ?? 0
  })
}

function queryOf(typed: Record<string, unknown>, sites: readonly Site[], pathway: Pathway): LogQuery {
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
    consented: periodOf(textOf(typed.from), textOf(typed.until)),
    order: ordersOf(pathway).find((order) => order === typed.order) ?? 'number',
    direction: typed.direction === 'desc' ? ('desc' as const) : ('asc' as const),
    page: Number.isInteger(pageNumber) && pageNumber > 0 && pageNumber < 1e6 ? pageNumber : 1,
  }
}

/** A link of ours says both days, each as it is stored; anything else asks for no period. */
function periodOf(from: string, until: string): Period | null {
  const [first, last] = [readDate(from), readDate(until)]
  return 'date' in first && 'date' in last ? { from: first.date, until: last.date } : null
}
