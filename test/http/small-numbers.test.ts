/**
 * Small numbers of single sites. Two trials are alike but for which of two sites has three subjects and which has one:
 * to a committee member, and to a guest, they are the same, page by page and letter by letter; to others they are not.
 */
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { day, done } from '../../seeds/story.ts'
import { openReview } from '../../server/actions/open-review.ts'
import { planCountermeasure } from '../../server/actions/plan-countermeasure.ts'
import { recordRegistration } from '../../server/actions/record-registration.ts'
import { setLeastShown } from '../../server/actions/set-least-shown.ts'
import { listReviews } from '../../server/db/reviews.ts'
import { listSites } from '../../server/db/sites.ts'
import type { RequestClaim } from '../../server/domain/claim.ts'
import { routes } from '../../server/http/routes.ts'
import { submitted } from '../actions/a-drafted-request.ts'
import { actor, eligible, eventDraft, openSmallTrial, registered } from '../actions/small-trial.ts'
import type { Client } from '../support/client.ts'
import { newcomer, serveForFile, signedIn, visitor } from './served.ts'

const served = serveForFile('demo')
const both = (text: string) => ({ ja: text, en: text })
const least = 4

/**
 * On the day of the request; in the same month somebody more is registered where there were two. Sites 01 and 02 are small, nobody was
 * registered at 03, 04 is large, and 05 never was open.
 */
const twins = [
  { '01': 2, '02': 1, '03': 0, '04': 5, '05': 0 },
  { '01': 1, '02': 2, '03': 0, '04': 5, '05': 0 },
] as const

type Twin = { code: string; trialId: string; reviewId: string; guest: string; member: Client; pi: Client }
const worlds: Twin[] = []

async function twinOf(counts: (typeof twins)[number]): Promise<Omit<Twin, 'guest' | 'member' | 'pi'>> {
  const open = [{ status: 'open', from: day('2026-01-01'), basis: 'recorded' }] as const
  const pending = [{ status: 'pending', from: day('2026-01-01'), basis: 'recorded' }] as const
  const sites = Object.keys(counts).map((code) => ({
    code,
    name: both(`site ${code}`),
    statuses: code === '05' ? [...pending] : [...open],
  }))
  const world = await openSmallTrial(served.db, { sites })
  const { context, trialId, code, manager } = world
  const ids = Object.fromEntries((await listSites(served.db, trialId)).map((site) => [site.code, site.id]))
  for (const [site, number] of Object.entries(counts)) {
    for (let count = 0; count < number; count++) await registered(world, { siteId: ids[site] ?? '' })
  }
  const claimAt = (codes: readonly string[]): RequestClaim & { standing: 'counted' } => ({
    claim: { kind: 'siteRate', sites: codes.length, ratePerSiteYear: 9, years: 3 },
    siteIds: codes.map((one) => ids[one] ?? ''),
    label: both(`at ${codes.join(' ')}`),
    source: both('reason 1'),
    standing: 'counted',
  })
  const another = await eligible(world, { siteId: ids[counts['01'] === 2 ? '01' : '02'] ?? '' })
  await done(recordRegistration(context, manager, eventDraft(world, another, 'registration', '2026-03-20')))
  await submitted(world, {
    asOf: day('2026-03-10'),
    claims: [['01'], ['02', '04'], ['01', '02', '03', '04']].map(claimAt),
  })
  const period = { startedOn: day('2026-03-01'), endedOn: null }
  const measure = { category: 'information', siteIds: [ids['01'] ?? ''], sources: [], ...period } as const
  const told = { title: both('measure'), owner: 'owner', evidence: 'minutes', basis: 'recorded' as const }
  await done(planCountermeasure(context, manager, trialId, { ...measure, ...told }))
  const later = { ...context, now: () => served.now, today: () => day('2026-07-02') }
  await done(openReview(later, actor('pi', 'principal_investigator', trialId), trialId, day('2026-07-01')))
  const reviewId = (await listReviews(served.db, trialId))[0]?.id ?? ''
  return { code, trialId, reviewId }
}

beforeAll(async () => {
  const made = [await twinOf(twins[0]), await twinOf(twins[1])]
  served.now = '2026-07-02T03:00:00.000Z'
  const somebody = async (role: 'committee' | 'principal_investigator', trialId: string) =>
    signedIn(served, await newcomer(served, [{ role, trialId, siteId: null }]))
  for (const world of made) {
    const member = await somebody('committee', world.trialId)
    const pi = await somebody('principal_investigator', world.trialId)
    await done(setLeastShown(served.context, actor('dm', 'data_manager', world.trialId), world.trialId, least))
    const link = { guestLabel: 'a guest', validUntil: '2026-07-10', submissionKey: randomUUID() }
    const { text } = await pi.post(`/trials/${world.code}/requests/1/guest-links`, link)
    worlds.push({ ...world, member, pi, guest: /\/guest\/[\w-]{43}/.exec(text)?.[0] ?? '' })
  }
}, 60_000)

/** What differs between two trials because they are two: their codes, identifiers, digests and the forms' keys. */
const plain = (text: string, { code }: Twin) =>
  text
    .replaceAll(code, 'TRIAL')
    .replace(/\bT\d+\b/g, 'TRIAL')
    .replace(/name="csrf" value="[^"]*"/g, '')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')
    .replace(/\b[0-9a-f]{12,64}\b|\b([0-9a-f]{4} ){2,}[0-9a-f]{4}\b|\b([0-9a-f]{8} ){2,}[0-9a-f]{8}\b/g, 'HASH')

