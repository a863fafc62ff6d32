/** The log: rows are subjects, columns are milestones, a filled cell shows its date, and the last column what to do next. */
import type { CalendarDate } from '../domain/calendar-date.ts'
import { type LogOrder, orderOf } from '../domain/log-order.ts'
import type { Pathway } from '../domain/milestone.ts'
import type { Problem } from '../domain/parsed.ts'
import type { Month } from '../domain/reporting.ts'
import { isOffered, listNames, type Period, type SavedList } from '../domain/saved-list.ts'
import type { ConsentVersion } from '../domain/screening.ts'
import type { Site } from '../domain/site.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { type AsOfForm, addressWith, type BothClocks, clocksForm, clocksKept, fixedClocks, type Kept } from './as-of.ts'
import { mostRowsInWorkbook } from './log-file.ts'
import type { LogRow } from './log-row.ts'
import { type Choice, type Mark, mark, type Page, titleOf } from './page.ts'
import { type ScreeningForm, type ScreeningTyped, screeningForm } from './screening-form.ts'

/** What a log is asked for. */
export type LogQuery = {
  list: SavedList
  siteCode: string | null
  search: string
  /** Those who gave consent in it; null for everybody. */
  consented: Period | null
  order: LogOrder
  direction: 'asc' | 'desc'
  page: number
}

export type SubjectsInput = {
  trial: Trial
  pathway: Pathway
  clocks: BothClocks
  /** Days named by the trial's records, worth looking back from. */
  notableDays: readonly CalendarDate[]
  sites: readonly Site[]
  rows: readonly LogRow[]
  isAllAssumed: boolean
  /** How many subjects each list holds of those who match; and of everybody within the reader's reach. */
  counts: Record<SavedList, number>
  countsOfAll: Record<SavedList, number>
  registeredInTrial: number
  /** Whether the reader sees every site, or only those within reach: the counts of the log are then theirs alone. */
  sees: 'every_site' | 'own_sites'
  targetNumber: number | null
  query: LogQuery & { pageSize: number }
  /** Null for those who report for no site of their own. */
  silentMonths: readonly SilentMonth[] | null
  /** The month for which somebody just said that nothing happened. */
  saidNothingIn: Month | null
  /** Null for those who may read the log but not write it, and for everybody who looks at the past. */
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
  clocks: AsOfForm
  /** The form is folded away while nobody looks at another day. */
  clocksOpen: boolean
  heading: string
  form: ScreeningForm | null
  lists: { name: string; count: string; href: string; current: boolean }[]
  filter: {
    action: string
    search: string
    siteCode: string
    sites: Choice[]
    kept: { name: string; value: string }[]
    /** What the list was narrowed to, with how many match, and the way back; null where it was not. */
    narrowed: { text: string; href: string } | null
  }
  /** What the marks in the cells mean. */
  key: Mark[]
  /** The log as files and on paper, as it is asked for on this page. */
  outward: {
    files: { label: string; href: string }[]
    tooLong: string | null
    prints: { label: string; href: string }[]
  }
  /** Every row shown is assumed: said once, above the table, instead of at each number. */
  isAllAssumed: boolean
  /** Where rows of a spreadsheet are brought in; null for those who may not write. */
  importHref: string | null
  mayLog: boolean
  keys: { key: string; does: string }[]
  /** The last one acts where the reader may write. */
  columns: { label: string; href: string | null; sort: 'ascending' | 'descending' | null; acts: boolean }[]
  rows: readonly LogRow[]
  empty: string | null
  /** The months that the reader's sites have not reported; null for those who do not report. */
  silent: { said: string | null; buttons: { label: string; action: string; month: string }[] } | null
  pager: { range: string; previous: string | null; next: string | null }
}

