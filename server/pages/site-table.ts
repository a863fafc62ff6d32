/** The table of sites: how long each was open, what it screened and registered, and its rate with the interval. */
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { DashboardFigures } from '../domain/dashboard.ts'
import { observedRate } from '../domain/projection/poisson-interval.ts'
import { type LastReport, reportingCompleteness } from '../domain/reporting.ts'
import { type Site, siteStatusOn } from '../domain/site.ts'
import { inSiteOrder, pageOf, type SiteOrder, type SiteTableQuery, sitesToAPage } from '../domain/site-order.ts'
import { type SmallNumbers, smallNumbersOf } from '../domain/small-numbers.ts'
import type { Words } from '../i18n/words.ts'
import { addressWith, type Kept } from './as-of.ts'
import { rateInWords } from './figures.ts'
import { type Mark, mark } from './page.ts'
import { reportMark, withoutEvents } from './report-words.ts'
import { type RowsBehind, rowsHref } from './rows-behind.ts'
import { notSaid, siteCount, siteFigure, withSmallNote } from './small-numbers.ts'

export type SiteTable = {
  note: string
  hasAssumed: boolean
  columns: { label: string; href: string | null; sort: 'ascending' | 'descending' | 'none' | null; isNumber: boolean }[]
  rows: (SiteFigures & {
    name: string
    href: string
    experience: string
    state: Mark
    report: Mark
    lastActivity: string
  })[]
  total: SiteFigures & { label: string; reported: string }
  /** Null where all sites stand on one page. */
  pager: { range: string; previous: string | null; next: string | null } | null
}

type Counted = { text: string; href: string | null; about: string }
type SiteFigures = { exposure: string; screened: Counted; registered: Counted; rate: string; interval: string }

export function siteTable(
  figures: DashboardFigures,
  query: SiteTableQuery,
  behind: RowsBehind,
  words: Words,
): SiteTable {
  const { sites, asOf, lastMonth } = figures
  const small = smallNumbersOf(
    behind.trial,
    sites.map(({ site }) => site),
    sites,
    asOf,
  )
  const { page, part } = pageOf(inSiteOrder(sites, orderShown(query, small), asOf), query.page, sitesToAPage)
  const treated = new Map(sites.map((one) => [one.site.id, one.treated]))
  const consented = { from: firstDay(figures), until: asOf }
  const counted = (list: 'started' | 'registered', number: number, site: Site | null): Counted => ({
    text: site === null ? words.number(number) : siteCount(small, site.id, number, words),
    href: rowsHref(behind, { list, number, site, consented: list === 'started' ? consented : null }),
    about: words.t('sites.rows', {
      site: site === null ? words.t('sites.all') : site.code,
      what: words.t(list === 'started' ? 'sites.screened' : 'sites.registered'),
    }),
  })
  const rows = part.map(({ site, report, lastActivityOn, exposureYears, screened, registered }) => {
    const rate = rateInWords(observedRate(registered, exposureYears), words)
    const shown = (figure: string) => siteFigure(small, site.id, figure, notSaid)
    const reported = lastReportMark(report, words)
    return {
      name: `${site.code}　${words.pick(site.name)}`,
      href: `/trials/${behind.trial.code}/sites/${site.code}`,
      experience: shown(words.t((treated.get(site.id) ?? 0) > 0 ? 'sites.experience_some' : 'sites.experience_none')),
      state: siteStateMark(site, asOf, words),
      report: small.least === null ? reported : withoutEvents(reported, report.report.kind, words),
      lastActivity: shown(lastActivityOn ?? words.t('sites.no_activity')),
      exposure: words.number(exposureYears, 2),
      screened: counted('started', screened, site),
      registered: counted('registered', registered, site),
      rate: shown(rate.value),
      interval: shown(rate.interval),
    }
  })
  const completeness = reportingCompleteness(sites.map(({ report }) => report.report))
  const sum = (of: (one: (typeof sites)[number]) => number) => sites.reduce((total, one) => total + of(one), 0)
  const exposure = sum((one) => one.exposureYears)
  const registered = sum((one) => one.registered)
  const whole = rateInWords(observedRate(registered, exposure), words)
  return {
    note: withSmallNote(words.t('overview.sites_note', { asOf }), small, words),
    hasAssumed: sites.some(({ site }) => site.statuses.some(({ basis }) => basis === 'assumed')),
    columns: columnsOf(
      orderShown(query, small),
      behind.clocks,
      words.t('report.of_month', { month: words.month(lastMonth) }),
      words,
    ),
    rows,
    total: {
      label: words.t('overview.total_sites', { count: sites.length }),
      reported: completeness.open === 0 ? '—' : words.t('report.completeness', completeness),
      exposure: words.number(exposure, 2),
      screened: counted(
        'started',
        sum((one) => one.screened),
        null,
      ),
      registered: counted('registered', registered, null),
      rate: whole.value,
      interval: whole.interval,
    },
    pager: sites.length <= sitesToAPage ? null : pagerOf({ ...query, page }, sites.length, behind.clocks, words),
  }
}

