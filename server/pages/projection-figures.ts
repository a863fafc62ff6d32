/**
 * The projection as figures for programs: everything that the feasibility sheet says, under names that stay. Chances
 * and rates have their full precision, days are ISO dates, and what cannot be said is null; `states` says why.
 */
import type { CalendarDate } from '../domain/calendar-date.ts'
import { methodVersion } from '../domain/projection/method.ts'
import type { ObservedRate } from '../domain/projection/poisson-interval.ts'
import { driftOfFewSubjects, usualDrift } from '../domain/projection/pooled-predictive.ts'
import { multipleOfObserved } from '../domain/projection/required-rate.ts'
import type { BlendedAnswer, DriftedChance } from '../domain/projection/trial-outlook.ts'
import type { Completion, Outcome } from '../domain/projection/what-if.ts'
import type { Trial } from '../domain/trial.ts'
import { wilsonInterval } from '../domain/wilson-interval.ts'
import type { FeasibilityInput } from './feasibility-sheet-page.ts'
import { funnelShown } from './outlook-tables.ts'
import { scenarioNames } from './projection-fields.ts'

/** A day on which the trial had no terms: no other key has a value. */
export function noFigures({ code, title }: Trial, asOf: CalendarDate) {
  return { trial: code, title, asOf, methodVersion, inputHash: null, states: ['no_terms'] }
}

export function projectionFigures(input: FeasibilityInput) {
  const { trial, request, outlook, isEdited, sites, promises, scenarios, outcomes, isCompared, small } = input
  const { goal, claims } = outlook
  const codeOf = (siteId: string) => sites.find(({ id }) => id === siteId)?.code ?? ''
  const funnel = funnelShown(outlook, small)
  return {
    trial: trial.code,
    title: trial.title,
    asOf: outlook.asOf,
    methodVersion,
    inputHash: input.inputHash,
    states: outlook.states,
    request:
      request === null
        ? null
        : {
            number: request.number,
            title: request.title,
            asOf: request.asOf,
            registrationUntil: request.registrationUntil,
            statedTotal: request.statedTotal,
            inputHash: request.inputHash,
          },
    target: goal?.target ?? null,
    deadline: outlook.deadline,
    registered: outlook.registered,
    remaining: goal?.remaining ?? null,
    siteYears: outlook.siteYears,
    futureSiteYears: outlook.futureSiteYears,
    yearsLeft: outlook.yearsLeft,
    observed: rateOf(outlook.observed),
    claims:
      claims === null
        ? null
        : {
            from: isEdited || request === null ? 'address' : 'request',
            terms: claims.projection.terms.map(({ claim, expected }, place) => ({
              ...claim,
              sitesNamed: (input.record.claims[place]?.siteIds ?? []).map(codeOf),
              expected,
            })),
            total: claims.projection.total,
            margin: goal === null ? null : claims.projection.margin,
            yearsAsked: claims.yearsAsked,
            againstRecord: claims.checks.map((check) => ({
              term: check.place,
              claimedPerYear: check.claimedPerYear,
              observed: rateOf(check.observed),
              registered: check.registered,
              claimedTimesObserved: multipleOfObserved(check.claimedPerYear, check.observed),
              probability: check.chance,
              verdict: check.verdict,
              conflict: check.conflict === 'none' ? null : check.conflict,
            })),
          },
    required:
      goal === null
        ? null
        : [goal.required.mean, ...goal.required.assured].map(({ assurance, perYear, multiple }) => ({
            assurance,
            perYear,
            timesObserved: multiple,
          })),
    probability:
      goal === null
        ? null
        : {
            drift: usualDrift,
            moreDrift: driftOfFewSubjects,
            claimed:
              goal.claimed === null
                ? null
                : {
                    screeningCertain: chanceOf(goal.claimed.certain),
                    screeningInside: chanceOf(goal.claimed.inside),
                    screeningBetaBinomial: chanceOf(goal.claimed.betaBinomial),
                  },
            observed: goal.observed === null ? null : chanceOf(goal.observed.chance),
            sitesDiffer: goal.sitesDiffer === null ? null : chanceOf(goal.sitesDiffer.chance),
            blended:
              goal.blended === null
                ? null
                : { oneSubject: blendedOf(goal.blended.one), wholePlan: blendedOf(goal.blended.full) },
          },
    byDeadline: outlook.byDeadline,
    completion:
      goal === null || goal.completion === null
        ? null
        : goal.completion.map((completion, place) => ({ chance: [0.1, 0.5, 0.9][place], ...dayOf(completion) })),
    oneMore: goal?.sitesDiffer?.tornado ?? null,
    sitesNeeded: goal?.sitesDiffer?.sitesNeeded ?? null,
    sites: outlook.sites.map((site, place) => {
      const inFunnel = funnel?.sites.find(({ id }) => id === site.id)
      const isWithheld = small.withheld.has(site.id)
      return {
        code: codeOf(site.id),
        registered: isWithheld ? null : site.registered,
        exposureYears: site.exposureYears,
        futureYears: site.futureYears,
        observed: isWithheld ? null : rateOf(site.observed),
        posteriorPerYear: isWithheld ? null : (goal?.sitesDiffer?.ratesPerYear[place] ?? null),
        funnel: inFunnel === undefined ? null : { ...inFunnel.limits, place: inFunnel.place },
      }
    }),
    earlierPromises: promises.map(({ of, number, by, promised, registered, chance }) => ({
      of,
      number,
      by,
      promised,
      registered,
      probability: chance,
    })),
    plan: outlook.plan,
    inScreening: outlook.inScreening,
    screeningOfLastYear: screeningOf(outlook.recentOutcomes),
    scenarios: isCompared
      ? Object.fromEntries(
          scenarioNames.map((name) => [name, { ...scenarios[name], outcome: outcomeOf(outcomes[name]) }]),
        )
      : null,
  }
}

function rateOf(rate: ObservedRate) {
  if (rate.kind === 'noExposure') return { perYear: null, lower95: null, upper95: null, exposureYears: 0 }
  const { lower, upper } = rate.interval
  const perYear = rate.kind === 'rate' ? rate.perYear : null
  return { perYear, lower95: lower, upper95: upper, exposureYears: rate.exposureYears }
}

function chanceOf({ held, drift, moreDrift }: DriftedChance) {
  return { rateHeld: held, withDrift: drift, withMoreDrift: moreDrift }
}

function blendedOf({ weight, pseudoSubjects, ratePerSiteYear, chance }: BlendedAnswer) {
  return { weight, pseudoSubjects, ratePerSiteYear, ...chanceOf(chance) }
}

function dayOf(completion: Completion) {
  return { state: completion.kind, date: completion.kind === 'on' ? completion.date : null }
}

function outcomeOf(outcome: Outcome | null) {
  return outcome === null ? null : { ...outcome, completion: outcome.completion.map(dayOf) }
}

/** Of those who left screening in the last year, so many were registered; null where nobody left. */
function screeningOf({ converted, failed }: { converted: number; failed: number }) {
  const left = converted + failed
  if (left === 0) return null
  const { lower, upper } = wilsonInterval(converted, left)
  return { registered: converted, left, share: converted / left, lower95: lower, upper95: upper }
}
