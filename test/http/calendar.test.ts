/** The calendar over HTTP: what is written into it, changed, met and voided, and how reports are followed. */
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { demoPeople } from '../../seeds/demo-people.ts'
import { listCalendarEntries } from '../../server/db/calendar-entries.ts'
import { findTrialByCode } from '../../server/db/trials.ts'
import { verify } from '../../server/db/verification.ts'
import { wordsFor } from '../../server/i18n/words.ts'
import { problemsInWords } from '../../server/pages/page.ts'
import type { Client } from '../support/client.ts'
import { naughtyStrings } from './naughty-strings.ts'
import { everythingIn, serveForFile, signedIn, withEach } from './served.ts'

const served = serveForFile('demo')
const calendar = '/trials/SSC-BMC/calendar'
const person = (username: string) => demoPeople.find((one) => one.username === username) ?? demoPeople[0]
let keeper: Client
let committee: Client
let trialId = ''

beforeAll(async () => {
  keeper = await signedIn(served, person('demo-pi'))
  committee = await signedIn(served, person('demo-irb'))
  trialId = (await findTrialByCode(served.db, 'SSC-BMC'))?.id ?? ''
})

const words = wordsFor('ja')
const sentence = (code: string, values: Record<string, string | number> = {}) =>
  problemsInWords([{ field: '', code, values }], words)[0]?.text ?? ''
const condition = (more: Record<string, string> = {}) => ({
  whatJa: '症例数の根拠を示す',
  whatEn: 'Show why so many',
  bodyJa: '委員会',
  bodyEn: 'Committee',
  dueOn: '2026-08-31',
  meetingId: '',
  sourceJa: '',
  sourceEn: '',
  basis: 'recorded',
  submissionKey: randomUUID(),
  ...more,
})
const entries = () => listCalendarEntries(served.db, trialId)
const found = async (id: string) => (await entries()).find((entry) => entry.id === id)

/** A condition that was just written down. */
async function newCondition(more: Record<string, string> = {}): Promise<{ id: string; seen: string }> {
  const before = new Set((await entries()).map(({ id }) => id))
  expect((await keeper.post(`${calendar}/conditions`, condition(more))).status).toBe(303)
  const added = (await entries()).find(({ id }) => !before.has(id))
  if (added === undefined) throw new Error('nothing was added')
  return added
}

/** The lines of a block of the page, by its heading's id. */
function block(html: string, id: string): string {
  return new RegExp(`<h2 id="${id}">[\\s\\S]*?</section>`).exec(html)?.[0] ?? ''
}

