/** One site: since when it is open, what it screened and registered, what it reported, and its latest subjects. */

import type { SiteAccrual } from '../domain/accrual.ts'
import { type CalendarDate, monthOf } from '../domain/calendar-date.ts'
import type { Pathway } from '../domain/milestone.ts'
import { exposureYears } from '../domain/projection/exposure.ts'
import { observedRate } from '../domain/projection/poisson-interval.ts'
import type { Month, MonthReport } from '../domain/reporting.ts'
import { openPeriods, type Site } from '../domain/site.ts'
import type { SmallNumbers } from '../domain/small-numbers.ts'
import type { Subject } from '../domain/subject.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { type AsOf, type AsOfForm, asOfForm, fixedDay } from './as-of.ts'
import { rateInWords } from './figures.ts'
import { stateMark } from './log-row.ts'
import type { Mark, Page } from './page.ts'
import { reportMark, withoutEvents } from './report-words.ts'
import { siteStateMark } from './site-table.ts'
import { inOneLine, siteAddress } from './sites-page.ts'
import { notSaid, siteCount, siteFigure, smallNote } from './small-numbers.ts'

export type SiteInput = {
  pathway: Pathway
  trial: Trial
  site: Site
  asOf: AsOf
  notableDays: readonly CalendarDate[]
  accrual: SiteAccrual
  small: SmallNumbers
  /** The newest month first. */
  months: readonly { month: Month; report: MonthReport }[]
  /** The subjects that something happened to last; null for those who see counts alone, and on a past day. */
  latest: readonly Subject[] | null
  /** What the reader may do at this site, today. */
  may: { see: boolean; log: boolean; configure: boolean }
}

export type SitePage = Page & {
  heading: string
  subtitle: string
  /** That small numbers are not shown; null where they are. */
  note: string | null
  state: Mark
  asOf: AsOfForm
  statuses: { from: string; state: string; assumed: boolean }[]
  facts: { label: string; value: string }[]
  months: { month: string; report: Mark; say: { action: string; month: string; label: string } | null }[]
  saysNothing: boolean
  latest: { number: string; href: string; state: Mark; on: string }[] | null
  actions: { label: string; href: string }[]
  back: string
}

export function sitePage(input: SiteInput, words: Words): SitePage {
  const { trial, site, asOf, accrual, latest, small } = input
  const { day } = asOf
  const exposure = exposureYears(openPeriods(site), day)
  const rate = rateInWords(observedRate(accrual.registered, exposure), words)
  const heading = `${site.code} ${words.pick(site.name)}`
  const months = monthsOf(input, words)
  const shown = (figure: string) => siteFigure(small, site.id, figure, notSaid)
  return {
    ...fixedDay(asOf, words),
    template: 'sites/show',
    title: asOf.problem === null ? heading : `${words.t('form.error_prefix')}${heading}`,
    place: 'sites',
    heading,
    subtitle: words.t('format.as_of', { asOf: day }),
    note: smallNote(small, words),
    state: siteStateMark(site, day, words),
    asOf: asOfForm(asOf, input.notableDays, words),
    statuses: site.statuses
      .filter(({ from }) => from <= day)
      .map(({ from, status, basis }) => ({
        from,
        state: words.of('site_status', status),
        assumed: basis === 'assumed',
      })),
    facts: [
      {
        label: inOneLine(words.t('settings.col_planned')),
        value: words.numberOr(site.plannedPerYear, Number.isInteger(site.plannedPerYear ?? 0) ? 0 : 2),
      },
      { label: inOneLine(words.t('sites.exposure')), value: words.number(exposure, 2) },
      { label: words.t('sites.screened'), value: siteCount(small, site.id, accrual.screened, words) },
      { label: words.t('sites.registered'), value: siteCount(small, site.id, accrual.registered, words) },
      { label: words.t('sites.rate_per_year'), value: shown(rate.value) },
      { label: words.t('sites.interval'), value: shown(rate.interval) },
      { label: words.t('sites.last_activity'), value: shown(accrual.lastActivityOn ?? words.t('sites.no_activity')) },
    ],
    months,
    saysNothing: months.some(({ say }) => say !== null),
    latest:
      latest === null
        ? null
        : latest.map((subject) => ({
            number: subject.number,
            href: `/trials/${trial.code}/subjects/${subject.id}`,
            state: stateMark(subject.state, input.pathway, words),
            on: subject.lastEventOn,
          })),
    actions: actionsOf(input, words),
    back: `/trials/${trial.code}/sites`,
  }
}

/** A month that nobody reported has its button, for those who may say that nothing happened. */
function monthsOf({ trial, site, asOf, months, may, small }: SiteInput, words: Words): SitePage['months'] {
  const running = monthOf(asOf.day)
  return months.map(({ month, report }) => ({
    month: words.month(month),
    report:
      small.least === null
        ? reportMark(report, month < running, words)
        : withoutEvents(reportMark(report, month < running, words), report.kind, words),
    say:
      may.log && report.kind === 'silent'
        ? {
            action: `${siteAddress(trial, site)}/attestations`,
            month,
            label: words.t('report.say_nothing_here', { month: words.month(month) }),
          }
        : null,
  }))
}

function actionsOf({ trial, site, may }: SiteInput, words: Words): SitePage['actions'] {
  const here = `/trials/${trial.code}`
  return [
    ...(may.log ? [{ label: words.t('sites.add_screening'), href: `${here}/subjects/new?site=${site.code}` }] : []),
    ...(may.see ? [{ label: words.t('sites.all_subjects'), href: `${here}/subjects?site=${site.code}` }] : []),
    ...(may.configure ? [{ label: words.t('sites.change_state'), href: `${here}/settings/statuses` }] : []),
  ]
}
