import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Milestone, type Pathway, pathwayOf } from '../../server/domain/milestone.ts'
import { milestonesAfter, pathwayChangeProblems, seenWhole, toldOnce } from '../../server/domain/pathway-change.ts'
import { pathwayProblems } from '../../server/domain/pathway-problems.ts'
import { moved, type Setting } from '../../server/domain/setting-change.ts'
import { courseOf, missingBefore, nextMilestones, type SubjectEvent } from '../../server/domain/subject.ts'
import { exitsFrom } from '../../server/domain/subject-state.ts'
import { eventsOf, milestone, oneStage, type Told, twoStage } from './protocols.ts'

const codesOf = (problems: readonly { code: string }[]) => problems.map(({ code }) => code)

function withMilestone(pathway: Pathway, code: string, differences: Partial<Milestone>): Milestone[] {
  return pathway.milestones.map((one) => (one.code === code ? { ...one, ...differences } : one))
}

function refusalOf(before: Pathway, after: readonly Milestone[], ...told: readonly Told[]): string[] {
  expect(pathwayProblems(after)).toEqual([])
  return codesOf(pathwayChangeProblems(before, pathwayOf(after), [eventsOf(...told)]))
}

const registered: readonly Told[] = [
  ['consent', '2026-02-10'],
  ['eligibility', '2026-02-24'],
  ['registration', '2026-03-02'],
]

describe('a change of a pathway that has events', () => {
  it('may give a milestone another name, and another window', () => {
    const schedule = { anchorCode: 'registration', offsetDays: 84, windowBeforeDays: 7, windowAfterDays: 7 }
    const after = withMilestone(oneStage, 'week_12', { label: { ja: '12週来院', en: 'Visit of week 12' }, schedule })
    expect(refusalOf(oneStage, after, ...registered, ['treatment', '2026-03-20'], ['week_12', '2026-06-10'])).toEqual(
      [],
    )
  })

  it('may add what nobody has to have', () => {
    const after = oneStage.milestones.toSpliced(2, 0, milestone('mri', 'procedure'))
    expect(refusalOf(oneStage, after, ...registered)).toEqual([])
  })

  it('may take out a milestone that nobody reached', () => {
    const after = oneStage.milestones.filter(({ code }) => code !== 'week_12')
    expect(refusalOf(oneStage, after, ...registered)).toEqual([])
  })

  it('takes out none that somebody reached', () => {
    const after = oneStage.milestones.filter(({ code }) => code !== 'eligibility')
    expect(refusalOf(oneStage, after, ...registered)).toEqual(['milestone_has_events'])
  })

  it('gives none that somebody reached another kind', () => {
    const after = withMilestone(oneStage, 'eligibility', { kind: 'procedure' })
    expect(refusalOf(oneStage, after, ...registered)).toEqual(['milestone_kind_has_events'])
  })

  it('leaves repeatable what somebody has twice, and only that', () => {
    const after = withMilestone(twoStage, 'blood', { repetition: 'once' })
    const once: readonly Told[] = [
      ['consent', '2026-02-10'],
      ['provisional', '2026-02-24'],
      ['blood', '2026-02-25'],
    ]
    expect(refusalOf(twoStage, after, ...once)).toEqual([])
    expect(refusalOf(twoStage, after, ...once, ['blood', '2026-02-28'])).toEqual(['milestone_repeated'])
  })

  it('requires nothing that somebody went past', () => {
    const after = oneStage.milestones.toSpliced(2, 0, milestone('mri', 'procedure', { necessity: 'required' }))
    const [problem] = pathwayChangeProblems(oneStage, pathwayOf(after), [eventsOf(...registered)])
    expect(problem).toEqual({
      field: 'necessity',
      code: 'milestone_lacking',
      values: { milestone: 'mri', reached: 'registration' },
    })
    expect(refusalOf(oneStage, after, ['consent', '2026-02-10'])).toEqual([])
  })

  it('counts what it counted, once somebody reached one of the two', () => {
    const after = twoStage.milestones.map((one) => ({
      ...one,
      counting: one.code === 'provisional' ? ('target' as const) : ('none' as const),
    }))
    expect(refusalOf(twoStage, after, ['consent', '2026-02-10'])).toEqual([])
    expect(refusalOf(twoStage, after, ['consent', '2026-02-10'], ['provisional', '2026-02-24'])).toEqual([
      'counting_has_events',
    ])
  })

  it('makes no registration provisional by another one behind it', () => {
    const after = oneStage.milestones.toSpliced(3, 0, milestone('second', 'registration_stage'))
    expect(refusalOf(oneStage, after, ['consent', '2026-02-10'])).toEqual([])
    expect(refusalOf(oneStage, after, ...registered)).toEqual(['registration_has_events'])
  })

  it('may not anchor a visit that took place to something that did not', () => {
    const schedule = { anchorCode: 'mri', offsetDays: 1, windowBeforeDays: 0, windowAfterDays: 0 }
    const before = pathwayOf(oneStage.milestones.toSpliced(3, 0, milestone('mri', 'procedure')))
    const after = withMilestone(before, 'week_12', { schedule })
    const visited: readonly Told[] = [...registered, ['treatment', '2026-03-20'], ['week_12', '2026-06-10']]
    expect(refusalOf(before, after, ...visited)).toEqual(['milestone_lacking'])
  })

  it('tells each reason once, however many subjects have it', () => {
    const after = pathwayOf(oneStage.milestones.filter(({ code }) => code !== 'eligibility'))
    const one = eventsOf(...registered)
    expect(pathwayChangeProblems(oneStage, after, [one, one, one])).toHaveLength(1)
    const twice = pathwayChangeProblems(oneStage, after, [one])
    expect(toldOnce([...twice, ...twice])).toHaveLength(1)
  })
})

