import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type SiteCount, screeningFlow } from '../../server/domain/accrual.ts'
import { addDays } from '../../server/domain/calendar-date.ts'
import { milestoneOf, type Pathway } from '../../server/domain/milestone.ts'
import { exitProblems, milestoneProblems } from '../../server/domain/next-event.ts'
import {
  courseOf,
  eventsBy,
  missingBefore,
  nextMilestones,
  reachedOn,
  type Subject,
  type SubjectEvent,
} from '../../server/domain/subject.ts'
import { exits, type SubjectState } from '../../server/domain/subject-state.ts'
import { day, eventsOf, oneStage, said, site, type Told, twoStage } from './protocols.ts'

const course = (pathway: Pathway, ...told: Told[]) => courseOf(pathway, eventsOf(...told))
const sumsOf = (tallies: ReturnType<typeof courseOf>['tallies']) => {
  const sums: Record<string, number> = {}
  for (const { step, number } of tallies) sums[step] = (sums[step] ?? 0) + number
  return sums
}

describe('the course of a subject', () => {
  it('begins in screening, with one more screened on the day of consent', () => {
    expect(course(oneStage, ['consent', '2026-01-22'])).toEqual({
      state: 'screening',
      enteredOn: '2026-01-22',
      lastEventOn: '2026-01-22',
      tallies: [{ step: 'consent', date: '2026-01-22', number: 1 }],
    })
  })

  it('from consent to the end of follow-up counts each step once, on its own day', () => {
    const first = course(
      oneStage,
      ['consent', '2022-02-10'],
      ['eligibility', '2022-02-24'],
      ['registration', '2022-03-02'],
      ['treatment', '2022-03-23'],
      ['week_12', '2022-06-15'],
      ['exit:completed', '2024-01-24'],
    )
    expect(first).toEqual({
      state: 'completed',
      enteredOn: '2022-02-10',
      lastEventOn: '2024-01-24',
      tallies: [
        { step: 'consent', date: '2022-02-10', number: 1 },
        { step: 'eligibility', date: '2022-02-24', number: 1 },
        { step: 'registration', date: '2022-03-02', number: 1 },
        { step: 'treatment', date: '2022-03-23', number: 1 },
        { step: 'week_12', date: '2022-06-15', number: 1 },
        { step: 'completed@follow_up', date: '2024-01-24', number: 1 },
      ],
    })
  })

  it('tells a death during screening from one after registration', () => {
    const early = course(oneStage, ['consent', '2026-01-22'], ['exit:died', '2026-02-01'])
    const late = course(
      oneStage,
      ['consent', '2026-01-22'],
      ['eligibility', '2026-01-23'],
      ['registration', '2026-01-24'],
      ['exit:died', '2026-02-01'],
    )
    expect(early.tallies.at(-1)?.step).toBe('died@screening')
    expect(late.tallies.at(-1)?.step).toBe('died@registered')
  })

  it('does not depend on the order in which the events are handed over', () => {
    const events = eventsOf(['consent', '2026-01-22'], ['eligibility', '2026-01-25'], ['registration', '2026-02-01'])
    expect(courseOf(oneStage, events.toReversed())).toEqual(courseOf(oneStage, events))
  })

  it('of one day goes by the order in which things were recorded', () => {
    const told: Told[] = [
      ['consent', '2026-01-22'],
      ['eligibility', '2026-01-22'],
      ['registration', '2026-01-22'],
      ['exit:withdrawn', '2026-01-22'],
    ]
    expect(courseOf(oneStage, eventsOf(...told).toReversed()).state).toBe('withdrawn')
  })

  it('of one day and one instant goes by the identifiers, which later ones sort after', () => {
    const events = eventsOf(['consent', '2026-01-22'], ['eligibility', '2026-01-22'], ['registration', '2026-01-22'])
    const atOnce = events.map((event) => ({ ...event, recordedAt: '2026-06-24T03:00:00.000Z' }))
    expect(courseOf(oneStage, atOnce.toReversed()).state).toBe('registered')
  })

  it('keeps its order through a correction, which changes a day: onto the day of the step after it, the same state', () => {
    const events = eventsOf(['consent', '2026-01-22'], ['eligibility', '2026-01-25'], ['registration', '2026-02-01'])
    const [consent, eligibility, registration] = events
    const corrected = {
      ...eligibility!,
      id: 'event-900',
      recordedAt: '2026-06-24T04:00:00.000Z',
      occurredOn: day('2026-02-01'),
    }
    const { state, lastEventOn, tallies } = courseOf(oneStage, [consent!, registration!, corrected])
    expect([state, lastEventOn]).toEqual(['registered', '2026-02-01'])
    expect(tallies).toContainEqual({ step: 'eligibility', date: '2026-02-01', number: 1 })
  })

  it('a corrected consent answers nothing: an outcome that nobody knows stays unknown', () => {
    const [consent, unknown] = eventsOf(['consent', '2025-06-12'], ['exit:unaccounted', '2026-06-24'])
    const corrected = { ...consent!, id: 'event-900', occurredOn: day('2025-06-11') }
    const { state, tallies } = courseOf(oneStage, [unknown!, corrected])
    expect(state).toBe('unaccounted')
    expect(sumsOf(tallies)).toEqual({ consent: 1, 'unaccounted@screening': 1 })
  })

  it('an index date before the consent leaves the state as it is, and is counted on its day', () => {
    const told = course(twoStage, ['consent', '2026-01-22'], ['injury', '2026-01-10'])
    expect(told.state).toBe('screening')
    expect(told.lastEventOn).toBe('2026-01-22')
    expect(told.tallies).toContainEqual({ step: 'injury', date: '2026-01-10', number: 1 })
  })

  it('a procedure leaves the state as it is: the exit after it leaves from there', () => {
    const told = course(
      twoStage,
      ['consent', '2026-01-22'],
      ['provisional', '2026-01-23'],
      ['blood', '2026-01-30'],
      ['blood', '2026-02-06'],
      ['exit:excluded_after_provisional', '2026-02-07'],
    )
    expect(told.state).toBe('excluded_after_provisional')
    expect(sumsOf(told.tallies)).toMatchObject({ blood: 2, 'excluded_after_provisional@provisional': 1 })
  })

  it('cannot be told of nobody, nor of a milestone that the pathway does not have', () => {
    expect(() => courseOf(oneStage, [])).toThrow('at least the event that opened it')
    expect(() => course(oneStage, ['consent', '2026-01-22'], ['blood', '2026-01-23'])).toThrow('no milestone blood')
  })
})

