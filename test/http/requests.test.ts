/** Change requests over HTTP: the demonstration's own, a draft's way through its forms, files, the document, the replay. */
import { beforeAll, describe, expect, it } from 'vitest'
import { demoPeople } from '../../seeds/demo-people.ts'
import { day, done } from '../../seeds/story.ts'
import { recordMilestone } from '../../server/actions/record-milestone.ts'
import { recordRegistration } from '../../server/actions/record-registration.ts'
import { recordScreening } from '../../server/actions/record-screening.ts'
import { commandLine } from '../../server/context.ts'
import { listSites } from '../../server/db/sites.ts'
import { listTerms } from '../../server/db/trial-terms.ts'
import { findTrialByCode, listConsentVersions } from '../../server/db/trials.ts'
import type { Client } from '../support/client.ts'
import { partOf } from '../support/zip.ts'
import { everythingIn, serveForFile, signedIn } from './served.ts'

const served = serveForFile('demo')
const requests = '/trials/SSC-BMC/requests'
const person = (username: string) => demoPeople.find((one) => one.username === username) ?? demoPeople[0]
let manager: Client
let member: Client
let english: Client

/** Another day: whoever was signed in signs in again, for sessions end. */
async function at(date: string): Promise<void> {
  served.now = `${date}T03:00:00.000Z`
  manager = await signedIn(served, person('demo-dm'))
  member = await signedIn(served, person('demo-irb'))
  english = await signedIn(served, person('demo-irb'), 'en')
}

beforeAll(() => at('2026-06-24'))

const plain = (html: string) =>
  html
    .replace(/<span class="q">(\d{4}-\d\d-\d\d)<\/span>/g, '$1')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#x3D;', '=')
    .replace(/\s+/g, ' ')

