/**
 * The dashboard as figures for programs and for the command line: everything that the page says, under names that stay.
 * Rates, chances and years have their full precision, days are ISO dates, and what cannot be said is null.
 */
import type { DashboardFigures } from '../domain/dashboard.ts'
import type { PaceRate } from '../domain/pace.ts'
import { type ObservedRate, observedRate } from '../domain/projection/poisson-interval.ts'
import { reportingCompleteness } from '../domain/reporting.ts'
import { siteStatusOn } from '../domain/site.ts'
import { wilsonInterval } from '../domain/wilson-interval.ts'

export function dashboardReport(figures: DashboardFigures) {
  const { asOf, known, attainment, pace, sites, lastMonth, flow, after, candidates, overdue, overrides } = figures
  return {
    asOf,
    knownOn: known,
    ...(attainment === null
      ? { state: 'no_terms' as const }
      : {
          state: attainment.verdict,
          target: attainment.promised.targetNumber,
          deadline: attainment.promised.registrationUntil,
          registered: attainment.registered,
          remaining: attainment.remaining,
          elapsedYears: attainment.elapsedYears,
          periodYears: attainment.periodYears,
          againstCalendar: attainment.againstCalendar,
          requiredTimesObserved: attainment.requiredMultiple,
          yearsAtObservedRate: attainment.yearsAtObservedRate,
          probability: attainment.forecast?.chance ?? null,
          byDeadline:
            attainment.forecast === null
              ? null
              : {
                  low80: attainment.forecast.low80,
                  median: attainment.forecast.median,
                  high80: attainment.forecast.high80,
                },
        }),
    pace:
      pace === null
        ? null
        : {
            required: {
              perYear: pace.required.perYear,
              n: pace.required.count,
              exposureYears: pace.required.exposureYears,
              leadsTo: pace.required.leadsTo,
            },
            overall: pacedOf(pace.overall),
            recent: pacedOf(pace.recent),
            lastScreening: pace.lastScreening,
            lastRegistration: pace.lastRegistration,
          },
    flow: {
      candidates,
      ...flow,
      provisional:
        flow.provisional === null
          ? null
          : { ...flow.provisional, toFinal: shareOf(flow.registered, flow.provisional.ever) },
    },
    afterRegistration: after,
    overdue,
    overrides: overrides.length,
    reporting: { month: lastMonth, ...reportingCompleteness(sites.map(({ report }) => report.report)) },
    sites: sites.map(({ site, report, lastActivityOn, exposureYears, screened, registered, treated }) => ({
      code: site.code,
      name: site.name,
      status: siteStatusOn(site, asOf),
      exposureYears,
      screened,
      registered,
      treated,
      observed: rateOf(observedRate(registered, exposureYears)),
      lastActivityOn,
      report: report.report.kind,
      events: report.report.kind === 'reported' ? report.report.events : null,
      silentMonths: report.silentMonths,
    })),
  }
}

function pacedOf({ rate, since, leadsTo }: PaceRate) {
  return { ...rateOf(rate), since, leadsTo }
}

function rateOf(rate: ObservedRate) {
  if (rate.kind === 'noExposure') return { perYear: null, lower95: null, upper95: null, n: 0, exposureYears: 0 }
  const { lower, upper } = rate.interval
  const perYear = rate.kind === 'rate' ? rate.perYear : null
  return { perYear, lower95: lower, upper95: upper, n: rate.count, exposureYears: rate.exposureYears }
}

/** So many of so many, with the interval of Wilson; null of nobody. */
function shareOf(part: number, whole: number) {
  if (whole === 0) return null
  const { lower, upper } = wilsonInterval(part, whole)
  return { share: part / whole, n: part, of: whole, lower95: lower, upper95: upper }
}
