/** Guests' links of a request: how each stands, the page that shows a new one this once, and what asks before an end. */
import type { CalendarDate } from '../../domain/calendar-date.ts'
import { type GuestLink, type GuestLinkState, guestLinkState } from '../../domain/request/guest-link.ts'
import type { Trial } from '../../domain/trial.ts'
import type { Words } from '../../i18n/words.ts'
import type { ConfirmPage } from '../confirm-event-page.ts'
import type { LinkPage } from '../link-page.ts'
import { type Mark, mark } from '../page.ts'
import { requestAddress } from './request-words.ts'

type LinkRow = {
  label: string
  state: Mark
  until: string
  views: string
  viewed: string
  made: string
  /** Null where it does not open any more. */
  revokeHref: string | null
}

/** Those that open and those that are over, the newest first; null for readers who make none. */
export type GuestLinkList = { open: LinkRow[]; over: LinkRow[]; overTitle: string; newHref: string | null } | null

export function guestLinkList(
  input: {
    trial: Trial
    number: number
    links: readonly GuestLink[]
    /** Whether the request stands before others. */
    mayMake: boolean
    today: CalendarDate
  },
  words: Words,
): NonNullable<GuestLinkList> {
  const { trial, links, today } = input
  const here = `${requestAddress(trial, input.number)}/guest-links`
  const rowOf = (link: GuestLink): LinkRow => {
    const state = guestLinkState(link, today)
    return {
      label: link.label,
      state: stateMark(state, link, trial, words),
      until: link.validUntil,
      views: words.t('guest.views', { count: link.views }),
      viewed: link.viewedAt === null ? words.t('guest.never') : words.instant(link.viewedAt, trial.timeZone),
      made: words.t('guest.made_at', {
        at: words.instant(link.createdAt, trial.timeZone),
        name: words.pick(link.name),
        hash: link.contentHash.slice(0, 12),
      }),
      revokeHref: state === 'valid' ? `${here}/${link.id}/revocation` : null,
    }
  }
  const over = links.filter((link) => guestLinkState(link, today) !== 'valid')
  return {
    open: links.filter((link) => !over.includes(link)).map(rowOf),
    over: over.map(rowOf),
    overTitle: words.t('guest.over_title', { count: over.length }),
    newHref: input.mayMake ? `${here}/new` : null,
  }
}

function stateMark(state: GuestLinkState, { revokedAt }: GuestLink, trial: Trial, words: Words): Mark {
  if (state === 'valid') return mark('full', 'is-real', words.of('guest_state', state))
  if (revokedAt === null) return mark('cross', '', words.of('guest_state', state))
  return mark('cross', '', words.t('guest.revoked_at', { at: words.instant(revokedAt, trial.timeZone) }))
}

/** The address stands here and nowhere else; `link` is null where the same form was sent before. */
export function newGuestLinkPage(
  input: { trial: Trial; number: number; link: string | null; label: string; validUntil: CalendarDate },
  words: Words,
): LinkPage {
  const back = requestAddress(input.trial, input.number)
  const heading = words.t('guest.made_heading')
  return {
    template: 'people/link',
    title: heading,
    place: 'requests',
    address: back,
    heading,
    note: words.t(input.link === null ? 'people.link_shown_before' : 'guest.made_note'),
    link: input.link,
    until: words.t('guest.made_until', { label: input.label, until: words.date(input.validUntil) }),
    back,
  }
}

type RevocationPage = ConfirmPage & { back: string; backLabel: string }

export function guestRevocationPage(
  { trial, number, link }: { trial: Trial; number: number; link: GuestLink },
  words: Words,
): RevocationPage {
  const back = requestAddress(trial, number)
  return {
    template: 'calendar/revoke',
    title: words.t('guest.revoke_question'),
    place: 'requests',
    question: words.t('guest.revoke_question'),
    warnings: [words.t('guest.revoke_warning')],
    action: `${back}/guest-links/${link.id}/revocation`,
    back,
    backLabel: words.t('requests.back_to_request'),
    button: words.t('guest.revoke'),
    answers: [
      { label: words.of('request_field', 'guestLabel'), value: link.label },
      { label: words.of('request_field', 'validUntil'), value: words.date(link.validUntil) },
      { label: words.t('guest.col_views'), value: words.t('guest.views', { count: link.views }) },
    ],
    hidden: [],
  }
}
