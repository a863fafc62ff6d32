import { describe, expect, it } from 'vitest'
import { type Milestone, milestoneOf, type Pathway, pathwayOf } from '../../server/domain/milestone.ts'
import {
  exitProblems,
  milestoneProblems,
  newestEvent,
  registrationProblems,
  type SubjectInTrial,
} from '../../server/domain/next-event.ts'
import type { Site } from '../../server/domain/site.ts'
import { courseOf } from '../../server/domain/subject.ts'
import type { Exit } from '../../server/domain/subject-state.ts'
import type { TrialTerms } from '../../server/domain/trial-terms.ts'
import {
  approvedOn,
  day,
  eventsOf,
  milestone,
  oneStage,
  said,
  site,
  type Told,
  termsOf,
  twoStage,
} from './protocols.ts'

const today = day('2026-06-24')
const open = site('01', ['open', '2026-01-01'])

/** A subject of a pathway at a site, to whom so much has happened. */
function subjectWith(pathway: Pathway, told: readonly Told[], where: Site = open): SubjectInTrial {
  const events = eventsOf(...told)
  const { state, lastEventOn } = courseOf(pathway, events)
  const subject = {
    id: 'subject',
    siteId: where.id,
    number: 'T-01-001',
    registrationNumber: null,
    state,
    enteredOn: events[0]!.occurredOn,
    consentedOn: events[0]!.occurredOn,
    attempt: 1,
    earlierAttemptId: null,
    lastEventOn,
    basis: 'recorded' as const,
  }
  return { pathway, site: where, subject, events }
}

const draft = { trialId: 'trial', subjectId: 'subject', note: null, basis: 'recorded' as const, seenEventId: null }
const reaching = (here: SubjectInTrial, code: string, on: string) =>
  milestoneProblems(here, { ...draft, code, occurredOn: day(on) }, today)
const leaving = (here: SubjectInTrial, exit: Exit, on: string) =>
  exitProblems(here, { ...draft, ...said, exit, occurredOn: day(on), note: 'why' }, [], today)

type Circumstances = { terms?: readonly TrialTerms[]; registered?: number }
const registering = (
  here: SubjectInTrial,
  code: string,
  on: string,
  { terms = [termsOf()], registered = 0 }: Circumstances = {},
) => registrationProblems(here, { ...draft, code, occurredOn: day(on) }, terms, placesOf(registered), today)
const placesOf = (inTrial: number) => ({ counted: { inTrial, atSite: 0, inArm: null }, caps: [] })

const consent: Told = ['consent', '2026-02-10']
const eligible: Told = ['eligibility', '2026-02-24']
const registered: Told = ['registration', '2026-03-02']

