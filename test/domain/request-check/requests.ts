/** A request that holds together, and the record bears: what every check is tried on. */
import type { CheckedRequest } from '../../../server/domain/request-check/checked-request.ts'
import { day } from '../protocols.ts'

const open = [{ from: day('2021-07-19'), until: null }]

/** 2 registered + 2 sites x 1/4 a year x 3 years + 3 sites x 0.1 a year x 3 years = 4.4; 2 in screening within the rate. */
export function soundRequest(differences: Partial<CheckedRequest> = {}): CheckedRequest {
  return {
    trial: 'SSC-BMC',
    number: 1,
    writtenOn: day('2026-07-01'),
    asOf: day('2026-06-24'),
    targetNumber: 12,
    before: {
      registrationFrom: day('2021-07-19'),
      registrationUntil: day('2026-07-18'),
      studyUntil: day('2029-07-18'),
      effectiveFrom: day('2024-07-19'),
    },
    after: {
      registrationFrom: day('2021-07-19'),
      registrationUntil: day('2029-07-18'),
      studyUntil: day('2032-07-18'),
      effectiveFrom: day('2026-07-19'),
    },
    followUpDays: 672,
    claims: [
      { claim: { kind: 'registered', number: 2 }, sites: [], standing: 'counted', source: '' },
      {
        claim: { kind: 'pipeline', number: 2, conversion: 1 },
        sites: ['01', '02'],
        standing: 'beside_the_sum',
        source: '',
      },
      {
        claim: { kind: 'siteRate', sites: 2, ratePerSiteYear: 0.25, years: 3 },
        sites: ['01', '02'],
        standing: 'counted',
        source: '',
      },
      {
        claim: { kind: 'siteRate', sites: 3, ratePerSiteYear: 0.1, years: 3 },
        sites: ['03', '04', '05'],
        standing: 'counted',
        source: '',
      },
    ],
    statedTotal: 4.4,
    statedSites: 5,
    sites: ['01', '02', '03', '04', '05'].map((code, index) => ({ code, open, registered: index < 2 ? 1 : 0 })),
    screenings: { started: 4, registered: 0, failed: 2, declined: 0, withdrawn: 0, inScreening: 2 },
    decisions: [{ item: 5, body: 'committee', decidedOn: day('2026-06-12'), source: 'request' }],
    conditions: [{ text: 'strategy', dueOn: day('2026-07-10'), source: 'notice' }],
    told: [{ text: 'screenings', from: day('2025-05-01'), until: day('2026-03-31'), source: 'reason 5' }],
    ...differences,
  }
}
