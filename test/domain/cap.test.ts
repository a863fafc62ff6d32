import { describe, expect, it } from 'vitest'
import { type Cap, capProblems, capWarnings, couldExceedTarget } from '../../server/domain/cap.ts'

const cap = (differences: Partial<Cap>): Cap => ({
  id: 'cap',
  siteId: null,
  armCode: null,
  hardNumber: null,
  softNumber: null,
  ...differences,
})
const atSite = { siteId: '01', armCode: null }
const counted = { inTrial: 8, atSite: 3, inArm: null }

describe('a hard cap', () => {
  it.each([
    ['of the trial', cap({ hardNumber: 8 }), 'cap_reached_trial', 8, 8],
    ['of the site', cap({ siteId: '01', hardNumber: 3 }), 'cap_reached_site', 3, 3],
    ['that was set below what there is', cap({ siteId: '01', hardNumber: 2 }), 'cap_reached_site', 2, 3],
  ])('%s refuses the next one: %s', (_name, one, code, limit, number) => {
    expect(capProblems([one], atSite, counted)).toEqual([{ field: 'what', code, values: { cap: limit, number } }])
  })

  it('leaves the last place, and says nothing of another site, of arms, or of a limit that was lifted', () => {
    const others = [
      cap({ hardNumber: 9 }),
      cap({ siteId: '01', hardNumber: 4 }),
      cap({ siteId: '02', hardNumber: 0 }),
      cap({ armCode: 'A', hardNumber: 0 }),
      cap({ softNumber: 1 }),
    ]
    expect(capProblems(others, atSite, counted)).toEqual([])
  })

  it('of an arm is about that arm alone', () => {
    const caps = [cap({ armCode: 'A', hardNumber: 4 }), cap({ armCode: 'B', hardNumber: 0 })]
    const inArm = { inTrial: 8, atSite: 3, inArm: 4 }
    expect(capProblems(caps, { siteId: '01', armCode: 'A' }, inArm)).toEqual([
      { field: 'what', code: 'cap_reached_arm', values: { cap: 4, number: 4 } },
    ])
  })
})

it('a soft cap warns of the registration that passes it, and refuses nothing', () => {
  const one = cap({ softNumber: 3, siteId: '01' })
  expect(capProblems([one], atSite, counted)).toEqual([])
  expect(capWarnings([one], atSite, counted)).toEqual([
    { field: 'what', code: 'cap_passed_site', values: { cap: 3, number: 3 } },
  ])
  expect(capWarnings([one], atSite, { ...counted, atSite: 2 })).toEqual([])
})

it('10 registered and 3 waiting could pass a target of 12, 2 waiting could not, and nobody waiting never', () => {
  expect(couldExceedTarget(10, 3, 12)).toBe(true)
  expect(couldExceedTarget(10, 2, 12)).toBe(false)
  expect(couldExceedTarget(13, 0, 12)).toBe(false)
})
