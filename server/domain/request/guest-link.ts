/** A guest's link: under it somebody without an account reads one change request as it stood when the link was made. */
import type { Bilingual } from '../bilingual.ts'
import { addDays, type CalendarDate } from '../calendar-date.ts'
import type { Problem } from '../parsed.ts'
import { isAsked, type RequestState } from './life-cycle.ts'

/** A link opens until the evening of the fourteenth day, where nobody says otherwise: a committee's meeting is in it. */
export const usualGuestDays = 14
/** And never longer than this: what was frozen grows old. */
export const mostGuestDays = 90
/** So many may open at once, for one request. */
export const mostGuestLinks = 20
/** For whom it is, in so many characters. */
export const longestGuestLabel = 100

export type GuestLink = {
  id: string
  /** For whom it is, in the maker's words. */
  label: string
  /** The last day on which it opens, where the trial is. */
  validUntil: CalendarDate
  /** Who made it, as of then. */
  name: Bilingual
  createdAt: string
  /** Of what is read under it. */
  contentHash: string
  revokedAt: string | null
  /** How often it was opened, and when last; null for never. */
  views: number
  viewedAt: string | null
}

export const guestLinkStates = ['valid', 'expired', 'revoked'] as const
export type GuestLinkState = (typeof guestLinkStates)[number]

/** Valid until 2026-12-05: on that day still, on the next no longer. What was revoked stays revoked. */
export function guestLinkState(
  { validUntil, revokedAt }: Pick<GuestLink, 'validUntil' | 'revokedAt'>,
  today: CalendarDate,
): GuestLinkState {
  if (revokedAt !== null) return 'revoked'
  return validUntil < today ? 'expired' : 'valid'
}

/** Why a link cannot be made: of a draft and of what was withdrawn there is nothing to show; none is for ever. */
export function guestLinkProblems(
  state: RequestState,
  existing: readonly GuestLink[],
  validUntil: CalendarDate,
  today: CalendarDate,
): Problem[] {
  if (!isAsked(state)) return [{ field: '', code: 'guest_nothing_submitted' }]
  const valid = existing.filter((link) => guestLinkState(link, today) === 'valid')
  if (valid.length >= mostGuestLinks) {
    return [{ field: '', code: 'guest_links_too_many', values: { most: mostGuestLinks } }]
  }
  const last = addDays(today, mostGuestDays)
  if (validUntil >= today && validUntil <= last) return []
  return [{ field: 'validUntil', code: 'guest_day_out_of_bounds', values: { today, last, most: mostGuestDays } }]
}
