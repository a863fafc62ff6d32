/**
 * What has changed since a review was frozen: the same figures, of the same day, made from what is known now. The frozen
 * ones are never touched; the difference is said beside them.
 */
import type { Bilingual } from './bilingual.ts'
import type { ObservedRate } from './projection/poisson-interval.ts'
import type { ReviewFigures } from './review-figures.ts'

/** Each with the decimals in which it is told; a chance is told as one. */
const compared = {
  registered: { of: ({ attainment }) => attainment.registered, decimals: 0 },
  target: { of: ({ attainment }) => attainment.promised.targetNumber, decimals: 0 },
  new_registered: { of: ({ judgement }) => judgement.actual, decimals: 0 },
  new_promised: { of: ({ judgement }) => judgement.promised, decimals: 2 },
  judgement_chance: { of: ({ judgement }) => judgement.chance, decimals: 'chance' },
  observed_rate: { of: ({ attainment }) => pointOf(attainment.observed), decimals: 2 },
  recent_rate: { of: ({ pace }) => pointOf(pace.recent.rate), decimals: 2 },
  required_rate: { of: ({ attainment }) => attainment.requiredPerYear, decimals: 2 },
  target_chance: { of: ({ attainment }) => attainment.forecast?.chance.withDrift ?? null, decimals: 'chance' },
  forecast_low: { of: ({ attainment }) => attainment.forecast?.low80 ?? null, decimals: 0 },
  forecast_median: { of: ({ attainment }) => attainment.forecast?.median ?? null, decimals: 0 },
  forecast_high: { of: ({ attainment }) => attainment.forecast?.high80 ?? null, decimals: 0 },
  screened: { of: ({ conversion }) => conversion.screened, decimals: 0 },
  months_reported: { of: ({ whole }) => whole.reported, decimals: 0 },
  months_open: { of: ({ whole }) => whole.open, decimals: 0 },
  site_years: { of: ({ whole }) => whole.exposureYears, decimals: 2 },
} as const satisfies Record<string, { of: (figures: ReviewFigures) => number | null; decimals: number | 'chance' }>

const ofSite = {
  registered: ({ registered }) => registered,
  screened: ({ screened }) => screened,
  months_reported: ({ reported }) => reported,
} as const satisfies Partial<Record<keyof typeof compared, (site: ReviewFigures['sites'][number]) => number>>

export type ComparedFigure = keyof typeof compared
export const comparedFigures = Object.keys(compared) as ComparedFigure[]

/** One figure, then and now; `site` is null for the trial as a whole. */
export type FigureChange = {
  figure: ComparedFigure
  site: { code: string; name: Bilingual } | null
  frozen: number | null
  now: number | null
  decimals: number | 'chance'
}

/**
 * `same`: not one figure differs. `other_method`: made by another version of the method, so that they cannot be
 * compared. Otherwise the changes; there may be none among the figures that are told, where only a detail differs.
 */
export type SinceFrozen = { kind: 'same' } | { kind: 'other_method' } | { kind: 'changed'; changes: FigureChange[] }

/** Registered 2 then and 3 now: one change for the trial and one for the site, and what follows from them. */
export function changesSince(then: ReviewFigures, now: ReviewFigures): SinceFrozen {
  if (then.methodVersion !== now.methodVersion) return { kind: 'other_method' }
  const changes = comparedFigures.flatMap((figure): FigureChange[] => {
    const { of, decimals } = compared[figure]
    return of(then) === of(now) ? [] : [{ figure, site: null, frozen: of(then), now: of(now), decimals }]
  })
  const codes = [...new Set([...then.sites, ...now.sites].map(({ code }) => code))]
  for (const code of codes) {
    const before = then.sites.find((site) => site.code === code)
    const after = now.sites.find((site) => site.code === code)
    const site = { code, name: (after ?? before)?.name ?? { ja: code, en: code } }
    for (const [figure, of] of Object.entries(ofSite)) {
      const [was, is] = [before, after].map((one) => (one === undefined ? null : of(one))) as [
        number | null,
        number | null,
      ]
      if (was !== is) changes.push({ figure: figure as ComparedFigure, site, frozen: was, now: is, decimals: 0 })
    }
  }
  if (changes.length > 0) return { kind: 'changed', changes }
  return isEqual(then, now) ? { kind: 'same' } : { kind: 'changed', changes: [] }
}

function pointOf(rate: ObservedRate): number | null {
  return rate.kind === 'rate' ? rate.perYear : null
}

/** Whether two stored values say the same, whatever the order of their keys. */
function isEqual(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...keys].every((key) => isEqual((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
}
