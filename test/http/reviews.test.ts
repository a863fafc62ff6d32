/** Reviews over HTTP: who reads what, what stays byte by byte, what is said when the data change, and refused forms. */
import { createHash, randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { demoPeople } from '../../seeds/demo-people.ts'
import { day, done } from '../../seeds/story.ts'
import { recordMilestone } from '../../server/actions/record-milestone.ts'
import { recordRegistration } from '../../server/actions/record-registration.ts'
import { recordScreening } from '../../server/actions/record-screening.ts'
import { commandLine } from '../../server/context.ts'
import { listReviews } from '../../server/db/reviews.ts'
import { listSites } from '../../server/db/sites.ts'
import { findTrialByCode, listConsentVersions } from '../../server/db/trials.ts'
import type { Client } from '../support/client.ts'
import { everythingIn, serveForFile, signedIn } from './served.ts'

const served = serveForFile('demo')
const reviews = '/trials/SSC-BMC/reviews'
let investigator: Client
let member: Client
let english: Client
let signed = ''
let open = ''
const password = demoPeople.find(({ username }) => username === 'demo-pi')?.password ?? ''

beforeAll(async () => {
  served.now = '2026-11-21T03:00:00.000Z'
  const person = (name: string) => demoPeople.find(({ username }) => username === name) ?? demoPeople[0]
  investigator = await signedIn(served, person('demo-pi'))
  member = await signedIn(served, person('demo-irb'))
  english = await signedIn(served, person('demo-irb'), 'en')
  const trial = await findTrialByCode(served.db, 'SSC-BMC')
  const all = await listReviews(served.db, trial?.id ?? '')
  signed = all.find(({ signature }) => signature !== null)?.id ?? ''
  open = all.find(({ signature }) => signature === null)?.id ?? ''
})

const plain = (html: string) =>
  html
    .slice(html.indexOf('<main'))
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')

/** Somebody registered long ago, recorded now. */
async function registerDatedBack(): Promise<void> {
  const trial = await findTrialByCode(served.db, 'SSC-BMC')
  const trialId = trial?.id ?? ''
  const siteId = (await listSites(served.db, trialId))[0]?.id ?? ''
  const consentVersionId = (await listConsentVersions(served.db, trialId))[0]?.id ?? ''
  const manager = { ...commandLine, grants: [{ role: 'data_manager', trialId, siteId: null }] as const }
  const common = { trialId, basis: 'recorded' as const, note: null, seenEventId: null, referralSource: null }
  const screening = { ...common, siteId, number: null, consentedOn: day('2025-08-01'), consentVersionId }
  const { subjectId } = await done(recordScreening(served.context, manager, screening))
  const event = (code: string, on: string) => ({ ...common, subjectId, code, occurredOn: day(on) })
  await done(recordMilestone(served.context, manager, event('eligibility', '2025-08-05')))
  await done(recordRegistration(served.context, manager, event('registration', '2025-08-08')))
}

describe('the list', () => {
  it('has the next review of the extension on top, then the one that waits, then those that were held', async () => {
    const { text } = await member.get(reviews)
    const said = plain(text)
    const places = ['2027-01-19', '2026-07-19', '2026-01-19', '2025-07-19', '2022-01-19'].map((on) => said.indexOf(on))
    expect(places.every((place, index) => place > (places[index - 1] ?? -1))).toBe(true)
    for (const part of [
      'これから（あと59日）',
      '署名待ち（期日から125日）',
      '見込みを下回る',
      '佐藤 由美',
      '行われなかった',
    ])
      expect(said).toContain(part)
    expect(text).not.toContain('name="dueOn"')
    expect((await investigator.get(reviews)).text).toContain('name="dueOn" value="2022-01-19"')
  })

  it('refuses a day that is no review’s, in words, and writes nothing', async () => {
    const before = await everythingIn(served.db)
    for (const dueOn of ['2026-02-30', '2026-02-28', '2027-01-19', '2026-01-19', '']) {
      await investigator.get(reviews)
      const answer = await investigator.post(reviews, { dueOn, submissionKey: randomUUID() })
      expect([dueOn, answer.status]).toEqual([dueOn, 422])
      expect(answer.text).toContain('<title>エラー：')
    }
    expect(await everythingIn(served.db)).toEqual(before)
  })
})

describe('the report', () => {
  it('of 2026-01-19 says what was promised and came, the chance, the forecast before it, and who signed', async () => {
    const said = plain((await member.get(`${reviews}/${signed}/report`)).text)
    for (const part of [
      '評価時点 2026-01-19（令和8年1月19日・月）',
      '2026-01-27 10:00 までに分かった記録による',
      '8.3例',
      '0.0024',
      '−81％',
      '452日',
      '2／4',
      '佐藤 由美',
      '2025-07-19 → 2026-01-19',
      '関連医療機関との連携（関連の医療センターを最重点に）',
      'toroku-',
    ])
      expect(said.replaceAll(' ', '')).toContain(part.replaceAll(' ', ''))
  })

  it('is the newest one’s at /current', async () => {
    expect((await member.get(`${reviews}/current`)).location).toBe(`${reviews}/${open}/report`)
    expect((await member.get('/trials/CLTI-MNC/reviews/current')).location).toBe('/trials/CLTI-MNC/reviews')
  })

  it('that was signed stays the same byte by byte after a registration dated back; the review’s page says what changed', async () => {
    const address = `${reviews}/${signed}`
    const before = await Promise.all([
      investigator.get(`${address}/report`),
      member.get(`${address}/report`),
      english.get(`${address}/report`),
      member.get(`${address}/report.json`),
    ])
    expect(before.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(before[0].text).toBe(before[1].text)
    expect(plain((await member.get(address)).text)).toContain('変化なし')

    await registerDatedBack()
    const after = await Promise.all([
      investigator.get(`${address}/report`),
      member.get(`${address}/report`),
      english.get(`${address}/report`),
      member.get(`${address}/report.json`),
    ])
    expect(after.map(({ text }) => text)).toEqual(before.map(({ text }) => text))
    const said = plain((await member.get(address)).text)
    expect(said).toContain('署名のあとに記録が変わっています')
    expect(said).toMatch(/登録数 2 3 /)
    expect(said).toMatch(/01 横浜市立大学附属病院 登録数 1 2 /)
    expect(plain((await english.get(address)).text)).toContain('The data changed since signing')
  })

  it('carries the digest of what was signed: that of the file, which says nothing of anybody’s arms or subjects', async () => {
    const { text, headers } = await member.get(`${reviews}/${signed}/report.json`)
    const hash = createHash('sha256').update(text).digest('hex')
    expect(headers.get('content-type')).toMatch(/^application\/json/)
    expect((await member.get(`${reviews}/${signed}`)).text).toContain(hash)
    expect(plain((await member.get(`${reviews}/${signed}/report`)).text).replaceAll(' ', '')).toContain(
      hash.slice(0, 16),
    )
    expect(text).not.toMatch(/SSC-BMC-\d\d-\d{3}/)
    expect((await member.get(`${reviews}/${open}/report.json`)).status).toBe(404)
  })
})

describe('the work on a review', () => {
  const here = () => `${reviews}/${open}`
  const post = async (path: string, fields: Record<string, string>) => {
    await investigator.get(here())
    return investigator.post(here() + path, { submissionKey: randomUUID(), ...fields })
  }

  it('a comment that is none, or too long, comes back as it was typed', async () => {
    const before = await everythingIn(served.db)
    const long = 'あ'.repeat(141)
    const answer = await post('/comments', { text: long })
    expect([answer.status, answer.text.includes(`>${long}</textarea>`)]).toEqual([422, true])
    expect((await post('/comments', { text: ' ' })).text).toContain('コメントを入力してください')
    expect((await post('/measures', { measures: randomUUID() })).status).toBe(422)
    expect((await post('/comments', { text: 'x', signature: 'y' })).status).toBe(422)
    expect(await everythingIn(served.db)).toEqual(before)
  })

  it('cannot be signed without a measure: the page says so, and the form leads back to it', async () => {
    expect((await investigator.get(`${here()}/signature/new`)).location).toBe(here())
    const answer = await post('/signature', { meaning: 'agreed', password, seen: '' })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('始めている取組を1つ以上選んでから署名してください')
  })

  it('is signed on a page of its own with the password, which no answer and no digest tells', async () => {
    const page = await investigator.get(here())
    const [, measure = ''] = /name="measures" value="([^"]+)"/.exec(page.text) ?? []
    expect((await post('/measures', { measures: measure })).status).toBe(303)
    expect((await post('/freezing', {})).status).toBe(303)
    const form = await investigator.get(`${here()}/signature/new`)
    expect(form.status).toBe(200)
    const [, seen = ''] = /name="seen" value="([^"]+)"/.exec(form.text) ?? []
    const sign = (fields: Record<string, string>) =>
      investigator.post(`${here()}/signature`, { seen, submissionKey: randomUUID(), ...fields })
    const before = await everythingIn(served.db)
    const wrong = await sign({ meaning: 'with_reservations', password: 'not the password' })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('パスワードが違います')
    expect(wrong.text).toMatch(/value="with_reservations" checked/)
    expect(wrong.text).not.toContain('not the password')
    expect((await sign({ meaning: '', password: '' })).text).toContain('署名の意味を選んでください')
    expect((await sign({ meaning: 'agreed', password, seen: 'of old' })).status).toBe(409)
    expect(await everythingIn(served.db)).toEqual(before)

    const key = randomUUID()
    const fields = { meaning: 'agreed', password, submissionKey: key }
    const first = await sign(fields)
    expect([first.status, first.location]).toEqual([303, `${here()}?done=signed`])
    // Sent twice, it was signed once; and what is kept of the form does not depend on the password.
    const stored = await served.db
      .selectFrom('submission')
      .select('result')
      .where('key', '=', key)
      .executeTakeFirstOrThrow()
    const { contentHash } = JSON.parse(stored.result)
    const withPassword = createHash('sha256')
      .update(JSON.stringify(['POST', `${here()}/signature`, { seen, ...fields }]))
      .digest('hex')
    expect(contentHash).not.toBe(withPassword)
    expect((await sign(fields)).status).toBe(303)
    expect(plain((await investigator.get(here())).text)).toContain('署名済み')
    expect((await post('/comments', { text: 'あとから' })).status).toBe(422)
    expect((await investigator.get(`${here()}/signature/new`)).location).toBe(here())
  })
})
