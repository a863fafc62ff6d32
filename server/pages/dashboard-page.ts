/** The trial's dashboard: is the plan being kept, by how much not, where, and since when. */
import type { ScreeningFlow, SiteAccrual } from '../domain/accrual.ts'
import type { Attainment } from '../domain/attainment.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import { couldExceedTarget } from '../domain/cap.ts'
import type { Pathway } from '../domain/milestone.ts'
import type { Site } from '../domain/site.ts'
import type { Trial } from '../domain/trial.ts'
import { type TrialTerms, termsPromised } from '../domain/trial-terms.ts'
import type { Words } from '../i18n/words.ts'
import { type AsOfForm, type BothClocks, clocksForm, fixedClocks } from './as-of.ts'
import type { CumulativeFigure } from './charts.ts'
import { type Page, titleOf } from './page.ts'
import { type FlowInWords, flowInWords } from './screening-flow.ts'
import { type LastMonth, type SiteTable, siteTable } from './site-table.ts'
import { type TermsInWords, termsInWords } from './terms-list.ts'
import { type Verdict, verdictInWords } from './verdict.ts'

export type DashboardInput = {
  trial: Trial
  asOf: BothClocks
  attainment: Attainment | null
  versions: readonly TrialTerms[]
  sites: readonly Site[]
  accruals: readonly SiteAccrual[]
  reporting: LastMonth
  flow: ScreeningFlow
  candidates: number
  pathway: Pathway
  overrides: readonly { subjectId: string; siteId: string; occurredOn: CalendarDate; reason: string }[]
  figure: CumulativeFigure | null
  /** Days named by the trial's records, worth looking back from. */
  notableDays: readonly CalendarDate[]
  maySeeSubjects: boolean
}

export type DashboardPage = Page & {
  heading: string
  subtitle: { parts: string[] }
  asOf: AsOfForm
  /** The report of the newest review. */
  reviewHref: string
  verdict: Verdict | null
  figure: { note: string; chartJson: string; rows: CumulativeFigure['rows'] } | null
  terms: TermsInWords[]
  sites: SiteTable
  flow: FlowInWords
  unaccounted: { text: string; href: string | null; label: string } | null
  /** That those waiting could take the trial past its target. */
  couldExceed: string | null
  overrides: { date: string; site: string; reason: string; href: string | null }[]
}

export function dashboardPage(input: DashboardInput, words: Words): DashboardPage {
  const { trial, asOf, attainment, versions, sites, accruals, flow, maySeeSubjects } = input
  return {
    ...fixedClocks(asOf, words),
    template: 'trials/show',
    title: titleOf('overview.title', words, asOf.problem !== null || asOf.known.problem !== null),
    heading: words.t('overview.title'),
    place: 'overview',
    hasChart: true,
    subtitle: {
      parts: [
        words.pick(trial.title),
        words.of('design', trial.design),
        words.t('overview.sites', { count: sites.length }),
      ],
    },
    asOf: clocksForm(asOf, input.notableDays, words),
    reviewHref: `/trials/${trial.code}/reviews/current`,
    verdict: attainment === null ? null : verdictInWords(trial, attainment, maySeeSubjects, words),
    figure:
      input.figure === null
        ? null
        : {
            note: words.t('overview.chart_note', { asOf: asOf.day }),
            chartJson: JSON.stringify(input.figure.chart),
            rows: input.figure.rows,
          },
    terms: attainment === null ? [] : termsInWords(versions, attainment, words),
    sites: siteTable(trial, sites, accruals, input.reporting, asOf.day, words),
    flow: flowInWords(flow, input.candidates, input.pathway, sites.length, asOf.day, words),
    couldExceed: couldExceedOf(input, words),
    overrides: overridesOf(input, words),
    unaccounted: unaccountedOf(input, words),
  }
}

function unaccountedOf({ trial, flow, maySeeSubjects }: DashboardInput, words: Words): DashboardPage['unaccounted'] {
  if (flow.unaccounted === 0) return null
  const count = flow.unaccounted
  return {
    text: words.t('flow.unaccounted_note', { count, screened: flow.screened }),
    href: maySeeSubjects ? `/trials/${trial.code}/subjects?list=unaccounted` : null,
    label: words.t('flow.unaccounted_open', { count }),
  }
}

function couldExceedOf({ flow, versions, asOf }: DashboardInput, words: Words): string | null {
  const target = termsPromised(versions, asOf.day)?.targetNumber ?? null
  const waiting = flow.provisional?.waiting ?? 0
  if (target === null || !couldExceedTarget(flow.registered, waiting, target)) return null
  return words.t('flow.could_exceed', { registered: flow.registered, waiting, target })
}

function overridesOf({ trial, sites, overrides, maySeeSubjects }: DashboardInput, words: Words) {
  return overrides.map(({ subjectId, siteId, occurredOn, reason }) => {
    const site = sites.find(({ id }) => id === siteId)
    return {
      date: occurredOn,
      site: site === undefined ? '' : `${site.code} ${words.pick(site.name)}`,
      reason,
      href: maySeeSubjects ? `/trials/${trial.code}/subjects/${subjectId}` : null,
    }
  })
}
