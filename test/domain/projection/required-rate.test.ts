import { describe, expect, it } from 'vitest'
import { observedRate } from '../../../server/domain/projection/poisson-interval.ts'
import { chancePoisson } from '../../../server/domain/projection/pooled-predictive.ts'
import {
  expectedForAssurance,
  meanRateNeeded,
  multipleOfObserved,
  rateForAssurance,
} from '../../../server/domain/projection/required-rate.ts'

describe('the rate that is needed', () => {
  it('10 in 4 years: 2.5 a year on average', () => {
    expect(meanRateNeeded(10, 4)).toBe(2.5)
  })

  it('95% of one subject in 2 years: 3.0 expected, 1.5 a year', () => {
    expect(expectedForAssurance(0.95, 1)).toBeCloseTo(-Math.log(0.05), 12)
    expect(rateForAssurance(0.95, 1, 2)).toBeCloseTo(-Math.log(0.05) / 2, 12)
  })

  it('gives the assurance that it is named after, for one subject as for thousands', () => {
    for (const needed of [1, 10, 700, 980, 1100, 2176]) {
      for (const p of [0.5, 0.8, 0.9]) {
        expect(chancePoisson(needed, expectedForAssurance(p, needed))).toBeCloseTo(p, 12)
      }
    }
  })

  it('is 0 where nothing is needed, time or not', () => {
    expect(meanRateNeeded(0, 0)).toBe(0)
    expect(meanRateNeeded(-1, 4)).toBe(0)
    expect(rateForAssurance(0.9, 0, 0)).toBe(0)
    expect(rateForAssurance(0.9, -1, 4)).toBe(0)
  })

  it('is no number where something is needed and no time is left', () => {
    expect(meanRateNeeded(1, 0)).toBeNull()
    expect(rateForAssurance(0.9, 1, 0)).toBeNull()
  })

  it('3 a year is 6 times the observed rate where 2 came in 4 years', () => {
    expect(multipleOfObserved(3, observedRate(2, 4))).toBe(6)
  })

  it('is no multiple of a rate that was not observed', () => {
    expect(multipleOfObserved(3, observedRate(0, 4))).toBeNull()
    expect(multipleOfObserved(3, observedRate(2, 0.5))).toBeNull()
    expect(multipleOfObserved(3, observedRate(0, 0))).toBeNull()
  })

  it('refuses what is no number of subjects, no time and no assurance', () => {
    expect(() => meanRateNeeded(1.5, 4)).toThrow('1.5')
    expect(() => meanRateNeeded(1, Number.NaN)).toThrow('NaN')
    expect(() => rateForAssurance(1, 1, 4)).toThrow('1')
    expect(() => multipleOfObserved(-3, observedRate(2, 4))).toThrow('-3')
  })
})
