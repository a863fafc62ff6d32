import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitPoissonGamma, logLikelihood, spreadOf } from '../../../server/domain/projection/poisson-gamma.ts'
import { logRisingFactorial, sumOfReciprocals } from '../../../server/domain/projection/rising-factorial.ts'
import { likelihoodOneByOne, maximumBySearch } from '../../oracles/poisson-gamma-by-search.ts'

const site = (count: number, exposureYears: number) => ({ count, exposureYears })
const anySite = fc.record({
  count: fc.integer({ min: 0, max: 40 }),
  exposureYears: fc.double({ min: 0.05, max: 6, noNaN: true }),
})

describe('the rising factorial', () => {
  it('multiplies out what can be checked in the head', () => {
    expect(logRisingFactorial(1, 3)).toBeCloseTo(Math.log(6), 14)
    expect(logRisingFactorial(2, 3)).toBeCloseTo(Math.log(24), 14)
    expect(logRisingFactorial(0.3, 0)).toBe(0)
    expect(sumOfReciprocals(1, 3)).toBeCloseTo(1 + 1 / 2 + 1 / 3, 14)
  })

  it('agrees with factor after factor, for small and large shapes and counts', () => {
    for (const a of [1e-6, 0.4, 3, 200, 1e7]) {
      for (const n of [1, 15, 16, 17, 40, 3000]) {
        let sum = 0
        let reciprocals = 0
        for (let j = 0; j < n; j++) {
          sum += Math.log(a + j)
          reciprocals += 1 / (a + j)
        }
        expect(Math.abs(logRisingFactorial(a, n) / sum - 1)).toBeLessThan(1e-12)
        expect(Math.abs(sumOfReciprocals(a, n) / reciprocals - 1)).toBeLessThan(1e-12)
      }
    }
  })
})

describe('the states of a fit', () => {
  it('no site was open', () => {
    expect(fitPoissonGamma([])).toEqual({ kind: 'noExposure' })
    expect(fitPoissonGamma([site(0, 0)])).toEqual({ kind: 'noExposure' })
    expect(spreadOf({ kind: 'noExposure' })).toBeNull()
  })

  it('nobody was registered', () => {
    expect(fitPoissonGamma([site(0, 2), site(0, 1)])).toEqual({ kind: 'zeroEnrolment', exposureYears: 3 })
  })

  it('the sites differ no more than chance: only the mean rate is known', () => {
    const fit = fitPoissonGamma([site(2, 1), site(2, 1)])
    expect(fit).toMatchObject({ kind: 'poissonBoundary', meanRate: 2, scoreAtBoundary: -2 })
    expect(spreadOf(fit)).toEqual({ kind: 'equal', ratePerYear: 2 })
    expect(fitPoissonGamma([site(14, 0.8)]).kind).toBe('poissonBoundary')
  })

  it('the sites differ: a maximum, whose mean with equal exposures is that of the counts', () => {
    const fit = fitPoissonGamma([site(0, 1), site(4, 1)])
    if (fit.kind !== 'interior') throw new Error(`Not interior, but ${fit.kind}`)
    expect(fit.scoreAtBoundary).toBeCloseTo(2, 12)
    expect(fit.meanRate).toBeCloseTo(2, 12)
    expect(spreadOf(fit)).toEqual({ kind: 'gamma', alpha: fit.alpha, beta: fit.beta })
  })

  it('a subject at a site that was never open, and a broken number, are the programmer’s mistake', () => {
    expect(() => fitPoissonGamma([site(1, 0)])).toThrow('1 subjects at a site that was never open')
    expect(() => fitPoissonGamma([site(1.5, 1)])).toThrow('1.5')
    expect(() => fitPoissonGamma([site(1, Number.NaN)])).toThrow('NaN')
  })
})

describe('the likelihood', () => {
  it('of none in a year with alpha = beta = 1 is 1/2', () => {
    expect(logLikelihood(1, 1, [site(0, 1), site(0, 0)])).toBeCloseTo(-Math.LN2, 14)
  })

  it('is a product of negative binomial chances', () => {
    fc.assert(
      fc.property(
        fc.array(anySite, { minLength: 1, maxLength: 8 }),
        fc.double({ min: -4, max: 6, noNaN: true }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        (sites, logAlpha, logMean) => {
          const alpha = Math.exp(logAlpha)
          const mean = Math.exp(logMean)
          const oracle = likelihoodOneByOne(alpha, mean, sites)
          expect(Math.abs(logLikelihood(alpha, alpha / mean, sites) - oracle)).toBeLessThan(
            1e-9 * (1 + Math.abs(oracle)),
          )
        },
      ),
    )
  })
})

describe('the maximum', () => {
  it.each([
    [[site(14, 1.7), site(3, 1.5), site(9, 1.2), site(1, 0.7)]],
    [[site(0, 1), site(0, 2), site(9, 1.5)]],
    [[site(30, 3), site(2, 1), site(11, 0.5), site(0, 0), site(4, 2)]],
  ])('is the one that searching finds: %j', (sites) => {
    const fit = fitPoissonGamma(sites)
    if (fit.kind !== 'interior') throw new Error(`Not interior, but ${fit.kind}`)
    const found = maximumBySearch(sites)
    expect(fit.logLikelihood).toBeGreaterThanOrEqual(found.logLikelihood - 1e-10)
    expect(Math.abs(fit.alpha / found.alpha - 1)).toBeLessThan(1e-4)
    expect(Math.abs(fit.meanRate / found.meanRate - 1)).toBeLessThan(1e-4)
  })

  it('is level, at least as likely as equal sites, and does not know the sites’ names', () => {
    fc.assert(
      fc.property(fc.array(anySite, { minLength: 2, maxLength: 8 }), (sites) => {
        const fit = fitPoissonGamma(sites)
        if (fit.kind !== 'interior') return
        expect(Math.max(...fit.gradient.map(Math.abs))).toBeLessThan(1e-6)
        expect(fit.logLikelihood).toBeGreaterThanOrEqual(fit.logLikelihoodIfEqual - 1e-9)
        const relabelled = fitPoissonGamma(sites.toReversed())
        if (relabelled.kind !== 'interior') throw new Error(`Not interior, but ${relabelled.kind}`)
        expect(Math.abs(relabelled.alpha / fit.alpha - 1)).toBeLessThan(1e-6)
      }),
    )
  })
})
