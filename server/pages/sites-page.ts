/** The sites of a trial: since when each is open, its states, and what it has screened and registered. */
import type { SiteAccrual } from '../domain/accrual.ts'
import { type CalendarDate, monthOf } from '../domain/calendar-date.ts'
import type { Problem } from '../domain/parsed.ts'
import { reaches } from '../domain/permission.ts'
import { exposureYears } from '../domain/projection/exposure.ts'
import { observedRate } from '../domain/projection/poisson-interval.ts'
import { addReconciliations, nobody, type Reconciliation, unaccounted } from '../domain/reconciliation.ts'
import type { Month, MonthReport } from '../domain/reporting.ts'
import { openPeriods, type Site } from '../domain/site.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { type AsOf, type AsOfForm, asOfForm, fixedDay } from './as-of.ts'
import { type CellRow, cellsOf, smallCells } from './cells.ts'
import { rateInWords } from './figures.ts'
import { type Mark, mark, type Page, problemsInWords, titleOf } from './page.ts'
import { reportMark } from './report-words.ts'
import { siteStateMark } from './site-table.ts'

export type SitesInput = {
  trial: Trial
  asOf: AsOf
  notableDays: readonly CalendarDate[]
  sites: readonly Site[]
  accruals: readonly SiteAccrual[]
  /** The sites whose subjects the reader may open. */
  seesSubjectsAt: 'every' | readonly string[]
  /** The newest month first; each with a report for every site, in their order. */
  months: readonly { month: Month; reports: readonly MonthReport[] }[]
  reconciliation: {
    from: CalendarDate
    until: CalendarDate
    /** The first day as typed, and why it was refused where it was. */
    typed: string
    problem: Problem | null
    bySite: readonly Reconciliation[]
  }
}

export type SitesPage = Page & {
  heading: string
  subtitle: string
  asOf: AsOfForm
  sites: {
    anchor: string
    name: string
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
  reporting: { months: string[]; rows: { site: string; reports: Mark[] }[] }
  reconciliation: {
    note: string
    from: string
    error: string | null
    until: string
    rows: { site: string; counts: string[]; unaccounted: string; mark: Mark | null }[]
    total: { counts: string[]; unaccounted: string }
  }
}

export function sitesPage(input: SitesInput, words: Words): SitesPage {
  const { trial } = input
  const { day } = input.asOf
  return {
    ...fixedDay(input.asOf, words),
    template: 'sites/index',
    title: titleOf('sites.title', words, input.asOf.problem !== null || input.reconciliation.problem !== null),
    heading: words.t('sites.title'),
    place: 'sites',
    subtitle: words.t('sites.subtitle', { count: input.sites.length, asOf: day }),
    asOf: asOfForm(input.asOf, input.notableDays, words),
    reporting: reportingOf(input, words),
    reconciliation: reconciliationOf(input, words),
    sites: input.sites.map((site, index) => {
      const accrual = input.accruals[index] ?? { screened: 0, registered: 0, treated: 0, lastActivityOn: null }
      const exposure = exposureYears(openPeriods(site), day)
      const rate = rateInWords(observedRate(accrual.registered, exposure), words)
      const statuses = site.statuses.filter(({ from }) => from <= day)
      return {
        anchor: `site-${site.code}`,
        name: `${site.code}　${words.pick(site.name)}`,
        state: siteStateMark(site, day, words),
        statuses: statuses.map(({ status, from, basis }) => ({
          from,
          state: words.of('site_status', status),
          assumed: basis === 'assumed',
        })),
        exposure: words.number(exposure, 2),
        screened: words.number(accrual.screened),
        registered: words.number(accrual.registered),
        cells:
          accrual.screened === 0
            ? null
            : smallCells(cellsOf([accrual.registered, 'real'], [accrual.screened - accrual.registered, 'open'])),
        planned: words.numberOr(site.plannedPerYear, Number.isInteger(site.plannedPerYear ?? 0) ? 0 : 2),
        rate: rate.value,
        interval: rate.interval,
        lastActivity: accrual.lastActivityOn ?? words.t('sites.no_activity'),
        subjectsHref: reaches(input.seesSubjectsAt, site.id)
          ? `/trials/${trial.code}/subjects?site=${site.code}`
          : null,
      }
    }),
  }
}

function reportingOf({ sites, months, asOf }: SitesInput, words: Words): SitesPage['reporting'] {
  const running = monthOf(asOf.day)
  return {
    months: months.map(({ month }) => month),
    rows: sites.map((site, index) => ({
      site: `${site.code} ${words.pick(site.name)}`,
      reports: months.map(({ month, reports }) =>
        reportMark(reports[index] ?? { kind: 'not_open' }, month < running, words),
      ),
    })),
  }
}

function partsOf({ started, registered, failed, declined, withdrawn, inScreening }: Reconciliation): number[] {
  return [started, registered, failed, declined, withdrawn, inScreening]
}

function reconciliationOf({ sites, reconciliation, asOf }: SitesInput, words: Words): SitesPage['reconciliation'] {
  const { from, until, typed, problem, bySite } = reconciliation
  const total = bySite.reduce(addReconciliations, nobody)
  return {
    note: words.t('reconciliation.note', { from, until, asOf: asOf.day }),
    from: typed,
    error: problem === null ? null : (problemsInWords([problem], words)[0]?.text ?? null),
    until,
    rows: sites.map((site, index) => {
      const own = bySite[index] ?? nobody
      const number = unaccounted(own)
      const text = words.number(number)
      return {
        site: `${site.code} ${words.pick(site.name)}`,
        counts: partsOf(own).map((part) => words.number(part)),
        unaccounted: text,
        mark: number === 0 ? null : mark('silent', 'is-act', text),
      }
    }),
    total: { counts: partsOf(total).map((part) => words.number(part)), unaccounted: words.number(unaccounted(total)) },
  }
}
