import { describe, expect, it } from 'vitest'
import { type RequestDraft, recordRequest } from '../../server/actions/record-request.ts'
import {
  findLatestRequest,
  lastRequestNumber,
  listRequestDays,
  listRequestPromises,
  requestInputHash,
} from '../../server/db/change-requests.ts'
import type { RequestClaim } from '../../server/domain/claim.ts'
import { methodVersion } from '../../server/domain/projection/method.ts'
import { done, expectSound, openSmallTrial, sharedDatabase } from '../actions/small-trial.ts'
import { day } from '../domain/protocols.ts'

const shared = sharedDatabase()

const both = (text: string) => ({ ja: text, en: text })
const claimed = (claim: RequestClaim['claim'], siteIds: readonly string[] = []): RequestClaim => ({
  claim,
  siteIds,
  label: both('label'),
  source: both('source'),
})

/** The extension request's four claims: 2 + 2 + 2 x 1 x 3 + 3 x 1. */
const request = {
  title: both('extension'),
  asOf: day('2026-06-24'),
  registrationUntil: day('2029-07-18'),
  targetNumber: 12,
  statedTotal: 13,
  registeredNumber: 2,
  basis: 'recorded',
  claims: [
    claimed({ kind: 'registered', number: 2 }),
    claimed({ kind: 'pipeline', number: 2, conversion: 1 }),
    claimed({ kind: 'siteRate', sites: 2, ratePerSiteYear: 1, years: 3 }, ['01', '02']),
    claimed({ kind: 'siteMinimum', sites: 3, minimumPerSite: 1 }, ['03', '04', '05']),
  ],
} satisfies RequestDraft

const hashOf = (differences: Partial<RequestDraft> & { methodVersion?: string } = {}) =>
  requestInputHash({ ...request, methodVersion, ...differences })

const withClaim = (place: number, claim: RequestClaim) =>
  hashOf({ claims: request.claims.map((one, index) => (index === place ? claim : one)) })

describe('the hash of a request’s inputs', () => {
  it('is the same for the same inputs, whatever the order in which a claim’s figures were written', () => {
    expect(hashOf()).toMatch(/^[0-9a-f]{64}$/)
    expect(hashOf({ ...request })).toBe(hashOf())
    const reordered = claimed({ years: 3, sites: 2, kind: 'siteRate', ratePerSiteYear: 1 }, ['01', '02'])
    expect(withClaim(2, reordered)).toBe(hashOf())
  })

  it('does not depend on words: title, labels, sources and basis are no inputs', () => {
    expect(hashOf({ title: both('another title'), basis: 'assumed' })).toBe(hashOf())
    const reworded = request.claims.map((claim) => ({ ...claim, label: both('x'), source: both('y') }))
    expect(hashOf({ claims: reworded })).toBe(hashOf())
  })

  it.each<[string, Partial<RequestDraft> & { methodVersion?: string }]>([
    ['the as-of day', { asOf: day('2026-06-25') }],
    ['the last day of registration', { registrationUntil: day('2029-07-17') }],
    ['the target', { targetNumber: 13 }],
    ['the stated total', { statedTotal: 12 }],
    ['the number registered', { registeredNumber: 3 }],
    ['the version of the method', { methodVersion: `${methodVersion}.1` }],
    ['a claim that is left out', { claims: request.claims.slice(1) }],
    ['a claim that is made twice', { claims: [...request.claims, request.claims[0]!] }],
    ['the order of the claims', { claims: request.claims.toReversed() }],
    ['no claims at all', { claims: [] }],
  ])('changes with %s', (_name, differences) => {
    expect(hashOf(differences)).not.toBe(hashOf())
  })

  it.each<[string, number, RequestClaim]>([
    ['the number already registered', 0, claimed({ kind: 'registered', number: 3 })],
    ['the number in screening', 1, claimed({ kind: 'pipeline', number: 1, conversion: 1 })],
    ['the conversion of those in screening', 1, claimed({ kind: 'pipeline', number: 2, conversion: 0.5 })],
    ['the number of sites', 2, claimed({ kind: 'siteRate', sites: 3, ratePerSiteYear: 1, years: 3 }, ['01', '02'])],
    ['the rate', 2, claimed({ kind: 'siteRate', sites: 2, ratePerSiteYear: 0.9, years: 3 }, ['01', '02'])],
    ['the years', 2, claimed({ kind: 'siteRate', sites: 2, ratePerSiteYear: 1, years: 2.99 }, ['01', '02'])],
    [
      'the sites that a claim speaks of',
      2,
      claimed({ kind: 'siteRate', sites: 2, ratePerSiteYear: 1, years: 3 }, ['01', '03']),
    ],
    ['the minimum', 3, claimed({ kind: 'siteMinimum', sites: 3, minimumPerSite: 2 }, ['03', '04', '05'])],
  ])('changes with %s', (_name, place, claim) => {
    expect(withClaim(place, claim)).not.toBe(hashOf())
  })
})

