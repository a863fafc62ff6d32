/** Before a step about an account: whose it is, what will happen, and one button. */
import type { Bilingual } from '../../domain/bilingual.ts'
import type { Problem } from '../../domain/parsed.ts'
import type { Role } from '../../domain/permission.ts'
import type { PersonStep } from '../../domain/person-step.ts'
import type { Words } from '../../i18n/words.ts'
import { roleWords } from '../account-words.ts'
import { errorSummary, type Page, problemsInWords } from '../page.ts'

export type StepPage = Page & {
  errors: ReturnType<typeof errorSummary>
  question: string
  facts: { label: string; value: string }[]
  warning: string
  action: string
  submissionKey: string
  button: string
  back: string
}

type Whose = { username: string; name: Bilingual }
type Asked = { submissionKey: string; problems: readonly Problem[] }

export function stepPage(input: Asked & { account: Whose; step: PersonStep }, words: Words): StepPage {
  const { account, step } = input
  return asking(input, words, {
    question: words.of('person_step_question', step),
    more: [],
    warning: words.of('person_step_warning', step),
    action: `/people/${account.username}/steps/${step.replaceAll('_', '-')}`,
    button: words.of('person_step', step),
  })
}

export function roleEndPage(
  input: Asked & {
    account: Whose
    held: { id: string; role: Role; trialCode: string | null; siteCode: string | null }
  },
  words: Words,
): StepPage {
  const { account, held } = input
  const { role, place } = roleWords(held, words)
  return asking(input, words, {
    question: words.t('people.role_end_question'),
    more: [{ label: words.t('people.col_roles'), value: `${role}　${place}` }],
    warning: words.t('people.role_end_warning'),
    action: `/people/${account.username}/roles/${held.id}/end`,
    button: words.t('people.role_end'),
  })
}

function asking(
  { account, submissionKey, problems }: Asked & { account: Whose },
  words: Words,
  asked: { question: string; more: StepPage['facts']; warning: string; action: string; button: string },
): StepPage {
  const inWords = problemsInWords(problems, words)
  const { more, ...shown } = asked
  return {
    template: 'people/step',
    title: inWords.length > 0 ? `${words.t('form.error_prefix')}${asked.question}` : asked.question,
    place: null,
    address: asked.action,
    errors: errorSummary(inWords, words),
    ...shown,
    facts: [{ label: words.t('people.col_name'), value: `${words.pick(account.name)}　${account.username}` }, ...more],
    submissionKey,
    back: `/people/${account.username}`,
  }
}
