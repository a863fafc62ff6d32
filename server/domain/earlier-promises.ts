/**
 * What was promised before, and what came: every earlier change request and every earlier version of the terms, each
 * by its own last day of registration, or by the day that is looked at where that comes first.
 */
import type { DayCount } from './accrual.ts'
import { addDays, type CalendarDate } from './calendar-date.ts'
import type { ChangeRequest } from './claim.ts'
import { chancePoissonAtMost } from './projection/pooled-predictive.ts'
import { plannedNumberBy, type TrialTerms } from './trial-terms.ts'

/** What of a change request is a promise: a total by a day, from what was registered when it was made. */
export type RequestPromise = Pick<
  ChangeRequest,
  'number' | 'asOf' | 'registrationUntil' | 'statedTotal' | 'registeredNumber'
>

export type EarlierPromise = {
  of: 'request' | 'terms'
  /** The number of the request, or the version of the terms. */
  number: number
  /** The day by which it is counted. */
  by: CalendarDate
  /** Subjects promised in all by that day: the whole promise, or the part of it that a straight line has by then. */
  promised: number
  registered: number
  /** P(so few new ones or fewer | the promise was true): Poisson, exact; null before its first day. */
  chance: number | null
}

/**
 * `latest` is the number of the request that is asked about, whose own promise is still to come; so are terms that
 * reach the deadline asked about. `steps` are running totals.
 *
 * 12 in three years, 1 came: promised 12, registered 1, P(Poisson(12) <= 1) = 13 e^-12 = 0.00008.
 */
export function earlierPromises(
  asOf: CalendarDate,
  deadline: CalendarDate,
  latest: number | null,
  requests: readonly RequestPromise[],
  versions: readonly TrialTerms[],
  steps: readonly DayCount[],
): EarlierPromise[] {
  const promiseOf = (
    of: EarlierPromise['of'],
    number: number,
    terms: Pick<TrialTerms, 'plan' | 'registrationUntil'>,
  ): EarlierPromise => {
    const by = terms.registrationUntil < asOf ? terms.registrationUntil : asOf
    const promised = plannedNumberBy(terms, by)
    const registered = steps.findLast(({ date }) => date <= by)?.number ?? 0
    const { startsAtNumber } = terms.plan
    const expected = promised - startsAtNumber
    const chance = expected > 0 ? chancePoissonAtMost(Math.max(registered - startsAtNumber, 0), expected) : null
    return { of, number, by, promised, registered, chance }
  }
  const ofTerms = versions
    .filter(({ effectiveFrom, registrationUntil }) => effectiveFrom <= asOf && registrationUntil < deadline)
    .toSorted((a, b) => a.version - b.version)
    .map((terms) => promiseOf('terms', terms.version, terms))
  const ofRequests = requests
    .filter((request) => request.asOf <= asOf && request.number !== latest)
    .map((request) => {
      const { number, registeredNumber, statedTotal, registrationUntil } = request
      const startsOn = addDays(request.asOf, 1)
      return promiseOf('request', number, {
        plan: { startsOn, startsAtNumber: registeredNumber, reachesNumber: statedTotal },
        registrationUntil,
      })
    })
  return [...ofTerms, ...ofRequests]
}
