/** The log: rows are subjects, columns are milestones, a filled cell shows its date, and the last column what to do next. */
import type { CalendarDate } from '../domain/calendar-date.ts'
import { daysBetween } from '../domain/calendar-date.ts'
import type { Milestone, Pathway } from '../domain/milestone.ts'
import type { Problem } from '../domain/parsed.ts'
import type { ConsentVersion } from '../domain/screening.ts'
import type { Site } from '../domain/site.ts'
import { nextMilestones, type Subject, type SubjectEvent } from '../domain/subject.ts'
import type { SubjectState } from '../domain/subject-state.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { type Mark, mark, type Page } from './page.ts'
import { type ScreeningForm, type ScreeningTyped, screeningForm } from './screening-form.ts'

/** Lists that are asked for again and again: the states that each one holds. */
export const savedLists = {
  all: null,
  waiting: ['screening', 'eligible', 'provisional'],
  registered: ['registered', 'allocated', 'treated', 'not_treated', 'follow_up', 'completed'],
  ended: ['screen_failed', 'declined', 'excluded_after_provisional', 'withdrawn', 'lost', 'died'],
  unaccounted: ['unaccounted'],
} as const satisfies Record<string, readonly SubjectState[] | null>
export type SavedList = keyof typeof savedLists

export type SubjectsInput = {
  trial: Trial
  pathway: Pathway
  today: CalendarDate
  sites: readonly Site[]
  rows: readonly { subject: Subject; events: readonly SubjectEvent[] }[]
  byState: ReadonlyMap<SubjectState, number>
  registeredInTrial: number
  /** Whether the reader sees every site, or only those within reach: the counts of the log are then theirs alone. */
  sees: 'every_site' | 'own_sites'
  targetNumber: number | null
  query: {
    list: SavedList
    siteCode: string | null
    search: string
    order: 'number' | 'consented' | 'last'
    direction: 'asc' | 'desc'
    page: number
    pageSize: number
  }
  /** Null for those who may read the log but not write it. */
  form: {
    typed: ScreeningTyped
    problems: readonly Problem[]
    sites: readonly Site[]
    versions: readonly ConsentVersion[]
  } | null
}

type Cell = { label: string; tone: string; mark: Mark | null; note: string | null }

export type SubjectsPage = Page & {
  figures: { label: string; value: string }[]
  asOf: string
  form: ScreeningForm | null
  lists: { name: string; count: string; href: string; current: boolean }[]
  filter: {
    action: string
    search: string
    siteCode: string
    sites: { code: string; name: string; chosen: boolean }[]
    list: string
  }
  /** Every row shown is assumed: said once, above the table, instead of at each number. */
  isAllAssumed: boolean
  mayLog: boolean
  columns: { label: string; href: string | null; sort: 'ascending' | 'descending' | null }[]
  rows: {
    number: string
    href: string
    assumed: boolean
    cells: Cell[]
    next: { label: string; href: string; about: string } | null
  }[]
  empty: string | null
  pager: { range: string; previous: string | null; next: string | null }
}

export function subjectsPage(input: SubjectsInput, words: Words): SubjectsPage {
  const { trial, pathway, query, byState } = input
  const count = (states: readonly SubjectState[] | null) =>
    (states ?? [...byState.keys()]).reduce((sum, state) => sum + (byState.get(state) ?? 0), 0)
  const total = count(savedLists[query.list])
  const own = (key: 'flow.in_screening' | 'flow.unaccounted') =>
    input.sees === 'every_site' ? words.t(key) : words.t('subjects.at_own_sites', { what: words.t(key) })
  const isAllAssumed = input.rows.length > 0 && input.rows.every(({ subject }) => subject.basis === 'assumed')
  const forWriters = input.form === null ? [] : [{ label: words.t('subjects.next'), href: null, sort: null }]
  return {
    template: 'subjects/index',
    title: words.t('subjects.title'),
    place: 'subjects',
    figures: [
      {
        label: words.t('flow.registered'),
        value: words.t('subjects.of_target', { count: input.registeredInTrial, target: input.targetNumber ?? '—' }),
      },
      { label: own('flow.in_screening'), value: words.t('format.subjects', { count: count(savedLists.waiting) }) },
      {
        label: own('flow.unaccounted'),
        value: words.t('format.subjects', { count: count(savedLists.unaccounted) }),
      },
    ],
    asOf: words.t('format.as_of', { asOf: input.today }),
    form: input.form === null ? null : screeningForm(trial, { ...input.form, today: input.today }, words),
    lists: (Object.keys(savedLists) as SavedList[]).map((list) => ({
      name: words.of('list', list),
      count: words.number(count(savedLists[list])),
      href: hrefOf(trial, { ...query, list, page: 1 }),
      current: list === query.list,
    })),
    filter: {
      action: `/trials/${trial.code}/subjects`,
      search: query.search,
      siteCode: query.siteCode ?? '',
      sites: input.sites.map((site) => ({
        code: site.code,
        name: `${site.code} ${words.pick(site.name)}`,
        chosen: site.code === query.siteCode,
      })),
      list: query.list,
    },
    isAllAssumed,
    mayLog: input.form !== null,
    columns: [
      sortable('number', words.t('subjects.number'), trial, query),
      { label: words.t('subjects.site'), href: null, sort: null },
      { label: words.t('subjects.state'), href: null, sort: null },
      ...pathway.milestones.map((milestone) =>
        milestone.code === pathway.screening.code
          ? sortable('consented', words.pick(milestone.label), trial, query)
          : { label: words.pick(milestone.label), href: null, sort: null },
      ),
      ...forWriters,
    ],
    rows: input.rows.map((row) => ({
      ...rowOf(input, row, words),
      assumed: !isAllAssumed && row.subject.basis === 'assumed',
    })),
    empty: input.rows.length > 0 ? null : emptyWords(input, count(null), words),
    pager: {
      range: words.t('format.range_of', {
        first: total === 0 ? 0 : (query.page - 1) * query.pageSize + 1,
        last: Math.min(query.page * query.pageSize, total),
        total: words.number(total),
      }),
      previous: query.page > 1 ? hrefOf(trial, { ...query, page: query.page - 1 }) : null,
      next: query.page * query.pageSize < total ? hrefOf(trial, { ...query, page: query.page + 1 }) : null,
    },
  }
}

