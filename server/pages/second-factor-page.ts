/** Setting up a second factor: the picture and the secret, then ten recovery codes, shown once; renewing and removing. */
import type { Problem } from '../domain/parsed.ts'
import { inFours } from '../domain/totp.ts'
import type { Words } from '../i18n/words.ts'
import { errorSummary, type Field, field, type Page, problemsInWords, titleOf } from './page.ts'

/** A square picture of light and dark squares. */
export type Squares = { size: number; isDark(x: number, y: number): boolean }

export type NewSecondFactorPage = Page & {
  errors: ReturnType<typeof errorSummary>
  isOwed: boolean
  picture: { size: number; path: string }
  secret: string
  uri: string
  code: Field
}

export function newSecondFactorPage(
  input: { secret: string; address: string; squares: Squares; isOwed: boolean; problems: readonly Problem[] },
  words: Words,
): NewSecondFactorPage {
  const problems = problemsInWords(input.problems, words)
  return {
    template: 'account/second-factor',
    title: titleOf('factor.title', words, problems.length > 0),
    place: null,
    address: '/account/second-factor',
    errors: errorSummary(problems, words),
    isOwed: input.isOwed,
    picture: { size: input.squares.size + 2 * quietZone, path: pathOf(input.squares) },
    secret: inFours(input.secret),
    uri: input.address,
    code: field('code', '', problems),
  }
}

/** So many light squares around the picture; the template begins it there. */
const quietZone = 4

/** One stroke for each run of dark squares in a row: a run of 3 from (1, 0) is `M1 0h3v1h-3z`. */
function pathOf({ size, isDark }: Squares): string {
  const strokes: string[] = []
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      if (!isDark(x, y)) continue
      const from = x
      while (x < size && isDark(x, y)) x += 1
      strokes.push(`M${from} ${y}h${x - from}v1h${from - x}z`)
    }
  }
  return strokes.join('')
}

export type RecoveryCodesPage = Page & { codes: readonly string[] }

export function recoveryCodesPage(codes: readonly string[], words: Words): RecoveryCodesPage {
  return {
    template: 'account/recovery-codes',
    title: words.t('factor.codes_title'),
    place: null,
    address: '/account',
    codes,
  }
}

export type ProofPage = Page & {
  errors: ReturnType<typeof errorSummary>
  heading: string
  note: string
  action: string
  code: Field | null
  password: Field | null
  button: string
}

/** New recovery codes are given for a code of the app. */
export function renewalPage(problems: readonly Problem[], words: Words): ProofPage {
  const inWords = problemsInWords(problems, words)
  return {
    template: 'account/proof',
    title: titleOf('factor.renew_title', words, problems.length > 0),
    place: null,
    address: '/account/second-factor/codes',
    errors: errorSummary(inWords, words),
    heading: words.t('factor.renew_title'),
    note: words.t('factor.renew_note'),
    action: '/account/second-factor/codes',
    code: field('code', '', inWords),
    password: null,
    button: words.t('factor.renew_button'),
  }
}

/** A second factor is removed for the password. */
export function removalPage(problems: readonly Problem[], words: Words): ProofPage {
  const inWords = problemsInWords(problems, words)
  return {
    template: 'account/proof',
    title: titleOf('factor.remove_title', words, problems.length > 0),
    place: null,
    address: '/account/second-factor/end',
    errors: errorSummary(inWords, words),
    heading: words.t('factor.remove_title'),
    note: words.t('factor.remove_note'),
    action: '/account/second-factor/end',
    code: null,
    password: field('password', '', inWords),
    button: words.t('factor.remove_button'),
  }
}
