/**
 * What a password must be: long, rather than strange (NIST SP 800-63B, 3.1.1.2): 15 characters or more, 8 where a second
 * factor stands beside it; none of the common ones, and nothing that stands in the person's own name.
 */
import { firstGuesses } from './first-guesses.ts'
import type { Problem } from './parsed.ts'

export const mostPasswordLength = 256

/** The shortest password, in characters as a person counts them. */
export function leastPasswordLength(secondFactor: 'set_up' | 'none'): number {
  return secondFactor === 'set_up' ? 8 : 15
}

export type PasswordOwner = {
  username: string
  /** The person's names, in whatever languages. */
  names: readonly string[]
  secondFactor: 'set_up' | 'none'
}

/** Everything that stands against a password, at the field that it was typed into. */
export function passwordProblems(password: string, owner: PasswordOwner, field = 'password'): Problem[] {
  const problems: Problem[] = []
  const length = [...password.normalize('NFC')].length
  const values = { least: leastPasswordLength(owner.secondFactor), most: mostPasswordLength }
  if (length < values.least || length > values.most) problems.push({ field, code: 'password_length', values })
  else if (isCommonPassword(password)) problems.push({ field, code: 'password_common' })
  else if (hasName(password, owner)) problems.push({ field, code: 'password_has_name' })
  return problems
}

/**
 * Whether everybody's first guesses would find it: a common password, also one that is written twice, lengthened by
 * figures and signs or spelt with figures; one character or a short run again and again; a walk along the keyboard.
 */
export function isCommonPassword(password: string): boolean {
  const plain = password.normalize('NFKC').toLowerCase().replace(/\s/g, '')
  const words = [plain, shortestUnit(plain)].flatMap((text) => [text, withoutSignsAround(text)])
  return words.some((word) => [word, shortestUnit(word), inLetters(word)].some(isWellKnown))
}

/** `!password2026!` -> `password`. */
function withoutSignsAround(text: string): string {
  return text.replace(/[\d!-/:-@[-`{-~]+$/, '').replace(/^[\d!-/:-@[-`{-~]+/, '')
}

function isWellKnown(text: string): boolean {
  if (text === '') return true
  return firstGuesses.has(text) || new Set(text).size <= 2 || isWalk(text)
}

/** `p4$$w0rd` -> `password`. */
function inLetters(text: string): string {
  const letters: Record<string, string> = { 0: 'o', 1: 'l', 3: 'e', 4: 'a', 5: 's', 7: 't', '@': 'a', $: 's', '!': 'i' }
  return text.replace(/[013457@$!]/g, (sign) => letters[sign] ?? sign)
}

/** What a text repeats: `abcabcab` -> `abc`, `passwordpassword` -> `password`; itself where it repeats nothing. */
function shortestUnit(text: string): string {
  for (let length = 1; length <= text.length / 2; length += 1) {
    const unit = text.slice(0, length)
    if (unit.repeat(Math.ceil(text.length / length)).startsWith(text)) return unit
  }
  return text
}

const rows = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', '1qaz2wsx3edc4rfv']

/** `123456789`, `lkjhgfdsa`, `qwertyuiopasdfghjkl`: steps along one row, then along the next. */
function isWalk(text: string): boolean {
  const ways = rows.flatMap((row) => [row, [...row].reverse().join('')])
  let steps = 0
  for (let place = 1; place < text.length; place += 1) {
    const pair = text.slice(place - 1, place + 1)
    if (ways.some((way) => way.includes(pair))) steps += 1
  }
  return text.length > 3 && steps >= (text.length - 1) * 0.8
}

/** A name of three letters or fewer stands in many words. */
const shortestName = 4

function hasName(password: string, { username, names }: PasswordOwner): boolean {
  const plain = withoutSigns(password)
  const own = [username, ...names, ...names.flatMap((name) => name.split(/\s+/))].map(withoutSigns)
  return own.some((name) => [...name].length >= shortestName && plain.includes(name))
}

function withoutSigns(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}