describe('the extension request', () => {
  it('stands on the list, in force or not as the day is', async () => {
    expect(plain((await member.get(requests)).text)).toContain('条件付き承認')
    await at('2026-07-20')
    expect(plain((await member.get(requests)).text)).toContain('有効')
    await at('2026-06-24')
  })

  it('shows exactly its seven findings, each in the list and at the place that it concerns', async () => {
    const { text } = await member.get(`${requests}/1`)
    const list = text.slice(text.indexOf('class="found"'), text.indexOf('</ul>', text.indexOf('class="found"')))
    const places = [...list.matchAll(/<a href="#([\w-]+)"/g)].map(([, place]) => place)
    expect(places).toEqual(['claim-5', 'claim-2', 'claim-3', 'screenings', 'decision-3', 'told-1', 'condition-1'])
    for (const place of places) expect(text).toContain(`id="${place}"`)
    expect(text.match(/<p class="finding">/g)).toHaveLength(7)
    expect(plain(text)).toContain('2 ＋ 2 ＋ 6 ＋ 3 13')
    expect(plain(text)).toContain('文書の合計 13例と一致')
  })

  it('numbers its questions as documents do, and links those that a reply names', async () => {
    const { text } = await member.get(`${requests}/1`)
    for (const number of ['１－１', '１－３', '２－４']) expect(text).toContain(`<b>${number}</b>`)
    const [, target = ''] = /照会回答<a href="#(inquiry-[\w-]+)">１－３<\/a>/.exec(text) ?? []
    expect(text).toContain(`<li id="${target}"><b>１－３</b>`)
    expect((await english.get(`${requests}/1`)).text).toMatch(/Reply <a href="#inquiry-[\w-]+">1-3<\/a>/)
  })

  it('is a document under the headings of its kind, with what the checks left open', async () => {
    const said = plain((await member.get(`${requests}/1/document`)).text)
    for (const heading of [
      ...[
        '申請医療機関',
        '先進医療告示番号と名称',
        '適応症',
        '試験の概要',
        '医薬品・医療機器情報',
        '実施期間',
        '予定症例数',
      ],
      ...[
        '現在の登録状況',
        '主な変更内容',
        '変更申請する理由',
        '試験実施計画の変更承認状況',
        '点検で残った指摘（7件）',
      ],
    ]) {
      expect(said).toContain(heading)
    }
    expect(said).toContain('2例（2026-06-24現在）')
    expect(said).toContain('合計13例で、目標12例との差は1例')
  })

  it('is the same document as a text file, sent as an attachment', async () => {
    const response = await fetch(`${served.url}${requests}/1/document.docx`, { headers: { cookie: member.cookies() } })
    expect(response.headers.get('content-type')).toContain('wordprocessingml.document')
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename=/)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    const content = new Uint8Array(await response.arrayBuffer())
    expect([...content.slice(0, 4)]).toEqual([0x50, 0x4b, 3, 4])
    const xml = partOf(content, 'word/document.xml')
    const headings = [...xml.matchAll(/<w:pStyle w:val="Heading1"\/>.*?<\/w:p>/gs)].map(([one]) => plain(one).trim())
    expect(headings.slice(0, 3)).toEqual(['申請医療機関', '先進医療告示番号と名称', '適応症'])
    const said = plain(xml)
    for (const figure of ['予定症例数', '12例', '2029-07-18', '2032-07-18', '合計13例', '点検で残った指摘（7件）']) {
      expect([figure, said.includes(figure)]).toEqual([figure, true])
    }
    // Well-formed: every paragraph, run, row and cell that is opened is closed.
    for (const element of ['w:p', 'w:r', 'w:t', 'w:tbl', 'w:tr', 'w:tc']) {
      const opened = xml.match(new RegExp(`<${element}(?: [^>]*[^/])?>`, 'g'))?.length ?? 0
      expect([element, opened]).toEqual([element, xml.split(`</${element}>`).length - 1])
    }
    expect(xml).toContain('<w:pgSz w:w="11906" w:h="16838"')
    const part = (name: string) => partOf(content, name)
    expect(part('[Content_Types].xml')).toContain('/word/document.xml')
    expect(part('_rels/.rels')).toContain('word/document.xml')
  })

  it('has its replies as a document of their own, as a page and as a text file', async () => {
    const said = plain((await member.get(`${requests}/1/replies`)).text)
    expect(said).toContain('照会7件、回答7件')
    for (const number of ['１－１', '１－２', '１－３', '２－１', '２－２', '２－３', '２－４'])
      expect(said).toContain(number)
    const response = await fetch(`${served.url}${requests}/1/replies.docx`, { headers: { cookie: member.cookies() } })
    const text = plain(partOf(new Uint8Array(await response.arrayBuffer()), 'word/document.xml'))
    const paragraphs = said.match(/(?:照会|回答)：[^。]+。/g) ?? []
    expect(paragraphs.length).toBeGreaterThanOrEqual(14)
    for (const paragraph of paragraphs) expect(text.replace(/\s/g, '')).toContain(paragraph.replace(/\s/g, ''))
  })

  it('has its open findings printed on the feasibility sheet, but not beside other claims', async () => {
    const sheet = '/trials/SSC-BMC/projection/sheet'
    expect(plain((await member.get(sheet)).text)).toContain('申請の点検で残った指摘7件：年あたりと最少例数の食い違い、')
    const own = `${sheet}?claims=own&claim1=registered&number1=2`
    expect(plain((await member.get(own)).text)).not.toContain('申請の点検')
  })

  it('does not exist under another number, or under what is none', async () => {
    for (const number of ['2', '0', '01', '1e0', '-1', '１', '999999999999']) {
      expect([number, (await member.get(`${requests}/${encodeURIComponent(number)}`)).status]).toEqual([number, 404])
    }
  })
})

describe('the replay', () => {
  /** Registered at a site in the new period. */
  async function register(siteCode: string, consentedOn: string): Promise<void> {
    const trialId = (await findTrialByCode(served.db, 'SSC-BMC'))?.id ?? ''
    const site = (await listSites(served.db, trialId)).find(({ code }) => code === siteCode)
    const consentVersionId = (await listConsentVersions(served.db, trialId))[0]?.id ?? ''
    const actor = { ...commandLine, grants: [{ role: 'data_manager', trialId, siteId: null }] as const }
    const common = { trialId, basis: 'recorded' as const, note: null, seenEventId: null }
    const screening = { ...common, siteId: site?.id ?? '', number: null, consentVersionId, referralSource: null }
    const { subjectId } = await done(
      recordScreening(served.context, actor, { ...screening, consentedOn: day(consentedOn) }),
    )
    const event = { ...common, subjectId, occurredOn: day(consentedOn) }
    await done(recordMilestone(served.context, actor, { ...event, code: 'eligibility' }))
    await done(recordRegistration(served.context, actor, { ...event, code: 'registration' }))
  }

  it('on 2027-07-18 shows -3, -2 and 0 against 3.0 with 0, 1 and 3 new ones; the request stays as it was', async () => {
    const frozen = (html: string) => /申請の入力のハッシュ (\w{12})（再計算し、一致）/.exec(plain(html))?.[1]
    const before = frozen((await member.get(`${requests}/1`)).text)
    expect(before).toMatch(/^[0-9a-f]{12}$/)
    await at('2027-07-18')
    const shown = async () => plain((await member.get(`${requests}/1/replay?on=2027-07-18`)).text)
    const headline = (came: number) => `2027-07-18までの見込み 3.0例 に対し、 登録は${came}例`
    expect(await shown()).toContain(`見込みを下回る ${headline(0)} 差は −3例 です`)
    await register('01', '2026-10-01')
    expect(await shown()).toContain(`${headline(1)} 差は −2例 です`)
    await register('02', '2026-11-02')
    await register('03', '2027-02-03')
    const kept = await shown()
    expect(kept).toContain(`見込みどおり ${headline(3)} 差は 0例 です`)
    expect(kept).toContain(`ハッシュ ${before}（再計算し、一致）`)
    expect(frozen((await member.get(`${requests}/1`)).text)).toBe(before)
    expect(await shown()).toContain('変更申請 1')
  })

  it('is of no day before the request, or to come: the form says why', async () => {
    for (const on of ['2026-06-23', '2027-07-19', '2026-02-30']) {
      expect([on, (await member.get(`${requests}/1/replay?on=${on}`)).status]).toEqual([on, 422])
    }
    await at('2026-06-24')
  })
})

