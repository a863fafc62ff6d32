/**
 * Somebody with a role in two trials puts what belongs to one behind the address of the other: nothing is found there,
 * and nothing is done, whatever noun it is; and a coordinator who guesses every address of the data manager's pages
 * reads of other sites' subjects nothing.
 */
import { randomUUID } from 'node:crypto'
import { beforeAll, expect, it } from 'vitest'
import { day, done } from '../../seeds/story.ts'
import { attachFile } from '../../server/actions/attach-file.ts'
import { draftRequest } from '../../server/actions/draft-request.ts'
import { putInquiry } from '../../server/actions/put-inquiry.ts'
import { findTrialByCode } from '../../server/db/trials.ts'
import { drafted, submitted } from '../actions/a-drafted-request.ts'
import { actor } from '../actions/small-trial.ts'
import { formsOn } from '../faults/filled-forms.ts'
import { Client } from '../support/client.ts'
import { routeOf, type Walked, walk } from '../support/walk.ts'
import { everythingIn, serveForFile } from './served.ts'

const served = serveForFile('demo')
const [code, otherCode] = ['SSC-BMC', 'CLTI-MNC']
const ofTrial = new RegExp(`^/trials/${code}\\b`)
const identifier = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g
const isNamed = (path: string) => (path.split('?')[0] ?? '').search(identifier) >= 0
let manager: Client
let pages: Walked[]

beforeAll(async () => {
  const { context, db } = served
  const trialId = (await findTrialByCode(db, code))?.id ?? ''
  const by = actor('manager', 'data_manager', trialId)
  const { bodies, record } = await submitted({ context, db, trialId, manager: by })
  const body = { bodyId: bodies[0]?.id ?? '', basis: 'recorded' as const }
  const question = {
    ...body,
    round: 1,
    item: 1,
    askedOn: day('2026-06-20'),
    question: { ja: '問', en: 'Q' },
    dueOn: null,
  }
  await done(putInquiry(context, by, trialId, record.number, question))
  const content = new TextEncoder().encode('%PDF-1.7 minutes')
  await done(attachFile(context, by, trialId, record.number, { name: 'minutes.pdf', content }))
  await done(draftRequest(context, by, trialId, drafted()))
  manager = await new Client(served.url).signIn('demo-dm')
  const from = [`/trials/${code}`, `/trials/${code}/requests/${record.number}`, `/trials/${code}/calendar?past=yes`]
  pages = await walk(manager, from, { most: 3, within: ofTrial })
}, 120_000)

it('what is named by an identifier is not found behind another trial', async () => {
  const named = pages.filter(({ path, status }) => isNamed(path) && status === 200)
  expect(new Set(named.map(({ route }) => route)).size).toBeGreaterThan(15)
  const found: string[] = []
  for (const { path } of named) {
    const address = path.replace(ofTrial, `/trials/${otherCode}`)
    const { status } = await manager.get(address)
    if (![403, 404].includes(status)) found.push(`${status} ${address}`)
  }
  expect(found).toEqual([])
}, 120_000)

it('what is asked for by an identifier is answered behind another trial as what is nowhere', async () => {
  const asking = pages.filter(({ path, status }) => !isNamed(path) && path.search(identifier) >= 0 && status === 200)
  expect(asking.length).toBeGreaterThan(1)
  const answerTo = async (path: string) =>
    (await manager.get(path)).text.replaceAll(identifier, '').replace(/value="[0-9a-f]{64,}"/g, '')
  for (const { path } of asking) {
    const address = path.replace(ofTrial, `/trials/${otherCode}`)
    expect(await answerTo(address)).toBe(await answerTo(address.replaceAll(identifier, () => randomUUID())))
    expect(await answerTo(address)).not.toBe(await answerTo(path))
  }
}, 120_000)

it('a form of one trial does nothing behind the address of the other', async () => {
  const forms = new Map<string, ReturnType<typeof formsOn>[number]>()
  for (const { text } of pages) {
    for (const form of formsOn(text))
      if (isNamed(form.action) && ofTrial.test(form.action)) forms.set(form.action, form)
  }
  expect(forms.size).toBeGreaterThan(15)
  await manager.get(`/trials/${otherCode}`)
  const before = await everythingIn(served.db)
  const taken: string[] = []
  for (const { action, fields } of forms.values()) {
    const address = action.replace(ofTrial, `/trials/${otherCode}`)
    const { status } = await manager.post(address, fields)
    if (![403, 404].includes(status)) taken.push(`${status} ${address}`)
  }
  expect(taken).toEqual([])
  expect(await everythingIn(served.db)).toEqual(before)
}, 120_000)

it('whoever guesses the addresses of a data manager’s pages reads no subject that is not theirs', async () => {
  const numbers = await served.db
    .selectFrom('subject')
    .innerJoin('site', 'site.id', 'subject.site_id')
    .innerJoin('trial', 'trial.id', 'subject.trial_id')
    .select(['subject.id', 'subject.number', 'site.code'])
    .where('trial.code', '=', code)
    .execute()
  const hidden: readonly ['demo-crc' | 'demo-crc2' | 'demo-irb', (site: string) => boolean][] = [
    ['demo-crc', (site) => site !== '01'],
    ['demo-crc2', (site) => site !== '02'],
    ['demo-irb', () => true],
  ]
  for (const [name, isHidden] of hidden) {
    const client = await new Client(served.url).signIn(name)
    const theirs = numbers.filter(({ code }) => isHidden(code))
    expect(theirs.length).toBeGreaterThan(2)
    const told: string[] = []
    for (const { path } of pages) {
      const { text, status } = await client.get(path)
      // An identifier that stands in the address asked for comes back with it.
      for (const { id, number } of theirs) {
        const says = text.includes(number) || (text.includes(id) && !path.includes(id))
        if (says) told.push(`${name} ${status} ${routeOf(path)} ${path}: ${number}`)
      }
    }
    expect(told).toEqual([])
  }
}, 240_000)
