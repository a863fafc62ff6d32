/** What of a provider's claims counts: a name that can be shown, and whether a second factor was asked for. */
import { describe, expect, it } from 'vitest'
import { cleanName, nameFromClaims, secondFactorOf } from '../../server/domain/openid.ts'
import { usernameProblems, waysIn } from '../../server/domain/person.ts'

describe('a name', () => {
  it.each([
    [' a\u202e\tb ', 'a b'],
    ['佐藤　花子', '佐藤 花子'],
    ['ガ', 'ガ'],
    ['\u0000\u200b\ufeff', ''],
    ['\ud800half', 'half'],
    ['<b>bold</b>', '<b>bold</b>'],
    ['葛\u{e0100}城', '葛\u{e0100}城'],
    [42, ''],
    [null, ''],
    [{ name: 'x' }, ''],
  ])('%j is %j', (claim, name) => {
    expect(cleanName(claim)).toBe(name)
  })

  it('has 100 characters at most, none of them cut in half', () => {
    expect(cleanName('𠮷'.repeat(200))).toBe('𠮷'.repeat(100))
    expect(cleanName(`${'a'.repeat(99)} b`)).toBe('a'.repeat(99))
  })

  it('is the full one, else the one they go by there, else none', () => {
    expect(nameFromClaims({ name: 'Mari Sato', preferred_username: 'm.sato' })).toBe('Mari Sato')
    expect(nameFromClaims({ name: ' ', preferred_username: 'm.sato', email: 'm@example.org' })).toBe('m.sato')
    expect(nameFromClaims({ email: 'm@example.org' })).toBe('')
  })
})

it.each([
  [{ amr: ['pwd', 'mfa'] }, 'passed'],
  [{ amr: ['otp'] }, 'passed'],
  [{ amr: ['hwk'] }, 'passed'],
  [{ acr: 'https://refeds.org/profile/mfa' }, 'passed'],
  [{ acr: 'phr' }, 'passed'],
  [{ amr: ['pwd'] }, 'none'],
  [{ amr: ['sms', 'pwd'] }, 'none'],
  [{ amr: 'mfa' }, 'none'],
  [{ amr: [['mfa']] }, 'none'],
  [{ acr: '0' }, 'none'],
  [{ acr: ['phr'] }, 'none'],
  [{}, 'none'],
])('of %j a second factor is %s', (claims, expected) => {
  expect(secondFactorOf(claims)).toBe(expected)
})

it('usernames of first sign-ins are nobody’s to choose', () => {
  expect(usernameProblems('openid-3f9a1c07b2e4').map(({ code }) => code)).toEqual(['username_kept'])
  expect(usernameProblems('openid')).toEqual([])
})

it('there are as many ways in as there are proofs', () => {
  const ways = [
    waysIn({ hasPassword: true, openId: {} }),
    waysIn({ hasPassword: false, openId: {} }),
    waysIn({ hasPassword: true, openId: null }),
    waysIn({ hasPassword: false, openId: null }),
  ]
  expect(ways).toEqual([['password', 'openid'], ['openid'], ['password'], []])
})
