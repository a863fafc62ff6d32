import { describe, expect, it } from 'vitest'
import { isCommonPassword, passwordProblems } from '../../server/domain/password-rule.ts'

const owner = { username: 'm.sato', names: ['佐藤 真理', 'Mari Sato'], secondFactor: 'none' } as const
const codes = (password: string, secondFactor: 'none' | 'set_up' = 'none') =>
  passwordProblems(password, { ...owner, secondFactor }).map(({ code }) => code)

describe('a password', () => {
  it('has 15 characters or more, 8 beside a second factor, and 256 at most', () => {
    expect(codes('rain on a roof')).toEqual(['password_length'])
    expect(codes('rain on a roof.')).toEqual([])
    expect(codes('ra1n rf', 'set_up')).toEqual(['password_length'])
    expect(codes('wet roof', 'set_up')).toEqual([])
    expect(codes('雨の日に屋根の音を聞いている。')).toEqual([])
    expect(codes('rain on a roof. '.repeat(16))).toEqual([])
    expect(codes(`${'rain on a roof. '.repeat(16)}x`)).toEqual(['password_length'])
  })

  it.each([
    'password12345678',
    'P@ssw0rd!P@ssw0rd!',
    '1234567890123456',
    'qwertyuiopasdfghjkl',
    'aaaaaaaaaaaaaaaaaa',
    'abababababababab',
    'letmeinletmein99',
    'passwordpassword',
    'correct horse battery staple',
    'iloveyou iloveyou',
    'administrator2026',
    'abcdefghijklmnop',
    '9876543210987654',
    'ｐａｓｓｗｏｒｄ１２３４５６７８',
    '1qaz2wsx3edc4rfv',
  ])('is not one of the first guesses: %s', (password) => {
    expect(isCommonPassword(password)).toBe(true)
    expect(codes(password)).toEqual(['password_common'])
  })

  it.each(['rain on the roof', 'three blue herons wait', '長い合言葉は覚えやすいものだ。', 'demo-coordinator-01'])(
    'may be any other sentence: %s',
    (password) => {
      expect(isCommonPassword(password)).toBe(false)
    },
  )

  it('has nothing of its owner’s name in it', () => {
    expect(codes('m.sato is not here today')).toEqual(['password_has_name'])
    expect(codes('MariSato walks in rain')).toEqual(['password_has_name'])
    expect(codes('佐藤真理は雨の日に屋根の音を聞く')).toEqual(['password_has_name'])
    expect(codes('Mari is four letters long')).toEqual(['password_has_name'])
    expect(codes('marble stairs in rain')).toEqual([])
  })

  it('is told at the field it was typed into', () => {
    expect(passwordProblems('short', owner, 'fresh')[0]).toEqual({
      field: 'fresh',
      code: 'password_length',
      values: { least: 15, most: 256 },
    })
  })
})
