/** Changing one's own password: the old one, and the new one twice. */
import type { Problem } from '../domain/parsed.ts'
import type { Words } from '../i18n/words.ts'
import { errorSummary, type Field, field, type Page, problemsInWords, titleOf } from './page.ts'

export type PasswordPage = Page & {
  errors: ReturnType<typeof errorSummary>
  /** For the browser's list of passwords. */
  username: string
  old: Field
  passwordHint: string
  password: Field
  repeated: Field
}

export function passwordPage(
  { username, least, problems }: { username: string; least: number; problems: readonly Problem[] },
  words: Words,
): PasswordPage {
  const inWords = problemsInWords(problems, words)
  return {
    template: 'account/password',
    title: titleOf('account.change_password', words, problems.length > 0),
    place: null,
    address: '/account/password',
    errors: errorSummary(inWords, words),
    username,
    old: field('old', '', inWords),
    passwordHint: words.t('account.password_hint', { least }),
    password: field('password', '', inWords),
    repeated: field('repeated', '', inWords),
  }
}
