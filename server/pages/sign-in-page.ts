/** The sign-in page; in a demonstration it lists the people one can be, with their passwords. */

import type { Bilingual } from '../domain/bilingual.ts'
import type { Problem } from '../domain/parsed.ts'
import type { Role } from '../domain/permission.ts'
import type { Words } from '../i18n/words.ts'
import { errorSummary, type Field, field, type Page, problemsInWords, titleOf } from './page.ts'

export type DemoPerson = { username: string; password: string; name: Bilingual; role: Role; task: Bilingual }

export type SignInPage = Page & {
  errors: ReturnType<typeof errorSummary>
  isPasswordSet: boolean
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
    /** Somebody comes from the link with which they chose their password. */
    isPasswordSet: boolean
    people: readonly DemoPerson[] | null
    idleMinutes: number
  },
  words: Words,
): SignInPage {
  const { typed, problems, isPasswordSet, people, idleMinutes } = input
  const inWords = problemsInWords(problems, words)
  return {
    template: 'session/new',
    title: titleOf('sign_in.title', words, problems.length > 0),
    place: null,
    address: '/session/new',
    errors: errorSummary(inWords, words),
    isPasswordSet,
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