export function subjectsPage(input: SubjectsInput, words: Words): SubjectsPage {
  const { trial, pathway, counts, clocks } = input
  const query = { ...input.query, clocks: clocksKept(clocks) }
  const today = clocks.day
  const isRefused = clocks.problem !== null || clocks.known.problem !== null
  const total = counts[query.list]
  const mayLog = input.form !== null
  const own = (key: 'flow.in_screening' | 'flow.unaccounted') =>
    input.sees === 'every_site' ? words.t(key) : words.t('subjects.at_own_sites', { what: words.t(key) })
  const forWriters =
    input.form === null ? [] : [{ label: words.t('subjects.next'), href: null, sort: null, acts: true }]
  return {
    ...fixedClocks(clocks, words, keptOf({ ...query, clocks: [] })),
    template: 'subjects/index',
    title: titleOf('subjects.title', words, isRefused),
    heading: words.t('subjects.title'),
    place: 'subjects',
    hasKeys: true,
    hasDates: true,
    figures: [
      {
        label: words.t('flow.registered'),
        value: words.t('subjects.of_target', { count: input.registeredInTrial, target: input.targetNumber ?? '—' }),
      },
      { label: own('flow.in_screening'), value: words.t('format.subjects', { count: input.countsOfAll.waiting }) },
      {
        label: own('flow.unaccounted'),
        value: words.t('format.subjects', { count: input.countsOfAll.unaccounted }),
      },
    ],
    asOf: words.t('format.as_of', { asOf: today }),
    clocksOpen: isRefused || clocksKept(clocks).length > 0,
    clocks: clocksForm(clocks, input.notableDays, words, keptOf({ ...query, clocks: [], page: 1 })),
    form: input.form === null ? null : screeningForm(trial, { ...input.form, today }, words),
    lists: listNames
      .filter((list) => isOffered(list, input.pathway) || list === query.list)
      .map((list) => ({
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
        value: site.code,
        label: `${site.code} ${words.pick(site.name)}`,
        chosen: site.code === query.siteCode,
      })),
      kept: keptOf({ ...query, siteCode: null, search: '', page: 1 }).map(([name, value]) => ({ name, value })),
      narrowed: narrowedTo(input, query, words),
    },
    key: keyOf(pathway, words),
    outward: outwardOf(trial, { ...query, page: 1 }, total, words),
    isAllAssumed: input.isAllAssumed,
    importHref: mayLog ? `/trials/${trial.code}/import` : null,
    mayLog,
    keys: keysOf(mayLog, words),
    columns: [
      sortable('number', words.t('subjects.number'), trial, query),
      { label: words.t('subjects.site'), href: null, sort: null, acts: false },
      sortable('state', words.t('subjects.state'), trial, query),
      ...pathway.milestones.map(({ code, label }) => sortable(orderOf(pathway, code), words.pick(label), trial, query)),
      ...forWriters,
    ],
    rows: input.rows,
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

/** What the keys of `public/js/log-keys.js` do, for the list that stands on the page. */
function keysOf(mayLog: boolean, words: Words): SubjectsPage['keys'] {
  return [
    { key: 'j  k  ↓  ↑', does: words.t('keys.rows') },
    { key: '←  →', does: words.t('keys.within') },
    { key: 'Enter', does: words.t('keys.act') },
    { key: '/', does: words.t('keys.search') },
    ...(mayLog ? [{ key: 'n', does: words.t('keys.add') }] : []),
    { key: '?', does: words.t('keys.list') },
  ]
}

/** The marks that can stand in a cell: a pathway without windows has nothing due. */
function keyOf({ milestones }: Pathway, words: Words): Mark[] {
  const due = [
    mark('open', 'is-wait', words.t('subjects.key_planned')),
    mark('over', 'is-act', words.t('subjects.key_overdue')),
  ]
  return [
    mark('full', 'is-real', words.t('subjects.key_done')),
    mark('half', 'is-wait', words.t('subjects.key_waiting')),
    ...(milestones.some(({ schedule }) => schedule !== null) ? due : []),
    mark('silent', 'is-act', words.t('subjects.key_unknown')),
  ]
}

function narrowedTo({ trial, sites, counts }: SubjectsInput, query: Query, words: Words) {
  const { search, siteCode, consented, list } = query
  const site = sites.find(({ code }) => code === siteCode)
  const parts = [
    ...(site === undefined ? [] : [`${site.code} ${words.pick(site.name)}`]),
    ...(search === '' ? [] : [words.t('subjects.narrowed_number', { search })]),
    ...(consented === null ? [] : [words.t('subjects.narrowed_period', consented)]),
  ]
  if (parts.length === 0) return null
  return {
    text: words.t('subjects.narrowed', {
      by: parts.join(words.t('subjects.narrowed_and')),
      count: words.t('format.subjects', { count: counts[list] }),
    }),
    href: hrefOf(trial, { ...query, siteCode: null, search: '', consented: null, page: 1 }),
  }
}

function emptyWords({ query, form, counts }: SubjectsInput, words: Words): string {
  if (query.search !== '' || query.siteCode !== null || query.consented !== null) return words.t('subjects.none_found')
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

type Query = SubjectsInput['query'] & { clocks: Kept }

/** What the address says beside the path: only what is not as it would be anyway. */
function keptOf(query: Query): Kept {
  const all: [string, string, boolean][] = [
    ['list', query.list, query.list !== 'all'],
    ['site', query.siteCode ?? '', query.siteCode !== null],
    ['search', query.search, query.search !== ''],
    ['from', query.consented?.from ?? '', query.consented !== null],
    ['until', query.consented?.until ?? '', query.consented !== null],
    ['order', query.order, query.order !== 'number'],
    ['direction', query.direction, query.direction !== 'asc'],
    ['page', String(query.page), query.page > 1],
  ]
  return [...all.filter(([, , isSaid]) => isSaid).map(([name, value]) => [name, value] as const), ...query.clocks]
}

function hrefOf(trial: Trial, query: Query, under = 'subjects'): string {
  const kept = keptOf(query)
  return `/trials/${trial.code}/${under}${kept.length === 0 ? '' : addressWith(kept)}`
}

function outwardOf(trial: Trial, query: Query, total: number, words: Words): SubjectsPage['outward'] {
  const ofSite: Query = { ...query, list: 'all', search: '', consented: null, order: 'number', direction: 'asc' }
  const print = (name: string) => hrefOf(trial, ofSite, `print/${name}`)
  const isTooLong = total > mostRowsInWorkbook
  const csv = { label: words.t('lists.as_csv'), href: hrefOf(trial, query, 'subjects.csv') }
  const xlsx = { label: words.t('lists.as_xlsx'), href: hrefOf(trial, query, 'subjects.xlsx') }
  return {
    files: isTooLong ? [csv] : [csv, xlsx],
    tooLong: isTooLong ? words.t('lists.too_long', { most: words.number(mostRowsInWorkbook) }) : null,
    prints: [
      { label: words.t('lists.screening_log'), href: print('screening-log') },
      { label: words.t('lists.registration_log'), href: print('registration-log') },
      { label: words.t('lists.identification_codes'), href: print('identification-codes') },
    ],
  }
}

function sortable(order: Query['order'], label: string, trial: Trial, query: Query): SubjectsPage['columns'][number] {
  const isCurrent = query.order === order
  const direction = isCurrent && query.direction === 'asc' ? 'desc' : 'asc'
  return {
    label,
    href: hrefOf(trial, { ...query, order, direction, page: 1 }),
    sort: isCurrent ? (query.direction === 'asc' ? 'ascending' : 'descending') : null,
    acts: false,
  }
}