describe('a draft', () => {
  const fields = {
    ...{ title: '二度目の延長', asOf: '2026-06-24', writtenOn: 'R8.6.24', registeredNumber: '２', targetNumber: '12' },
    ...{ statedTotal: '5', statedSites: '5', registrationFrom: '2021-07-19', registrationUntil: '2031-07-18' },
    ...{ studyUntil: '2034-07-18', effectiveFrom: '2029-07-19', costBearer: 'patient', followUpDays: '672' },
    ...{ screeningsFrom: '', itemTitle1: '延長', itemBefore1: '', itemAfter1: '', itemReason1: '希少疾患のため' },
    ...{ claim1: 'registered', number1: '2', amount1: '', years1: '', sites1: '' },
    ...{ claimLabel1: '登録済み', claimSource1: '理由1', claimStanding1: 'counted' },
    ...{ claim2: 'siteMinimum', number2: '3', amount2: '1', years2: '', sites2: '03 04 05' },
    ...{ claimLabel2: '新しい施設', claimSource2: '理由1', claimStanding2: 'counted' },
    ...{ bodyName1: '認定委員会', bodyNecessity1: 'needed', bodyItems1: '１' },
    ...{ toldText1: '前の登録期間', toldFrom1: '2016-04-01', toldUntil1: '2019-03-31', toldSource1: '理由2' },
    ...{ toldPromised1: '２０', toldRegistered1: '4' },
  }
  const seenIn = (html: string) => /name="seen" value="([^"]*)"/.exec(html)?.[1] ?? ''
  let address = ''

  it('begins with the record: who is registered, and who is in screening', async () => {
    const { text } = await manager.get(`${requests}/new`)
    expect(text).toMatch(/id="registeredNumber" name="registeredNumber" value="2"/)
    expect(text).toMatch(/id="number2" name="number2" value="2"/)
  })

  it('is refused with everything that is wrong with it, and shown as it was typed', async () => {
    const before = await everythingIn(served.db)
    const wrong = {
      ...fields,
      title: '',
      asOf: '2026-02-30',
      number2: '2',
      bodyItems1: 'すべて',
      statedTotal: '1.5',
      toldPromised1: '-1',
    }
    const { status, text } = await manager.post(requests, wrong)
    expect(status).toBe(422)
    for (const field of ['title', 'asOf', 'statedTotal', 'sites2', 'bodyItems1', 'toldPromised1']) {
      expect([field, text.includes(`<a href="#${field}">`)]).toEqual([field, true])
    }
    expect(text).toContain('value="2026-02-30"')
    expect(text).toContain('希少疾患のため')
    expect(await everythingIn(served.db)).toEqual(before)
  })

  it('tells a past period whole or not at all', async () => {
    const missing = await manager.post(requests, { ...fields, toldFrom1: '', toldSource1: '' })
    expect(missing.status).toBe(422)
    for (const field of ['toldFrom1', 'toldSource1']) expect(missing.text).toContain(`<a href="#${field}">`)
    const reversed = await manager.post(requests, { ...fields, toldUntil1: '2016-03-31' })
    expect([reversed.status, reversed.text.includes('2016-04-01 以後の日付')]).toEqual([422, true])
    const unpromised = await manager.post(requests, { ...fields, toldPromised1: '' })
    expect([unpromised.status, unpromised.text.includes('<a href="#toldPromised1">')]).toEqual([422, true])
  })

  it('leaves out nothing that was typed: a row without what it counts by is asked about', async () => {
    const begun = { claim3: '', claimSource3: '理由3', itemAfter2: '四年', bodyName2: ' ', bodyItems2: '1' }
    const { status, text } = await manager.post(requests, { ...fields, ...begun })
    expect(status).toBe(422)
    for (const field of ['claim3', 'itemTitle2', 'bodyName2']) {
      expect([field, text.includes(`<a href="#${field}">`)]).toEqual([field, true])
    }
    expect([text.includes('value="理由3"'), text.includes('四年')]).toEqual([true, true])
    expect(text).toContain('この行には入力がありますが、この欄が空です')
  })

  it('is kept, seen by those who write requests and by nobody else', async () => {
    const created = await manager.post(requests, fields)
    expect(created.location).toBe(`${requests}/2?done=drafted`)
    address = `${requests}/2`
    expect(plain((await manager.get(address)).text)).toContain('起案中')
    expect((await member.get(address)).status).toBe(404)
    expect((await member.get(requests)).text).not.toContain('二度目の延長')
    expect((await manager.get(requests)).text).toContain('二度目の延長')
    const projection = await member.get('/trials/SSC-BMC/projection')
    expect(projection.text).not.toContain('二度目の延長')
  })

  it('loses a row where what it counts by is cleared', async () => {
    const seen = seenIn((await manager.get(`${address}/draft`)).text)
    expect((await manager.post(`${address}/draft`, { ...fields, claim2: '', seen })).status).toBe(303)
    const form = (await manager.get(`${address}/draft`)).text
    expect(form).not.toContain('新しい施設')
    expect((await manager.post(`${address}/draft`, { ...fields, seen: seenIn(form) })).status).toBe(303)
  })

  it('sent unchanged is kept as it is; two who change it at once meet', async () => {
    const form = (await manager.get(`${address}/draft`)).text
    const seen = seenIn(form)
    expect(form).toContain('value="03 04 05"')
    expect(form).toMatch(/id="toldPromised1" name="toldPromised1" value="20"/)
    const before = (await everythingIn(served.db)).audit_entry
    expect((await manager.post(`${address}/draft`, { ...fields, seen })).status).toBe(303)
    expect((await everythingIn(served.db)).audit_entry).toBe(before)
    expect((await manager.post(`${address}/draft`, { ...fields, statedTotal: '6', seen })).status).toBe(303)
    const met = await manager.post(`${address}/draft`, { ...fields, statedTotal: '7', seen })
    expect(met.status).toBe(409)
    expect(met.text).toMatch(/id="statedTotal" name="statedTotal" value="7"/)
  })

  it('asks once before it goes out, with what the checks found, and then is read by the committee', async () => {
    const { text } = await manager.get(`${address}/submission`)
    expect(plain(text)).toContain('各項の合計は5、申請書の合計は6で、一致しません')
    expect((await manager.post(`${address}/submission`, { seen: seenIn(text) })).location).toBe(
      `${address}?done=submitted`,
    )
    expect((await member.get(address)).status).toBe(200)
    const replay = plain((await member.get(`${address}/replay`)).text)
    expect(replay).toContain('前の登録期間（変更申請 2 の記載） 2019-03-31 20 4 —')
    expect((await manager.get(`${address}/draft`)).status).toBe(404)
    expect((await manager.post(`${address}/submission`, { seen: seenIn(text) })).status).toBe(404)
  })

  it('is asked about and answered, decided, and brings the next version of the terms', async () => {
    const bodyId = /<option value="([\w-]{36})">認定委員会/.exec(
      (await member.get(`${address}/inquiries/new`)).text,
    )?.[1]
    const inquiry = { bodyId: bodyId ?? '', inquiryNumber: '１－１', question: '根拠は何か', dueOn: '2026-07-10' }
    const asked = { ...inquiry, askedOn: '2026-06-24' }
    expect((await member.post(`${address}/inquiries`, { ...asked, inquiryNumber: '1' })).status).toBe(422)
    expect((await member.post(`${address}/inquiries`, asked)).location).toBe(`${address}?done=asked`)
    expect((await member.post(`${address}/inquiries`, asked)).status).toBe(422)
    const reply = /href="([^"]+\/reply)"/.exec((await manager.get(address)).text)?.[1] ?? ''
    expect(plain((await manager.get(reply)).text)).toContain('根拠は何か')
    const answer = { answer: '１－１のとおり', answeredOn: '2026-06-24', sameAs: '' }
    expect((await manager.post(reply, { ...answer, answer: '' })).status).toBe(422)
    expect((await manager.post(reply, answer)).status).toBe(303)

    const decision = { bodyId: bodyId ?? '', itemNumbers: '1', outcome: 'approved', heldOn: '', notifiedOn: '' }
    const decided = { ...decision, decidedOn: '2026-06-24', decisionText: '', source: '通知書' }
    expect((await member.post(`${address}/decisions`, { ...decided, itemNumbers: '9' })).status).toBe(422)
    expect((await member.post(`${address}/decisions`, decided)).location).toBe(`${address}?done=decided`)
    const trialId = (await findTrialByCode(served.db, 'SSC-BMC'))?.id ?? ''
    expect((await listTerms(served.db, trialId)).at(-1)).toMatchObject({ version: 4, effectiveFrom: '2029-07-19' })
    expect(plain((await member.get(address)).text)).toContain('2029-07-19に有効になります')
  })

  it('the same form sent twice asks one question', async () => {
    const bodyId = /<option value="([\w-]{36})">認定委員会/.exec(
      (await member.get(`${address}/inquiries/new`)).text,
    )?.[1]
    const key = { submissionKey: 'one-question-only-0001' }
    const asked = { bodyId: bodyId ?? '', inquiryNumber: '2-1', question: '他には', askedOn: '2026-06-24', dueOn: '' }
    const first = await member.post(`${address}/inquiries`, { ...asked, ...key })
    const second = await member.post(`${address}/inquiries`, { ...asked, ...key })
    expect([first.status, second.status, second.location]).toEqual([303, 303, first.location])
  })
})

