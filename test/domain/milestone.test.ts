import { describe, expect, it } from 'vitest'
import { milestoneOf, pathwayOf } from '../../server/domain/milestone.ts'
import { milestone, oneStage, twoStage } from './protocols.ts'

const consent = milestone('consent', 'screening')
const registration = milestone('registration', 'registration_stage', { counting: 'target' })

describe('the pathway of a trial', () => {
  it('with one registration has no provisional one, and counts the registration', () => {
    expect(oneStage.screening.code).toBe('consent')
    expect(oneStage.provisional).toBeNull()
    expect(oneStage.registration.code).toBe('registration')
    expect(oneStage.counting.code).toBe('registration')
  })

  it('with two registrations calls the first provisional; the final one is the registration, and counts', () => {
    expect(twoStage.provisional?.code).toBe('provisional')
    expect(twoStage.registration.code).toBe('final')
    expect(twoStage.counting.code).toBe('final')
  })

  it('counts the provisional registration only where the trial says so', () => {
    const provisional = milestone('provisional', 'registration_stage', { counting: 'target' })
    const pathway = pathwayOf([consent, provisional, milestone('final', 'registration_stage')])
    expect(pathway.counting.code).toBe('provisional')
    expect(pathway.registration.code).toBe('final')
  })

  it('keeps its milestones in the order in which the trial configured them', () => {
    expect(twoStage.milestones.map(({ code }) => code)).toEqual([
      'injury',
      'consent',
      'provisional',
      'blood',
      'final',
      'arm',
      'treatment',
      'visit',
    ])
  })

  it('is none without a screening or without a registration', () => {
    expect(() => pathwayOf([registration])).toThrow('needs a screening and a registration')
    expect(() => pathwayOf([consent])).toThrow('needs a screening and a registration')
    expect(() => pathwayOf([])).toThrow('needs a screening and a registration')
  })

  it('is none unless exactly one milestone counts toward the target', () => {
    expect(() => pathwayOf([consent, milestone('registration', 'registration_stage')])).toThrow('not 0')
    expect(() => pathwayOf([consent, registration, milestone('t', 'treatment', { counting: 'target' })])).toThrow(
      'not 2',
    )
  })
})

describe('a milestone by its code', () => {
  it('is found in the pathway that has it', () => {
    expect(milestoneOf(twoStage, 'arm')?.kind).toBe('allocation')
  })

  it('is null where the pathway has none of that code, whatever JavaScript calls its own', () => {
    expect(milestoneOf(oneStage, 'arm')).toBeNull()
    expect(milestoneOf(oneStage, 'constructor')).toBeNull()
    expect(milestoneOf(oneStage, '')).toBeNull()
  })
})
