/**
 * A request looked at again on a later day: what it promised by then against what came, term by term and site by site.
 * What sites are promised to register is spread evenly over the period that was asked for; those in screening were
 * promised without a day, so they stand beside.
 */
import { type CalendarDate, daysBetween } from '../calendar-date.ts'
import type { RequestClaim } from '../claim.ts'
import { type Claim, sitePerYearProjection } from '../projection/site-per-year.ts'

export type ReplayedRequest = {
  asOf: CalendarDate
  /** The first and the last day of what was asked for. */
  from: CalendarDate
  until: CalendarDate
  claims: readonly RequestClaim[]
}

/** Registrations at one site, by the request's as-of day and by the day of the replay. */
export type SiteThenAndNow = { siteId: string; before: number; now: number }

export type ReplayedTerm = {
  claim: Claim
  /** In all, and by the day; null by the day where no day was promised. */
  promised: number
  byNow: number | null
  /** What came at the sites that it speaks of; null where it names none. */
  actual: number | null
}

export type ReplayedSite = { siteId: string; promised: number; actual: number; difference: number }

export type Replay = {
  /** The part of the asked period that is over, 0 to 1. */
  elapsed: number
  /** New registrations since the as-of day, in the whole trial. */
  actual: number
  /** What the sites were to register by now, and what is missing (negative) or beyond. */
  expected: number
  difference: number
  terms: readonly ReplayedTerm[]
  sites: readonly ReplayedSite[]
}

/**
 * 2 sites x 1 a year x 3 years and 3 sites x at least 1, asked from 2026-07-19 to 2029-07-18: on 2027-07-18 365 of 1096
 * days are over, so 9 x 0.333 = 3.0 were to come. With 0, 1 and 3 new ones the difference is -3, -2 and 0.
 */
export function replay(request: ReplayedRequest, on: CalendarDate, sites: readonly SiteThenAndNow[]): Replay {
  const elapsed = elapsedShare(request, on)
  const gained = new Map(sites.map(({ siteId, before, now }) => [siteId, now - before]))
  const sumOf = (siteIds: readonly string[]) => siteIds.reduce((sum, id) => sum + (gained.get(id) ?? 0), 0)
  const actual = sumOf([...gained.keys()])
  const terms = request.claims.map(({ claim, siteIds }): ReplayedTerm => {
    const promised = sitePerYearProjection([claim], 0).total
    if (claim.kind === 'registered') {
      return { claim, promised, byNow: promised, actual: sites.reduce((sum, { before }) => sum + before, 0) }
    }
    if (claim.kind === 'pipeline') return { claim, promised, byNow: null, actual: null }
    return { claim, promised, byNow: promised * elapsed, actual: siteIds.length === 0 ? null : sumOf(siteIds) }
  })
  const expected = terms.reduce((sum, { claim, byNow }) => sum + (isAboutSites(claim) ? (byNow ?? 0) : 0), 0)
  return {
    elapsed,
    actual,
    expected,
    difference: actual - expected,
    terms,
    sites: sites.map(({ siteId }) => {
      const promised = request.claims
        .filter(({ claim, siteIds }) => isAboutSites(claim) && siteIds.includes(siteId))
        .reduce(
          (sum, { claim, siteIds }) => sum + (sitePerYearProjection([claim], 0).total * elapsed) / siteIds.length,
          0,
        )
      const came = gained.get(siteId) ?? 0
      return { siteId, promised, actual: came, difference: came - promised }
    }),
  }
}

/** 0 before the first day, 1 from the last day on; the day itself counts. */
function elapsedShare({ from, until }: ReplayedRequest, on: CalendarDate): number {
  const whole = daysBetween(from, until) + 1
  if (whole <= 0) return on >= until ? 1 : 0
  return Math.min(Math.max((daysBetween(from, on) + 1) / whole, 0), 1)
}

function isAboutSites(claim: Claim): boolean {
  return claim.kind === 'siteRate' || claim.kind === 'siteMinimum'
}
