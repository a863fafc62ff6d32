import { describe, expect, it } from 'vitest'
import { chanceOfRecord, claimAgainstRecord } from '../../../server/domain/projection/claim-check.ts'
import type { Claim } from '../../../server/domain/projection/site-per-year.ts'
import seed from '../../reference/seed-001.json' with { type: 'json' }

const years = seed.observedYears

describe('the claims of the extension request against the record', () => {
  it('one a year at the two sites that have treated: 2 in 9.86 site-years has the chance 0.0031', () => {
    const record = { registered: 2, exposureYears: 2 * years }
    expect(chanceOfRecord(1, record)).toBeCloseTo(seed.pDataGivenTwoSitesAtOnePerYear, 12)
    const claim: Claim = { kind: 'siteRate', sites: 2, ratePerSiteYear: 1, years: 3 }
    expect(claimAgainstRecord(claim, record, 3)).toBe('contradicted')
  })

  it('at least one each in three years at the other three: none in 14.79 site-years has the chance 0.0072', () => {
    const record = { registered: 0, exposureYears: 3 * years }
    expect(chanceOfRecord(1 / 3, record)).toBeCloseTo(seed.pZeroAtThreeSitesGivenOneThirdPerYear, 12)
    const claim: Claim = { kind: 'siteMinimum', sites: 3, minimumPerSite: 1 }
    expect(claimAgainstRecord(claim, record, 3)).toBe('contradicted')
  })
})

describe('a claim against the record', () => {
  it('is optimistic between 0.01 and 0.05, consistent from there on', () => {
    const claim: Claim = { kind: 'siteRate', sites: 1, ratePerSiteYear: 1, years: 3 }
    expect(claimAgainstRecord(claim, { registered: 0, exposureYears: 4 }, 3)).toBe('optimistic')
    expect(claimAgainstRecord(claim, { registered: 0, exposureYears: 2 }, 3)).toBe('consistent')
  })

  it('is unsupported where the sites were never open, and open for those still in screening', () => {
    const never = { registered: 0, exposureYears: 0 }
    expect(claimAgainstRecord({ kind: 'siteRate', sites: 1, ratePerSiteYear: 1, years: 3 }, never, 3)).toBe(
      'unsupported',
    )
    expect(claimAgainstRecord({ kind: 'pipeline', number: 2, conversion: 1 }, never, 3)).toBe('open')
  })

  it('agrees or differs where it states a count', () => {
    const claim: Claim = { kind: 'registered', number: 2 }
    expect(claimAgainstRecord(claim, { registered: 2, exposureYears: 5 }, 3)).toBe('agrees')
    expect(claimAgainstRecord(claim, { registered: 1, exposureYears: 5 }, 3)).toBe('differs')
  })
})
