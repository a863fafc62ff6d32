/** Many trials side by side: which of them asks for attention first, and how many there are of each sort. */
import type { Attainment } from './attainment.ts'
import type { CalendarDate } from './calendar-date.ts'
import type { Trial } from './trial.ts'

/** Where a trial stands on a day, as far as the portfolio tells it. */
export type Standing = {
  trial: Trial
  attainment: Attainment | null
  /** Sites that were to report of the last month and said nothing, of those that were to. */
  silentSites: { silent: number; open: number }
  obligations: { overdue: number; dueSoon: number }
  nextReviewOn: CalendarDate | null
}

export const portfolioOrders = [
  'attention',
  'code',
  'progress',
  'deadline',
  'chance',
  'review',
  'obligations',
  'silent',
] as const
export type PortfolioOrder = (typeof portfolioOrders)[number]

/** What trials are counted by. */
export const portfolioFacets = ['phase', 'design', 'condition', 'riskClass'] as const
export type PortfolioFacet = (typeof portfolioFacets)[number]

/** Verdicts that ask somebody to act come first; a trial that has ended asks for less than one that can be helped. */
const urgency: Record<Attainment['verdict'], number> = {
  below: 0,
  unlikely: 1,
  open: 2,
  too_early: 2,
  likely: 2,
  not_started: 2,
  ended: 3,
  reached: 3,
}

/** What is missing stands behind what is there, whatever it is sorted by. */
const last = '9999-12-31'

/** Smaller comes first; on a tie, and in the end by code. */
const keysOf: Record<PortfolioOrder, (standing: Standing) => (number | string)[]> = {
  attention: (one) => [
    one.obligations.overdue > 0 ? 0 : 1,
    one.attainment === null ? 2 : urgency[one.attainment.verdict],
    -one.obligations.overdue,
    -one.silentSites.silent,
    -one.obligations.dueSoon,
  ],
  code: () => [],
  progress: ({ attainment }) => [attainment === null ? 2 : attainment.registered / attainment.promised.targetNumber],
  deadline: ({ attainment }) => [attainment?.promised.registrationUntil ?? last],
  chance: ({ attainment }) => [attainment?.forecast?.chance.withDrift ?? 2],
  review: ({ nextReviewOn }) => [nextReviewOn ?? last],
  obligations: ({ obligations }) => [-obligations.overdue, -obligations.dueSoon],
  silent: ({ silentSites: { silent } }) => [-silent],
}

/**
 * In the order asked for. By attention: a trial with anything overdue before one with nothing, then the verdict that is
 * below projection, then the more that is overdue, the more sites that are silent, the more that is due soon.
 */
export function inPortfolioOrder(standings: readonly Standing[], order: PortfolioOrder): Standing[] {
  const keys = new Map(standings.map((one) => [one, [...keysOf[order](one), one.trial.code]]))
  return standings.toSorted((a, b) => compared(keys.get(a) ?? [], keys.get(b) ?? []))
}

function compared(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (const [index, value] of a.entries()) {
    const other = b[index]
    if (other !== undefined && value !== other) return value < other ? -1 : 1
  }
  return 0
}

/** What a trial is counted under; empty where nothing is stated. A condition is counted under its Japanese name. */
export function facetOf(trial: Trial, facet: PortfolioFacet): string {
  return facet === 'condition' ? trial.condition.ja : (trial[facet] ?? '')
}

/** How many trials there are of each sort, the most frequent first: 3 of phase II, 1 of phase I. */
export function facetCounts(
  trials: readonly Trial[],
  facet: PortfolioFacet,
): { value: string; example: Trial; count: number }[] {
  const counts = new Map<string, { value: string; example: Trial; count: number }>()
  for (const trial of trials) {
    const value = facetOf(trial, facet)
    const known = counts.get(value)
    counts.set(value, { value, example: known?.example ?? trial, count: (known?.count ?? 0) + 1 })
  }
  return [...counts.values()].sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
}