describe('a milestone', () => {
  const inScreening = subjectWith(oneStage, [consent])

  it('may be reached on the day of the one before it, and on any day until today', () => {
    expect(reaching(inScreening, 'eligibility', '2026-02-10')).toEqual([])
    expect(reaching(inScreening, 'eligibility', '2026-06-24')).toEqual([])
  })

  it('that the trial does not have is refused: step_unknown', () => {
    expect(reaching(inScreening, 'biopsy', '2026-03-01')).toEqual([{ field: 'what', code: 'step_unknown' }])
  })

  it('reached once is refused with the day on which it was: already_recorded', () => {
    const here = subjectWith(oneStage, [consent, eligible])
    expect(reaching(here, 'eligibility', '2026-03-01')).toEqual([
      { field: 'what', code: 'already_recorded', values: { on: '2026-02-24' } },
    ])
    expect(reaching(here, 'consent', '2026-03-01')).toEqual([
      { field: 'what', code: 'already_recorded', values: { on: '2026-02-10' } },
    ])
  })

  it('that may repeat is not', () => {
    const here = subjectWith(twoStage, [consent, ['provisional', '2026-02-11'], ['blood', '2026-02-20']])
    expect(reaching(here, 'blood', '2026-02-27')).toEqual([])
  })

  it('before a required one is refused with the one that is missing: stage_missing', () => {
    expect(reaching(inScreening, 'treatment', '2026-03-01')).toEqual([
      { field: 'what', code: 'stage_missing', values: { milestone: 'eligibility' } },
    ])
  })

  it('allocation before registration is refused', () => {
    const here = subjectWith(twoStage, [consent, ['provisional', '2026-02-11']])
    expect(reaching(here, 'arm', '2026-03-01')).toEqual([
      { field: 'what', code: 'stage_missing', values: { milestone: 'final' } },
    ])
  })

  it('a change of arm is refused', () => {
    const here = subjectWith(twoStage, [
      consent,
      ['provisional', '2026-02-11'],
      ['final', '2026-03-01'],
      ['arm', '2026-03-02'],
    ])
    expect(reaching(here, 'arm', '2026-03-03').map(({ code }) => code)).toEqual(['already_recorded'])
  })

  it('after the subject left is refused with the state: not_possible_from_state', () => {
    const here = subjectWith(oneStage, [consent, ['exit:declined', '2026-02-12']])
    expect(reaching(here, 'eligibility', '2026-03-01')).toEqual([
      { field: 'what', code: 'not_possible_from_state', values: { state: 'declined' } },
    ])
  })

  it('in the future is refused, by the trial’s own calendar: date_in_future', () => {
    expect(reaching(inScreening, 'eligibility', '2026-06-25')).toEqual([
      { field: 'occurredOn', code: 'date_in_future', values: { today: '2026-06-24' } },
    ])
  })

  it('before the stage it follows is refused with that day: before_previous_step', () => {
    expect(reaching(inScreening, 'eligibility', '2026-02-09')).toEqual([
      { field: 'occurredOn', code: 'before_previous_step', values: { previous: '2026-02-10' } },
    ])
  })

  it('goes by the last stage, not by a procedure after it', () => {
    const here = subjectWith(twoStage, [consent, ['provisional', '2026-02-11'], ['blood', '2026-03-20']])
    expect(reaching(here, 'final', '2026-03-01')).toEqual([])
    expect(reaching(here, 'blood', '2026-02-11')).toEqual([])
    expect(reaching(here, 'final', '2026-02-10').map(({ code }) => code)).toEqual(['before_previous_step'])
  })

  it('hears both what is wrong with the order and what is wrong with the day', () => {
    expect(reaching(inScreening, 'registration', '2026-06-25').map(({ code }) => code)).toEqual([
      'stage_missing',
      'date_in_future',
    ])
  })
})

describe('an index date, which stands before the screening in the pathway', () => {
  const here = subjectWith(twoStage, [consent])

  it('may lie before the consent, even before the site opened', () => {
    expect(reaching(here, 'injury', '2026-01-28')).toEqual([])
    expect(reaching(here, 'injury', '2024-05-01')).toEqual([])
  })

  it('may not lie in the future', () => {
    expect(reaching(here, 'injury', '2026-06-25').map(({ code }) => code)).toEqual(['date_in_future'])
  })

  it('is entered once', () => {
    const known = subjectWith(twoStage, [consent, ['injury', '2026-01-28']])
    expect(reaching(known, 'injury', '2026-01-29').map(({ code }) => code)).toEqual(['already_recorded'])
  })

  it('a procedure that stands after the screening may not lie before the consent', () => {
    const registeredOnce = subjectWith(twoStage, [consent, ['provisional', '2026-02-11']])
    expect(reaching(registeredOnce, 'blood', '2026-02-09').map(({ code }) => code)).toEqual(['before_previous_step'])
  })

  it('does not hold back the stages: the first stage may lie before or after it', () => {
    const known = subjectWith(twoStage, [consent, ['injury', '2026-03-28']])
    expect(registering(known, 'provisional', '2026-02-11')).toEqual([])
  })
})

