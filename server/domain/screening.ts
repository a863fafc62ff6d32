/**
 * One entry of a site's screening log: a person who gave informed consent and was assessed against
 * the eligibility criteria. Kept even when the outcome is a screen failure, because the
 * screened-to-registered ratio is what projections lean on.
 */
import type { Basis, Bilingual } from './bilingual.ts'
import type { CalendarDate } from './calendar-date.ts'
import type { Problem } from './parsed.ts'
import { type Site, siteStatusOn } from './site.ts'
import type { Subject } from './subject.ts'
import type { SubjectState } from './subject-state.ts'

/** A version of the consent document that subjects sign. */
export type ConsentVersion = { id: string; label: Bilingual; approvedOn: CalendarDate | null; basis: Basis }

/** The version approved last by the day of the consent; the first one of all where none is known to have been approved. */
export function consentVersionOn(versions: readonly ConsentVersion[], day: CalendarDate): ConsentVersion | null {
  const dayOf = ({ approvedOn }: ConsentVersion) => approvedOn ?? ''
  const approved = versions.filter(({ approvedOn }) => approvedOn !== null && approvedOn <= day)
  // The newest comes first among those of one day.
  const [latest] = approved.toSorted((a, b) => (dayOf(a) > dayOf(b) ? -1 : dayOf(a) < dayOf(b) ? 1 : 0))
  return latest ?? versions.at(-1) ?? null
}

export type ScreeningDraft = {
  trialId: string
  siteId: string
  /** What the site calls the subject; null to be given the site's next number. */
  number: string | null
  consentedOn: CalendarDate
  consentVersionId: string
  referralSource: string | null
  /** Left out: nothing is noted. */
  note?: string | null
  basis: Basis
} & Recognition

/** A candidate before consent: nothing identifying, no consent, but where the candidate came from. */
export type PrescreeningDraft = {
  trialId: string
  siteId: string
  number: string | null
  enteredOn: CalendarDate
  referralSource: string
  note: string | null
  basis: Basis
} & Recognition

/** How the same person is found again: left out, nothing is said. */
export type Recognition = {
  /** The attempt that this one follows, after a failure. */
  earlierAttemptId?: string | null
  /** What the site typed to recognise the person at another site; only a digest of it is kept. */
  candidateKey?: string | null
  /** Whether the person at the form knows that another site may have the same candidate. */
  isDuplicateAcknowledged?: boolean
}

/** States after which the same person may be screened again. */
const repeatable: readonly SubjectState[] = ['prescreen_excluded', 'screen_failed', 'declined']

export function mayBeScreenedAgain(state: SubjectState): boolean {
  return repeatable.includes(state)
}

/** Why an attempt may not follow an earlier one: that one is not known at the site, has not ended so, or is followed already. */
export function attemptProblems(
  earlier: Subject | null,
  after: Subject | null,
  siteId: string,
  on: CalendarDate,
): Problem[] {
  const field = 'earlierAttemptId'
  if (earlier === null || earlier.siteId !== siteId) return [{ field, code: 'attempt_unknown' }]
  if (!mayBeScreenedAgain(earlier.state))
    return [{ field, code: 'attempt_not_ended', values: { state: earlier.state } }]
  if (after !== null && after.state !== 'void')
    return [{ field, code: 'attempt_follows', values: { number: after.number } }]
  if (on < earlier.lastEventOn)
    return [{ field: 'consentedOn', code: 'before_previous_step', values: { previous: earlier.lastEventOn } }]
  return []
}

/** Why a screening may not be recorded: an empty list when it may. */
export function screeningProblems(
  site: Site,
  draft: ScreeningDraft,
  consentVersions: readonly ConsentVersion[],
  today: CalendarDate,
): Problem[] {
  return [
    ...happeningProblems('consentedOn', site, draft.consentedOn, today),
    ...consentVersionProblems(consentVersions, draft.consentVersionId, draft.consentedOn),
  ]
}

/** Why a consent of a day may not be to this version: the trial has no such one, or it was approved only later. */
export function consentVersionProblems(versions: readonly ConsentVersion[], id: string, on: CalendarDate): Problem[] {
  const field = 'consentVersionId'
  const version = versions.find((one) => one.id === id)
  if (version === undefined) return [{ field, code: 'consent_version_unknown' }]
  const approved = version.approvedOn
  return approved === null || approved <= on ? [] : [{ field, code: 'consent_version_later', values: { approved } }]
}

/** The version that a consent of a day is most likely to be to: of those approved by then, the first in the list. */
export function likelyConsentVersion(versions: readonly ConsentVersion[], on: CalendarDate): ConsentVersion | null {
  return versions.find(({ approvedOn }) => approvedOn === null || approvedOn <= on) ?? versions[0] ?? null
}

/** Why a candidate may not be written down: an empty list when they may. A source is what a pre-screening is kept for. */
export function prescreeningProblems(site: Site, draft: PrescreeningDraft, today: CalendarDate): Problem[] {
  const problems = happeningProblems('consentedOn', site, draft.enteredOn, today)
  if (draft.referralSource === '') problems.push({ field: 'referralSource', code: 'referral_source_missing' })
  return problems
}

/** What holds for everything that begins at a site: not in the future, and the site is open on that day. */
export function happeningProblems(field: string, site: Site, on: CalendarDate, today: CalendarDate): Problem[] {
  if (on > today) return [{ field, code: 'date_in_future', values: { today } }]
  const status = siteStatusOn(site, on)
  if (status === 'open') return []
  const since = site.statuses.findLast((entry) => entry.from <= on)?.from ?? null
  const opens = site.statuses.find((entry) => entry.status === 'open' && entry.from > on)?.from ?? null
  if (status === 'pending' && opens !== null) return [{ field, code: 'before_site_opened', values: { opens } }]
  if (status === 'pending') return [{ field, code: 'site_not_yet_open' }]
  if (status === 'on_hold') return [{ field, code: 'site_on_hold', values: { since: since ?? '' } }]
  return [{ field, code: 'site_closed', values: { since: since ?? '' } }]
}