describe('a request that was recorded', () => {
  it('is given back as it was, claims in their order, and its hash is recomputed to the same', async () => {
    const world = await openSmallTrial(shared())
    const { requestId, number } = await done(recordRequest(world.context, world.manager, world.trialId, request))
    const found = await findLatestRequest(world.db, world.trialId)
    expect(found).toEqual({ ...request, id: requestId, number, methodVersion, inputHash: hashOf() })
    expect(number).toBe(1)
    expect(requestInputHash(found!)).toBe(found!.inputHash)
    await expectSound(world.db)
  })

  it('is a promise among those of its trial, the first one first: a total by a day, from what there was', async () => {
    const world = await openSmallTrial(shared())
    const record = (draft: RequestDraft) => done(recordRequest(world.context, world.manager, world.trialId, draft))
    expect(await listRequestPromises(world.db, world.trialId)).toEqual([])
    await record({ ...request, asOf: day('2024-06-24'), registrationUntil: day('2026-07-18'), registeredNumber: 1 })
    await record(request)
    expect(await listRequestPromises(world.db, world.trialId)).toEqual([
      {
        number: 1,
        asOf: '2024-06-24',
        registrationUntil: '2026-07-18',
        statedTotal: 13,
        registeredNumber: 1,
        told: [],
      },
      {
        number: 2,
        asOf: '2026-06-24',
        registrationUntil: '2029-07-18',
        statedTotal: 13,
        registeredNumber: 2,
        told: [],
      },
    ])
  })

  it('is followed by the next number, which is the latest; the first stays as it was', async () => {
    const world = await openSmallTrial(shared())
    const record = (draft: RequestDraft) => done(recordRequest(world.context, world.manager, world.trialId, draft))
    const first = await record(request)
    const firsts = () => world.db.selectFrom('change_request').selectAll().where('number', '=', 1).execute()
    const before = await firsts()
    const second = await record({ ...request, asOf: day('2026-05-01'), claims: [] })
    expect([first.number, second.number]).toEqual([1, 2])
    expect(await lastRequestNumber(world.db, world.trialId)).toBe(2)
    expect(await findLatestRequest(world.db, world.trialId)).toMatchObject({ id: second.requestId, claims: [] })
    expect(await listRequestDays(world.db, world.trialId)).toEqual(['2026-05-01', '2026-06-24'])
    expect(await firsts()).toEqual(before)
    await expectSound(world.db)
  })

  it('is none in a trial that asked for nothing', async () => {
    const world = await openSmallTrial(shared())
    expect(await findLatestRequest(world.db, world.trialId)).toBeNull()
    expect(await lastRequestNumber(world.db, world.trialId)).toBe(0)
    expect(await listRequestDays(world.db, world.trialId)).toEqual([])
  })

  it('of the same trial, ten at once: numbers 1 to 10, each once', async () => {
    const world = await openSmallTrial(shared())
    const recorded = await Promise.all(
      Array.from({ length: 10 }, () => done(recordRequest(world.context, world.manager, world.trialId, request))),
    )
    expect(recorded.map(({ number }) => number).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    await expectSound(world.db)
  })
})
