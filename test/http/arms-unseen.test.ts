/**
 * Two worlds that differ in nothing but who was given which arm: to everybody who may not see allocations they are the
 * same, page by page and file by file, wherever their links lead.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { type DemoName, demoPeople } from '../../seeds/demo-people.ts'
import { day, done } from '../../seeds/story.ts'
import { recordAllocation } from '../../server/actions/record-allocation.ts'
import { recordRegistration } from '../../server/actions/record-registration.ts'
import { recordScreening } from '../../server/actions/record-screening.ts'
import { commandLine } from '../../server/context.ts'
import { listSites } from '../../server/db/sites.ts'
import { findTrialByCode, listConsentVersions } from '../../server/db/trials.ts'
import type { Role } from '../../server/domain/permission.ts'
import { routes } from '../../server/http/routes.ts'
import { Client } from '../support/client.ts'
import { type Walked, walk } from '../support/walk.ts'
import { type Served, serveForFile } from './served.ts'

const worlds = { one: serveForFile('demo'), other: serveForFile('demo') }
const here = '/trials/CLTI-MNC'
const stratum = 'St-9'

/** Four people of site 01, recorded alike in every world, and allocated as the world has it. */
async function allocate(served: Served, arms: readonly string[]): Promise<string[]> {
  let ids = 0
  const newId = () => {
    ids += 1
    return `01a10000-0000-7000-8000-${String(ids).padStart(12, '0')}`
  }
  const context = { ...served.context, newId }
  const trialId = (await findTrialByCode(served.db, 'CLTI-MNC'))?.id ?? ''
  const siteId = (await listSites(served.db, trialId)).find(({ code }) => code === '01')?.id ?? ''
  const consentVersionId = (await listConsentVersions(served.db, trialId))[0]?.id ?? ''
  const as = (role: Role) => ({ ...commandLine, grants: [{ role, trialId, siteId: null }] })
  const addresses: string[] = []
  for (const armCode of arms) {
    const said = { note: null, basis: 'recorded' as const, seenEventId: null }
    const consent = { consentedOn: day('2026-05-01'), consentVersionId, referralSource: null }
    const screening = { trialId, siteId, number: null, ...consent, basis: 'recorded' as const }
    const { subjectId } = await done(recordScreening(context, as('data_manager'), screening))
    for (const [code, on] of [
      ['provisional', '2026-06-05'],
      ['final', '2026-06-10'],
    ] as const) {
      const draft = { trialId, subjectId, code, occurredOn: day(on), ...said }
      await done(recordRegistration(context, as('data_manager'), draft))
    }
    const given = { trialId, subjectId, armCode, stratum, occurredOn: day('2026-06-12'), ...said }
    await done(recordAllocation(context, as('unblinded_statistician'), given))
    addresses.push(`${here}/subjects/${subjectId}`)
  }
  return addresses
}

/** What differs from answer to answer: tokens and keys of forms, digests that hold the arm in, and the names of sessions and records of reading. */
function withoutChance(text: string): string {
  return text
    .replace(/(name="(?:csrf|submissionKey)" value=")[^"]+/g, '$1')
    .replace(/\b[0-9a-f]{64}\b/g, 'digest')
    .replace(/(<td class="q">[0-9.]+<small>[^<]+ )[0-9a-f]{8}(?=<)/g, '$1session')
    .replace(/(accesses\?before(?:=|&#x3D;))[0-9a-f-]{36}/g, '$1record')
    .replace(/,[0-9a-f]{32},[0-9a-f-]{36}(?=\r?$)/gm, ',session,request')
    .replace(/(class="[^"]*\bmono\b[^"]*"[^>]*>)[0-9a-f]{8,16}\b/g, '$1digest')
}

/** Of a packed file everything but when it was packed, which stands before and behind each of its parts. */
function withoutTimes(bytes: Buffer): string {
  for (const [mark, offset] of [
    ['PK\u0003\u0004', 10],
    ['PK\u0001\u0002', 12],
  ] as const) {
    for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1))
      bytes.fill(0, at + offset, at + offset + 4)
  }
  return bytes.toString('latin1')
}

async function bytesOf(client: Client, path: string): Promise<string> {
  const answer = await fetch(client.url + path, { headers: { cookie: client.cookies() } })
  return withoutTimes(Buffer.from(await answer.arrayBuffer()))
}

type Compared = { path: string; route: string; isSame: boolean; one: string; other: string; type: string }

async function compare(name: DemoName): Promise<Compared[]> {
  const [client, twin] = await Promise.all([worlds.one, worlds.other].map(({ url }) => new Client(url).signIn(name)))
  if (client === undefined || twin === undefined) throw new Error('nobody is there')
  const files = routes.filter(({ method, path }) => method === 'get' && path.startsWith('/trials/:trial'))
  const from = files.map(({ path }) => path.replace('/trials/:trial', here)).filter((path) => !path.includes(':'))
  const asking = { most: 4, within: new RegExp(`^(/$|/\\?|/account$|${here})`) }
  // In the same order in both worlds: reading is recorded, and the records are read too.
  const pages = await walk(client, ['/', ...allocated, ...from], asking)
  const twins = await walk(twin, ['/', ...allocated, ...from], asking)
  const compared: Compared[] = []
  for (const [index, { path, route, text, status, type }] of pages.entries()) {
    const again: Partial<Walked> = twins[index] ?? {}
    const isPacked = /officedocument/.test(type)
    const [here, there] = isPacked
      ? await Promise.all([bytesOf(client, path), bytesOf(twin, path)])
      : [text, again.text ?? '']
    const [one, other] = [`${status} ${withoutChance(here)}`, `${again.status} ${withoutChance(there)}`]
    compared.push({ path, route, type, one, other, isSame: one === other })
  }
  return compared
}

let allocated: string[]
beforeAll(async () => {
  allocated = await allocate(worlds.one, ['A', 'B', 'A', 'B'])
  await allocate(worlds.other, ['B', 'A', 'B', 'A'])
})

/** Where two texts part, for whoever has to find out why. */
function parting({ path, one, other }: Compared): string {
  const at = [...one].findIndex((letter, index) => letter !== other[index])
  return `${path}: …${one.slice(Math.max(0, at - 80), at + 80)}… / …${other.slice(at, at + 80)}…`
}

describe.each(demoPeople.map(({ username }) => username).filter((name) => name !== 'demo-stat'))('to %s', (name) => {
  it('both worlds are the same, letter by letter', async () => {
    const compared = await compare(name)
    expect(compared.length).toBeGreaterThan(name === 'demo-admin' ? 1 : 15)
    expect(compared.filter(({ isSame }) => !isSame).map(parting)).toEqual([])
  }, 120_000)
})

it('to the unblinded statistician alone they differ, at the subjects', async () => {
  const compared = await compare('demo-stat')
  const differing = compared.filter(({ isSame }) => !isSame)
  expect(new Set(differing.map(({ route }) => route))).toEqual(new Set(['/trials/:trial/subjects/:subject']))
}, 120_000)
