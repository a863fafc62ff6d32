import { mkdtempSync, rmSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { addCalendarEntry } from '../../server/actions/add-calendar-entry.ts'
import { attachFile } from '../../server/actions/attach-file.ts'
import { changeCalendarEntry } from '../../server/actions/change-calendar-entry.ts'
import { changeDraft } from '../../server/actions/change-draft.ts'
import { draftRequest } from '../../server/actions/draft-request.ts'
import { meetCondition } from '../../server/actions/meet-condition.ts'
import { putInquiry } from '../../server/actions/put-inquiry.ts'
import { recordDecision } from '../../server/actions/record-decision.ts'
import { recordRegistration } from '../../server/actions/record-registration.ts'
import { replyToInquiry } from '../../server/actions/reply-to-inquiry.ts'
import { setCondition } from '../../server/actions/set-condition.ts'
import { submitRequest } from '../../server/actions/submit-request.ts'
import { voidCalendarEntry } from '../../server/actions/void-calendar-entry.ts'
import { withdrawAttachment } from '../../server/actions/withdraw-attachment.ts'
import { withdrawRequest } from '../../server/actions/withdraw-request.ts'
import { listCalendarEntries } from '../../server/db/calendar-entries.ts'
import { findLatestRequest, listRequestDays, listRequestPromises } from '../../server/db/change-requests.ts'
import { listDueEntries } from '../../server/db/due-entries.ts'
import { listRegistrationsBetween } from '../../server/db/request-figures.ts'
import { listTerms } from '../../server/db/trial-terms.ts'
import { todayIn } from '../../server/domain/calendar-date.ts'
import { atTheirMeetings } from '../../server/domain/calendar-entry.ts'
import type { Decision } from '../../server/domain/request/decisions.ts'
import { filesIn } from '../../server/files/kept-files.ts'
import { day, termsOf } from '../domain/protocols.ts'
import { drafted, requestOf, submitted } from './a-drafted-request.ts'
import {
  actor,
  chainLength,
  done,
  eligible,
  eventDraft,
  expectSound,
  openSmallTrial,
  refusalOf,
  type SmallTrial,
  sharedDatabase,
} from './small-trial.ts'

const shared = sharedDatabase()
const both = (text: string) => ({ ja: text, en: text })
const member = ({ trialId }: SmallTrial) => actor('member', 'committee', trialId)

/** The same trial on another day. */
function on(world: SmallTrial, date: string): SmallTrial {
  const at = `${date}T03:00:00.000Z`
  return { ...world, context: { ...world.context, now: () => at, today: (zone) => todayIn(zone, at) } }
}

/** Registration ends on 2026-07-18, as the extension request's trial. */
const ending = { terms: termsOf({ registrationUntil: day('2026-07-18') }) }

function decision(bodyId: string, decidedOn: string, differences: Partial<Decision> = {}) {
  return {
    bodyId,
    items: [1],
    outcome: 'approved' as const,
    metOn: null,
    decidedOn: day(decidedOn),
    notifiedOn: null,
    text: null,
    source: both('notice'),
    basis: 'recorded' as const,
    ...differences,
  }
}

const question = (bodyId: string, round: number, item: number) => ({
  bodyId,
  round,
  item,
  askedOn: day('2026-06-20'),
  question: both('how many?'),
  dueOn: null,
  basis: 'recorded' as const,
})

describe('a draft', () => {
  it('promises nothing: no projection, no list of promises and no notable day knows of it until it goes out', async () => {
    const world = await openSmallTrial(shared())
    const { number } = await done(draftRequest(world.context, world.manager, world.trialId, drafted()))
    expect(await findLatestRequest(world.db, world.trialId)).toBeNull()
    expect(await listRequestPromises(world.db, world.trialId)).toEqual([])
    expect(await listRequestDays(world.db, world.trialId)).toEqual([])
    const { seen } = await requestOf(world, number)
    await done(submitRequest(world.context, world.manager, world.trialId, number, seen))
    expect(await findLatestRequest(world.db, world.trialId)).toMatchObject({ number, statedTotal: 13 })
    expect(await requestOf(world, number)).toMatchObject({ record: { state: 'submitted', submittedOn: '2026-06-24' } })
    await expectSound(world.db)
  })

  it('is changed in place: claims and bodies that are left out are withdrawn, and come back', async () => {
    const world = await openSmallTrial(shared())
    const { context, manager, trialId } = world
    const whole = drafted()
    const { number } = await done(draftRequest(context, manager, trialId, whole))
    const first = await requestOf(world, number)
    const fewer = {
      content: { ...whole.content, claims: whole.content.claims.slice(1) },
      bodies: whole.bodies.slice(1),
    }
    await done(changeDraft(context, manager, trialId, number, { ...fewer, seen: first.seen }))
    const second = await requestOf(world, number)
    expect(second.record.claims).toEqual(fewer.content.claims)
    expect(second.bodies.map(({ name }) => name.en)).toEqual(['board'])
    expect(second.record.inputHash).not.toBe(first.record.inputHash)
    await done(changeDraft(context, manager, trialId, number, { ...whole, seen: second.seen }))
    const third = await requestOf(world, number)
    expect(third.record.claims).toEqual(whole.content.claims)
    expect(third.bodies).toEqual(first.bodies)
    expect(third.record.inputHash).toBe(first.record.inputHash)
    await expectSound(world.db)
  })

  it('that did not change leaves no entry; what somebody else changed meanwhile is not overwritten', async () => {
    const world = await openSmallTrial(shared())
    const { context, manager, trialId, db } = world
    const { number } = await done(draftRequest(context, manager, trialId, drafted()))
    const { seen } = await requestOf(world, number)
    const before = await chainLength(db, trialId)
    await done(changeDraft(context, manager, trialId, number, { ...drafted(), seen }))
    expect(await chainLength(db, trialId)).toBe(before)
    await done(changeDraft(context, manager, trialId, number, { ...drafted({ statedTotal: 14 }), seen }))
    const meanwhile = [{ field: '', code: 'setting_changed_meanwhile' }]
    expect(await refusalOf(changeDraft(context, manager, trialId, number, { ...drafted(), seen }))).toEqual(meanwhile)
    expect(await refusalOf(submitRequest(context, manager, trialId, number, seen))).toEqual(meanwhile)
  })

  it('is not kept with counts of a day to come, or with a period that ends before it begins', async () => {
    const world = await openSmallTrial(shared())
    const refused = (differences: Parameters<typeof drafted>[0]) =>
      refusalOf(draftRequest(world.context, world.manager, world.trialId, drafted(differences)))
    expect((await refused({ asOf: day('2026-06-25') }))[0]).toMatchObject({ field: 'asOf', code: 'as_of_future' })
    const { termsAsked } = drafted().content
    if (termsAsked === null) throw new Error('the draft asks for terms')
    const studyUntil = day('2029-07-17')
    expect((await refused({ termsAsked: { ...termsAsked, studyUntil } }))[0]?.code).toBe('ends_before_it_begins')
  })

  it.each<[string, Partial<ReturnType<typeof drafted>>, string]>([
    ['nothing that changes', { content: drafted({ items: [] }).content }, 'request_without_items'],
    ['nobody whose approval it needs', { bodies: [] }, 'request_without_body'],
    [
      'a body for an item that there is not',
      { bodies: [{ name: both('c'), necessity: 'needed', items: [1, 2], basis: 'recorded' }] },
      'request_item_unknown',
    ],
    [
      'an item that nobody decides',
      { bodies: [{ name: both('c'), necessity: 'needed', items: [], basis: 'recorded' }] },
      'request_item_undecided',
    ],
  ])('does not go out with %s', async (_, differences, code) => {
    const world = await openSmallTrial(shared())
    const { context, manager, trialId } = world
    const { number } = await done(draftRequest(context, manager, trialId, { ...drafted(), ...differences }))
    const { seen } = await requestOf(world, number)
    expect((await refusalOf(submitRequest(context, manager, trialId, number, seen))).map((one) => one.code)).toContain(
      code,
    )
  })

  it('that went out is not changed, and once withdrawn nothing follows', async () => {
    const world = await openSmallTrial(shared())
    const { context, manager, trialId } = world
    const { record, seen, bodies } = await submitted(world)
    const impossible = (requestState: string) => [
      { field: '', code: 'request_step_impossible', values: { requestState } },
    ]
    expect(await refusalOf(changeDraft(context, manager, trialId, record.number, { ...drafted(), seen }))).toEqual(
      impossible('submitted'),
    )
    await done(withdrawRequest(context, manager, trialId, record.number, 'asked too early'))
    expect((await requestOf(world, record.number)).record).toMatchObject({
      state: 'withdrawn',
      withdrawnBecause: 'asked too early',
    })
    expect(await findLatestRequest(world.db, trialId)).toBeNull()
    const asked = putInquiry(context, member(world), trialId, record.number, question(bodies[0]?.id ?? '', 1, 1))
    expect(await refusalOf(asked)).toEqual(impossible('withdrawn'))
    await expectSound(world.db)
  })
})

describe('terms that are asked for', () => {
  it('stay out of force while one of two bodies has not approved: a registration on 2026-07-20 is refused', async () => {
    const world = await openSmallTrial(shared(), ending)
    const { trialId, db } = world
    const { record, bodies } = await submitted(world)
    const [committee, board] = bodies.map(({ id }) => id)
    const one = await done(
      recordDecision(world.context, member(world), trialId, record.number, decision(committee ?? '', '2026-06-12')),
    )
    expect(one.version).toBeNull()
    expect(await listTerms(db, trialId)).toHaveLength(1)
    expect((await requestOf(world, record.number)).record).toMatchObject({ state: 'submitted', adoptedVersion: null })

    const july = on(world, '2026-07-20')
    const subjectId = await eligible(july)
    const registration = eventDraft(july, subjectId, 'registration', '2026-07-20')
    expect(await refusalOf(recordRegistration(july.context, july.coordinator, registration))).toEqual([
      {
        field: 'occurredOn',
        code: 'outside_registration_period',
        values: { from: '2026-01-01', until: '2026-07-18' },
      },
    ])
    const pi = actor('pi', 'principal_investigator', trialId)
    expect((await refusalOf(recordRegistration(july.context, pi, registration)))[0]?.code).toBe('subject_unknown')
    const allowed = { ...registration, overrideReason: 'the committee has approved' }
    expect((await done(recordRegistration(july.context, pi, allowed))).registrationNumber).toBe(1)
    const between = { from: day('2026-07-19'), until: day('2026-07-30') }
    expect(await listRegistrationsBetween(db, trialId, 'registration', between)).toEqual([
      { siteId: world.siteIds['01'], step: 'registration', number: 1, lastOn: '2026-07-20' },
    ])

    const august = on(world, '2026-08-03')
    const last = decision(board ?? '', '2026-07-31', { notifiedOn: day('2026-08-02') })
    const two = await done(recordDecision(august.context, member(world), trialId, record.number, last))
    expect(two.version).toBe(2)
    expect((await listTerms(db, trialId)).at(-1)).toMatchObject({
      version: 2,
      effectiveFrom: '2026-07-31',
      registrationUntil: '2029-07-18',
      approval: { body: both('board'), approvedOn: '2026-07-31', document: both('notice') },
      plan: { startsOn: '2026-07-31', startsAtNumber: 2, reachesNumber: 13 },
    })
    expect((await requestOf(world, record.number)).record).toMatchObject({ state: 'approved', adoptedVersion: 2 })
    const next = await eligible(august)
    await done(
      recordRegistration(august.context, august.coordinator, eventDraft(august, next, 'registration', '2026-08-03')),
    )
    await expectSound(db)
  })

  it('begin on the day asked for where both bodies approved before, and only once', async () => {
    const world = await openSmallTrial(shared(), ending)
    const { context, trialId } = world
    const { record, bodies } = await submitted(world)
    for (const { id } of bodies) {
      await done(recordDecision(context, member(world), trialId, record.number, decision(id, '2026-06-12')))
    }
    expect((await listTerms(world.db, trialId)).map(({ effectiveFrom }) => effectiveFrom)).toEqual([
      '2026-01-01',
      '2026-07-19',
    ])
    const again = decision(bodies[0]?.id ?? '', '2026-05-29')
    expect(await done(recordDecision(context, member(world), trialId, record.number, again))).toEqual({ version: null })
    expect(await listTerms(world.db, trialId)).toHaveLength(2)
  })

  it('are not brought by a refusal, which ends the request', async () => {
    const world = await openSmallTrial(shared(), ending)
    const { context, trialId } = world
    const { record, bodies } = await submitted(world)
    const refusal = decision(bodies[1]?.id ?? '', '2026-06-20', { outcome: 'refused' })
    await done(recordDecision(context, member(world), trialId, record.number, refusal))
    expect((await requestOf(world, record.number)).record.state).toBe('refused')
    expect(await listTerms(world.db, trialId)).toHaveLength(1)
    const later = recordDecision(
      context,
      member(world),
      trialId,
      record.number,
      decision(bodies[0]?.id ?? '', '2026-06-21'),
    )
    expect((await refusalOf(later))[0]?.code).toBe('request_step_impossible')
  })

  it('a decision is of a body and about items that the request names, and not of tomorrow', async () => {
    const world = await openSmallTrial(shared())
    const { context, trialId } = world
    const { record, bodies } = await submitted(world)
    const id = bodies[0]?.id ?? ''
    const refusal = async (draft: ReturnType<typeof decision>) =>
      (await refusalOf(recordDecision(context, member(world), trialId, record.number, draft)))[0]?.code
    expect(await refusal(decision('nobody', '2026-06-12'))).toBe('body_unknown')
    expect(await refusal(decision(id, '2026-06-12', { items: [7] }))).toBe('request_item_unknown')
    expect(await refusal(decision(id, '2026-06-12', { items: [] }))).toBe('items_missing')
    expect(await refusal(decision(id, '2026-06-25'))).toBe('date_in_future')
    expect(await refusal(decision(id, '2026-06-12', { metOn: day('2026-06-13') }))).toBe('ends_before_it_begins')
    expect(await refusal(decision(id, '2026-06-12', { notifiedOn: day('2026-06-11') }))).toBe('ends_before_it_begins')
  })
})

describe('questions and replies', () => {
  it('hold a request until the last one is answered', async () => {
    const world = await openSmallTrial(shared())
    const { context, manager, trialId } = world
    const { record, bodies } = await submitted(world)
    const { number } = record
    const body = bodies[0]?.id ?? ''
    const put = (round: number, item: number) =>
      done(putInquiry(context, member(world), trialId, number, question(body, round, item)))
    const [first, second] = [await put(1, 1), await put(1, 2)]
    const state = async () => (await requestOf(world, number)).record.state
    expect(await state()).toBe('inquiry')
    const reply = { answer: both('twelve'), answeredOn: day('2026-06-22'), sameAsId: null }
    await done(replyToInquiry(context, manager, trialId, number, first.inquiryId, reply))
    expect(await state()).toBe('inquiry')
    const same = { ...reply, sameAsId: first.inquiryId }
    await done(replyToInquiry(context, manager, trialId, number, second.inquiryId, same))
    expect(await state()).toBe('submitted')
    expect((await requestOf(world, number)).inquiries.map(({ sameAsId }) => sameAsId)).toEqual([null, first.inquiryId])
    await put(2, 1)
    expect(await state()).toBe('inquiry')
    await expectSound(world.db)
  })

  it('a number is given once by each body; an answer is given once, after the question, and not of tomorrow', async () => {
    const world = await openSmallTrial(shared())
    const { context, manager, trialId } = world
    const { record, bodies } = await submitted(world)
    const { number } = record
    const [one, other] = bodies.map(({ id }) => id)
    const { inquiryId } = await done(putInquiry(context, member(world), trialId, number, question(one ?? '', 1, 1)))
    expect(await refusalOf(putInquiry(context, member(world), trialId, number, question(one ?? '', 1, 1)))).toEqual([
      { field: 'inquiryNumber', code: 'inquiry_number_taken', values: { number: '１－１' } },
    ])
    await done(putInquiry(context, member(world), trialId, number, question(other ?? '', 1, 1)))
    const refusal = async (answeredOn: string, sameAsId: string | null = null) => {
      const reply = { answer: both('yes'), answeredOn: day(answeredOn), sameAsId }
      return (await refusalOf(replyToInquiry(context, manager, trialId, number, inquiryId, reply)))[0]?.code
    }
    expect(await refusal('2026-06-25')).toBe('date_in_future')
    expect(await refusal('2026-06-19')).toBe('ends_before_it_begins')
    expect(await refusal('2026-06-22', inquiryId)).toBe('same_answer_unknown')
    const reply = { answer: both('yes'), answeredOn: day('2026-06-22'), sameAsId: null }
    await done(replyToInquiry(context, manager, trialId, number, inquiryId, reply))
    expect(await refusal('2026-06-23')).toBe('inquiry_answered_already')
  })

  it('a condition is met once, on a day that has come', async () => {
    const world = await openSmallTrial(shared())
    const { context, manager, trialId } = world
    const { record, bodies } = await submitted(world)
    const draft = {
      bodyId: bodies[0]?.id ?? '',
      text: both('show the data'),
      dueOn: day('2026-07-31'),
      meetingId: null,
      source: both('notice'),
      basis: 'recorded' as const,
    }
    const { conditionId } = await done(setCondition(context, member(world), trialId, record.number, draft))
    const meet = (metOn: string) =>
      meetCondition(context, manager, trialId, record.number, conditionId, { metOn: day(metOn), note: null })
    expect((await refusalOf(meet('2026-06-25')))[0]?.code).toBe('date_in_future')
    await done(meet('2026-06-24'))
    expect((await refusalOf(meet('2026-06-24')))[0]?.code).toBe('condition_met_already')
    await expectSound(world.db)
  })

  const meetingOn = (date: string) => ({
    kind: 'committee_meeting' as const,
    title: both('regular meeting'),
    body: both('committee'),
    dueOn: day(date),
    meetingId: null,
    met: { on: null, evidence: '' },
    source: both(''),
    basis: 'recorded' as const,
  })

  it('a condition due at a meeting is one obligation of the request, and moves with the meeting', async () => {
    const world = await openSmallTrial(shared())
    const { context, db, manager, trialId } = world
    const { record, bodies } = await submitted(world)
    const { entryId } = await done(addCalendarEntry(context, manager, trialId, meetingOn('2026-07-31')))
    const draft = { bodyId: bodies[0]?.id ?? '', text: both('show the data'), source: both('notice') }
    const demand = (due: { dueOn: ReturnType<typeof day> | null; meetingId: string | null }) =>
      setCondition(context, member(world), trialId, record.number, { ...draft, ...due, basis: 'recorded' })
    expect(await refusalOf(demand({ dueOn: null, meetingId: null }))).toEqual([{ field: 'dueOn', code: 'due_missing' }])
    expect((await refusalOf(demand({ dueOn: null, meetingId: 'none' })))[0]?.code).toBe('meeting_unknown')
    const other = { dueOn: day('2026-08-01'), meetingId: entryId }
    expect((await refusalOf(demand(other)))[0]?.code).toBe('due_differs_from_meeting')
    const { conditionId } = await done(demand({ dueOn: null, meetingId: entryId }))

    const due = async () => atTheirMeetings(await listDueEntries(db, trialId)).find(({ id }) => id === conditionId)
    const request = { number: record.number, position: 1 }
    expect(await due()).toMatchObject({ kind: 'condition', dueOn: '2026-07-31', title: both('show the data'), request })
    const [meeting] = await listCalendarEntries(db, trialId)
    const change = { id: entryId, seen: meeting?.seen ?? '', to: meetingOn('2026-09-25'), reason: 'moved' }
    await done(changeCalendarEntry(context, manager, trialId, change))
    expect(await due()).toMatchObject({ dueOn: '2026-09-25' })
    const [moved] = (await requestOf(world, record.number)).conditions
    expect(moved).toMatchObject({ dueOn: '2026-09-25', meeting: both('regular meeting') })

    const [now] = await listCalendarEntries(db, trialId)
    const asked = { id: entryId, seen: now?.seen ?? '', reason: 'by mistake' }
    expect(await refusalOf(voidCalendarEntry(context, manager, trialId, asked))).toEqual([
      { field: '', code: 'meeting_has_conditions', values: { count: 1 } },
    ])
    const met = { metOn: day('2026-06-24'), note: null }
    await done(meetCondition(context, manager, trialId, record.number, conditionId, met))
    expect(await due()).toMatchObject({ metOn: '2026-06-24' })
    await done(withdrawRequest(context, manager, trialId, record.number, 'over'))
    expect(await due()).toBeUndefined()
    await expectSound(db)
  })
})

describe('files', () => {
  const pdf = (text: string) => new TextEncoder().encode(`%PDF-1.7 ${text}`)

  function withFiles(world: SmallTrial): SmallTrial & { folder: string } {
    const folder = mkdtempSync(join(tmpdir(), 'toroku-files-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    return { ...world, folder, context: { ...world.context, files: filesIn(folder) } }
  }

  it('are kept under their hash and named in the record; what was tampered with is not given', async () => {
    const world = withFiles(await openSmallTrial(shared()))
    const { context, manager, trialId, folder } = world
    const { record } = await submitted(world)
    const attach = (name: string, content: Uint8Array) =>
      attachFile(context, manager, trialId, record.number, { name, content })
    await done(attach('notice.pdf', pdf('one')))
    const [kept] = (await requestOf(world, record.number)).attachments
    expect(kept).toMatchObject({ name: 'notice.pdf', kind: 'pdf', sizeBytes: 12 })
    expect(await readdir(folder)).toEqual([kept?.sha256])
    expect(new TextDecoder().decode((await context.files.read(kept?.sha256 ?? '')) ?? undefined)).toBe('%PDF-1.7 one')
    expect((await refusalOf(attach('again.pdf', pdf('one'))))[0]?.code).toBe('file_attached_already')
    expect((await refusalOf(attach('notice.html', pdf('two'))))[0]?.code).toBe('file_of_no_kind')
    expect((await refusalOf(attach('large.pdf', new Uint8Array(5_000_001))))[0]?.code).toBe('import_too_large')
    await writeFile(join(folder, kept?.sha256 ?? ''), 'something else')
    expect(await context.files.read(kept?.sha256 ?? '')).toBeNull()
    expect(await context.files.read('../secret')).toBeNull()
    await expectSound(world.db)
  })

  it('once withdrawn are given to nobody and stay as evidence; the same file may come again', async () => {
    const world = withFiles(await openSmallTrial(shared()))
    const { context, manager, trialId, folder } = world
    const { record } = await submitted(world)
    const attach = () => attachFile(context, manager, trialId, record.number, { name: 'a.pdf', content: pdf('one') })
    const { attachmentId } = await done(attach())
    const withdraw = () =>
      withdrawAttachment(context, manager, trialId, record.number, { attachmentId, reason: 'the wrong version' })
    const before = await chainLength(world.db, trialId)
    await done(withdraw())
    expect(await chainLength(world.db, trialId)).toBe(before + 1)
    expect((await refusalOf(withdraw()))[0]?.code).toBe('attachment_withdrawn_already')
    await done(attach())
    const [gone, again] = (await requestOf(world, record.number)).attachments
    expect(gone).toMatchObject({ id: attachmentId, withdrawn: { because: 'the wrong version' } })
    expect(again).toMatchObject({ sha256: gone?.sha256, withdrawn: null })
    expect(await readdir(folder)).toEqual([gone?.sha256])
    await expectSound(world.db)
  })

  it('are twenty at most, and none of a request that was withdrawn', async () => {
    const world = withFiles(await openSmallTrial(shared()))
    const { context, manager, trialId } = world
    const { record } = await submitted(world)
    const attach = (text: string) =>
      attachFile(context, manager, trialId, record.number, { name: 'a.pdf', content: pdf(text) })
    for (let nth = 1; nth <= 20; nth += 1) await done(attach(`${nth}`))
    expect((await refusalOf(attach('21')))[0]).toEqual({ field: 'file', code: 'files_too_many', values: { most: 20 } })
    await done(withdrawRequest(context, manager, trialId, record.number, 'over'))
    expect((await refusalOf(attach('22')))[0]?.code).toBe('request_is_over')
  })
})
