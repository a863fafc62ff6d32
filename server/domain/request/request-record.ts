/** A change request as the record that a committee judges: what changes and why, the terms asked for, and what it claims. */
import type { Bilingual } from '../bilingual.ts'
import type { CalendarDate } from '../calendar-date.ts'
import type { ChangeRequest, RequestClaim } from '../claim.ts'
import type { RequestState } from './life-cycle.ts'
import type { TermsAsked } from './terms-asked.ts'

/** One thing that changes; before and after are null where the document says only that it changes. */
export type RequestItem = {
  number: number
  title: Bilingual
  before: Bilingual | null
  after: Bilingual | null
  reason: Bilingual | null
}

/** A claim, and whether the document counts it in its sum or says it beside. */
export type StandingClaim = RequestClaim & { standing: 'counted' | 'beside_the_sum' }

/** A period that the document tells of as past, with what was promised for its end and what came, where it says so. */
export type ToldPeriod = {
  text: Bilingual
  from: CalendarDate
  until: CalendarDate
  source: Bilingual
  /** Subjects registered in all by the last day: as an earlier document promised, and as this one says they were. */
  promised: number | null
  registered: number | null
}

export type RequestRecord = Omit<ChangeRequest, 'claims'> & {
  claims: readonly StandingClaim[]
  state: RequestState
  /** The document's own date; null while nobody has said it: its as-of day stands in. */
  writtenOn: CalendarDate | null
  submittedOn: CalendarDate | null
  items: readonly RequestItem[]
  termsAsked: TermsAsked | null
  /** The version of the trial's terms that its approval brought. */
  adoptedVersion: number | null
  statedSites: number | null
  /** From a registration to the last visit, in days. */
  followUpDays: number | null
  /** From when on the document counts screenings; null where it counts none. */
  screeningsFrom: CalendarDate | null
  told: readonly ToldPeriod[]
  withdrawnBecause: string | null
}

/** What stands in a draft: everything that its life does not bring. */
export type RequestContent = Omit<
  RequestRecord,
  'id' | 'number' | 'methodVersion' | 'inputHash' | 'state' | 'submittedOn' | 'adoptedVersion' | 'withdrawnBecause'
>

/** The claims that make the sum. */
export function countedClaims(claims: readonly StandingClaim[]): RequestClaim[] {
  return claims
    .filter(({ standing }) => standing === 'counted')
    .map(({ claim, label, source, siteIds }) => ({ claim, label, source, siteIds }))
}
