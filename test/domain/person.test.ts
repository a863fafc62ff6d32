import { describe, expect, it } from 'vitest'
import { deviceOf } from '../../server/domain/device.ts'
import { acts, mayInSystem, roles } from '../../server/domain/permission.ts'
import { accountState, linkExpiry, nameInBoth } from '../../server/domain/person.ts'
import { isStepOpen, personSteps } from '../../server/domain/person-step.ts'

const noon = '2026-06-24T03:00:00.000Z'

describe('an account', () => {
  it('is active with a password, invited with an open link, over when it ended', () => {
    const state = (account: Partial<Parameters<typeof accountState>[0]>) =>
      accountState({ endedAt: null, hasPassword: false, openId: null, openLinkUntil: null, ...account }, noon)
    expect(state({ hasPassword: true })).toBe('active')
    expect(state({ openLinkUntil: '2026-06-24T03:00:00.001Z' })).toBe('invited')
    expect(state({ openLinkUntil: noon })).toBe('uninvited')
    expect(state({})).toBe('uninvited')
    expect(state({ endedAt: noon, hasPassword: true })).toBe('ended')
  })

  it('has a name in one language at least', () => {
    expect(nameInBoth('佐藤', '')).toEqual({ ja: '佐藤', en: '佐藤' })
    expect(nameInBoth('', 'Sato')).toEqual({ ja: 'Sato', en: 'Sato' })
    expect(nameInBoth('', '')).toBeNull()
  })

  it('is invited for seven days, and found again within one', () => {
    expect(linkExpiry('invitation', noon)).toBe('2026-07-01T03:00:00.000Z')
    expect(linkExpiry('reset', noon)).toBe('2026-06-25T03:00:00.000Z')
    expect(linkExpiry('set_up', noon)).toBe('2026-06-25T03:00:00.000Z')
  })
})

it('an administrator may do to an account what its standing allows', () => {
  const open = (standing: Partial<Parameters<typeof isStepOpen>[1]>) =>
    personSteps.filter((step) =>
      isStepOpen(step, {
        isEnded: false,
        hasPassword: true,
        hasLink: false,
        hasSecondFactor: false,
        hasOpenId: false,
        ...standing,
      }),
    )
  expect(open({})).toEqual(['reset', 'end'])
  expect(open({ hasPassword: false, hasLink: true })).toEqual(['invitation', 'link_end', 'end'])
  expect(open({ hasPassword: false, hasOpenId: true })).toEqual(['first_password', 'openid_end', 'end'])
  expect(open({ hasOpenId: true })).toEqual(['reset', 'openid_end', 'end'])
  expect(open({ hasSecondFactor: true })).toEqual(['reset', 'second_factor_end', 'end'])
  expect(open({ isEnded: true, hasLink: true, hasSecondFactor: true })).toEqual(['reopening'])
})

it('people are managed by the administrator of the installation alone', () => {
  const may = roles.filter((role) => mayInSystem([{ role, trialId: null, siteId: null }], 'manage_people'))
  expect(may).toEqual(['administrator'])
  expect(mayInSystem([{ role: 'administrator', trialId: 'a-trial', siteId: null }], 'manage_people')).toBe(false)
  expect(acts).toContain('manage_people')
})

it.each([
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0', 'edge windows'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0', 'firefox windows'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15', 'safari mac'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1',
    'safari ios',
  ],
  ['Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36', 'chrome android'],
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36', 'chrome linux'],
  ['curl/8.0', 'unknown unknown'],
  ['', 'unknown unknown'],
])('a device is told by its browser: %s', (agent, device) => {
  const { browser, system } = deviceOf(agent)
  expect(`${browser} ${system}`).toBe(device)
})
