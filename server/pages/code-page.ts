/** The second page of signing in: the code of the authenticator app. */
import type { Problem } from '../domain/parsed.ts'
import type { Words } from '../i18n/words.ts'
import { errorSummary, type Field, field, type Page, problemsInWords, titleOf } from './page.ts'

export type CodePage = Page & { errors: ReturnType<typeof errorSummary>; code: Field }

export function codePage(problems: readonly Problem[], words: Words): CodePage {
  const inWords = problemsInWords(problems, words)
  return {
    template: 'session/code',
    title: titleOf('sign_in.code_title', words, problems.length > 0),
    place: null,
    address: '/session/code',
    errors: errorSummary(inWords, words),
    code: field('code', '', inWords),
  }
}
