/** Reviews through their verbs: prepared from their day on, frozen, answered, signed once, and found out if touched. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addPerson } from '../../server/actions/add-person.ts'
import { chooseReviewMeasures } from '../../server/actions/choose-review-measures.ts'
import { commentOnReview } from '../../server/actions/comment-on-review.ts'
import { correctEvent } from '../../server/actions/correct-event.ts'
import { openReview } from '../../server/actions/open-review.ts'
import { planCountermeasure } from '../../server/actions/plan-countermeasure.ts'
import { recordMilestone } from '../../server/actions/record-milestone.ts'
import { recordRegistration } from '../../server/actions/record-registration.ts'
import { recordScreening } from '../../server/actions/record-screening.ts'
import { refreezeReview } from '../../server/actions/refreeze-review.ts'
import { type SigningDraft, signReview } from '../../server/actions/sign-review.ts'
import { voidSubject } from '../../server/actions/void-subject.ts'
import { type Actor, type Context, commandLine } from '../../server/context.ts'
import { canonicalJson, textHash } from '../../server/db/canonical-json.ts'
import { findReviewFacts } from '../../server/db/review-facts.ts'
import { findReview, findReviewDraft } from '../../server/db/reviews.ts'
import { listEvents } from '../../server/db/subject-events.ts'
import { findTrial } from '../../server/db/trials.ts'
import { verify } from '../../server/db/verification.ts'
import { transact } from '../../server/db/write.ts'
import { addDays, calendarDate } from '../../server/domain/calendar-date.ts'
import type { SignedContent } from '../../server/domain/review.ts'
import { changesSince } from '../../server/domain/review-changes.ts'
import { reviewFigures } from '../../server/domain/review-figures.ts'
import { testContext } from '../support/context.ts'
import { afterTampering, rawWriter } from '../support/raw.ts'
import {
  actor,
  done,
  eventDraft,
  expectSound,
  openSmallTrial,
  refusalOf,
  registered,
  type SmallTrial,
  screeningDraft,
  sharedDatabase,
  storedOf,
} from './small-trial.ts'

const shared = sharedDatabase()
const day = calendarDate
/** The first review of the small trial: six months after 2026-01-01. */
const dueOn = day('2026-07-01')
const password = 'a password of some length'
/** Where the signer sits. */
const from = { address: '192.0.2.1' }

type Reviewed = SmallTrial & { later: Context; investigator: Actor }

/** The small trial on 2026-07-02, with a principal investigator who can sign in. */
async function reviewedTrial(opensOn = '2026-01-01'): Promise<Reviewed> {
  const open = { status: 'open', from: day(opensOn), basis: 'recorded' } as const
  const sites = ['01', '02'].map((code) => ({ code, name: { ja: code, en: code }, statuses: [open] }))
  const world = await openSmallTrial(shared(), { sites })
  const later = testContext(world.db, '2026-07-02T03:00:00.000Z')
  const username = `pi-${world.code.toLowerCase()}`
  const name = { ja: '責任 医師', en: 'P. Investigator' }
  const { personId } = await done(addPerson(world.context, commandLine, { username, name, password }))
  const investigator = { ...actor(username, 'principal_investigator', world.trialId), personId, name }
  return { ...world, later, investigator }
}

const prepare = ({ later, investigator, trialId }: Reviewed, on = dueOn) => openReview(later, investigator, trialId, on)

/** A measure that began on a day. */
async function measureOf({ later, trialId, manager }: Reviewed, startedOn = '2026-05-01'): Promise<string> {
  const draft = {
    category: 'information',
    title: { ja: '周知', en: 'Leaflets' },
    siteIds: [],
    sources: [],
    startedOn: day(startedOn),
    endedOn: null,
    owner: '担当',
    evidence: '',
    basis: 'recorded',
  } as const
  return (await done(planCountermeasure(later, manager, trialId, draft))).countermeasureId
}

async function signing(world: Reviewed, reviewId: string, differences: Partial<SigningDraft> = {}) {
  const draft = await findReviewDraft(world.db, world.trialId, reviewId, day('2026-07-02'))
  return { reviewId, meaning: 'agreed', password, seen: draft?.seen ?? '', ...differences } as const
}