describe('whatever the change and whatever happened before', () => {
  /** Somebody's way through a pathway: at each turn one of the steps that its rules allow. */
  function wander(pathway: Pathway, turns: readonly number[]): SubjectEvent[] {
    const told: Told[] = [['consent', '2026-01-05']]
    for (const [index, turn] of turns.entries()) {
      const events = eventsOf(...told)
      const { state } = courseOf(pathway, events)
      const steps = nextMilestones(pathway, state, events).map(({ code }) => code)
      const exits = turn % 5 === 0 ? exitsFrom(state).map((exit) => `exit:${exit}`) : []
      const possible = [...steps, ...exits]
      const next = possible[turn % Math.max(1, possible.length)]
      if (next === undefined) break
      told.push([next, `2026-02-${String(index + 1).padStart(2, '0')}`])
    }
    return eventsOf(...told)
  }

  type Alter = readonly [what: number, which: number, how: number]

  /** One of the many things that somebody could do to a pathway; not all of them leave one. */
  function altered(milestones: readonly Milestone[], [what, which, how]: Alter): Milestone[] {
    const one = milestones[which % milestones.length]
    if (one === undefined) return [...milestones]
    const other = milestones[how % milestones.length]
    const changed = (differences: Partial<Milestone>) =>
      milestones.map((each) => (each === one ? { ...each, ...differences } : each))
    switch (what % 8) {
      case 0:
        return milestones.filter((each) => each !== one)
      case 1:
        return moved(milestones, one, how % 2 === 0 ? 'up' : 'down')
      case 2:
        return changed({ necessity: one.necessity === 'required' ? 'optional' : 'required' })
      case 3:
        return changed({ repetition: one.repetition === 'once' ? 'repeatable' : 'once' })
      case 4:
        return changed({ kind: other?.kind ?? 'procedure' })
      case 5:
        return milestones.map((each) => ({ ...each, counting: each === one ? 'target' : 'none' }))
      case 6:
        return changed({
          schedule: { anchorCode: other?.code ?? '', offsetDays: how, windowBeforeDays: 3, windowAfterDays: 3 },
        })
      default:
        return milestones.toSpliced(which % (milestones.length + 1), 0, {
          ...milestone('fresh', other?.kind ?? 'visit'),
          necessity: how % 2 === 0 ? 'required' : 'optional',
        })
    }
  }

  const alter = fc.tuple(fc.nat(7), fc.nat(20), fc.nat(20))

  it('one that is allowed leaves every subject where it is, counted as it was, and nobody lacking a step', () => {
    let [allowed, refused] = [0, 0]
    fc.assert(
      fc.property(
        fc.constantFrom(oneStage, twoStage),
        fc.array(fc.array(fc.nat(1000), { maxLength: 10 }), { minLength: 1, maxLength: 5 }),
        fc.array(alter, { minLength: 1, maxLength: 3 }),
        (before, ways, alters) => {
          const milestones = alters.reduce(altered, [...before.milestones])
          if (pathwayProblems(milestones).length > 0) return
          const after = pathwayOf(milestones)
          const subjects = ways.map((turns) => wander(before, turns))
          if (pathwayChangeProblems(before, after, subjects).length > 0) {
            refused += 1
            return
          }
          allowed += 1
          for (const events of subjects) {
            expect(courseOf(after, events)).toEqual(courseOf(before, events))
            const reached = events.map(({ what }) => (what.kind === 'milestone' ? what.code : ''))
            for (const one of after.milestones.filter(({ code }) => reached.includes(code))) {
              expect(missingBefore(after, one, events)).toBeNull()
            }
            expect(reached.includes(after.counting.code)).toBe(reached.includes(before.counting.code))
            expect(reached.includes(after.registration.code)).toBe(reached.includes(before.registration.code))
          }
        },
      ),
      { numRuns: 3000, seed: 20260624 },
    )
    // Both sides of the rule were met.
    expect(allowed).toBeGreaterThan(100)
    expect(refused).toBeGreaterThan(100)
  })

  it('whatever `pathwayProblems` lets pass, is a pathway', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(oneStage, twoStage),
        fc.array(alter, { minLength: 1, maxLength: 6 }),
        (before, alters) => {
          const milestones = alters.reduce(altered, [...before.milestones])
          if (pathwayProblems(milestones).length > 0) return
          expect(pathwayOf(milestones).milestones).toEqual(milestones)
        },
      ),
      { numRuns: 2000, seed: 20260624 },
    )
  })
})

