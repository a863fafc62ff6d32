/** The table of sites: how long each was open, what it screened and registered, and its rate with the interval. */
import type { SiteAccrual } from '../domain/accrual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import { exposureYears } from '../domain/projection/exposure.ts'
import { observedRate } from '../domain/projection/poisson-interval.ts'
import { type Month, type MonthReport, reportingCompleteness } from '../domain/reporting.ts'
import { openPeriods, type Site, siteStatusOn } from '../domain/site.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { rateInWords } from './figures.ts'
import { type Mark, mark } from './page.ts'
import { reportMark } from './report-words.ts'

export type SiteTable = {
  note: string
  hasAssumed: boolean
  /** The last month that is over: `10月の報告`. */
  reportHead: string
  rows: (SiteFigures & {
    name: string
    href: string
    experience: string
    state: Mark
    report: Mark
    lastActivity: string
  })[]
  total: SiteFigures & { label: string; reported: string }
}

type SiteFigures = { exposure: string; screened: string; registered: string; rate: string; interval: string }

/** What each site, in the order of the table, reported for the last month that is over. */
export type LastMonth = { month: Month; reports: readonly MonthReport[] }

export function siteTable(
  trial: Trial,
  sites: readonly Site[],
  accruals: readonly SiteAccrual[],
  reporting: LastMonth,
  day: CalendarDate,
  words: Words,
): SiteTable {
  const exposures = sites.map((site) => exposureYears(openPeriods(site), day))
  const rows = sites.map((site, index) => {
    const accrual = accruals[index] ?? { screened: 0, registered: 0, treated: 0, lastActivityOn: null }
    const exposure = exposures[index] ?? 0
    const rate = rateInWords(observedRate(accrual.registered, exposure), words)
    return {
      name: `${site.code}　${words.pick(site.name)}`,
      href: `/trials/${trial.code}/sites/${site.code}`,
      experience: experienceOf(accrual.treated, words),
      state: siteStateMark(site, day, words),
      report: reportMark(reporting.reports[index] ?? { kind: 'not_open' }, true, words),
      lastActivity: accrual.lastActivityOn ?? words.t('sites.no_activity'),
      exposure: words.number(exposure, 2),
      screened: words.number(accrual.screened),
      registered: words.number(accrual.registered),
      rate: rate.value,
      interval: rate.interval,
    }
  })
  const completeness = reportingCompleteness(reporting.reports)
  const sum = (of: (accrual: SiteAccrual) => number) => accruals.reduce((total, accrual) => total + of(accrual), 0)
  const exposure = exposures.reduce((total, years) => total + years, 0)
  const registered = sum((accrual) => accrual.registered)
  const whole = rateInWords(observedRate(registered, exposure), words)
  return {
    note: words.t('overview.sites_note', { asOf: day }),
    hasAssumed: sites.some(({ statuses }) => statuses.some(({ basis }) => basis === 'assumed')),
    reportHead: words.t('report.of_month', { month: words.month(reporting.month) }),
    rows,
    total: {
      label: words.t('overview.total_sites', { count: sites.length }),
      reported: completeness.open === 0 ? '—' : words.t('report.completeness', completeness),
      exposure: words.number(exposure, 2),
      screened: words.number(sum((accrual) => accrual.screened)),
      registered: words.number(registered),
      rate: whole.value,
      interval: whole.interval,
    },
  }
}

/** Whether a site has treated anybody yet: what an extension request builds on. */
function experienceOf(treated: number, words: Words): string {
  return treated > 0 ? words.t('sites.experience_some') : words.t('sites.experience_none')
}

export function siteStateMark(site: Site, on: CalendarDate, words: Words): Mark {
  const status = siteStatusOn(site, on)
  const text = words.of('site_status', status)
  if (status === 'open') return mark('full', 'is-real', text)
  return status === 'closed' ? mark('cross', '', text) : mark(status === 'on_hold' ? 'half' : 'open', 'is-wait', text)
}