function emptyWords({ query, form }: SubjectsInput, all: number, words: Words): string {
  if (query.search !== '' || query.siteCode !== null) return words.t('subjects.none_found')
  if (all > 0) return words.t('subjects.none_in_list')
  return form === null ? words.t('subjects.none_yet') : words.t('subjects.none_yet_add')
}

type Query = SubjectsInput['query']

function hrefOf(trial: Trial, query: Query): string {
  const parts = new URLSearchParams()
  if (query.list !== 'all') parts.set('list', query.list)
  if (query.siteCode !== null) parts.set('site', query.siteCode)
  if (query.search !== '') parts.set('search', query.search)
  if (query.order !== 'number') parts.set('order', query.order)
  if (query.direction !== 'asc') parts.set('direction', query.direction)
  if (query.page > 1) parts.set('page', String(query.page))
  const text = parts.toString()
  return `/trials/${trial.code}/subjects${text === '' ? '' : `?${text}`}`
}

function sortable(order: Query['order'], label: string, trial: Trial, query: Query): SubjectsPage['columns'][number] {
  const isCurrent = query.order === order
  const direction = isCurrent && query.direction === 'asc' ? 'desc' : 'asc'
  return {
    label,
    href: hrefOf(trial, { ...query, order, direction, page: 1 }),
    sort: isCurrent ? (query.direction === 'asc' ? 'ascending' : 'descending') : null,
  }
}

/** The mark of a state: solid once all is done, half under way, a cross after an exit, dashed where nobody knows. */
export function stateMark(state: SubjectState, words: Words): Mark {
  const text = words.of('state', state)
  if (state === 'unaccounted') return mark('silent', 'is-act', text)
  if (state === 'completed') return mark('full', 'is-real', text)
  if ((savedLists.ended as readonly SubjectState[]).includes(state)) return mark('cross', '', text)
  if ((savedLists.registered as readonly SubjectState[]).includes(state)) return mark('half', 'is-real', text)
  return mark('half', 'is-wait', text)
}

function rowOf(
  input: SubjectsInput,
  { subject, events }: SubjectsInput['rows'][number],
  words: Words,
): Omit<SubjectsPage['rows'][number], 'assumed'> {
  const { trial, pathway, sites } = input
  const site = sites.find(({ id }) => id === subject.siteId)
  const next = nextMilestones(pathway, subject.state, events)
  const first = next.find(({ kind }) => kind !== 'procedure') ?? null
  const href = `/trials/${trial.code}/subjects/${subject.id}`
  return {
    number: subject.number,
    href,
    cells: [
      siteCell(words.t('subjects.site'), site === undefined ? '' : `${site.code} ${words.pick(site.name)}`),
      { label: words.t('subjects.state'), tone: '', note: null, mark: stateMark(subject.state, words) },
      ...pathway.milestones.map((milestone) => milestoneCell(input, milestone, subject, events, first, words)),
    ],
    next: input.form === null ? null : nextOf(subject, first, href, words),
  }
}

/** The button of a row: the next milestone, or the outcome that nobody knew. */
function nextOf(
  subject: Subject,
  first: Milestone | null,
  href: string,
  words: Words,
): SubjectsPage['rows'][number]['next'] {
  if (first === null) return null
  const about = words.t('subjects.about', { number: subject.number })
  if (subject.state === 'unaccounted')
    return { label: words.t('subjects.record_outcome'), href: `${href}/events/new?what=any`, about }
  const label = words.t('subjects.record_step', { step: words.pick(first.label) })
  return { label, href: `${href}/events/new?what=${first.code}`, about }
}

function siteCell(label: string, text: string): Cell {
  return { label, tone: 'site', mark: null, note: text }
}

function milestoneCell(
  { today }: SubjectsInput,
  milestone: Milestone,
  subject: Subject,
  events: readonly SubjectEvent[],
  next: Milestone | null,
  words: Words,
): Cell {
  const label = words.pick(milestone.label)
  const event = events.findLast(({ what }) => what.kind === 'milestone' && what.code === milestone.code)
  if (event !== undefined) {
    const done = mark('full', '', event.occurredOn)
    return { label, tone: 'date is-done', mark: done, note: null }
  }
  if (next?.code !== milestone.code) return { label, tone: 'date blank', mark: null, note: null }
  if (subject.state === 'unaccounted') {
    const elapsed = words.t('subjects.days_elapsed', { days: daysBetween(subject.consentedOn, today) })
    return {
      label,
      tone: 'date is-act',
      mark: mark('silent', '', words.t('subjects.no_record')),
      note: elapsed,
    }
  }
  const elapsed = words.t('subjects.days_since_last', { days: daysBetween(subject.lastEventOn, today) })
  return {
    label,
    tone: 'date is-wait',
    mark: mark('half', '', words.t('subjects.waiting')),
    note: elapsed,
  }
}
