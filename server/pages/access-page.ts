/** The page behind a link that was handed over, and the one behind a link that is over. */
import type { Bilingual } from '../domain/bilingual.ts'
import type { Problem } from '../domain/parsed.ts'
import type { LinkKind } from '../domain/person.ts'
import type { Words } from '../i18n/words.ts'
import { errorSummary, type Field, field, type Page, problemsInWords } from './page.ts'

export type AccessPage = Page & {
  errors: ReturnType<typeof errorSummary>
  heading: string
  note: string
  token: string
  /** Asked of the first administrator only; of everybody else they are known. */
  asked: { username: Field; nameJa: Field; nameEn: Field } | null
  /** For the browser's list of passwords. */
  username: string | null
  passwordHint: string
  password: Field
  repeated: Field
}

export function accessPage(
  input: {
    kind: LinkKind
    person: { username: string; name: Bilingual } | null
    token: string
    typed: { username: string; nameJa: string; nameEn: string }
    least: number
    problems: readonly Problem[]
  },
  words: Words,
): AccessPage {
  const { kind, person, token, typed } = input
  const problems = problemsInWords(input.problems, words)
  const heading = words.of('access_title', kind)
  const who =
    person === null ? { name: '', username: '' } : { name: words.pick(person.name), username: person.username }
  return {
    template: 'access/new',
    title: problems.length > 0 ? `${words.t('form.error_prefix')}${heading}` : heading,
    place: null,
    address: `/access?token=${encodeURIComponent(token)}`,
    errors: errorSummary(problems, words),
    heading,
    note: words.of('access_note', kind, who),
    token,
    asked:
      person !== null
        ? null
        : {
            username: field('username', typed.username, problems),
            nameJa: field('nameJa', typed.nameJa, problems),
            nameEn: field('nameEn', typed.nameEn, problems),
          },
    username: person?.username ?? null,
    passwordHint: words.t('account.password_hint', { least: input.least }),
    password: field('password', '', problems),
    repeated: field('repeated', '', problems),
  }
}

export type LinkOverPage = Page & { heading: string; advice: string }

export function linkOverPage(words: Words): LinkOverPage {
  const heading = words.t('access.over_title')
  return {
    template: 'access/over',
    title: heading,
    place: null,
    address: '/session/new',
    heading,
    advice: words.t('access.over'),
  }
}
