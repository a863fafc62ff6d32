/**
 * Small numbers of single sites, which could point at a person: where a trial says so, committees and guests are not
 * shown them, nor enough of the others to find them by subtraction from the totals, which everybody sees.
 */
import type { SiteAccrual } from './accrual.ts'
import type { CalendarDate } from './calendar-date.ts'
import { type Grant, mayIn } from './permission.ts'
import { exposureYears } from './projection/exposure.ts'
import { openPeriods, type Site } from './site.ts'
import type { Trial } from './trial.ts'

/** The smallest count that a trial may say is shown, and the largest. */
export const leastOfLeastShown = 2
export const mostOfLeastShown = 20

export type SmallNumbers = {
  /** The smallest count that is shown; null where every count is. */
  least: number | null
  /** Sites none of whose counts is shown, nor anything that follows from one. */
  withheld: ReadonlySet<string>
  /** Whether of a withheld count it is said that it is below the least shown, or not: both could give it away. */
  isBounded: boolean
}

export type CountedSite = {
  id: string
  /** The same counts of every site, in the same order: those whose totals are shown. */
  counts: readonly number[]
  /** A site that never was open has none of anybody, as everybody knows: to withhold that hides nothing. */
  wasOpen: boolean
}

/**
 * Who sees subjects sees their numbers; for everybody else the trial's rule holds. A trial is handed to a reader's page
 * through here.
 */
export function asShownTo<T extends Trial>(grants: readonly Grant[], trial: T): T {
  return mayIn(grants, 'see_subjects', trial.id) ? { ...trial, leastShown: null } : trial
}

/**
 * Which sites are withheld: each with a count from 1 to least - 1, and as many more, the smallest first, as it takes so
 * that every such count could be another one, whatever the totals, the other sites and the bounds say. Counts 1, 0, 7
 * with 3 as the least: the first is withheld, and the second with it: of 1 in both together, either may have it.
 *
 * Where all sites are withheld and the bounds still give a count away (2 and 2 of 4, each below 3), no bound is said.
 * The one site of a trial is its total: that is not hidden, for everybody sees totals.
 */
export function smallNumbers(least: number | null, sites: readonly CountedSite[]): SmallNumbers {
  const isSmall = (count: number) => least !== null && count > 0 && count < least
  const small = sites.filter(({ counts }) => counts.some(isSmall))
  if (least === null || small.length === 0) return { least, withheld: new Set(), isBounded: true }
  const total = ({ counts }: CountedSite) => counts.reduce((sum, count) => sum + count, 0)
  const others = sites.filter((site) => site.wasOpen && !small.includes(site)).toSorted((a, b) => total(a) - total(b))
  for (let more = 0; more <= others.length; more++) {
    const withheld = [...small, ...others.slice(0, more)]
    if (isAmbiguous(least, withheld)) return { least, withheld: idsOf(withheld), isBounded: true }
  }
  return { least, withheld: idsOf([...small, ...others]), isBounded: false }
}

const idsOf = (sites: readonly CountedSite[]) => new Set(sites.map(({ id }) => id))

/** Whether each small count among the withheld could be another, given their sum and what is said of each of them. */
function isAmbiguous(least: number, withheld: readonly CountedSite[]): boolean {
  const columns = withheld[0]?.counts.length ?? 0
  return Array.from({ length: columns }, (_, column) => withheld.map(({ counts }) => counts[column] ?? 0)).every(
    (counts) => {
      const sum = counts.reduce((all, count) => all + count, 0)
      const lowest = counts.map((count) => (count < least ? 0 : least))
      const highest = counts.map((count) => (count < least ? least - 1 : Number.POSITIVE_INFINITY))
      const all = (bounds: readonly number[]) => bounds.reduce((one, other) => one + other, 0)
      const without = (bounds: readonly number[], place: number) => all(bounds.filter((_, index) => index !== place))
      return counts.every((count, place) => {
        if (count === 0 || count >= least) return true
        const from = Math.max(0, sum - without(highest, place))
        const until = Math.min(least - 1, sum - without(lowest, place))
        return from < until
      })
    },
  )
}

/** Those of a trial by a day, from what its sites screened and registered. The same for every page that speaks of the day. */
export function smallNumbersOf(
  trial: Pick<Trial, 'leastShown'>,
  sites: readonly Site[],
  accruals: readonly Pick<SiteAccrual, 'screened' | 'registered'>[],
  day: CalendarDate,
): SmallNumbers {
  return smallNumbers(
    trial.leastShown,
    sites.map((site, place) => ({
      id: site.id,
      counts: [accruals[place]?.screened ?? 0, accruals[place]?.registered ?? 0],
      wasOpen: exposureYears(openPeriods(site), day) > 0,
    })),
  )
}

/**
 * Whether a sum over some sites may be shown: it holds no withheld site, or all of them, so that what is left of the
 * total is no single site's. An empty list speaks of all sites.
 */
export function maySum({ withheld }: SmallNumbers, siteIds: readonly string[]): boolean {
  const held = [...withheld].filter((id) => siteIds.includes(id)).length
  return siteIds.length === 0 || held === 0 || held === withheld.size
}
