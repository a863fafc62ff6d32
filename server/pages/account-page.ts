/** One's own account: roles, where one is signed in, the password, the second factor. */
import type { Bilingual } from '../domain/bilingual.ts'
import type { Problem } from '../domain/parsed.ts'
import type { Role } from '../domain/permission.ts'
import type { Words } from '../i18n/words.ts'
import { deviceWords, instantWords, roleWords } from './account-words.ts'
import { errorSummary, type Mark, mark, type Page, problemsInWords, titleOf } from './page.ts'

/** What was just done, for the line above the page. */
export const accountDoings = [
  'password',
  'sessions',
  'second_factor_removed',
  'openid_linked',
  'openid_unlinked',
] as const
export type AccountDoing = (typeof accountDoings)[number]

export type AccountPage = Page & {
  errors: ReturnType<typeof errorSummary>
  done: string | null
  name: string
  username: string
  roles: { role: string; place: string }[]
  hasPassword: boolean
  /** Null where there is no provider and nothing linked. */
  openId: { label: string; mark: Mark; linkHref: string | null; endHref: string | null } | null
  secondFactor: { mark: Mark; codes: string | null }
  sessionsNote: string
  sessions: {
    handle: string | null
    device: string
    address: string
    begun: string
    used: string
  }[]
  hasOthers: boolean
}

export function accountPage(
  input: {
    account: {
      username: string
      name: Bilingual
      hasPassword: boolean
      openId: { linkedAt: string } | null
      secondFactorSince: string | null
      roles: readonly { role: Role; trialCode: string | null; siteCode: string | null }[]
    }
    sessions: readonly {
      handle: string
      address: string
      agent: string
      createdAt: string
      seenAt: string
      isThis: boolean
    }[]
    /** What people call the OpenID provider; null where there is none. */
    provider: string | null
    recoveryCodesLeft: number
    done: AccountDoing | null
    problems: readonly Problem[]
  },
  words: Words,
): AccountPage {
  const { account, sessions, done } = input
  const problems = problemsInWords(input.problems, words)
  const since = account.secondFactorSince
  return {
    template: 'account/show',
    title: titleOf('account.title', words, problems.length > 0),
    place: null,
    address: '/account',
    errors: errorSummary(problems, words),
    done: done === null ? null : words.of('account_done', done),
    name: words.pick(account.name),
    username: account.username,
    roles: account.roles.map((held) => roleWords(held, words)),
    hasPassword: account.hasPassword,
    openId: openIdOf(account, input.provider, words),
    secondFactor: {
      mark:
        since === null
          ? mark('open', '', words.t('account.factor_none'))
          : mark('full', 'is-real', words.t('account.factor_since', { at: instantWords(since, words) })),
      codes: since === null ? null : words.t('account.codes_left', { count: input.recoveryCodesLeft }),
    },
    sessionsNote: words.t('account.sessions_note', { count: sessions.length }),
    sessions: sessions.map((session) => ({
      handle: session.isThis ? null : session.handle,
      device: deviceWords(session.agent, words),
      address: session.address === '' ? '—' : session.address,
      begun: instantWords(session.createdAt, words),
      used: instantWords(session.seenAt, words),
    })),
    hasOthers: sessions.some(({ isThis }) => !isThis),
  }
}

function openIdOf(
  { hasPassword, openId }: { hasPassword: boolean; openId: { linkedAt: string } | null },
  provider: string | null,
  words: Words,
): AccountPage['openId'] {
  if (openId === null && provider === null) return null
  return {
    label: provider ?? words.t('openid.nameless'),
    mark:
      openId === null
        ? mark('open', '', words.t('openid.not_linked'))
        : mark('full', 'is-real', words.t('openid.linked_since', { at: instantWords(openId.linkedAt, words) })),
    // A way in is added and taken away with the password: without one, this is the only way.
    linkHref: openId === null && provider !== null && hasPassword ? '/account/openid' : null,
    endHref: openId !== null && hasPassword ? '/account/openid/end' : null,
  }
}
