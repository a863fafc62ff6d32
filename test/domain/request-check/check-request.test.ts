import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import extension from '../../../seeds/requests/ssc-bmc.json' with { type: 'json' }
import { readRequestFile } from '../../../server/commands/request-file.ts'
import { addDays } from '../../../server/domain/calendar-date.ts'
import { checkRequest } from '../../../server/domain/request-check/check-request.ts'
import type { CheckedRequest, StatedClaim } from '../../../server/domain/request-check/checked-request.ts'
import type { CheckName } from '../../../server/domain/request-check/finding.ts'
import { day } from '../protocols.ts'
import { soundRequest } from './requests.ts'

const found = (request: CheckedRequest) => checkRequest(request).map(({ kind, place }) => [kind, place])
const checksOf = (request: CheckedRequest) => new Set<CheckName>(checkRequest(request).map(({ check }) => check))

describe('the extension request of 2026', () => {
  const reading = readRequestFile(extension)
  const request = 'request' in reading ? reading.request : null

  it('has its seven slips, and no other', () => {
    expect(request && found(request)).toEqual([
      ['rate_and_minimum', '$.claims[4]'],
      ['pipeline_within_rate', '$.claims[1]'],
      ['claim_against_record_contradicted', '$.claims[2]'],
      ['unaccounted_screenings', '$.screenings'],
      ['dates_of_one_decision', '$.decisions[2]'],
      ['date_to_come_meant', '$.told[0].until'],
      ['after_the_period', '$.conditions[0]'],
    ])
  })

  it('tells them with the numbers of the document and of the record', () => {
    const values = new Map(request && checkRequest(request).map((finding) => [finding.check, finding.values]))
    expect(values.get('rate_and_minimum')).toMatchObject({ byRate: 9, byMinimum: 3 })
    expect(values.get('claim_against_record')).toMatchObject({ sites: '01, 02', registered: 2, claimed: 1 })
    expect(values.get('claim_against_record')?.p).toBeCloseTo(0.0031, 4)
    expect(values.get('unaccounted_screenings')).toEqual({ started: 4, unaccounted: 2 })
    expect(values.get('dates_of_one_decision')).toMatchObject({ one: '2026-06-12', other: '2026-05-29' })
    expect(values.get('date_to_come')).toEqual({ date: '2027-03-31', writtenOn: '2026-07-01', meant: '2026-03-31' })
    expect(values.get('after_the_period')).toMatchObject({ on: '2026-07-31', registrationUntil: '2026-07-18' })
  })
})

/** The sound request with one claim changed. */
function withClaim(index: number, change: (claim: StatedClaim) => StatedClaim): CheckedRequest {
  const request = soundRequest()
  return { ...request, claims: request.claims.map((claim, at) => (at === index ? change(claim) : claim)) }
}
const withNumbers = (index: number, numbers: object) =>
  withClaim(index, (stated) => ({ ...stated, claim: { ...stated.claim, ...numbers } }))

const amount = fc.integer({ min: 1, max: 500 })
const sound = soundRequest()
const screenings = sound.screenings ?? {
  started: 0,
  registered: 0,
  failed: 0,
  declined: 0,
  withdrawn: 0,
  inScreening: 0,
}