/** A review below its promise that is answered by a measure and signed. */
async function signedReview(world: Reviewed): Promise<string> {
  const { later, investigator, trialId } = world
  const { reviewId } = await done(prepare(world))
  const answer = { reviewId, measureIds: [await measureOf(world)] }
  await done(commentOnReview(later, investigator, trialId, { reviewId, text: '<b>次は8月</b>' }))
  await done(chooseReviewMeasures(later, investigator, trialId, answer))
  await done(signReview(later, investigator, trialId, await signing(world, reviewId), from))
  return reviewId
}

async function figuresNow({ db, trialId, later }: Reviewed, knownBefore: string | null = null) {
  const asked = { asOf: dueOn, termsVersion: 1, openedBefore: later.now() }
  return reviewFigures(await findReviewFacts(db, await findTrial(db, trialId), asked, knownBefore))
}

describe('a review', () => {
  it('is prepared on a day that the terms ask for, from that day on, once, and by whom it belongs to', async () => {
    const world = await reviewedTrial()
    const { context, later, investigator, trialId, manager } = world
    const codeOf = async (outcome: Parameters<typeof refusalOf>[0]) => (await refusalOf(outcome))[0]?.code
    const before = await storedOf(world.db, trialId)
    expect(await codeOf(openReview(context, investigator, trialId, dueOn))).toBe('review_not_due')
    expect(await codeOf(prepare(world, day('2026-06-30')))).toBe('review_not_asked_for')
    expect(await codeOf(openReview(later, manager, trialId, dueOn))).toBe('review_not_yours')
    expect(await storedOf(world.db, trialId)).toEqual(before)
    await done(prepare(world))
    expect(await codeOf(prepare(world))).toBe('review_prepared')
    await expectSound(world.db)
  })

  it('freezes what is known: 1 of 6.0 promised, below; no forecast from under one site-year, and no earlier one', async () => {
    const world = await reviewedTrial()
    await registered(world)
    const { reviewId } = await done(prepare(world))
    const review = await findReview(world.db, world.trialId, reviewId)
    if (review === null) throw new Error('no review')
    const { figures, figuresHash } = review
    expect(figures).toMatchObject({
      asOf: dueOn,
      judgement: { actual: 1, verdict: 'below', largestBelow: 2 },
      attainment: { registered: 1 },
      conversion: { registered: 1, screened: 1 },
      months: ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06'],
      hindsight: { matured: [], score: null },
      pace: {
        lastScreening: { on: '2026-02-10', daysSince: 141 },
        lastRegistration: { on: '2026-03-02', daysSince: 121 },
      },
    })
    expect(figures.judgement.promised).toBeCloseTo((12 * 181) / 365, 9)
    expect([figures.attainment.forecast, figures.forecasts]).toEqual([null, []])
    expect(figures.rules.map(({ on, promised }) => [on, promised])).toEqual([['2027-01-01', 12]])
    expect(figures.sites.map(({ reported, open, silent }) => [reported, open, silent.length])).toEqual([
      [2, 6, 4],
      [0, 6, 6],
    ])
    expect(figuresHash).toBe(createHash('sha256').update(canonicalJson(figures)).digest('hex'))
  })

  it('says what changed when a registration is dated back, and can be frozen again until it is signed', async () => {
    const world = await reviewedTrial()
    const { reviewId } = await done(prepare(world))
    const stored = (await findReview(world.db, world.trialId, reviewId))?.figures
    if (stored === undefined) throw new Error('no review')
    expect(changesSince(stored, await figuresNow(world))).toEqual({ kind: 'same' })
    await registered(world)
    const since = changesSince(stored, await figuresNow(world))
    expect(since.kind === 'changed' && since.changes).toEqual(
      expect.arrayContaining([
        { figure: 'registered', site: null, frozen: 0, now: 1, decimals: 0 },
        { figure: 'registered', site: expect.objectContaining({ code: '01' }), frozen: 0, now: 1, decimals: 0 },
        { figure: 'months_reported', site: null, frozen: 0, now: 2, decimals: 0 },
      ]),
    )
    expect((await findReview(world.db, world.trialId, reviewId))?.figures).toEqual(stored)
    await done(refreezeReview(world.later, world.investigator, world.trialId, reviewId))
    expect((await findReview(world.db, world.trialId, reviewId))?.figures.attainment.registered).toBe(1)
    await expectSound(world.db)
  })

  it('compares what an earlier review forecast with what came', async () => {
    const world = await reviewedTrial('2025-01-01')
    await done(prepare(world))
    const nextYear = testContext(world.db, '2027-01-02T03:00:00.000Z')
    const { reviewId } = await done(openReview(nextYear, world.investigator, world.trialId, day('2027-01-01')))
    const hindsight = (await findReview(world.db, world.trialId, reviewId))?.figures.hindsight
    expect(hindsight?.matured).toMatchObject([{ madeOn: dueOn, by: '2027-01-01', actual: 0, promised: 12 }])
    expect(hindsight?.score).toMatchObject({ n: 1, covered: 1 })
  })
})

