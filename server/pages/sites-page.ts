/** The sites of a trial: since when each is open, its states, and what it has screened and registered. */
import type { SiteAccrual } from '../domain/accrual.ts'
import { type CalendarDate, monthOf } from '../domain/calendar-date.ts'
import type { Problem } from '../domain/parsed.ts'
import { reaches } from '../domain/permission.ts'
import { exposureYears } from '../domain/projection/exposure.ts'
import { observedRate } from '../domain/projection/poisson-interval.ts'
import { addReconciliations, nobody, type Reconciliation, unaccounted } from '../domain/reconciliation.ts'
import type { Month, MonthReport } from '../domain/reporting.ts'
import type { SavedList } from '../domain/saved-list.ts'
import { openPeriods, type Site } from '../domain/site.ts'
import { smallNumbersOf } from '../domain/small-numbers.ts'
import type { Trial } from '../domain/trial.ts'
import type { Key, Words } from '../i18n/words.ts'
import { type AsOf, type AsOfForm, addressWith, asOfForm, fixedDay } from './as-of.ts'
import { type CellRow, cellsOf, smallCells } from './cells.ts'
import { rateInWords } from './figures.ts'
import { type Field, field, type Mark, mark, type Page, problemsInWords, titleOf } from './page.ts'
import { type Pager, paged } from './recruitment/tabs.ts'
import { reportKey, shortReportMark, withoutEvents } from './report-words.ts'
import { siteStateMark } from './site-table.ts'
import { notSaid, siteCount, siteFigure, withSmallNote } from './small-numbers.ts'

export type SitesInput = {
  trial: Trial
  asOf: AsOf
  notableDays: readonly CalendarDate[]
  sites: readonly Site[]
  /** Which part of them, counted from 1. */
  pageNumber: number
  accruals: readonly SiteAccrual[]
  /** The sites whose subjects the reader may open. */
  seesSubjectsAt: 'every' | readonly string[]
  /** The newest month first; each with a report for every site, in their order. */
  months: readonly { month: Month; reports: readonly MonthReport[] }[]
  reconciliation: {
    from: CalendarDate
    until: CalendarDate
    /** The first and the last day as typed, and why one was refused where it was. */
    typed: { from: string; until: string }
    problems: readonly Problem[]
    bySite: readonly Reconciliation[]
  }
}

export type SitesPage = Page & {
  heading: string
  subtitle: string
  asOf: AsOfForm
  /** What stands at the head of a column in two lines, in one: on a telephone it stands before its value. */
  labels: { exposure: string; planned: string }
  sites: {
    anchor: string
    name: string
    href: string
    state: Mark
    statuses: { from: string; state: string; assumed: boolean }[]
    exposure: string
    screened: string
    registered: string
    cells: CellRow | null
    /** Registrations planned in a year, beside the rate that was observed. */
    planned: string
    rate: string
    interval: string
    lastActivity: string
    subjectsHref: string | null
  }[]
  reporting: {
    key: Mark[]
    years: { year: string; count: number }[]
    months: string[]
    rows: { site: string; href: string; reports: { label: string; mark: Mark }[] }[]
  }
  reconciliation: {
    note: string
    from: Field
    until: Field
    columns: string[]
    rows: { site: string; cells: CountCell[] }[]
    total: { cells: CountCell[] }
  }
  pager: Pager | null
}

/** A figure with the way to its rows, for those who may open them; a mark where somebody has to act. */
type CountCell = { label: string; text: string; mark: Mark | null; href: string | null; about: string }

export function sitesPage(input: SitesInput, words: Words): SitesPage {
  const { trial } = input
  const { day } = input.asOf
  const small = smallNumbersOf(trial, input.sites, input.accruals, day)
  const { shown: places, pager } = paged(
    [...input.sites.keys()],
    input.pageNumber,
    (page) => addressOf(input, page),
    words,
  )
  const part = partOf(input, places)
  return {
    ...fixedDay(input.asOf, words),
    template: 'sites/index',
    title: titleOf('sites.title', words, input.asOf.problem !== null || input.reconciliation.problems.length > 0),
    heading: words.t('sites.title'),
    place: 'sites',
    subtitle: withSmallNote(words.t('sites.subtitle', { count: input.sites.length, asOf: day }), small, words),
    asOf: asOfForm(input.asOf, input.notableDays, words),
    labels: { exposure: inOneLine(words.t('sites.exposure')), planned: inOneLine(words.t('settings.col_planned')) },
    reporting: reportingOf(part, words),
    reconciliation: { ...reconciliationOf(part, words), total: totalOf(input, words) },
    pager,
    sites: part.sites.map((site, index) => {
      const accrual = part.accruals[index] ?? { screened: 0, registered: 0, treated: 0, lastActivityOn: null }
      const exposure = exposureYears(openPeriods(site), day)
      const rate = rateInWords(observedRate(accrual.registered, exposure), words)
      const shown = (figure: string) => siteFigure(small, site.id, figure, notSaid)
      const statuses = site.statuses.filter(({ from }) => from <= day)
      return {
        anchor: `site-${site.code}`,
        name: `${site.code}　${words.pick(site.name)}`,
        href: siteAddress(trial, site),
        state: siteStateMark(site, day, words),
        statuses: statuses.map(({ status, from, basis }) => ({
          from,
          state: words.of('site_status', status),
          assumed: basis === 'assumed',
        })),
        exposure: words.number(exposure, 2),
        screened: siteCount(small, site.id, accrual.screened, words),
        registered: siteCount(small, site.id, accrual.registered, words),
        cells:
          accrual.screened === 0 || small.withheld.has(site.id)
            ? null
            : smallCells(cellsOf([accrual.registered, 'real'], [accrual.screened - accrual.registered, 'open'])),
        planned: words.numberOr(site.plannedPerYear, Number.isInteger(site.plannedPerYear ?? 0) ? 0 : 2),
        rate: shown(rate.value),
        interval: shown(rate.interval),
        lastActivity: shown(accrual.lastActivityOn ?? words.t('sites.no_activity')),
        subjectsHref: reaches(input.seesSubjectsAt, site.id)
          ? `/trials/${trial.code}/subjects?site=${site.code}`
          : null,
      }
    }),
  }
}

