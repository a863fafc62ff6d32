/** What would help, one thing at a time: one more site, one more year, one more subject a year. */
import { withAddedSites } from './added-sites.ts'
import { chanceByMoments, momentsWithDrift } from './moments.ts'
import { chanceOfMany, chanceOfNew, convolved, momentsOfNew, type Outlook, type Possibility } from './predictive.ts'
import { chancesOfSum } from './sum-of-counts.ts'

/** P(target by the deadline) as things stand, and with each of the changes alone; none of them lowers it. */
export type Tornado = { asItIs: number; oneMoreSite: number; oneMoreYear: number; oneMoreAYear: number }

/**
 * One more site: without a record, open from the as-of date (or later by `openingDelayDays`). One more year: 365.25
 * days after the deadline, in which sites stay open that were to be open until the deadline. One more a year: a
 * subject a year on average, as a Poisson number, from the as-of date to the deadline, over the trial as a whole.
 *
 * One certain site of 1 a year, 1 year to go, 1 needed: 1 - 1/e = 0.63; with one more year, 1 - 1/e^2 = 0.86, and so
 * with one more a year.
 */
export function tornado(
  outlook: Outlook,
  possibilities: readonly Possibility[],
  daysToDeadline: number,
  needed: number,
  openingDelayDays = 0,
): Tornado {
  const chance = (changed: Outlook, days: number) => chanceOfNew(changed, possibilities, days, needed)
  return {
    asItIs: chance(outlook, daysToDeadline),
    oneMoreSite: chance(withAddedSites(outlook, 1, openingDelayDays), daysToDeadline),
    oneMoreYear: chance(openForAnotherYear(outlook, daysToDeadline), daysToDeadline + 365.25),
    oneMoreAYear: chance(withSteadyFlow(outlook, daysToDeadline / 365.25, needed), daysToDeadline),
  }
}

/** The same with drift from mean and variance, for hundreds needed. */
export function tornadoOfMany(
  outlook: Outlook,
  possibilities: readonly Possibility[],
  daysToDeadline: number,
  needed: number,
  drift: number,
  openingDelayDays = 0,
): Tornado {
  const chance = (changed: Outlook, days: number) => chanceOfMany(changed, possibilities, days, needed, drift)
  const { mean, variance } = momentsOfNew(outlook, possibilities, daysToDeadline)
  const years = daysToDeadline / 365.25
  const more = momentsWithDrift({ mean: mean + years, variance: variance + years }, drift)
  return {
    asItIs: chance(outlook, daysToDeadline),
    oneMoreSite: chance(withAddedSites(outlook, 1, openingDelayDays), daysToDeadline),
    oneMoreYear: chance(openForAnotherYear(outlook, daysToDeadline), daysToDeadline + 365.25),
    oneMoreAYear: chanceByMoments(more, needed),
  }
}

/** The sites that were to be open until the deadline stay open for a year more. */
export function openForAnotherYear(outlook: Outlook, daysToDeadline: number): Outlook {
  const sites = outlook.sites.map((site) => ({
    ...site,
    open: site.open.map(({ from, until }) => ({ from, until: until >= daysToDeadline ? until + 365.25 : until })),
  }))
  return { ...outlook, sites }
}

/** A Poisson number of subjects besides, as far as they can be needed. */
function withSteadyFlow(outlook: Outlook, expected: number, needed: number): Outlook {
  const length = Math.max(needed, 0) + 1
  const flow = chancesOfSum({ sizes: [], ratios: [], poissonMean: expected }, length)
  if (outlook.pipeline === null) return { ...outlook, pipeline: flow }
  return { ...outlook, pipeline: convolved(flow, outlook.pipeline, length) }
}