describe('a signature', () => {
  it('below the promise waits for a measure that has begun', async () => {
    const world = await reviewedTrial()
    const { later, investigator, trialId } = world
    const { reviewId } = await done(prepare(world))
    const first = await refusalOf(signReview(later, investigator, trialId, await signing(world, reviewId), from))
    expect(first).toEqual([{ field: 'measures', code: 'review_needs_measure' }])
    const toCome = await measureOf(world, '2026-07-03')
    const chosen = await refusalOf(
      chooseReviewMeasures(later, investigator, trialId, { reviewId, measureIds: [toCome] }),
    )
    expect(chosen[0]?.code).toBe('review_measure_unknown')
    await done(chooseReviewMeasures(later, investigator, trialId, { reviewId, measureIds: [await measureOf(world)] }))
    await done(signReview(later, investigator, trialId, await signing(world, reviewId), from))
  })

  it('takes the signer’s own password, what they had before them, and a role in this trial', async () => {
    const world = await reviewedTrial()
    const elsewhere = await reviewedTrial()
    const { later, investigator, trialId } = world
    const { reviewId } = await done(prepare(world))
    await done(chooseReviewMeasures(later, investigator, trialId, { reviewId, measureIds: [await measureOf(world)] }))
    const before = await storedOf(world.db, trialId)
    const sign = async (who: Actor, differences: Partial<SigningDraft> = {}) =>
      (await refusalOf(signReview(later, who, trialId, await signing(world, reviewId, differences), from)))[0]?.code
    expect(await sign(investigator, { password: 'another password' })).toBe('password_wrong')
    expect(await sign(investigator, { password: '' })).toBe('password_wrong')
    expect(await sign({ ...investigator, username: 'nobody-at-all' })).toBe('password_none')
    expect(await sign(elsewhere.investigator)).toBe('review_not_yours')
    expect(await sign(world.manager)).toBe('review_not_yours')
    expect(await storedOf(world.db, trialId)).toEqual(before)
    const { seen } = await signing(world, reviewId)
    await done(commentOnReview(later, investigator, trialId, { reviewId, text: 'meanwhile' }))
    expect(await sign(investigator, { seen })).toBe('review_changed_meanwhile')
  })

  it('counts wrong passwords like the door does: after five the right one waits too, and then it is forgiven', async () => {
    const world = await reviewedTrial()
    const { investigator, trialId, db } = world
    const { reviewId } = await done(prepare(world))
    const measureIds = [await measureOf(world)]
    await done(chooseReviewMeasures(world.later, investigator, trialId, { reviewId, measureIds }))
    let seconds = 0
    const sign = async (typed: string) => {
      const at = testContext(db, new Date(Date.parse('2026-07-02T03:00:00.000Z') + seconds * 1000).toISOString())
      const draft = await signing(world, reviewId, { password: typed })
      // Each from another address: the name alone is enough to wait.
      return signReview(at, investigator, trialId, draft, { address: `198.51.100.${seconds}` })
    }
    const codeOf = async (typed: string) => (await refusalOf(sign(typed)))[0]?.code
    for (let wrong = 1; wrong <= 5; wrong++) expect(await codeOf(`wrong ${wrong}`)).toBe('password_wrong')
    expect(await codeOf('wrong 6')).toBe('sign_in_wait_seconds')
    expect(await codeOf(password)).toBe('sign_in_wait_seconds')
    const locks = await db
      .selectFrom('sign_in_lock')
      .selectAll()
      .where('person_id', '=', investigator.personId)
      .execute()
    expect(locks).toMatchObject([{ lock_of: 'account', failures: 5 }])
    seconds = 1
    expect(await codeOf('wrong 6')).toBe('password_wrong')
    seconds = 2
    expect(await codeOf(password)).toBe('sign_in_wait_seconds')
    seconds = 3
    await done(sign(password))
    expect(await codeOf('wrong once more')).toBe('password_wrong')
    expect(await codeOf(password)).toBe('review_signed')
    await expectSound(db)
  })

  it('keeps name, role, meaning and instant with the content, under one digest; nothing follows it', async () => {
    const world = await reviewedTrial()
    const { later, investigator, trialId, db } = world
    const reviewId = await signedReview(world)
    const review = await findReview(db, trialId, reviewId)
    const content: SignedContent = JSON.parse(review?.signed?.content ?? 'null')
    expect(review?.signed?.hash).toBe(
      createHash('sha256')
        .update(review?.signed?.content ?? '')
        .digest('hex'),
    )
    expect(review?.signed?.content).not.toContain('<')
    expect(content).toMatchObject({
      trialId,
      reviewId,
      dueOn,
      comments: [{ text: '<b>次は8月</b>' }],
      measures: [{ title: { ja: '周知', en: 'Leaflets' } }],
      signature: {
        name: { ja: '責任 医師', en: 'P. Investigator' },
        role: 'principal_investigator',
        meaning: 'agreed',
        signedAt: '2026-07-02T03:00:00.000Z',
      },
    })
    const after = await storedOf(db, trialId)
    for (const late of [
      commentOnReview(later, investigator, trialId, { reviewId, text: 'late' }),
      chooseReviewMeasures(later, investigator, trialId, { reviewId, measureIds: [] }),
      refreezeReview(later, investigator, trialId, reviewId),
      signReview(later, investigator, trialId, await signing(world, reviewId), from),
    ]) {
      expect((await refusalOf(late))[0]?.code).toBe('review_signed')
    }
    expect(await storedOf(db, trialId)).toEqual(after)
    await registered(world)
    expect((await findReview(db, trialId, reviewId))?.signed).toEqual(review?.signed)
    await expectSound(db)
  })

  it('cannot be changed in the database, and where somebody does it all the same, verify names the review', async () => {
    const world = await reviewedTrial()
    const reviewId = await signedReview(world)
    const other = await reviewedTrial()
    const { reviewId: otherId } = await done(prepare(other))
    const rows = rawWriter(world.db)
    await expect(
      rows
        .updateTable('review_signature')
        .set({ meaning: 'with_reservations' })
        .where('review_id', '=', reviewId)
        .execute(),
    ).rejects.toThrow(/append-only/)
    const review = await findReview(world.db, world.trialId, reviewId)
    const content = review?.signed?.content ?? ''
    /** What the audit trail says is brought along, so that only the digest and the content can tell. */
    const found = (changes: { review_id?: string; content?: string; content_hash?: string }) =>
      afterTampering(
        world.db,
        async (rows) => {
          await rows.updateTable('review_signature').set(changes).where('review_id', '=', reviewId).execute()
        },
        async (rows) => (await verify(rows)).finding?.what,
      )
    // A row that was touched alone differs from its audit entry already.
    expect(await found({ content: content.replace('agreed', 'agreeD') })).toBe('row_changed')
    expect(await found({ review_id: otherId })).toBe('row_changed')
    // One that was written with its audit entry tells by its digest, or by the review that it was signed for.
    const [row] = await world.db.selectFrom('review_signature').selectAll().where('review_id', '=', reviewId).execute()
    if (row === undefined) throw new Error('not signed')
    for (const forged of [{}, { content: content.replace(reviewId, otherId) }]) {
      const copy = { ...row, ...forged, id: world.context.newId(), trial_id: other.trialId, review_id: otherId }
      let finding: unknown = null
      await refusalOf(
        transact(other.later, other.investigator, other.trialId, async (write) => {
          await write.insert('review_signature', copy, 'review_signed')
          finding = (await verify(write)).finding
          return { problems: [{ field: '', code: 'rehearsed' }] }
        }),
      )
      expect(finding).toEqual({ what: 'signature_wrong', place: `review ${otherId} of ${dueOn}` })
    }
    await expectSound(world.db)
  })

  it('is found where it was copied onto another review, of the same trial or of another, with or without its entry', async () => {
    const world = await reviewedTrial()
    const other = await reviewedTrial()
    const signedId = await signedReview(world)
    const nextOn = day('2027-01-01')
    const next = { ...world, later: testContext(world.db, '2027-01-02T03:00:00.000Z') }
    const targets = [
      { ...next, reviewId: (await done(prepare(next, nextOn))).reviewId, on: nextOn },
      { ...other, reviewId: (await done(prepare(other))).reviewId, on: dueOn },
    ]
    const row = await world.db
      .selectFrom('review_signature')
      .selectAll()
      .where('review_id', '=', signedId)
      .executeTakeFirstOrThrow()
    const signed: SignedContent = JSON.parse(row.content)
    for (const { trialId, reviewId, on, later, investigator } of targets) {
      const copy = { ...row, id: world.context.newId(), trial_id: trialId, review_id: reviewId }
      const alone = await afterTampering(
        world.db,
        (rows) => rows.insertInto('review_signature').values(copy).execute(),
        async (rows) => (await verify(rows)).finding,
      )
      expect(alone).toEqual({ what: 'row_unaudited', place: `review_signature ${copy.id}` })
      // With an entry beside it: as it was signed; and made out to the other review in everything but one, each digest fitting.
      const { figures } = await world.db
        .selectFrom('review')
        .select('figures')
        .where('id', '=', reviewId)
        .executeTakeFirstOrThrow()
      const own = { ...signed, trialId, reviewId, dueOn: on, figures: JSON.parse(figures) }
      const names = ['trialId', 'reviewId', 'dueOn', 'figures'] as const
      const forged = names
        .map((name) => canonicalJson({ ...own, [name]: signed[name] }))
        .filter((content) => content !== canonicalJson(own))
      expect(forged.length).toBeGreaterThan(1)
      for (const content of [row.content, ...forged]) {
        let finding: unknown = null
        await refusalOf(
          transact(later, investigator, trialId, async (write) => {
            const entry = { ...copy, content, content_hash: textHash(content) }
            await write.insert('review_signature', entry, 'review_signed')
            finding = (await verify(write)).finding
            return { problems: [{ field: '', code: 'rehearsed' }] }
          }),
        )
        expect(finding).toEqual({ what: 'signature_wrong', place: `review ${reviewId} of ${on}` })
      }
    }
    await expectSound(world.db)
  })
})

