/**
 * What a guest reads of a change request: its document, the inquiries with their answers, and the feasibility sheet of
 * its day. Made once, in both languages, when the link is made; what is kept is shown as it is from then on.
 */
import type { Bilingual } from '../../domain/bilingual.ts'
import type { GuestLink } from '../../domain/request/guest-link.ts'
import type { Trial } from '../../domain/trial.ts'
import type { Language, Words } from '../../i18n/words.ts'
import { type FeasibilityInput, type FeasibilitySheet, feasibilitySheetPage } from '../feasibility-sheet-page.ts'
import type { Page } from '../page.ts'
import { type DocumentInput, type RequestDocument, requestDocument } from './request-document.ts'
import { type RequestPage, requestPage } from './request-page.ts'

/** Of a release that shows another shape, a page that was kept is not shown: a new link is asked for. */
export const guestReportShape = 1

export type GuestReport = {
  document: RequestDocument
  rounds: RequestPage['rounds']
  /** Without its addresses; null where the sheet of the request's day is about another request. */
  sheet: Omit<FeasibilitySheet, 'back' | 'figures'> | null
}

/** The text that is kept and hashed, as a value. It names its trial and request: it is of no other. */
export type FrozenReport = {
  shape: number
  trialCode: string
  requestNumber: number
  frozenAt: string
  madeBy: Bilingual
  in: Record<Language, GuestReport>
}

export function guestReport(input: DocumentInput, sheet: FeasibilityInput | null, words: Words): GuestReport {
  const { rounds } = requestPage({ ...input, may: { write: false, judge: false }, done: null }, words)
  return { document: requestDocument(input, words), rounds, sheet: sheet === null ? null : sheetAlone(sheet, words) }
}

function sheetAlone(input: FeasibilityInput, words: Words): GuestReport['sheet'] {
  const { back: _, figures: __, ...sheet } = feasibilitySheetPage(input, words)
  return sheet
}

export type GuestPage = Page & {
  heading: string
  note: string
  facts: { label: string; value: string }[]
  hash: string
} & GuestReport

/** `trial` gives its time zone only: what is read stands in `frozen`. */
export function guestPage(
  { trial, link, frozen }: { trial: Pick<Trial, 'timeZone'>; link: GuestLink; frozen: FrozenReport },
  words: Words,
): GuestPage {
  const heading = words.t('guest.heading', { number: frozen.requestNumber, code: frozen.trialCode })
  return {
    template: 'requests/guest',
    layout: 'guest',
    title: heading,
    place: null,
    heading,
    note: words.t('guest.note'),
    facts: [
      { label: words.t('guest.as_of'), value: words.instant(frozen.frozenAt, trial.timeZone) },
      { label: words.t('guest.made_by'), value: words.pick(frozen.madeBy) },
      { label: words.t('guest.made_for'), value: link.label },
      { label: words.t('guest.until'), value: words.date(link.validUntil) },
    ],
    hash: link.contentHash.replace(/.{8}(?=.)/g, '$& '),
    ...frozen.in[words.language],
  }
}

export const guestEnds = ['unknown', 'expired', 'revoked', 'outdated'] as const
export type GuestEnd = (typeof guestEnds)[number]

export type GuestOverPage = Page & { heading: string; advice: string }

/** Nothing but why: not even of which trial it was. */
export function guestOverPage(end: GuestEnd, words: Words): GuestOverPage {
  const heading = words.of('guest_over', end)
  return {
    template: 'requests/guest-over',
    layout: 'guest',
    title: heading,
    place: null,
    heading,
    advice: words.of('guest_over_advice', end),
  }
}
