/** Inviting somebody: what they are called; the password is theirs to choose. */
import type { Problem } from '../../domain/parsed.ts'
import type { Words } from '../../i18n/words.ts'
import { errorSummary, type Field, field, type Page, problemsInWords, titleOf } from '../page.ts'

export type InvitationPage = Page & {
  errors: ReturnType<typeof errorSummary>
  asked: { username: Field; nameJa: Field; nameEn: Field }
  submissionKey: string
}

export function invitationPage(
  input: {
    typed: { username: string; nameJa: string; nameEn: string }
    submissionKey: string
    problems: readonly Problem[]
  },
  words: Words,
): InvitationPage {
  const problems = problemsInWords(input.problems, words)
  return {
    template: 'people/new',
    title: titleOf('people.invite', words, problems.length > 0),
    place: null,
    address: '/invitations/new',
    errors: errorSummary(problems, words),
    asked: {
      username: field('username', input.typed.username, problems),
      nameJa: field('nameJa', input.typed.nameJa, problems),
      nameEn: field('nameEn', input.typed.nameEn, problems),
    },
    submissionKey: input.submissionKey,
  }
}
