/**
 * What was promised before, and what came: every earlier change request and every earlier version of the terms, each
 * by its own last day of registration, or by the day that is looked at where that comes first; and what a request tells
 * of promises from before the record began.
 */

import type { DayCount } from './accrual.ts'
import type { Bilingual } from './bilingual.ts'
import { addDays, type CalendarDate } from './calendar-date.ts'
import type { ChangeRequest } from './claim.ts'
import { chancePoissonAtMost } from './projection/pooled-predictive.ts'
import type { ToldPeriod } from './request/request-record.ts'
import { plannedNumberBy, type TrialTerms } from './trial-terms.ts'

/** What of a change request is a promise: a total by a day, from what was registered when it was made. */
export type RequestPromise = Pick<
  ChangeRequest,
  'number' | 'asOf' | 'registrationUntil' | 'statedTotal' | 'registeredNumber'
> & { told: readonly ToldPeriod[] }

/** The number of the request, the version of the terms, or the number of the request that tells of the promise. */
export type EarlierPromise = { number: number } & ({ of: 'request' | 'terms' } | { of: 'told'; name: Bilingual }) &
  KeptPromise

type KeptPromise = {
  /** The day by which it is counted. */
  by: CalendarDate
  /** Subjects promised in all by that day: the whole promise, or the part of it that a straight line has by then. */
  promised: number
  registered: number
  /**
   * P(so few new ones or fewer | the promise was true): Poisson, exact; null before its first day, and where the document
   * alone says how many came.
   */
  chance: number | null
}

/**
 * `latest` is the number of the request that is asked about, whose own promise is still to come; so are terms that
 * reach the deadline asked about. `steps` are running totals. A told period is listed once, as the newest request tells
 * it, and not at all where a version of the terms has the same last day.
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
  const registeredBy = (day: CalendarDate) => steps.findLast(({ date }) => date <= day)?.number ?? 0
  const kept = (terms: Pick<TrialTerms, 'plan' | 'registrationUntil'>): KeptPromise => {
    const by = terms.registrationUntil < asOf ? terms.registrationUntil : asOf
    const promised = plannedNumberBy(terms, by)
    const registered = registeredBy(by)
    const { startsAtNumber } = terms.plan
    const expected = promised - startsAtNumber
    const chance = expected > 0 ? chancePoissonAtMost(Math.max(registered - startsAtNumber, 0), expected) : null
    return { by, promised, registered, chance }
  }
  const ofTerms = versions
    .filter(({ effectiveFrom, registrationUntil }) => effectiveFrom <= asOf && registrationUntil < deadline)
    .toSorted((a, b) => a.version - b.version)
    .map((terms): EarlierPromise => ({ of: 'terms', number: terms.version, ...kept(terms) }))
  const ofRequests = requests
    .filter((request) => request.asOf <= asOf && request.number !== latest)
    .map((request): EarlierPromise => {
      const { number, registeredNumber, statedTotal, registrationUntil } = request
      const startsOn = addDays(request.asOf, 1)
      const plan = { startsOn, startsAtNumber: registeredNumber, reachesNumber: statedTotal }
      return { of: 'request', number, ...kept({ plan, registrationUntil }) }
    })
  const told = toldPromises(requests, versions, asOf).map(({ number, period, promised }): EarlierPromise => {
    const { text: name, from, until, registered } = period
    const said = { of: 'told', number, name } as const
    if (registered !== null) return { ...said, by: until, promised, registered, chance: null }
    const plan = { startsOn: from, startsAtNumber: registeredBy(addDays(from, -1)), reachesNumber: promised }
    return { ...said, ...kept({ plan, registrationUntil: until }) }
  })
  return [...told, ...ofTerms, ...ofRequests]
}

/** By their last days; what requests tell without a promise is no promise. */
function toldPromises(requests: readonly RequestPromise[], versions: readonly TrialTerms[], asOf: CalendarDate) {
  const told = requests
    .filter((request) => request.asOf <= asOf)
    .flatMap(({ number, told: periods }) =>
      periods.flatMap((period) => (period.promised === null ? [] : [{ number, period, promised: period.promised }])),
    )
    .filter(({ period }) => !versions.some(({ registrationUntil }) => registrationUntil === period.until))
  const newest = new Map(told.map((one) => [`${one.period.from} ${one.period.until}`, one]))
  return [...newest.values()].toSorted((a, b) => (a.period.until < b.period.until ? -1 : 1))
}
