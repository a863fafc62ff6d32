import { describe, expect, it } from 'vitest'
import { type Milestone, pathwayOf } from '../../server/domain/milestone.ts'
import { pathwayProblems } from '../../server/domain/pathway-problems.ts'
import { pathwayTemplates, templateMilestones } from '../../server/domain/pathway-template.ts'
import { milestone, oneStage, twoStage } from './protocols.ts'

const consent = milestone('consent', 'screening')
const registration = milestone('registration', 'registration_stage', { counting: 'target' })
const visit = (code: string, anchorCode: string): Milestone =>
  milestone(code, 'visit', { schedule: { anchorCode, offsetDays: 84, windowBeforeDays: 7, windowAfterDays: 7 } })

const codesOf = (...milestones: readonly Milestone[]) => pathwayProblems(milestones).map(({ code }) => code)

describe('milestones that make no pathway', () => {
  it('none is wrong with those of the protocols', () => {
    expect(codesOf(...oneStage.milestones)).toEqual([])
    expect(codesOf(...twoStage.milestones)).toEqual([])
  })

  it.each<[string, string, readonly Milestone[]]>([
    ['no screening', 'pathway_no_screening', [registration]],
    ['two screenings', 'pathway_screened_twice', [consent, milestone('again', 'screening'), registration]],
    ['no registration', 'pathway_no_registration', [milestone('consent', 'screening', { counting: 'target' })]],
    [
      'three registrations',
      'pathway_stages_many',
      [consent, ...['a', 'b'].map((code) => milestone(code, 'registration_stage')), registration],
    ],
    [
      'two allocations',
      'pathway_allocated_twice',
      [consent, registration, milestone('a', 'allocation'), milestone('b', 'allocation')],
    ],
    [
      'a registration that repeats',
      'pathway_only_once',
      [consent, milestone('r', 'registration_stage', { counting: 'target', repetition: 'repeatable' })],
    ],
    ['none that counts', 'pathway_counts_none', [consent, milestone('registration', 'registration_stage')]],
    [
      'two that count',
      'pathway_counts_twice',
      [consent, registration, milestone('treatment', 'treatment', { counting: 'target' })],
    ],
    [
      'a treatment that counts, which neither target nor caps could refuse',
      'pathway_counts_no_registration',
      [
        consent,
        milestone('registration', 'registration_stage'),
        milestone('treatment', 'treatment', { counting: 'target' }),
      ],
    ],
    [
      'a code with a meaning of its own',
      'pathway_code_reserved',
      [consent, registration, milestone('prescreened', 'procedure')],
    ],
    [
      'a code that every object has',
      'pathway_code_reserved',
      [consent, registration, milestone('constructor', 'procedure')],
    ],
    ['a code twice', 'pathway_code_twice', [consent, registration, milestone('consent', 'procedure')]],
    ['a registration before the screening', 'pathway_before_screening', [registration, consent]],
    [
      'eligibility after the registration',
      'pathway_after_registration',
      [consent, registration, milestone('eligibility', 'eligibility')],
    ],
    [
      'a treatment before the registration',
      'pathway_before_registration',
      [consent, milestone('treatment', 'treatment'), registration],
    ],
    ['a visit counted from nothing', 'pathway_anchor_unknown', [consent, registration, visit('week_12', 'treatment')]],
    ['a visit counted from itself', 'pathway_anchor_itself', [consent, registration, visit('week_12', 'week_12')]],
    [
      'a visit before its anchor',
      'pathway_anchor_later',
      [consent, registration, visit('week_12', 'treatment'), milestone('treatment', 'treatment')],
    ],
  ])('%s', (_name, code, milestones) => {
    expect(codesOf(...milestones)).toEqual([code])
  })

  it('visits counted from each other in a circle', () => {
    const circle = [consent, registration, visit('a', 'b'), visit('b', 'c'), visit('c', 'a')]
    expect(codesOf(...circle)).toEqual(['pathway_anchor_circle', 'pathway_anchor_circle', 'pathway_anchor_circle'])
  })

  it('a chain of visits is no circle, however long', () => {
    expect(codesOf(consent, registration, visit('a', 'registration'), visit('b', 'a'), visit('c', 'b'))).toEqual([])
  })

  it('names the milestone that stands in the way', () => {
    const [problem] = pathwayProblems([consent, registration, visit('week_12', 'nothing')])
    expect(problem).toEqual({
      field: 'anchorCode',
      code: 'pathway_anchor_unknown',
      values: { milestone: 'week_12', anchor: 'nothing' },
    })
  })
})

describe('a template', () => {
  const labelled = (name: (typeof pathwayTemplates)[number], design: 'single_arm' | 'randomised') =>
    templateMilestones(name, design, (label) => ({ ja: label, en: label }))

  it.each(pathwayTemplates)('%s is a pathway of which the last registration counts', (name) => {
    for (const design of ['single_arm', 'randomised'] as const) {
      const milestones = labelled(name, design)
      expect(pathwayProblems(milestones)).toEqual([])
      const pathway = pathwayOf(milestones)
      expect(pathway.counting).toBe(pathway.registration)
      expect(pathway.provisional === null).toBe(name === 'one_stage')
      expect(milestones.some(({ kind }) => kind === 'allocation')).toBe(design === 'randomised')
    }
  })

  it('of two stages speaks of provisional and final, or of primary and secondary registration', () => {
    const stages = (name: (typeof pathwayTemplates)[number]) =>
      labelled(name, 'single_arm')
        .filter(({ kind }) => kind === 'registration_stage')
        .map(({ code, label }) => [code, label.en])
    expect(stages('two_stage')).toEqual([
      ['provisional', 'provisional'],
      ['final', 'final'],
    ])
    expect(stages('two_stage_numbered')).toEqual([
      ['provisional', 'primary'],
      ['final', 'secondary'],
    ])
  })
})