describe('a registration', () => {
  const here = subjectWith(oneStage, [consent, eligible])
  const codes = (...asked: Parameters<typeof registering>) => registering(...asked).map(({ code }) => code)

  it('of an eligible subject, at an open site, within the period, with places left, is not refused', () => {
    expect(registering(here, 'registration', '2026-03-02', { registered: 11 })).toEqual([])
  })

  it('without the required stage before it is refused, before anything else is asked', () => {
    expect(codes(subjectWith(oneStage, [consent]), 'registration', '2026-03-02', { registered: 12 })).toEqual([
      'stage_missing',
    ])
  })

  it('a second time is refused', () => {
    expect(codes(subjectWith(oneStage, [consent, eligible, registered]), 'registration', '2026-03-03')).toEqual([
      'already_recorded',
    ])
  })

  it('on the first and on the last day of the period is not refused, beside them it is', () => {
    const terms = [termsOf({ registrationFrom: day('2026-03-02'), registrationUntil: day('2026-03-31') })]
    expect(codes(here, 'registration', '2026-03-02', { terms })).toEqual([])
    expect(codes(here, 'registration', '2026-03-31', { terms })).toEqual([])
    for (const on of ['2026-03-01', '2026-04-01']) {
      expect(registering(here, 'registration', on, { terms })).toEqual([
        {
          field: 'occurredOn',
          code: 'outside_registration_period',
          values: { from: '2026-03-02', until: '2026-03-31' },
        },
      ])
    }
  })

  it('is measured by the terms in force on its own day, not by those of today', () => {
    const ended = termsOf({ version: 1, registrationUntil: day('2026-03-31') })
    const extended = termsOf({ version: 2, registrationUntil: day('2029-07-18'), effectiveFrom: day('2026-05-01') })
    const terms = [ended, extended]
    expect(codes(here, 'registration', '2026-03-31', { terms })).toEqual([])
    expect(codes(here, 'registration', '2026-04-15', { terms })).toEqual(['outside_registration_period'])
    expect(codes(here, 'registration', '2026-05-01', { terms })).toEqual([])
  })

  it('is not covered by an extension that is approved but not yet in force', () => {
    const ended = termsOf({ version: 1, registrationUntil: day('2026-05-31') })
    const approved = termsOf({
      version: 2,
      registrationUntil: day('2029-07-18'),
      effectiveFrom: day('2026-07-19'),
      approval: approvedOn('2026-06-12'),
    })
    expect(codes(here, 'registration', '2026-06-20', { terms: [ended, approved] })).toEqual([
      'outside_registration_period',
    ])
  })

  it('in a trial without terms on the day is refused, and the refusal names no period', () => {
    const later = termsOf({ effectiveFrom: day('2026-06-01') })
    expect(registering(here, 'registration', '2026-03-02', { terms: [later] })).toContainEqual({
      field: 'occurredOn',
      code: 'outside_registration_period',
      values: { from: '—', until: '—' },
    })
  })

  it('beyond the target is refused, with the target: target_reached', () => {
    expect(registering(here, 'registration', '2026-03-02', { registered: 12 })).toEqual([
      { field: 'what', code: 'target_reached', values: { target: 12 } },
    ])
    expect(codes(here, 'registration', '2026-03-02', { registered: 13 })).toEqual(['target_reached'])
  })

  it('has the target of the terms in force on its day: a larger one that is only adopted for later makes no place', () => {
    const terms = [
      termsOf({ version: 1, targetNumber: 12 }),
      termsOf({ version: 2, targetNumber: 20, effectiveFrom: day('2026-07-19') }),
    ]
    expect(codes(here, 'registration', '2026-03-02', { terms, registered: 12 })).toEqual(['target_reached'])
  })

  it('has the larger target as soon as it is in force', () => {
    const terms = [
      termsOf({ version: 1, targetNumber: 12 }),
      termsOf({ version: 2, targetNumber: 20, effectiveFrom: day('2026-03-01') }),
    ]
    expect(codes(here, 'registration', '2026-03-02', { terms, registered: 12 })).toEqual([])
    expect(codes(here, 'registration', '2026-03-02', { terms, registered: 20 })).toEqual(['target_reached'])
  })

  it('at a site that is not open on the day is refused, as a screening is', () => {
    const at = (where: Site) => codes(subjectWith(oneStage, [consent, eligible], where), 'registration', '2026-03-02')
    expect(at(site('01', ['open', '2026-03-03']))).toEqual(['before_site_opened'])
    expect(at(site('01', ['pending', '2026-01-01']))).toEqual(['site_not_yet_open'])
    expect(at(site('01', ['open', '2026-01-01'], ['on_hold', '2026-03-02']))).toEqual(['site_on_hold'])
    expect(at(site('01', ['open', '2026-01-01'], ['closed', '2026-03-02']))).toEqual(['site_closed'])
    expect(at(site('01', ['open', '2026-01-01'], ['closed', '2026-03-03']))).toEqual([])
  })

  it('hears of the site, the period and the target at once', () => {
    const closed = subjectWith(
      oneStage,
      [consent, eligible],
      site('01', ['open', '2026-01-01'], ['closed', '2026-03-01']),
    )
    const terms = [termsOf({ registrationUntil: day('2026-02-28') })]
    expect(codes(closed, 'registration', '2026-03-02', { terms, registered: 12 })).toEqual([
      'site_closed',
      'outside_registration_period',
      'target_reached',
    ])
  })

  describe('in two stages', () => {
    const screened = subjectWith(twoStage, [consent])
    const waiting = subjectWith(twoStage, [consent, ['provisional', '2026-02-20']])

    it('the second without the first is refused', () => {
      expect(registering(screened, 'final', '2026-03-02')).toEqual([
        { field: 'what', code: 'stage_missing', values: { milestone: 'provisional' } },
      ])
    })

    it('the second may lie on the day of the first, not before it', () => {
      expect(codes(waiting, 'final', '2026-02-20')).toEqual([])
      expect(codes(waiting, 'final', '2026-02-19')).toEqual(['before_previous_step'])
    })

    it('the first has to lie in the registration period and at an open site, too', () => {
      const terms = [termsOf({ registrationUntil: day('2026-02-28') })]
      expect(codes(screened, 'provisional', '2026-03-02', { terms })).toEqual(['outside_registration_period'])
    })

    it('the first is not refused by a target that is reached: it takes no place', () => {
      expect(codes(screened, 'provisional', '2026-03-02', { registered: 12 })).toEqual([])
      expect(codes(waiting, 'final', '2026-03-02', { registered: 12 })).toEqual(['target_reached'])
    })

    it('the first takes a place only where the trial says that it counts', () => {
      const counts = (one: Milestone): Milestone => ({
        ...one,
        counting: one.code === 'provisional' ? 'target' : 'none',
      })
      const reserved = pathwayOf(twoStage.milestones.map(counts))
      const codesOf = (told: Told[], code: string) =>
        codes(subjectWith(reserved, told), code, '2026-03-02', { registered: 12 })
      expect(codesOf([consent], 'provisional')).toEqual(['target_reached'])
      expect(codesOf([consent, ['provisional', '2026-02-20']], 'final')).toEqual([])
    })

    it('who was excluded after the first stage is not registered for good', () => {
      const left = subjectWith(twoStage, [
        consent,
        ['provisional', '2026-02-20'],
        ['exit:excluded_after_provisional', '2026-03-01'],
      ])
      expect(codes(left, 'final', '2026-03-02')).toEqual(['not_possible_from_state'])
    })
  })
})