describe('an outcome that nobody knows', () => {
  const unknown: Told[] = [
    ['consent', '2025-06-12'],
    ['exit:unaccounted', '2026-06-24'],
  ]

  it('is counted as unaccounted from its day on', () => {
    const told = course(oneStage, ...unknown)
    expect(told.state).toBe('unaccounted')
    expect(sumsOf(told.tallies)).toEqual({ consent: 1, 'unaccounted@screening': 1 })
  })

  it('is no longer, from the day on which it turns out to be a screen failure', () => {
    const told = course(oneStage, ...unknown, ['exit:screen_failed', '2026-07-01'])
    expect(told.state).toBe('screen_failed')
    expect(told.tallies).toEqual([
      { step: 'consent', date: '2025-06-12', number: 1 },
      { step: 'unaccounted@screening', date: '2026-06-24', number: 1 },
      { step: 'unaccounted@screening', date: '2026-07-01', number: -1 },
      { step: 'screen_failed@unaccounted', date: '2026-07-01', number: 1 },
    ])
  })

  it('is no longer, once the subject is registered after all', () => {
    const told = course(oneStage, ...unknown, ['eligibility', '2026-07-01'], ['registration', '2026-07-02'])
    expect(told.state).toBe('registered')
    expect(sumsOf(told.tallies)).toEqual({
      consent: 1,
      'unaccounted@screening': 0,
      eligibility: 1,
      registration: 1,
    })
  })

  it('may come twice: asked again after the judgement of eligibility', () => {
    const told = course(oneStage, ...unknown, ['eligibility', '2026-07-01'], ['exit:unaccounted', '2026-09-01'])
    expect(told.state).toBe('unaccounted')
    expect(sumsOf(told.tallies)).toMatchObject({ 'unaccounted@screening': 0, 'unaccounted@eligible': 1 })
  })

  it('stays unknown where only a procedure was done', () => {
    const told = course(
      twoStage,
      ['consent', '2025-06-12'],
      ['exit:unaccounted', '2026-06-24'],
      ['injury', '2026-06-24'],
    )
    expect(told.state).toBe('unaccounted')
    expect(sumsOf(told.tallies)).toMatchObject({ 'unaccounted@screening': 1 })
  })

  it('is answered by what turns out to have happened before the day on which nobody knew', () => {
    const told = course(oneStage, ...unknown, ['exit:screen_failed', '2025-08-01'])
    expect(told.state).toBe('screen_failed')
    expect(sumsOf(told.tallies)['unaccounted@screening'] ?? 0).toBe(0)
    // On no day is the number of those of whom nobody knows below zero.
    for (const on of ['2025-07-31', '2025-08-01', '2026-06-23', '2026-06-24', '2026-07-01']) {
      const by = sumsOf(told.tallies.filter(({ date }) => date <= on))
      expect(by['unaccounted@screening'] ?? 0, on).toBe(0)
    }
    expect(Object.entries(sumsOf(told.tallies)).filter(([step]) => step.startsWith('screen_failed@'))).toHaveLength(1)
  })
})