describe('files', () => {
  const address = `${requests}/1/attachments`

  async function send(name: string, content: string | Uint8Array, client = manager) {
    const token = /name="csrf" value="([^"]+)"/.exec((await client.get(`${address}/new`)).text)?.[1] ?? ''
    const form = new FormData()
    form.set('csrf', token)
    form.set('file', new Blob([content as BlobPart]), name)
    return client.send(address, { method: 'POST', body: form })
  }

  it('are attached, and downloaded only as attachments of the type that we say', async () => {
    expect((await send('議事録 & <b>.pdf', '%PDF-1.7 minutes')).location).toBe(`${requests}/1?done=attached`)
    const { text } = await member.get(`${requests}/1`)
    expect(text).toContain('議事録 &amp; &lt;b&gt;.pdf')
    const [, path = ''] = /href="([^"]+\/attachments\/[\w-]{36})"/.exec(text) ?? []
    const file = await member.get(path)
    expect([file.status, file.text]).toEqual([200, '%PDF-1.7 minutes'])
    expect(file.headers.get('content-type')).toBe('application/pdf')
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; /)
    expect(file.headers.get('x-content-type-options')).toBe('nosniff')
    expect(file.headers.get('cache-control')).toBe('no-store')
  })

  it('are withdrawn after a question, with a reason; then the name is struck through and nobody is given the file', async () => {
    await send('下書き.pdf', '%PDF-1.7 draft')
    const [, ask = ''] =
      /href="([^"]+\/withdrawal)">添付を取り下げる<span class="hidden-words">下書き/.exec(
        (await manager.get(`${requests}/1`)).text,
      ) ?? []
    expect((await member.get(ask)).status).toBe(403)
    expect(plain((await manager.get(ask)).text)).toContain('下書き.pdf')
    expect((await manager.post(ask, { withdrawnBecause: '' })).status).toBe(422)
    const file = ask.replace(/\/withdrawal$/, '')
    expect((await member.get(file)).status).toBe(200)
    expect((await manager.post(ask, { withdrawnBecause: '版の取り違え' })).location).toBe(`${requests}/1?done=detached`)
    const { text } = await member.get(`${requests}/1`)
    expect(text).toContain('<del>下書き.pdf</del>')
    expect(text).toContain('版の取り違え')
    expect(text).not.toContain(`href="${file}"`)
    for (const client of [member, manager]) expect((await client.get(file)).status).toBe(404)
    expect((await manager.get(ask)).status).toBe(404)
  })

  it('of no kind, too large, missing, twice, or from somebody else are refused, and nothing is kept', async () => {
    const before = await everythingIn(served.db)
    expect((await send('page.html', '<script>alert(1)</script>')).status).toBe(422)
    expect((await send('page.pdf', '<script>alert(1)</script>')).status).toBe(422)
    expect((await send('same.pdf', '%PDF-1.7 minutes')).status).toBe(422)
    expect((await send('large.pdf', new Uint8Array(5_000_001))).status).toBe(422)
    const { status, text } = await manager.post(address, {})
    expect([status, text.includes('ファイルを選んでください')]).toEqual([422, true])
    expect((await send('a.pdf', '%PDF-1.7', member)).status).toBe(403)
    expect(await everythingIn(served.db)).toEqual(before)
  })
})
