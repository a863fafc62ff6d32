/**
 * One entry of a site's screening log: a person who gave informed consent and was assessed against
 * the eligibility criteria. Kept even when the outcome is a screen failure, because the
 * screened-to-registered ratio is what projections lean on.
 */
import type { Basis, Bilingual } from './bilingual.ts'
import type { CalendarDate } from './calendar-date.ts'
import type { Problem } from './parsed.ts'
import { type Site, siteStatusOn } from './site.ts'

/** A version of the consent document that subjects sign. */
export type ConsentVersion = { id: string; label: Bilingual; approvedOn: CalendarDate | null; basis: Basis }

export type ScreeningDraft = {
  trialId: string
  siteId: string
  /** What the site calls the subject; null to be given the site's next number. */
  number: string | null
  consentedOn: CalendarDate
  consentVersionId: string
  referralSource: string | null
  basis: Basis
}

/** Why a screening may not be recorded: an empty list when it may. */
export function screeningProblems(
  site: Site,
  draft: ScreeningDraft,
  consentVersions: readonly ConsentVersion[],
  today: CalendarDate,
): Problem[] {
  const problems: Problem[] = [...happeningProblems('consentedOn', site, draft.consentedOn, today)]
  if (!consentVersions.some((version) => version.id === draft.consentVersionId)) {
    problems.push({ field: 'consentVersionId', code: 'consent_version_unknown' })
  }
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