describe('whatever the rules allow to be recorded', () => {
  /** Tries one thing after another, as the numbers choose; what the rules refuse is not recorded. */
  function tell(pathway: Pathway, choices: readonly [what: number, days: number][]): SubjectEvent[] {
    const opened = day('2025-01-01')
    const today = day('2026-06-24')
    const steps = [...pathway.milestones.map(({ code }) => code), ...exits.map((exit) => `exit:${exit}`)]
    const told: Told[] = [[pathway.screening.code, '2025-03-01']]
    for (const [choice, days] of choices) {
      const what = steps[choice % steps.length]!
      const events = eventsOf(...told)
      const on = addDays(events.at(-1)!.occurredOn, days)
      const { state, lastEventOn } = courseOf(pathway, events)
      const subject: Subject = {
        id: 's',
        siteId: '01',
        number: 'T-01-001',
        registrationNumber: null,
        state,
        enteredOn: day('2025-03-01'),
        consentedOn: day('2025-03-01'),
        attempt: 1,
        earlierAttemptId: null,
        lastEventOn,
        basis: 'recorded',
      }
      const here = { pathway, site: site('01', ['open', opened]), subject, events }
      const draft = { trialId: 't', subjectId: 's', occurredOn: on, basis: 'recorded' as const, seenEventId: null }
      const problems = what.startsWith('exit:')
        ? exitProblems(
            here,
            { ...draft, ...said, exit: what.slice(5) as (typeof exits)[number], note: 'why' },
            [],
            today,
          )
        : milestoneProblems(here, { ...draft, code: what, note: null }, today)
      if (problems.length === 0) told.push([what, on])
    }
    return eventsOf(...told)
  }

  /** Where a subject stands, told from what was recorded last, procedures aside; nothing here is shared with the product. */
  function standing(pathway: Pathway, events: readonly SubjectEvent[]) {
    const reached = (code: string | undefined) =>
      events.some(({ what }) => what.kind === 'milestone' && what.code === code)
    const last = events.findLast(
      ({ what }) => what.kind !== 'milestone' || milestoneOf(pathway, what.code)?.kind !== 'procedure',
    )
    const exit = last?.what.kind === 'exit' ? last.what.exit : null
    if (reached(pathway.registration.code)) return 'registered'
    if (reached(pathway.provisional?.code)) return exit === null ? 'waiting' : 'excluded'
    if (exit === 'unaccounted') return 'unaccounted'
    return exit === null ? 'inScreening' : 'notRegistered'
  }

  const choices = fc.array(fc.tuple(fc.nat(1000), fc.integer({ min: -60, max: 40 })), { minLength: 3, maxLength: 25 })

  it.each([
    ['one-stage', oneStage],
    ['two-stage', twoStage],
  ])('the parts of a %s flow add up to the screened, and each is what its subjects say', (_name, pathway) => {
    fc.assert(
      fc.property(fc.array(choices, { minLength: 1, maxLength: 6 }), (stories) => {
        const subjects = stories.map((story) => tell(pathway, story))
        const expected: Record<string, number> = {}
        for (const events of subjects) {
          const place = standing(pathway, events)
          expected[place] = (expected[place] ?? 0) + 1
        }
        const sums = new Map<string, number>()
        for (const { step, number } of subjects.flatMap((events) => courseOf(pathway, events).tallies)) {
          sums.set(step, (sums.get(step) ?? 0) + number)
        }
        const counts: SiteCount[] = [...sums].map(([step, number]) => ({
          siteId: '01',
          step,
          number,
          lastOn: day('2026-06-24'),
        }))
        const { screened, provisional, leftBefore, ...flow } = screeningFlow(pathway, counts)
        expect(screened).toBe(subjects.length)
        expect(leftBefore.failed + leftBefore.declined + leftBefore.died).toBe(flow.notRegistered)
        expect({ ...flow, waiting: provisional?.waiting ?? 0, excluded: provisional?.excluded ?? 0 }).toEqual({
          registered: expected.registered ?? 0,
          inScreening: expected.inScreening ?? 0,
          notRegistered: expected.notRegistered ?? 0,
          unaccounted: expected.unaccounted ?? 0,
          waiting: expected.waiting ?? 0,
          excluded: expected.excluded ?? 0,
        })
      }),
      { numRuns: 400 },
    )
  })

  it.each([
    ['one-stage', oneStage],
    ['two-stage', twoStage],
  ])('a %s subject’s state is what was recorded last, procedures aside', (_name, pathway) => {
    fc.assert(
      fc.property(choices, (story) => {
        const events = tell(pathway, story)
        const last = events.findLast(
          ({ what }) => what.kind !== 'milestone' || milestoneOf(pathway, what.code)?.kind !== 'procedure',
        )!
        const { state } = courseOf(pathway, events)
        if (last.what.kind === 'exit') expect(state).toBe(last.what.exit)
        else expect(state).toBe(last.what.kind === 'milestone' && stateOf[last.what.code])
      }),
      { numRuns: 400 },
    )
  })

  const stateOf: Record<string, SubjectState> = {
    consent: 'screening',
    eligibility: 'eligible',
    provisional: 'provisional',
    registration: 'registered',
    final: 'registered',
    arm: 'allocated',
    treatment: 'treated',
    week_12: 'follow_up',
    visit: 'follow_up',
  }
})

