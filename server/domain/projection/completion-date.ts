/** When the number needed will have come: the days at which the chance of completion reaches 10%, 50%, 90%. */
import { chanceOfMany, chanceOfNew, momentsOfNew, type Outlook, type Possibility } from './predictive.ts'
import { reachedAt } from './reached-at.ts'

/** Beyond this no answer is looked for: 200 years. */
export const horizonDays = 200 * 365.25

/**
 * For each probability the days after the as-of date by which completion has it: the root of `chanceOfNew` = p. Null where it is not reached within 200 years, as when all sites close before ("not within the
 * sites' open time"); 0 where nothing is needed or those in screening are enough.
 *
 * One site that registers 365.25 a year for certain: 1 needed, median after ln 2 = 0.69 days.
 */
export function completionDays(
  probabilities: readonly number[],
  outlook: Outlook,
  possibilities: readonly Possibility[],
  needed: number,
  { guess = completionDaysByMoments(probabilities, outlook, possibilities, needed, 0), tolerance = 1e-6 } = {},
): (number | null)[] {
  return reachedAt(probabilities, (days) => chanceOfNew(outlook, possibilities, days, needed), {
    guess: (p) => guess[probabilities.indexOf(p)] ?? horizonDays / 10,
    most: horizonDays,
    tolerance,
  })
}

/**
 * The same with all new subjects as one negative binomial of the same mean and variance, with drift (0: none). For
 * some thousand subjects it is right to an hour; for ten it is a first guess.
 */
export function completionDaysByMoments(
  probabilities: readonly number[],
  outlook: Outlook,
  possibilities: readonly Possibility[],
  needed: number,
  drift: number,
): (number | null)[] {
  const chanceBy = (days: number) => chanceOfMany(outlook, possibilities, days, needed, drift)
  const year = momentsOfNew(outlook, possibilities, 365.25).mean
  const start = year > 0 ? (needed / year) * 365.25 : horizonDays / 10
  return reachedAt(probabilities, chanceBy, { guess: () => start, most: horizonDays, tolerance: 1e-4 })
}