describe('an exit', () => {
  const inScreening = subjectWith(oneStage, [consent])
  const treated = subjectWith(oneStage, [consent, eligible, registered, ['treatment', '2026-03-23']])

  it('may be on the day of the last stage, and on any day until today', () => {
    expect(leaving(inScreening, 'screen_failed', '2026-02-10')).toEqual([])
    expect(leaving(inScreening, 'declined', '2026-06-24')).toEqual([])
    expect(leaving(treated, 'completed', '2026-03-23')).toEqual([])
  })

  it('that the state does not allow is refused with the state: not_possible_from_state', () => {
    expect(leaving(treated, 'screen_failed', '2026-04-01')).toEqual([
      { field: 'what', code: 'not_possible_from_state', values: { state: 'treated' } },
    ])
    expect(leaving(inScreening, 'completed', '2026-04-01').map(({ code }) => code)).toEqual(['not_possible_from_state'])
  })

  it('in the future is refused', () => {
    expect(leaving(inScreening, 'declined', '2026-06-25').map(({ code }) => code)).toEqual(['date_in_future'])
  })

  it('before the last stage is refused', () => {
    expect(leaving(treated, 'died', '2026-03-22')).toEqual([
      { field: 'occurredOn', code: 'before_previous_step', values: { previous: '2026-03-23' } },
    ])
  })

  it('is recorded once: nobody leaves twice', () => {
    const left = subjectWith(oneStage, [consent, ['exit:declined', '2026-02-12']])
    expect(leaving(left, 'declined', '2026-02-13').map(({ code }) => code)).toEqual(['not_possible_from_state'])
  })

  it('of which nobody knew the outcome may still be told', () => {
    const unknown = subjectWith(oneStage, [consent, ['exit:unaccounted', '2026-05-01']])
    expect(leaving(unknown, 'screen_failed', '2026-05-02')).toEqual([])
    expect(leaving(unknown, 'unaccounted', '2026-05-02').map(({ code }) => code)).toEqual(['not_possible_from_state'])
  })
})