describe('what had happened', () => {
  const events = eventsOf(['consent', '2026-01-22'], ['eligibility', '2026-01-25'], ['exit:declined', '2026-02-01'])

  it('by a day includes that day, and nothing after it', () => {
    const by = (on: string) => eventsBy(events, day(on)).map(({ occurredOn }) => occurredOn)
    expect(by('2026-01-21')).toEqual([])
    expect(by('2026-01-25')).toEqual(['2026-01-22', '2026-01-25'])
    expect(by('2026-02-01')).toHaveLength(3)
  })

  it('the day a milestone was reached is null where it was not; an exit is no milestone', () => {
    expect(reachedOn(events, 'eligibility')).toBe('2026-01-25')
    expect(reachedOn(events, 'registration')).toBeNull()
    expect(reachedOn(events, 'declined')).toBeNull()
  })
})

describe('the milestones that may come next', () => {
  const next = (pathway: Pathway, state: SubjectState, ...told: Told[]) =>
    nextMilestones(pathway, state, eventsOf(...told)).map(({ code }) => code)
  const consent: Told = ['consent', '2026-01-22']

  it('after consent: the judgement, and not the registration that requires it', () => {
    expect(next(oneStage, 'screening', consent)).toEqual(['eligibility'])
  })

  it('after the judgement: the registration, and not the judgement again', () => {
    expect(next(oneStage, 'eligible', consent, ['eligibility', '2026-01-25'])).toEqual(['registration'])
  })

  it('after consent to a two-stage trial: the index date and the first stage, not the second', () => {
    expect(next(twoStage, 'screening', consent)).toEqual(['injury', 'provisional'])
  })

  it('after the first stage: the second, and samples as often as there are', () => {
    const told: Told[] = [consent, ['injury', '2026-01-10'], ['provisional', '2026-01-23'], ['blood', '2026-01-30']]
    expect(next(twoStage, 'provisional', ...told)).toEqual(['blood', 'final'])
  })

  it('after an exit: nothing', () => {
    expect(next(oneStage, 'declined', consent, ['exit:declined', '2026-01-25'])).toEqual([])
  })

  it('after nobody knew: what could have come before', () => {
    expect(next(oneStage, 'unaccounted', consent, ['exit:unaccounted', '2026-06-24'])).toEqual(['eligibility'])
  })
})

describe('the required milestone that is missing', () => {
  const milestone = (code: string) => milestoneOf(twoStage, code)!

  it('is the first in the pathway that was not reached', () => {
    expect(missingBefore(twoStage, milestone('final'), eventsOf(['consent', '2026-01-22']))?.code).toBe('provisional')
    expect(missingBefore(twoStage, milestone('visit'), eventsOf(['consent', '2026-01-22']))?.code).toBe('provisional')
  })

  it('is none where only optional ones were left out', () => {
    const told = eventsOf(['consent', '2026-01-22'], ['provisional', '2026-01-23'])
    expect(missingBefore(twoStage, milestone('final'), told)).toBeNull()
  })

  it('is none before the first milestone', () => {
    expect(missingBefore(twoStage, milestone('injury'), [])).toBeNull()
  })
})
