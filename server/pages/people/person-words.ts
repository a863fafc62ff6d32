/** Where an account stands: a mark, and what it waits for. */
import { accountState, waysIn } from '../../domain/person.ts'
import type { Words } from '../../i18n/words.ts'
import { instantWords } from '../account-words.ts'
import { type Mark, mark } from '../page.ts'

export type Standing = {
  endedAt: string | null
  hasPassword: boolean
  openId: object | null
  link: { expiresAt: string } | null
}

const marks = {
  active: ['full', 'is-real'],
  invited: ['half', 'is-wait'],
  uninvited: ['over', 'is-act'],
  ended: ['cross', ''],
} as const

export function standingMark(account: Standing, now: string, words: Words): { mark: Mark; since: string | null } {
  const { endedAt, hasPassword, openId, link } = account
  const state = accountState({ endedAt, hasPassword, openId, openLinkUntil: link?.expiresAt ?? null }, now)
  const [kind, tone] = marks[state]
  const at = state === 'ended' ? endedAt : state === 'invited' ? (link?.expiresAt ?? null) : null
  return {
    mark: mark(kind, tone, words.of('account_state', state)),
    since: at === null ? null : words.of('account_state_at', state, { at: instantWords(at, words) }),
  }
}

/** `パスワード・OpenID Connect`; a dash where there is no way in yet. */
export function waysWords(account: Pick<Standing, 'hasPassword' | 'openId'>, words: Words): string {
  const ways = waysIn(account).map((way) => words.of('sign_in_way', way))
  return ways.length === 0 ? '—' : ways.join(words.t('people.ways_and'))
}
