/** Somebody with an account: what they may be called, and where their account stands. */
import type { Bilingual } from './bilingual.ts'
import type { Problem } from './parsed.ts'

export const longestUsername = 64
export const longestName = 100

/** How usernames begin that are given at a first sign-in by OpenID Connect: nobody chooses one like it. */
export const openIdPrefix = 'openid-'

/** 2 to 64 small letters, digits, dots, dashes and underscores, a letter or digit first: `m.sato`. */
export function usernameProblems(username: string): Problem[] {
  if (username.startsWith(openIdPrefix)) return [{ field: 'username', code: 'username_kept' }]
  const isFine = /^[a-z0-9][a-z0-9._-]{1,63}$/.test(username)
  return isFine ? [] : [{ field: 'username', code: 'username_malformed' }]
}

/** A name in one language stands for both; none at all is a problem. */
export function nameInBoth(ja: string, en: string): Bilingual | null {
  if (ja === '' && en === '') return null
  return { ja: ja === '' ? en : ja, en: en === '' ? ja : en }
}

/** A link that lets somebody in once, to choose a password. */
export type LinkKind = 'set_up' | 'invitation' | 'reset'

/** How long a link is good for: an invitation waits for its reader, a forgotten password does not. */
export const linkHours: Record<LinkKind, number> = { set_up: 24, invitation: 7 * 24, reset: 24 }

/** The instant at which a link that is issued now is over. */
export function linkExpiry(kind: LinkKind, now: string): string {
  return new Date(Date.parse(now) + linkHours[kind] * 3_600_000).toISOString()
}

export const signInWays = ['password', 'openid'] as const
export type SignInWay = (typeof signInWays)[number]

/** How somebody signs in: both ways, one, or none before they have chosen a password. */
export function waysIn({ hasPassword, openId }: { hasPassword: boolean; openId: object | null }): SignInWay[] {
  const isOpen: Record<SignInWay, boolean> = { password: hasPassword, openid: openId !== null }
  return signInWays.filter((way) => isOpen[way])
}

export const accountStates = ['active', 'invited', 'uninvited', 'ended'] as const
/** `uninvited`: no way in yet, and no link that would still let them choose one. */
export type AccountState = (typeof accountStates)[number]

export function accountState(
  account: { endedAt: string | null; hasPassword: boolean; openId: object | null; openLinkUntil: string | null },
  now: string,
): AccountState {
  if (account.endedAt !== null) return 'ended'
  if (waysIn(account).length > 0) return 'active'
  return account.openLinkUntil !== null && account.openLinkUntil > now ? 'invited' : 'uninvited'
}