describe('what somebody else wrote down since the person looked', () => {
  const here = subjectWith(oneStage, [consent, eligible])
  const newest = here.events.at(-1)!.id
  const consentSeen = here.events[0]!.id
  const changed = [{ field: '', code: 'changed_meanwhile', values: { milestone: 'eligibility', on: '2026-02-24' } }]
  const on = day('2026-03-02')

  it('is nothing where they saw the newest event, or where nobody looked', () => {
    for (const seenEventId of [newest, null]) {
      expect(
        exitProblems(
          here,
          { ...draft, ...said, exit: 'declined', occurredOn: on, note: 'why', seenEventId },
          [],
          today,
        ),
      ).toEqual([])
      expect(milestoneProblems(here, { ...draft, code: 'registration', occurredOn: on, seenEventId }, today)).toEqual(
        [],
      )
    }
  })

  it('refuses milestone, registration and exit alike, before anything else is asked: changed_meanwhile', () => {
    const seen = { ...draft, occurredOn: day('2026-06-25'), seenEventId: consentSeen }
    expect(milestoneProblems(here, { ...seen, code: 'eligibility' }, today)).toEqual(changed)
    expect(registrationProblems(here, { ...seen, code: 'registration' }, [termsOf()], placesOf(12), today)).toEqual(
      changed,
    )
    expect(exitProblems(here, { ...seen, ...said, exit: 'completed', note: 'why' }, [], today)).toEqual(changed)
  })

  it('names the state where the subject left meanwhile', () => {
    const left = subjectWith(oneStage, [consent, ['exit:declined', '2026-02-12']])
    expect(
      exitProblems(
        left,
        { ...draft, ...said, exit: 'died', occurredOn: on, note: 'why', seenEventId: consentSeen },
        [],
        today,
      ),
    ).toEqual([{ field: '', code: 'changed_meanwhile', values: { state: 'declined', on: '2026-02-12' } }])
  })

  it('is what was written down last, whatever day it is of', () => {
    const late = subjectWith(twoStage, [consent, ['provisional', '2026-02-20'], ['injury', '2026-01-28']])
    expect(newestEvent(late.events)?.what).toEqual({ kind: 'milestone', code: 'injury' })
    expect(newestEvent(late.events.toReversed())?.id).toBe(late.events.at(-1)?.id)
    expect(newestEvent([])).toBeNull()
  })
})

describe('the pathway of these tests', () => {
  it('has its index date before the screening, and its samples after it', () => {
    const order = twoStage.milestones.map(({ code }) => code)
    expect(order.indexOf('injury')).toBeLessThan(order.indexOf('consent'))
    expect(order.indexOf('blood')).toBeGreaterThan(order.indexOf('consent'))
    expect(milestoneOf(twoStage, 'blood')?.repetition).toBe('repeatable')
    expect(milestone('x', 'visit').repetition).toBe('once')
  })
})
