/**
 * Whatever people do in whatever order: 300 sequences of commands against a naive model of the table of states. After
 * each command the state in the subject's row, the daily counts and a replay of the events say what the model says.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { recordAllocation } from '../../server/actions/record-allocation.ts'
import { recordConsent } from '../../server/actions/record-consent.ts'
import { recordExit } from '../../server/actions/record-exit.ts'
import { recordMilestone } from '../../server/actions/record-milestone.ts'
import { recordPrescreening } from '../../server/actions/record-prescreening.ts'
import { recordRegistration } from '../../server/actions/record-registration.ts'
import { recordScreening } from '../../server/actions/record-screening.ts'
import { takeBack } from '../../server/actions/take-back.ts'
import { voidSubject } from '../../server/actions/void-subject.ts'
import type { Db } from '../../server/db/database.ts'
import { listLogEntries } from '../../server/db/log-entries.ts'
import { listEvents } from '../../server/db/subject-events.ts'
import { findSubject } from '../../server/db/subjects.ts'
import { findPathway } from '../../server/db/trials.ts'
import { addDays, calendarDate, dayNumber } from '../../server/domain/calendar-date.ts'
import type { Milestone } from '../../server/domain/milestone.ts'
import { isRefused } from '../../server/domain/parsed.ts'
import { courseOf } from '../../server/domain/subject.ts'
import { type Exit, exits, type WithdrawalScope } from '../../server/domain/subject-state.ts'
import { milestone, said, termsOf } from '../domain/protocols.ts'
import { type Entry, SubjectModel, steps } from '../oracles/subject-model.ts'
import {
  actor,
  done,
  expectSound,
  openSmallTrial,
  type SmallTrial,
  screeningDraft,
  sharedDatabase,
  today,
} from './small-trial.ts'

const shared = sharedDatabase()
const sequences = 300

const milestones: readonly Milestone[] = [
  milestone('injury', 'procedure'),
  milestone('consent', 'screening', { necessity: 'required' }),
  milestone('judged', 'eligibility'),
  milestone('provisional', 'registration_stage', { necessity: 'required' }),
  milestone('blood', 'procedure', { repetition: 'repeatable' }),
  milestone('final', 'registration_stage', { necessity: 'required', counting: 'target' }),
  milestone('arm', 'allocation'),
  milestone('treated', 'treatment'),
  milestone('visit', 'visit', { repetition: 'repeatable' }),
]
const both = { ja: 'A', en: 'A' }
const arms = [{ code: 'A', label: both, ratio: 1 }]

const opening = calendarDate('2026-02-01')
const first = dayNumber(opening)
const now = dayNumber(today)
const dateOf = (at: number) => addDays(opening, at - first)

/** Exits that somebody may try to record; a void is a command of its own. */
const ways = exits.filter((exit) => exit !== 'void').map((exit) => `exit:${exit}`)
const scopes: readonly (readonly WithdrawalScope[])[] = [['treatment'], ['visits'], ['treatment', 'visits', 'data']]

type Command = { what: string; days: number; scope: number }
const commands = fc.array(
  fc.record({
    // Half of them go on along the pathway, so that late states are reached as often as early ones.
    what: fc.oneof(fc.constant('go on'), fc.constantFrom(...steps, ...ways, 'take back', 'take back', 'void')),
    days: fc.oneof({ weight: 8, arbitrary: fc.nat(12) }, { weight: 1, arbitrary: fc.integer({ min: -40, max: 200 }) }),
    scope: fc.nat(2),
  }),
  { minLength: 4, maxLength: 16 },
)

async function open(world: SmallTrial, isCandidate: boolean): Promise<string> {
  const { context, coordinator } = world
  if (!isCandidate) {
    const draft = screeningDraft(world, { consentedOn: opening })
    return (await done(recordScreening(context, coordinator, draft))).subjectId
  }
  const { consentedOn, consentVersionId: _, ...common } = screeningDraft(world, { consentedOn: opening })
  const draft = { ...common, enteredOn: consentedOn, referralSource: 'clinic', note: null }
  return (await done(recordPrescreening(context, coordinator, draft))).subjectId
}

