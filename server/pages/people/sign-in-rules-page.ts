/** Which trials ask everybody in them for a second factor. */
import type { Problem } from '../../domain/parsed.ts'
import type { Words } from '../../i18n/words.ts'
import { errorSummary, type Mark, mark, type Page, problemsInWords, titleOf } from '../page.ts'

export type SignInRulesPage = Page & {
  errors: ReturnType<typeof errorSummary>
  isDone: boolean
  rules: { code: string; mark: Mark; other: 'required' | 'optional'; button: string; submissionKey: string }[]
}

export function signInRulesPage(
  input: {
    rules: readonly { code: string; secondFactor: 'required' | 'optional' }[]
    isDone: boolean
    /** One for the whole page: each button's form adds its trial to it. */
    submissionKey: string
    problems: readonly Problem[]
  },
  words: Words,
): SignInRulesPage {
  const problems = problemsInWords(input.problems, words)
  return {
    template: 'people/rules',
    title: titleOf('rules.title', words, problems.length > 0),
    place: null,
    address: '/sign-in-rules',
    errors: errorSummary(problems, words),
    isDone: input.isDone,
    rules: input.rules.map(({ code, secondFactor }, index) => {
      const isRequired = secondFactor === 'required'
      return {
        code,
        mark: isRequired
          ? mark('full', 'is-real', words.t('rules.required'))
          : mark('open', '', words.t('rules.optional')),
        other: isRequired ? 'optional' : 'required',
        button: words.t(isRequired ? 'rules.make_optional' : 'rules.make_required'),
        submissionKey: `${input.submissionKey}-${index}`,
      }
    }),
  }
}