const queries: Record<string, readonly string[]> = {
  '/trials/:trial': ['', '?order=registered&direction=desc', '?order=rate', '?order=last', '?asOf=2026-04-01'],
  '/trials/:trial/sites': ['', '?from=2026-02-01&until=2026-03-31', '?asOf=2026-02-20'],
  '/trials/:trial/sites/:site': ['', '?asOf=2026-04-01'],
}
const ofClaims = ['', '?asOf=2026-07-02', '?claims=own&claim1=siteRate&number1=1&amount1=1&years1=3&sites1=01']
for (const path of ['', '/sheet', '.json']) queries[`/trials/:trial/projection${path}`] = ofClaims

/** Every page that shows counts, of one of the twins. */
function addressesOf({ code, reviewId }: Twin): { route: string; address: string }[] {
  const parts: Record<string, string> = { trial: code, request: '1', review: reviewId }
  return routes
    .filter(({ method, access }) => method === 'get' && access === 'see_counts')
    .filter(({ path }) => !/:(attachment|feed)|\.docx$/.test(path))
    .flatMap(({ path }) => {
      const at = path.includes(':site') ? ['01', '02', '03', '04', '05'] : ['']
      return at.flatMap((site) =>
        (queries[path] ?? ['']).map((query) => ({
          route: path,
          address: path.replace(/:(\w+)/g, (_, name) => (name === 'site' ? site : (parts[name] ?? ''))) + query,
        })),
      )
    })
}

async function read(client: Client, address: string, world: Twin): Promise<string> {
  const { status, text, location } = await client.get(address)
  return plain(`${status} ${location ?? ''} ${text}`, world)
}

describe('two trials that differ in which of two sites has more subjects', () => {
  it('are the same to a committee member on every page, and not to the principal investigator', async () => {
    const [one, other] = worlds
    if (one === undefined || other === undefined) throw new Error('two worlds')
    const [first, second] = [addressesOf(one), addressesOf(other)]
    expect(first.length).toBeGreaterThan(25)
    const differing: string[] = []
    const toldTo = new Set<string>()
    for (const [place, { route, address }] of first.entries()) {
      const there = second[place]?.address ?? ''
      const seen = [await read(one.member, address, one), await read(other.member, there, other)]
      // What was is signed holds every number.
      expect([route, seen[0]?.slice(0, 3) === '403']).toEqual([route, route.endsWith('report.json')])
      if (seen[0] !== seen[1]) differing.push(address)
      if ((await read(one.pi, address, one)) !== (await read(other.pi, there, other))) toldTo.add(route)
    }
    expect(differing).toEqual([])
    for (const route of [
      '/trials/:trial',
      '/trials/:trial/sites',
      '/trials/:trial/sites/:site',
      '/trials/:trial/projection',
      '/trials/:trial/projection.json',
      '/trials/:trial/projection/sheet',
      '/trials/:trial/reviews/:review',
      '/trials/:trial/reviews/:review/report',
      '/trials/:trial/requests/:request',
      '/trials/:trial/requests/:request/replay',
      '/trials/:trial/countermeasures',
    ]) {
      expect([route, toldTo.has(route)]).toEqual([route, true])
    }
  }, 120_000)

  it('are the same to a guest, who is told that small numbers are not shown', async () => {
    const [one, other] = worlds
    if (one === undefined || other === undefined) throw new Error('two worlds')
    const guest = await visitor(served)
    const tokens = (text: string) => text.replace(/\/guest\/[\w-]+/g, 'GUEST')
    const [first, second] = [await read(guest, one.guest, one), await read(guest, other.guest, other)]
    expect(first.slice(0, 3)).toBe('200')
    expect(tokens(first)).toBe(tokens(second))
    expect(first).toContain('施設ごとの4未満の数')
  })
})

describe('to a committee member', () => {
  it('small counts are said as bounds, large ones and totals as they are', async () => {
    const [one] = worlds
    if (one === undefined) throw new Error('a world')
    const { text } = await one.member.get(`/trials/${one.code}`)
    expect(text.match(/>4未満</g)).toHaveLength(4)
    expect(text).toContain('施設ごとの4未満の数と、それを引き算で求められる数は、示していません。')
    const figures = JSON.parse((await one.member.get(`/trials/${one.code}/projection.json?asOf=2026-07-02`)).text)
    expect(figures.registered).toBe(9)
    const sites = figures.sites.map(({ registered }: { registered: number | null }) => registered)
    expect(sites).toEqual([null, null, 0, 5, 0])
  })

  it('the rule is set by the data manager: from 2 to 20, empty for none, and audited', async () => {
    const [one] = worlds
    if (one === undefined) throw new Error('a world')
    const grant = { role: 'data_manager' as const, trialId: one.trialId, siteId: null }
    const manager = await signedIn(served, await newcomer(served, [grant]))
    const section = `/trials/${one.code}/settings/small_numbers`
    expect((await manager.get(section)).text).toContain('4未満の数と、それを求められる数を示さない')
    const send = (leastShown: string) => manager.post(section, { leastShown, seen: '', submissionKey: randomUUID() })
    for (const wrong of ['1', '21', 'x', '2.5', '4']) expect([wrong, (await send(wrong)).status]).toEqual([wrong, 422])
    expect((await send('')).location).toBe(`${section}?done=added`)
    expect((await one.member.get(`/trials/${one.code}`)).text).not.toContain('4未満')
    expect((await send('4')).location).toBe(`${section}?done=added`)
    expect((await one.member.get(`/trials/${one.code}`)).text).toContain('4未満')
    expect((await manager.get(`/trials/${one.code}/audit`)).text).toContain('委員に見せる最小の数を決めた')
  })
})
