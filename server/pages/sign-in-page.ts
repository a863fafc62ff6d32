/** The sign-in page; in a demonstration it lists the people one can be, with their passwords. */

import type { Bilingual } from '../domain/bilingual.ts'
import type { Problem } from '../domain/parsed.ts'
import type { Role } from '../domain/permission.ts'
import type { Words } from '../i18n/words.ts'
import { errorSummary, type Field, field, type Page, type ProblemInWords, problemsInWords, titleOf } from './page.ts'

export type DemoPerson = { username: string; password: string; name: Bilingual; role: Role; task: Bilingual }

/** What somebody comes from: the link with which they chose a password, or the end of a session by OpenID Connect. */
export const signInDoings = ['password', 'openid_over'] as const
export type SignInDoing = (typeof signInDoings)[number]

export type SignInPage = Page & {
  errors: ReturnType<typeof errorSummary>
  done: string | null
  openId: { label: string; href: string } | null
  username: Field
  password: Field
  returnTo: string
  idleMinutes: number
  people: { username: string; password: string; role: string; task: string }[] | null
}

export function signInPage(
  input: {
    typed: { username: string; returnTo: string }
    problems: readonly Problem[]
    done: SignInDoing | null
    /** What people call the OpenID provider; null where there is none. */
    provider: string | null
    people: readonly DemoPerson[] | null
    idleMinutes: number
  },
  words: Words,
): SignInPage {
  const { typed, problems, done, provider, people, idleMinutes } = input
  const inWords = problemsInWords(problems, words)
  return {
    template: 'session/new',
    title: titleOf('sign_in.title', words, problems.length > 0),
    place: null,
    address: '/session/new',
    errors: errorsOf(inWords, words),
    done: done === null ? null : words.of('sign_in_done', done),
    openId:
      provider === null
        ? null
        : {
            label: words.t('sign_in.by_openid', { name: provider }),
            href: `/session/oidc?returnTo=${encodeURIComponent(typed.returnTo)}`,
          },
    username: field('username', typed.username, inWords),
    password: field('password', '', inWords),
    returnTo: typed.returnTo,
    idleMinutes,
    people:
      people === null
        ? null
        : people.map(({ username, password, role, task }) => ({
            username,
            password,
            role: words.of('role', role),
            task: words.pick(task),
          })),
  }
}

/** Where no field is wrong there is nothing to mend: it only did not happen. */
function errorsOf(problems: readonly ProblemInWords[], words: Words): SignInPage['errors'] {
  const summary = errorSummary(problems, words)
  const isOfFields = problems.some(({ field }) => field !== '')
  return summary === null || isOfFields ? summary : { ...summary, title: words.t('sign_in.not_done') }
}