/** What may be changed by how much, the request that comes of it, and the checks that must speak then. */
const mutations: [name: string, (by: number) => CheckedRequest, says: CheckName[]][] = [
  ['the stated total', (by) => soundRequest({ statedTotal: 4.4 + by }), ['sum_of_terms']],
  ['the number registered', (by) => withNumbers(0, { number: 2 + by }), ['sum_of_terms', 'claim_against_record']],
  ['the years of a rate', (by) => withNumbers(2, { years: 3 + by }), ['sum_of_terms']],
  [
    'a rate beyond the record',
    (by) => withNumbers(2, { ratePerSiteYear: 1 + by }),
    ['sum_of_terms', 'claim_against_record'],
  ],
  ['the sites of a claim', (by) => withNumbers(3, { sites: 3 + by }), ['sum_of_terms', 'site_counts']],
  ['the stated sites', (by) => soundRequest({ statedSites: 5 + by }), ['site_counts']],
  ['a site that is not there', () => withClaim(3, (c) => ({ ...c, sites: ['03', '04', '09'] })), ['site_counts']],
  ['a site counted twice', () => withClaim(3, (c) => ({ ...c, sites: ['02', '04', '05'] })), ['site_counts']],
  [
    'those in screening, on top',
    () => withClaim(1, (c) => ({ ...c, standing: 'counted' })),
    ['sum_of_terms', 'pipeline_within_rate'],
  ],
  [
    'a minimum beside the rate',
    (by) => {
      const claim = { kind: 'siteMinimum', sites: 3, minimumPerSite: by } as const
      const minimum: StatedClaim = { claim, sites: ['03', '04', '05'], standing: 'beside_the_sum', source: '' }
      return soundRequest({ claims: [...sound.claims, minimum] })
    },
    ['rate_and_minimum'],
  ],
  [
    'screenings started',
    (by) => soundRequest({ screenings: { ...screenings, started: 4 + by } }),
    ['unaccounted_screenings'],
  ],
  [
    'screenings failed',
    (by) => soundRequest({ screenings: { ...screenings, failed: 2 + by } }),
    ['unaccounted_screenings'],
  ],
  [
    'a second date of a decision',
    (by) => {
      const [decision] = sound.decisions
      if (decision === undefined) throw new Error('The sound request has a decision')
      const other = { ...decision, decidedOn: addDays(decision.decidedOn, -by) }
      return soundRequest({ decisions: [decision, other] })
    },
    ['dates_of_one_decision'],
  ],
  [
    'a past that is to come',
    (by) =>
      soundRequest({ told: [{ text: '', from: day('2025-05-01'), until: addDays(sound.writtenOn, by), source: '' }] }),
    ['date_to_come'],
  ],
  [
    'a meeting after the period',
    (by) =>
      soundRequest({ conditions: [{ text: '', dueOn: addDays(sound.before.registrationUntil, by), source: '' }] }),
    ['after_the_period'],
  ],
  [
    'terms that leave a gap',
    (by) => soundRequest({ after: { ...sound.after, effectiveFrom: addDays(sound.after.effectiveFrom, by) } }),
    ['terms_follow_on'],
  ],
  [
    'terms that overlap',
    (by) => soundRequest({ after: { ...sound.after, effectiveFrom: addDays(sound.after.effectiveFrom, -by) } }),
    ['terms_follow_on'],
  ],
  ['a follow-up that is too long', (by) => soundRequest({ followUpDays: 1096 + by }), ['follow_up_fits']],
]

describe('a request that holds together', () => {
  it('raises nothing', () => {
    expect(checkRequest(sound)).toEqual([])
  })

  it.each(mutations)('raises its own check for %s, and no other', (_, mutate, says) => {
    fc.assert(
      fc.property(amount, (by) => {
        expect(checksOf(mutate(by))).toEqual(new Set(says))
      }),
      { numRuns: 50 },
    )
  })

  it('stays sound up to the edge of each rule', () => {
    expect(found(soundRequest({ followUpDays: 1096 }))).toEqual([])
    expect(found(soundRequest({ conditions: [{ text: '', dueOn: day('2026-07-18'), source: '' }] }))).toEqual([])
    expect(
      found(soundRequest({ told: [{ text: '', from: day('2026-07-01'), until: day('2026-07-01'), source: '' }] })),
    ).toEqual([])
    expect(found(soundRequest({ statedSites: null, screenings: null, followUpDays: null }))).toEqual([])
  })

  it('says nothing of a rate where nobody names the sites, or they were never open', () => {
    const unnamed = withClaim(2, (c) => ({ ...c, sites: [] }))
    expect(found(unnamed)).toEqual([])
    const neverOpen = soundRequest({
      claims: withNumbers(2, { ratePerSiteYear: 100 }).claims,
      statedTotal: 602.9,
      sites: sound.sites.map((site) => (site.registered === 1 ? { ...site, open: [] } : site)),
    })
    expect(found(neverOpen)).toEqual([])
  })

  it('tells an end before its beginning', () => {
    const after = { ...sound.after, registrationUntil: day('2026-07-18') }
    expect(found(soundRequest({ after }))).toContainEqual(['terms_follow_on_reversed', '$.after.registrationUntil'])
  })
})
