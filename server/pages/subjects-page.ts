/** The log: rows are subjects, columns are milestones, a filled cell shows its date, and the last column what to do next. */
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Pathway } from '../domain/milestone.ts'
import type { Problem } from '../domain/parsed.ts'
import type { Month } from '../domain/reporting.ts'
import { type SavedList, savedLists } from '../domain/saved-list.ts'
import type { ConsentVersion } from '../domain/screening.ts'
import type { Site } from '../domain/site.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { type LogEntry, type LogRow, logRow } from './log-row.ts'
import type { Page } from './page.ts'
import { type ScreeningForm, type ScreeningTyped, screeningForm } from './screening-form.ts'

export type SubjectsInput = {
  trial: Trial
  pathway: Pathway
  today: CalendarDate
  sites: readonly Site[]
  rows: readonly LogEntry[]
  /** How many subjects each list holds. */
  counts: Record<SavedList, number>
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
  /** Null for those who report for no site of their own. */
  silentMonths: readonly SilentMonth[] | null
  /** The month for which somebody just said that nothing happened. */
  saidNothingIn: Month | null
  form: {
    typed: ScreeningTyped
    problems: readonly Problem[]
    sites: readonly Site[]
    versions: readonly ConsentVersion[]
    follows: string | null
  } | null
}

/** A month that a site has not reported, up to the current one. */
export type SilentMonth = { site: Site; month: Month }

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
  /** Where rows of a spreadsheet are brought in; null for those who may not write. */
  importHref: string | null
  mayLog: boolean
  columns: { label: string; href: string | null; sort: 'ascending' | 'descending' | null }[]
  rows: (LogRow & { assumed: boolean })[]
  empty: string | null
  /** The months that the reader's sites have not reported; null for those who do not report. */
  silent: { said: string | null; buttons: { label: string; action: string; month: string }[] } | null
  pager: { range: string; previous: string | null; next: string | null }
}

export function subjectsPage(input: SubjectsInput, words: Words): SubjectsPage {
  const { trial, pathway, query, counts } = input
  const total = counts[query.list]
  const mayLog = input.form !== null
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
      { label: own('flow.in_screening'), value: words.t('format.subjects', { count: counts.waiting }) },
      {
        label: own('flow.unaccounted'),
        value: words.t('format.subjects', { count: counts.unaccounted }),
      },
    ],
    asOf: words.t('format.as_of', { asOf: input.today }),
    form: input.form === null ? null : screeningForm(trial, { ...input.form, today: input.today }, words),
    lists: (Object.keys(savedLists) as SavedList[]).map((list) => ({
      name: words.of('list', list),
      count: words.number(counts[list]),
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
    importHref: mayLog ? `/trials/${trial.code}/import` : null,
    mayLog,
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
      ...logRow({ ...input, mayLog }, row, words),
      assumed: !isAllAssumed && row.subject.basis === 'assumed',
    })),
    empty: input.rows.length > 0 ? null : emptyWords(input, words),
    silent: silentOf(input, words),
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

function emptyWords({ query, form, counts }: SubjectsInput, words: Words): string {
  if (query.search !== '' || query.siteCode !== null) return words.t('subjects.none_found')
  if (counts.all > 0) return words.t('subjects.none_in_list')
  return form === null ? words.t('subjects.none_yet') : words.t('subjects.none_yet_add')
}

function silentOf({ trial, silentMonths, saidNothingIn }: SubjectsInput, words: Words): SubjectsPage['silent'] {
  if (silentMonths === null) return null
  const isOneSite = new Set(silentMonths.map(({ site }) => site.id)).size === 1
  return {
    said: saidNothingIn === null ? null : words.t('report.said', { month: words.month(saidNothingIn) }),
    buttons: silentMonths.map(({ site, month }) => ({
      label: words.t(isOneSite ? 'report.say_nothing_here' : 'report.say_nothing', {
        site: `${site.code} ${words.pick(site.name)}`,
        month: words.month(month),
      }),
      action: `/trials/${trial.code}/sites/${site.code}/attestations`,
      month,
    })),
  }
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
