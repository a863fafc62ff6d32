/** Where an account stands: a mark, and what it waits for. */
import { accountState } from '../../domain/person.ts'
import type { Words } from '../../i18n/words.ts'
import { instantWords } from '../account-words.ts'
import { type Mark, mark } from '../page.ts'

export type Standing = {
  endedAt: string | null
  hasPassword: boolean
  link: { expiresAt: string } | null
}

const marks = {
  active: ['full', 'is-real'],
  invited: ['half', 'is-wait'],
  uninvited: ['over', 'is-act'],
  ended: ['cross', ''],
} as const

export function standingMark(account: Standing, now: string, words: Words): { mark: Mark; since: string | null } {
  const { endedAt, hasPassword, link } = account
  const state = accountState({ endedAt, hasPassword, openLinkUntil: link?.expiresAt ?? null }, now)
  const [kind, tone] = marks[state]
  const at = state === 'ended' ? endedAt : state === 'invited' ? (link?.expiresAt ?? null) : null
  return {
    mark: mark(kind, tone, words.of('account_state', state)),
    since: at === null ? null : words.of('account_state_at', state, { at: instantWords(at, words) }),
  }
}