describe('what stands in the calendar of the extension request, on the day of the request', () => {
  it('the condition is due at the meeting of 2026-07-31, and not overdue yet', async () => {
    const { text } = await committee.get(calendar)
    const july = block(text, 'month-2026-07')
    const demanded = '募集の方策と目標症例数の妥当性を、具体的なデータとともに示す'
    expect(text.split(demanded)).toHaveLength(2)
    expect(july).toContain(demanded)
    expect(july).toContain('href="/trials/SSC-BMC/requests/1#condition-1"')
    expect(july).toContain('変更申請 第1号')
    expect(july).toContain('登録期間が終わる（第2版）')
    expect(july).toContain('あと37日')
    expect(block(text, 'overdue')).not.toContain('募集の方策')
  })

  it('the day after the meeting it is overdue; who only reads is offered nothing to do', async () => {
    served.now = '2026-08-01T03:00:00.000Z'
    try {
      // After so long every session is over.
      committee = await signedIn(served, person('demo-irb'))
      const overdue = block((await committee.get(calendar)).text, 'overdue')
      expect(overdue).toContain('募集の方策')
      expect(overdue).toContain('1日超過')
      expect(overdue).not.toContain('/fulfilment"')
      const again = await signedIn(served, person('demo-pi'))
      const offered = block((await again.get(calendar)).text, 'overdue')
      expect(offered).toMatch(/\/requests\/1\/conditions\/[\w-]+\/fulfilment"/)
    } finally {
      served.now = '2026-06-24T03:00:00.000Z'
      keeper = await signedIn(served, person('demo-pi'))
      committee = await signedIn(served, person('demo-irb'))
    }
  })

  it('one kind is shown by itself, and what is past only where it is asked for', async () => {
    const { text } = await committee.get(`${calendar}?kind=periodic_report`)
    expect(text).not.toContain('募集の方策')
    expect(block(text, 'month-2026-08')).toContain('2025-07-01〜2026-06-30')
    expect(text).not.toContain('2022-08-20 済')
    expect((await committee.get(`${calendar}?kind=periodic_report&past=yes`)).text).toContain('2022-08-20 済')
  })

  it('another day in the address changes nothing: the calendar is about today', async () => {
    const plain = (await committee.get(calendar)).text
    const asked = (await committee.get(`${calendar}?asOf=2024-01-01`)).text
    expect(block(asked, 'month-2026-07')).toBe(block(plain, 'month-2026-07'))
  })
})

describe('a condition', () => {
  it('sent twice is one', async () => {
    const form = condition()
    const before = (await entries()).length
    expect((await keeper.post(`${calendar}/conditions`, form)).status).toBe(303)
    expect((await keeper.post(`${calendar}/conditions`, form)).status).toBe(303)
    expect((await entries()).length).toBe(before + 1)
  })

  it.each<[string, Record<string, string>, string, Record<string, string | number>]>([
    ['no title', { whatJa: '' }, 'setting_missing', {}],
    ['neither a day nor a meeting', { dueOn: '' }, 'due_missing', {}],
    ['a day that cannot be', { dueOn: '2026-02-30' }, 'date_impossible_day', { month: '2026-02', lastDay: 28 }],
    ['a meeting that there is not', { meetingId: 'x' }, 'choice_missing', {}],
    ['a title too long', { whatJa: 'あ'.repeat(301) }, 'text_too_long', { most: 300, length: 301 }],
    ['a field it does not have', { metOn: '2026-06-24' }, 'field_unknown', { name: 'metOn' }],
  ])('with %s is shown again as typed, and nothing is written', async (_name, change, code, values) => {
    const before = await everythingIn(served.db)
    const { status, text } = await keeper.post(`${calendar}/conditions`, condition(change))
    expect(status).toBe(422)
    expect(text).toContain(sentence(code, values))
    expect(text).toContain('<title>エラー：')
    expect(text).toContain('value="Show why so many"')
    expect(await everythingIn(served.db)).toEqual(before)
  })

  it('keeps what people write as they write it, and shows it as text', async () => {
    await withEach(naughtyStrings, async (naughty) => {
      const whatJa = naughty.trim()
      const { status } = await keeper.post(
        `${calendar}/conditions`,
        condition({ whatJa: naughty, dueOn: '2027-05-05' }),
      )
      if (status === 422) return
      expect(status).toBe(303)
      expect((await entries()).some(({ value }) => value.title.ja === whatJa)).toBe(true)
    })
    const { status, text } = await keeper.get(calendar)
    expect(status).toBe(200)
    expect(block(text, 'month-2027-05').match(/<li /g)?.length).toBeGreaterThan(60)
    expect(text).not.toMatch(/<script>|onerror=alert\(1\)>/)
  })

  it('due at a meeting has no other day, and moves with it', async () => {
    const title = condition({ whatJa: '移る委員会' })
    const { dueOn: _day, meetingId: _none, ...meeting } = title
    expect((await keeper.post(`${calendar}/meetings`, { ...meeting, heldOn: '2026-09-10' })).status).toBe(303)
    const held = (await entries()).find(({ value }) => value.title.ja === '移る委員会')
    const meetingId = held?.id ?? ''
    const twice = await keeper.post(`${calendar}/conditions`, condition({ meetingId, dueOn: '2026-09-11' }))
    expect([
      twice.status,
      twice.text.includes(sentence('due_differs_from_meeting', { meeting: '2026-09-10' })),
    ]).toEqual([422, true])
    const due = await newCondition({ meetingId, dueOn: '' })
    const moved = {
      ...meeting,
      heldOn: '2026-10-08',
      seen: held?.seen ?? '',
      reason: '延期',
      submissionKey: randomUUID(),
    }
    expect((await keeper.post(`${calendar}/entries/${meetingId}`, moved)).status).toBe(303)
    expect(block((await keeper.get(calendar)).text, 'month-2026-10')).toContain(`entry-${due.id}`)
    const voided = { seen: (await found(meetingId))?.seen ?? '', reason: '誤り', submissionKey: randomUUID() }
    const refused = await keeper.post(`${calendar}/entries/${meetingId}/void`, voided)
    expect([refused.status, refused.text.includes(sentence('meeting_has_conditions', { count: 1 }))]).toEqual([
      422,
      true,
    ])
  })

  it('met has its day and its evidence; a day of the future is refused, and met it is not asked again', async () => {
    const { id, seen } = await newCondition()
    const address = `${calendar}/entries/${id}/met`
    expect((await keeper.get(address)).text).toContain('症例数の根拠を示す')
    const said = { metOn: '2026-06-25', shownBy: '議事録', seen, submissionKey: randomUUID() }
    const future = await keeper.post(address, said)
    expect([future.status, future.text.includes(sentence('date_in_future', { today: '2026-06-24' }))]).toEqual([
      422,
      true,
    ])
    const bare = await keeper.post(address, { ...said, metOn: '2026-06-20', shownBy: '', submissionKey: randomUUID() })
    expect(bare.status).toBe(422)
    const met = await keeper.post(address, { ...said, metOn: 'R8.6.20', submissionKey: randomUUID() })
    expect(met.location).toBe(`${calendar}?done=met`)
    expect((await found(id))?.value.met).toEqual({ on: '2026-06-20', evidence: '議事録' })
    const { text } = await keeper.get(`${calendar}?past=yes`)
    expect(text).toContain('2026-06-20 済')
    expect(text).not.toContain(`${address}"`)
  })

  it('changed by two at once meets the other’s change (409), and keeps what was typed', async () => {
    const { id, seen } = await newCondition()
    const address = `${calendar}/entries/${id}`
    const change = (reason: string) => ({ ...condition({ dueOn: '2026-09-01' }), seen, reason })
    expect((await keeper.post(address, change('第一'))).status).toBe(303)
    const second = await keeper.post(address, change('第二'))
    expect([second.status, second.text.includes('value="第二"')]).toEqual([409, true])
    expect((await keeper.post(address, { ...change(''), seen: (await found(id))?.seen ?? '' })).status).toBe(422)
  })

  it('voided is gone from the calendar, with its reason in the audit trail', async () => {
    const { id, seen } = await newCondition({ whatJa: '消える指示' })
    const address = `${calendar}/entries/${id}/void`
    expect((await keeper.get(address)).text).toContain('予定を取り消しますか')
    expect((await keeper.post(address, { seen, reason: '', submissionKey: randomUUID() })).status).toBe(422)
    expect((await keeper.post(address, { seen, reason: '二重の記録', submissionKey: randomUUID() })).status).toBe(303)
    expect((await keeper.get(`${calendar}?past=yes`)).text).not.toContain('消える指示')
    expect((await keeper.get('/trials/SSC-BMC/audit')).text).toContain('二重の記録')
    expect((await keeper.get(address)).status).toBe(404)
  })

  it('of another trial is not found under this trial’s address', async () => {
    const { id } = await newCondition()
    expect((await keeper.get(`/trials/CLTI-MNC/calendar/entries/${id}`)).status).toBe(404)
    expect((await keeper.post(`/trials/CLTI-MNC/calendar/entries/${id}/void`, { reason: 'x' })).status).toBe(404)
  })
})

describe('a periodic report', () => {
  const report = `${calendar}/reports/regenerative/2024-07-19`

  it('submitted on a day can be corrected with a reason, and taken back', async () => {
    const { text } = await keeper.get(report)
    expect(text).toContain('2024-07-19〜2025-07-18')
    expect(text).toContain('value="2025-10-05"')
    const seen = /name="seen" value="([^"]+)"/.exec(text)?.[1] ?? ''
    const said = { submittedOn: '2025-10-10', document: '様式第三', reason: '日付の誤り', seen }
    expect((await keeper.post(report, { ...said, reason: '', submissionKey: randomUUID() })).status).toBe(422)
    expect((await keeper.post(report, { ...said, submissionKey: randomUUID() })).status).toBe(303)
    expect((await keeper.get(`${calendar}?past=yes`)).text).toContain('2025-10-10 済')
    const now = /name="seen" value="([^"]+)"/.exec((await keeper.get(report)).text)?.[1] ?? ''
    const nothing = {
      submittedOn: '',
      document: '',
      reason: '提出していなかった',
      seen: now,
      submissionKey: randomUUID(),
    }
    expect((await keeper.post(report, nothing)).status).toBe(303)
    expect(block((await keeper.get(calendar)).text, 'overdue')).toContain('2024-07-19〜2025-07-18')
  })

  it.each([
    ['within the year itself', '2025-07-18', 'submitted_within_year', { until: '2025-07-18' }],
    ['on a day of the future', '2026-06-25', 'date_in_future', { today: '2026-06-24' }],
  ])('is not submitted %s', async (_name, submittedOn, code, values) => {
    const said = { submittedOn, document: '様式第三', seen: '', submissionKey: randomUUID() }
    const { status, text } = await keeper.post(report, said)
    expect([status, text.includes(sentence(code, values))]).toEqual([422, true])
  })

  it.each([
    'regenerative/2024-07-20',
    'regenerative/9999-12-31',
    'advanced_care/0001-01-01',
    'law/2024-07-19',
    'regenerative/R6.7.19',
  ])('that no scheme asks for is not found: %s', async (path) => {
    expect((await keeper.get(`${calendar}/reports/${path}`)).status).toBe(404)
  })
})

it('the settings set one scheme of each kind, and whatever day is typed, the calendar still opens', async () => {
  const manager = await signedIn(served, person('demo-dm'))
  const settings = '/trials/STR01-03/settings/schemes'
  const scheme = { scheme: 'regenerative', startsOn: '9999-12-31', basis: 'recorded' }
  expect((await manager.post(settings, { ...scheme, submissionKey: randomUUID() })).status).toBe(303)
  const twice = await manager.post(settings, { ...scheme, submissionKey: randomUUID() })
  expect([twice.status, twice.text.includes(sentence('scheme_taken'))]).toEqual([422, true])
  expect((await manager.get('/trials/STR01-03/calendar')).status).toBe(200)
  expect((await manager.get('/')).status).toBe(200)
})

it('after all this the database agrees with its audit trail', async () => {
  expect((await verify(served.db)).finding).toBeNull()
})