/** Does a command through the product's verbs; whether it was accepted. */
async function act(world: SmallTrial, subjectId: string, { what, at, scope = [] }: Entry): Promise<boolean> {
  const { context, coordinator, trialId } = world
  const draft = {
    trialId,
    subjectId,
    occurredOn: dateOf(at),
    note: 'why',
    basis: 'recorded' as const,
    seenEventId: null,
  }
  const why = { reason: 'other' as const, note: 'why', seenEventId: null }
  const verb = () => {
    if (what === 'take back') {
      return listEvents(world.db, subjectId).then((events) => {
        const last = events.reduce((a, b) => (a.originId > b.originId ? a : b))
        return takeBack(context, coordinator, { trialId, subjectId, eventId: last.id, ...why })
      })
    }
    if (what === 'void') {
      return voidSubject(context, actor('auditor', 'data_manager', trialId), { trialId, subjectId, ...why })
    }
    if (what.startsWith('exit:')) {
      const exit = what.slice(5) as Exit
      return recordExit(context, coordinator, { ...draft, ...said, exit, scope: scope as WithdrawalScope[] })
    }
    if (what === 'consent') {
      return recordConsent(context, coordinator, { ...draft, consentVersionId: world.consentVersionId })
    }
    if (what === 'arm') {
      const statistician = actor('statistician', 'unblinded_statistician', trialId)
      return recordAllocation(context, statistician, { ...draft, armCode: 'A', stratum: null })
    }
    const isRegistration = what === 'provisional' || what === 'final'
    return (isRegistration ? recordRegistration : recordMilestone)(context, coordinator, { ...draft, code: what })
  }
  return !isRefused(await verb())
}

/** The daily counts of the whole trial, as the roll-up has them. */
async function rolledUp(world: SmallTrial): Promise<Record<string, number>> {
  const rows = await world.db
    .selectFrom('daily_count')
    .select(['step', 'date', 'number'])
    .where('trial_id', '=', world.trialId)
    .execute()
  const kept = rows.filter(({ number }) => number !== 0)
  return Object.fromEntries(kept.map(({ step, date, number }) => [`${step} ${dayNumber(calendarDate(date))}`, number]))
}

it(`says what a naive model says, in ${sequences} sequences of commands`, async () => {
  const accepted = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(fc.boolean(), commands, async (isCandidate, tried: Command[]) => {
      // A trial of its own, so that its roll-up is this subject's alone.
      const world = await openSmallTrial(shared(), {
        milestones,
        terms: termsOf({ targetNumber: 1 }),
        profile: { identifiers: [], arms, facts: [] },
      })
      const pathway = await findPathway(world.db, world.trialId)
      const subjectId = await open(world, isCandidate)
      const model = new SubjectModel({ what: isCandidate ? 'prescreened' : 'consent', at: first }, now)
      for (const { what: chosen, days, scope } of tried) {
        const last = Math.max(...model.entries.map(({ at }) => at))
        const what = chosen === 'go on' ? (model.next() ?? 'visit') : chosen
        // A scope is asked for, and kept, where a registration was made.
        const takes = what === 'exit:withdrawn' && model.registered ? { scope: scopes[scope] ?? [] } : {}
        const entry: Entry = { what, at: last + days, ...takes }
        const state = model.state
        const isAllowed =
          what === 'take back' ? model.allowsTakingBack() : what === 'void' ? state !== 'void' : model.allows(entry)
        expect([state, entry, await act(world, subjectId, entry)]).toEqual([state, entry, isAllowed])
        if (!isAllowed) continue
        accepted.set(what, (accepted.get(what) ?? 0) + 1)
        if (what === 'take back') model.entries.pop()
        else if (what === 'void') model.entries.push({ what: 'exit:void', at: now })
        else model.entries.push(entry)
        // The log keeps its rows: what it kept is what somebody finds who keeps nothing.
        const forgetful: Db = { selectFrom: world.db.selectFrom.bind(world.db) as Db['selectFrom'] }
        const rowIn = (db: Db) => listLogEntries(db, world.trialId, [subjectId])
        expect(await rowIn(world.db)).toEqual(await rowIn(forgetful))
      }
      const subject = await findSubject(world.db, world.trialId, subjectId, 'every')
      expect(subject?.state).toBe(model.state)
      expect(subject?.registrationNumber).toBe(model.registered ? 1 : null)
      expect(courseOf(pathway, await listEvents(world.db, subjectId)).state).toBe(model.state)
      expect(await rolledUp(world)).toEqual(model.counts())
    }),
    { numRuns: sequences, seed: 20260624 },
  )
  // Every command was accepted somewhere, so that the agreement is about something.
  const never = [...steps, ...ways, 'take back', 'void'].filter((what) => !accepted.has(what))
  expect(never).toEqual([])
  await expectSound(shared())
}, 120_000)