describe('the milestones after a change', () => {
  const settings: Setting<Milestone>[] = oneStage.milestones.map((value) => ({
    id: `id of ${value.code}`,
    seen: `as ${value.code} was`,
    value,
  }))
  const id = (code: string) => ({ id: `id of ${code}`, seen: `as ${code} was` })
  const codesAfter = (change: Parameters<typeof milestonesAfter>[1]) => {
    const next = milestonesAfter(settings, change)
    return 'problems' in next ? codesOf(next.problems) : next.milestones.map(({ code }) => code)
  }

  it('a new one stands where it was put', () => {
    const mri = milestone('mri', 'procedure')
    expect(codesAfter({ do: 'add', to: { milestone: mri, after: 'consent' } }).slice(0, 3)).toEqual([
      'consent',
      'mri',
      'eligibility',
    ])
    expect(codesAfter({ do: 'add', to: { milestone: mri, after: null } })[0]).toBe('mri')
    expect(codesAfter({ do: 'add', to: { milestone: mri, after: 'nowhere' } })).toEqual(['choice_missing'])
  })

  it('one place up or down, and no further than the ends', () => {
    expect(codesAfter({ do: 'move', ...id('eligibility'), direction: 'up' }).slice(0, 2)).toEqual([
      'eligibility',
      'consent',
    ])
    expect(codesAfter({ do: 'move', ...id('consent'), direction: 'up' })).toEqual(
      oneStage.milestones.map(({ code }) => code),
    )
  })

  it('what comes to count takes that over from the one that counted', () => {
    const treatment = milestone('treatment', 'treatment', { counting: 'target' })
    const to = { milestone: treatment, after: 'registration' }
    const next = milestonesAfter(settings, { do: 'change', ...id('treatment'), to, reason: null })
    expect('milestones' in next && next.milestones.filter(({ counting }) => counting === 'target')).toEqual([treatment])
  })

  it('is told to whoever saw another one, or one that is gone', () => {
    expect(codesAfter({ do: 'retire', id: 'id of week_12', seen: 'as it was long ago' })).toEqual([
      'setting_changed_meanwhile',
    ])
    expect(codesAfter({ do: 'retire', id: 'id of nothing', seen: '' })).toEqual(['setting_gone'])
    expect(codesAfter({ do: 'template', milestones: [], seen: seenWhole(settings.slice(1)) })).toEqual([
      'setting_changed_meanwhile',
    ])
  })
})