export function siteAddress(trial: Trial, { code }: Site): string {
  return `/trials/${trial.code}/sites/${code}`
}

/** `//` is where a head breaks: on one line it is nothing, or the space before a narrow bracket. */
export function inOneLine(words: string): string {
  return words.replace('//(', ' (').replace('//', '')
}

function reportingOf({ trial, sites, months, asOf }: SitesInput, words: Words): SitesPage['reporting'] {
  const running = monthOf(asOf.day)
  const monthMark = (report: MonthReport, isOver: boolean) => {
    const whole = shortReportMark(report, isOver, words)
    return trial.leastShown === null ? whole : withoutEvents(whole, report.kind, words)
  }
  const years = [...new Set(months.map(({ month }) => month.slice(0, 4)))]
  return {
    key: reportKey(words),
    years: years.map((year) => ({ year, count: months.filter(({ month }) => month.startsWith(year)).length })),
    months: months.map(({ month }) => words.t('report.month_of_year', { month: Number(month.slice(5)) })),
    rows: sites.map((site, index) => ({
      site: `${site.code} ${words.pick(site.name)}`,
      href: siteAddress(trial, site),
      reports: months.map(({ month, reports }) => ({
        label: words.month(month),
        mark: monthMark(reports[index] ?? { kind: 'not_open' }, month < running),
      })),
    })),
  }
}

/** The figures of a reconciliation in order, each with the list of its rows. */
const figures = [
  { list: 'started', head: 'reconciliation.started', of: ({ started }) => started },
  { list: 'registered', head: 'reconciliation.registered', of: ({ registered }) => registered },
  { list: 'failed', head: 'reconciliation.failed', of: ({ failed }) => failed },
  { list: 'declined', head: 'reconciliation.declined', of: ({ declined }) => declined },
  { list: 'stopped', head: 'reconciliation.withdrawn', of: ({ withdrawn }) => withdrawn },
  { list: 'waiting', head: 'reconciliation.in_screening', of: ({ inScreening }) => inScreening },
  { list: 'unaccounted', head: 'reconciliation.unaccounted', of: unaccounted },
] as const satisfies readonly { list: SavedList; head: Key; of(parts: Reconciliation): number }[]

/** The input of some of the sites, in their order. */
function partOf(input: SitesInput, places: readonly number[]): SitesInput {
  const only = <T>(list: readonly T[]) => places.flatMap((place) => list.slice(place, place + 1))
  const { months, reconciliation } = input
  return {
    ...input,
    sites: only(input.sites),
    accruals: only(input.accruals),
    months: months.map(({ month, reports }) => ({ month, reports: only(reports) })),
    reconciliation: { ...reconciliation, bySite: only(reconciliation.bySite) },
  }
}

/** What was asked for stays asked for. */
function addressOf({ asOf, reconciliation: { typed } }: SitesInput, page: number): string {
  const asked = [
    ['asOf', asOf.day === asOf.today ? '' : asOf.day],
    ['from', typed.from],
    ['until', typed.until],
    ['page', String(page)],
  ] as const
  return addressWith(asked.filter(([, value]) => value !== ''))
}

function cellsOfParts(input: SitesInput, parts: Reconciliation, site: Site | null, words: Words): CountCell[] {
  const { trial, seesSubjectsAt } = input
  const { from, until } = input.reconciliation
  return figures.map(({ list, head, of }) => {
    const number = of(parts)
    const text = words.number(number)
    const isOpen = site === null ? seesSubjectsAt === 'every' : reaches(seesSubjectsAt, site.id)
    const ofSite = site === null ? [] : [['site', site.code] as const]
    const kept = [['list', list], ...ofSite, ['from', from], ['until', until]] as const
    const what = { site: site === null ? words.t('reconciliation.total') : site.code, what: words.t(head) }
    return {
      label: words.t(head),
      text,
      mark: list === 'unaccounted' && number !== 0 && site !== null ? mark('silent', 'is-act', text) : null,
      href: isOpen && number > 0 ? `/trials/${trial.code}/subjects${addressWith(kept)}` : null,
      about: words.t('reconciliation.rows', what),
    }
  })
}

/** Of all sites, whichever of them are shown. */
function totalOf(input: SitesInput, words: Words): { cells: CountCell[] } {
  return { cells: cellsOfParts(input, input.reconciliation.bySite.reduce(addReconciliations, nobody), null, words) }
}

function reconciliationOf(input: SitesInput, words: Words): Omit<SitesPage['reconciliation'], 'total'> {
  const { sites, reconciliation, asOf } = input
  const { from, until, typed, bySite } = reconciliation
  const problems = problemsInWords(reconciliation.problems, words)
  // The difference of two periods is a small number of its own.
  const isWhole = input.trial.leastShown === null
  const note = words.t('reconciliation.note', { from, until, asOf: asOf.day })
  return {
    note: isWhole ? note : `${note} ${words.t('small.no_periods')}`,
    from: field('from', typed.from, problems),
    until: field('until', typed.until, problems),
    columns: figures.map(({ head }) => words.t(head)),
    rows: (isWhole ? sites : []).map((site, index) => ({
      site: `${site.code} ${words.pick(site.name)}`,
      cells: cellsOfParts(input, bySite[index] ?? nobody, site, words),
    })),
  }
}