/** Things that happen to a trial, each some hours after the one before. */
const happenings = fc.array(
  fc.record({
    what: fc.constantFrom('screen', 'register', 'register', 'move', 'void'),
    site: fc.constantFrom('01' as const, '02' as const),
    on: fc.integer({ min: 0, max: 170 }),
    which: fc.nat(20),
  }),
  { minLength: 2, maxLength: 9 },
)

describe('the figures of a day, as they were known at an instant', () => {
  it('are the same that day and after whatever is recorded later', async () => {
    await fc.assert(
      fc.asyncProperty(happenings, happenings, async (before, after) => {
        const world = await reviewedTrial()
        let hours = 0
        const subjects: string[] = []
        const tell = async (list: typeof before) => {
          for (const { what, site, on, which } of list) {
            hours += 5
            const at = new Date(Date.parse('2026-07-01T03:00:00.000Z') + hours * 3_600_000).toISOString()
            const context = testContext(world.db, at)
            const date = addDays(day('2026-01-05'), on)
            const subjectId = subjects[which % Math.max(subjects.length, 1)] ?? ''
            if (what === 'screen' || what === 'register') {
              const draft = screeningDraft(world, { siteId: world.siteIds[site], consentedOn: date })
              const added = await done(recordScreening(context, world.manager, draft))
              subjects.push(added.subjectId)
              if (what === 'screen') continue
              const event = (code: string) => eventDraft(world, added.subjectId, code, date)
              await done(recordMilestone(context, world.manager, event('eligibility')))
              // Refused once the target is full: then nothing happened.
              await recordRegistration(context, world.manager, event('registration'))
            } else if (subjectId !== '' && what === 'move') {
              const last = (await listEvents(world.db, subjectId)).at(-1)
              const right = { eventId: last?.id ?? '', occurredOn: date, reason: 'transcription' as const, note: null }
              await correctEvent(context, world.manager, {
                trialId: world.trialId,
                subjectId,
                ...right,
                seenEventId: null,
              })
            } else if (subjectId !== '') {
              const other = { ...world.manager, personId: 'another-manager' }
              const why = { reason: 'wrong_subject' as const, note: 'x', seenEventId: null }
              await voidSubject(context, other, { trialId: world.trialId, subjectId, ...why })
            }
          }
        }
        await tell(before)
        hours += 1
        const knownBefore = new Date(Date.parse('2026-07-01T03:00:00.000Z') + hours * 3_600_000).toISOString()
        const then = canonicalJson(await figuresNow(world))
        expect(canonicalJson(await figuresNow(world, knownBefore))).toBe(then)
        await tell(after)
        expect(canonicalJson(await figuresNow(world, knownBefore))).toBe(then)
      }),
      { numRuns: 12 },
    )
  }, 120_000)
})
