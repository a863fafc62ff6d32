import { describe, expect, it } from 'vitest'
import { type Claim, sitePerYearProjection } from '../../../server/domain/projection/site-per-year.ts'

const extensionClaims: Claim[] = [
  { kind: 'registered', number: 2 },
  { kind: 'pipeline', number: 2, conversion: 1 },
  { kind: 'siteRate', sites: 2, ratePerSiteYear: 1, years: 3 },
  { kind: 'siteMinimum', sites: 3, minimumPerSite: 1 },
]

describe('the site-per-year projection of a request', () => {
  it('2 + 2 + 2 x 1 x 3 + 3 x 1 = 13, for a target of 12 a margin of 1', () => {
    const projection = sitePerYearProjection(extensionClaims, 12)
    expect(projection.terms.map(({ expected }) => expected)).toEqual([2, 2, 6, 3])
    expect(projection).toMatchObject({ total: 13, target: 12, margin: 1 })
  })

  it('parts what has happened from what has not, and the screened from the sites', () => {
    expect(sitePerYearProjection(extensionClaims, 12)).toMatchObject({
      alreadyRegistered: 2,
      newExpected: 11,
      pipelineExpected: 2,
      sitesExpected: 9,
    })
  })

  it('keeps each claim beside its number, with the source it came with', () => {
    const claim = { kind: 'registered', number: 2, source: '1. Progress' } as const
    expect(sitePerYearProjection([claim], 12).terms).toEqual([{ claim, expected: 2 }])
  })

  it('falls short by a negative margin', () => {
    expect(sitePerYearProjection([{ kind: 'siteRate', sites: 2, ratePerSiteYear: 0.5, years: 3 }], 12).margin).toBe(-9)
  })

  it('is 0 without claims', () => {
    expect(sitePerYearProjection([], 12)).toMatchObject({ terms: [], total: 0, margin: -12 })
  })

  it('refuses a claim that no document can make, and says what was wrong', () => {
    const refused: [Claim, string][] = [
      [{ kind: 'registered', number: -1 }, 'number must be a count, not -1'],
      [{ kind: 'pipeline', number: 2, conversion: 1.5 }, 'conversion must lie between 0 and 1, not 1.5'],
      [{ kind: 'siteRate', sites: 2.5, ratePerSiteYear: 1, years: 3 }, 'sites must be a count, not 2.5'],
      [{ kind: 'siteRate', sites: 2, ratePerSiteYear: Number.NaN, years: 3 }, 'ratePerSiteYear must be 0 or more'],
      [{ kind: 'siteRate', sites: 2, ratePerSiteYear: 1, years: -3 }, 'years must be 0 or more, not -3'],
      [{ kind: 'siteMinimum', sites: 3, minimumPerSite: -1 }, 'minimumPerSite must be 0 or more, not -1'],
    ]
    for (const [claim, message] of refused) expect(() => sitePerYearProjection([claim], 12)).toThrow(message)
    expect(() => sitePerYearProjection([], Number.NaN)).toThrow('target')
  })
})
