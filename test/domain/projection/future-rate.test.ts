/** Completion where those in screening are counted apart, against trials that are played out. */
import { describe, expect, it } from 'vitest'
import { type FutureRate, none, siteYearsUntil } from '../../../server/domain/projection/future-rate.ts'
import { pipelineChancesAt } from '../../../server/domain/projection/pipeline.ts'
import { dice, gamma, standardErrorsOff, waits } from '../../oracles/completion-by-chance.ts'

const believed = (shape: number, exposureYears: number): FutureRate => ({
  kind: 'believed',
  belief: { shape, exposureYears },
})

describe('the site-years until the number needed', () => {
  it('with one in screening who is registered with 1/4: 1.5 where it were 3 without', () => {
    expect(siteYearsUntil(0.5, believed(1, 3), 1)).toBeCloseTo(3, 10)
    expect(siteYearsUntil(0.5, believed(1, 3), 1, pipelineChancesAt(0.25, 1))).toBeCloseTo(1.5, 8)
  })

  it('are those without, where nobody in screening is registered, and of the rest, where all are', () => {
    for (const p of [0.1, 0.5, 0.9]) {
      const alone = siteYearsUntil(p, believed(2.5, 24.65), 10)
      expect(siteYearsUntil(p, believed(2.5, 24.65), 10, none)).toBe(alone)
      expect(siteYearsUntil(p, believed(2.5, 24.65), 10, pipelineChancesAt(0, 2))).toBe(alone)
      expect(
        siteYearsUntil(p, believed(2.5, 24.65), 10, pipelineChancesAt(1, 2))! /
          siteYearsUntil(p, believed(2.5, 24.65), 8)!,
      ).toBeCloseTo(1, 8)
    }
  })

  it('are 0 where those in screening are enough, and none where nobody else comes', () => {
    expect(siteYearsUntil(0.5, believed(2.5, 24.65), 2, pipelineChancesAt(1, 2))).toBe(0)
    expect(siteYearsUntil(0.9, believed(2.5, 24.65), 0, pipelineChancesAt(1, 2))).toBe(0)
    const nobody: FutureRate = { kind: 'certain', perSiteYear: 0 }
    expect([0.2, 0.3].map((p) => siteYearsUntil(p, nobody, 2, pipelineChancesAt(0.5, 2)))).toEqual([0, null])
  })

  it.each([
    ['believed', believed(2.5, 5), (uniform: () => number) => gamma(2.5, uniform) / 5],
    ['certain', { kind: 'certain', perSiteYear: 0.7 } as const, () => 0.7],
  ])(
    'at a %s rate are what 200,000 trials show in which those in screening are drawn one by one',
    (_, rate, drawn) => {
      const [needed, inScreening, conversion] = [6, 4, 0.4]
      const uniform = dice(20_260_624)
      const played: number[] = []
      for (let trial = 0; trial < 200_000; trial++) {
        let registered = 0
        for (let each = 0; each < inScreening; each++) if (uniform() < conversion) registered++
        played.push(...waits(1, needed - registered, () => drawn(uniform), uniform))
      }
      for (const p of [0.1, 0.5, 0.9]) {
        const years = siteYearsUntil(p, rate, needed, pipelineChancesAt(conversion, inScreening))!
        expect(standardErrorsOff(played, years, p)).toBeLessThan(5)
      }
    },
    30_000,
  )
})
