/** A subject's number: how it is given, how it is read as typed, and when two of them are the same. */
import { plainCode } from './import-words.ts'

export const longestSubjectNumber = 64

/** The number a site's next subject gets: SSC, 01, 4 -> `SSC-01-004`. */
export function subjectNumber(trialCode: string, siteCode: string, sequence: number): string {
  return `${trialCode}-${siteCode}-${String(sequence).padStart(3, '0')}`
}

/** The sequence of a number that looks as if it were given here: `SSC-01-004` -> 4; null for every other number. */
export function sequenceOf(number: string, trialCode: string, siteCode: string): number | null {
  const start = `${trialCode}-${siteCode}-`.toLowerCase()
  const rest = number.slice(start.length)
  return number.toLowerCase().startsWith(start) && /^\d{3,9}$/.test(rest) ? Number(rest) : null
}

/**
 * A number as it is kept: full-width letters, digits and dashes become plain ones. Null where it cannot be a number: too
 * long, on two lines, with a sign that nobody sees, beginning like a formula of a spreadsheet, or without any digit, as a
 * name would be.
 *
 * `ＳＣＲ－００１` -> `SCR-001`; `=1+1` -> null.
 */
export function readSubjectNumber(typed: string): string | null {
  const plain = plainCode(typed)
  if ([...plain].length > longestSubjectNumber) return null
  if (plain !== '' && !/\d/.test(plain)) return null
  return /[\p{C}\p{M}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|^[-=+@]/u.test(plain) ? null : plain
}

/**
 * What two spellings of one number have in common, and what numbers are sorted by: `scr-2` comes before `scr-10`, and
 * `Scr-2` is `SCR-2` again. `A-1` and `A-01` are two numbers: the digits of each are told at the end.
 *
 * `SCR-2` -> `scr-000000002 1`.
 */
export function subjectNumberKey(number: string): string {
  const digits: number[] = []
  const even = number
    .toLowerCase()
    .replace(/\s/gu, '')
    .replace(/\d+/g, (run) => {
      digits.push(run.length)
      return run.padStart(9, '0')
    })
  return [even, ...digits].join(' ')
}
