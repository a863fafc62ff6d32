/** How many more sites it would take: new ones without a record, each as good as the spread over sites says. */
import { chanceOfMany, chanceOfNew, type Outlook, type Possibility } from './predictive.ts'

/** Beyond so many the answer is that sites alone do not do it. */
const most = 1000

/** The outlook with so many new sites that open after so many days and stay open, without a cap. */
export function withAddedSites(outlook: Outlook, added: number, openingDelayDays: number): Outlook {
  const site = { count: 0, exposureYears: 0, open: [{ from: openingDelayDays, until: Infinity }], admits: null }
  return { ...outlook, sites: [...outlook.sites, ...Array.from({ length: added }, () => site)] }
}

/**
 * For each assurance the smallest number of new sites with which P(at least `needed` by the deadline) reaches it; null
 * where a thousand are not enough, as where they would open after the deadline. 0 where it is reached as it is.
 *
 * A chance of 1/2 without any and never less with one more: for 50%, none.
 */
export function sitesToAdd(
  assurances: readonly number[],
  outlook: Outlook,
  possibilities: readonly Possibility[],
  daysToDeadline: number,
  needed: number,
  openingDelayDays: number,
): (number | null)[] {
  return fewestSites(assurances, (added) =>
    chanceOfNew(withAddedSites(outlook, added, openingDelayDays), possibilities, daysToDeadline, needed),
  )
}

/** The same with drift from mean and variance, for hundreds needed. */
export function sitesToAddForMany(
  assurances: readonly number[],
  outlook: Outlook,
  possibilities: readonly Possibility[],
  daysToDeadline: number,
  needed: number,
  openingDelayDays: number,
  drift: number,
): (number | null)[] {
  return fewestSites(assurances, (added) =>
    chanceOfMany(withAddedSites(outlook, added, openingDelayDays), possibilities, daysToDeadline, needed, drift),
  )
}

function fewestSites(assurances: readonly number[], chanceOf: (added: number) => number): (number | null)[] {
  const chances = new Map<number, number>()
  const chanceWith = (added: number) => {
    const chance = chances.get(added) ?? chanceOf(added)
    chances.set(added, chance)
    return chance
  }
  return assurances.map((assurance) => {
    if (chanceWith(0) >= assurance) return 0
    let enough = 1
    while (chanceWith(enough) < assurance) {
      if (enough >= most) return null
      enough = Math.min(enough * 2, most)
    }
    let short = Math.floor(enough / 2)
    while (enough - short > 1) {
      const middle = Math.floor((short + enough) / 2)
      if (chanceWith(middle) >= assurance) enough = middle
      else short = middle
    }
    return enough
  })
}