/** An order by what is withheld would tell of it: then sites stand by their codes. */
function orderShown(query: SiteTableQuery, { least }: SmallNumbers): SiteTableQuery {
  const isOpen = query.order === 'site' || query.order === 'state' || query.order === 'exposure'
  return least === null || isOpen ? query : { ...query, order: 'site', direction: 'asc' }
}

/** The first day on which anybody can have been screened. */
function firstDay({ sites, versions, asOf }: DashboardFigures): CalendarDate {
  const days = [
    ...sites.flatMap(({ site }) => site.statuses.map(({ from }) => from)),
    ...versions.map((one) => one.registrationFrom),
  ]
  return days.reduce((first, day) => (day < first ? day : first), asOf)
}

/** The order in which the columns stand, each with the order that it sorts by; null does not sort. */
function columnsOf(query: SiteTableQuery, clocks: Kept, reportHead: string, words: Words): SiteTable['columns'] {
  const column = (order: SiteOrder | null, label: string, isNumber: boolean): SiteTable['columns'][number] => {
    if (order === null) return { label, href: null, sort: null, isNumber }
    const isCurrent = query.order === order
    // Words begin with the first, numbers and dates with the largest; asked for again, the other way round.
    const usual = order === 'site' || order === 'state' ? 'asc' : 'desc'
    const other = query.direction === 'asc' ? 'desc' : 'asc'
    return {
      label,
      href: tableHref({ order, direction: isCurrent ? other : usual, page: 1 }, clocks),
      sort: isCurrent ? (query.direction === 'asc' ? 'ascending' : 'descending') : 'none',
      isNumber,
    }
  }
  return [
    column('site', words.t('sites.site'), false),
    column('state', words.t('sites.state'), false),
    column(null, words.t('sites.experience'), false),
    column('report', reportHead, false),
    column('last', words.t('sites.last_activity'), false),
    column('exposure', words.t('sites.exposure'), true),
    column('screened', words.t('sites.screened'), true),
    column('registered', words.t('sites.registered'), true),
    column('rate', words.t('sites.rate'), true),
    column(null, words.t('sites.interval'), true),
  ]
}

export const usualSiteQuery: SiteTableQuery = { order: 'site', direction: 'asc', page: 1 }

/** What is not as usual stands in the address; the table is where one returns to. */
export function siteQueryKept({ order, direction, page }: SiteTableQuery): Kept {
  const isUsual = order === usualSiteQuery.order && direction === usualSiteQuery.direction
  const sorted: Kept = isUsual
    ? []
    : [
        ['order', order],
        ['direction', direction],
      ]
  return page === 1 ? sorted : [...sorted, ['page', String(page)]]
}

function tableHref(query: SiteTableQuery, clocks: Kept): string {
  return `${addressWith([...siteQueryKept(query), ...clocks])}#sites`
}

function pagerOf(query: SiteTableQuery, total: number, clocks: Kept, words: Words): NonNullable<SiteTable['pager']> {
  const { page } = query
  const last = Math.min(page * sitesToAPage, total)
  const range = { first: (page - 1) * sitesToAPage + 1, last, total: words.number(total) }
  return {
    range: words.t('sites.range_of', range),
    previous: page > 1 ? tableHref({ ...query, page: page - 1 }, clocks) : null,
    next: last < total ? tableHref({ ...query, page: page + 1 }, clocks) : null,
  }
}

/** A month that nobody reported, with how many there have been in a row. */
function lastReportMark({ report, silentMonths }: LastReport, words: Words): Mark {
  const whole = reportMark(report, true, words)
  return silentMonths === null || silentMonths < 2
    ? whole
    : { ...whole, text: words.t('report.silent_for', { months: silentMonths }) }
}

export function siteStateMark(site: Site, on: CalendarDate, words: Words): Mark {
  const status = siteStatusOn(site, on)
  const text = words.of('site_status', status)
  if (status === 'open') return mark('full', 'is-real', text)
  return status === 'closed' ? mark('cross', '', text) : mark(status === 'on_hold' ? 'half' : 'open', 'is-wait', text)
}
