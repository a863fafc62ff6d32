/** A change request as its checks read it: what the document states, beside the record that it speaks of. */
import type { CalendarDate } from '../calendar-date.ts'
import type { OpenPeriod } from '../projection/exposure.ts'
import type { Claim } from '../projection/site-per-year.ts'
import type { Reconciliation } from '../reconciliation.ts'

/** A claim with the sites it names, and whether the request counts it: what is said beside the sum is a claim too. */
export type StatedClaim = {
  claim: Claim
  /** Codes of sites; for people in screening, the sites that screen them. Empty: nobody says. */
  sites: readonly string[]
  standing: 'counted' | 'beside_the_sum'
  /** Where the document says so. */
  source: string
}

/** The registration and study periods of one version of the terms, each by its last day. */
export type StatedTerms = {
  registrationFrom: CalendarDate
  registrationUntil: CalendarDate
  studyUntil: CalendarDate | null
  effectiveFrom: CalendarDate
}

/** One date that the document gives for one body's decision on one item. */
export type StatedDecision = { item: number; body: string; decidedOn: CalendarDate; source: string }

/** A day by which a committee expects an answer, usually that of its next meeting. */
export type StatedCondition = { text: string; dueOn: CalendarDate; source: string }

/** A period that the document tells of as past: "in the last two years". */
export type ToldPeriod = { text: string; from: CalendarDate; until: CalendarDate; source: string }

/** A site as the record knows it on the as-of day. */
export type RecordedSite = { code: string; open: readonly OpenPeriod[]; registered: number }

export type CheckedRequest = {
  trial: string
  number: number
  /** The document's own date: what it tells as past cannot lie after it. */
  writtenOn: CalendarDate
  /** The day whose counts it states. */
  asOf: CalendarDate
  targetNumber: number
  before: StatedTerms
  after: StatedTerms
  /** From a subject's registration to their last visit, in days; null where the trial follows nobody. */
  followUpDays: number | null
  claims: readonly StatedClaim[]
  statedTotal: number
  /** How many sites the document says take part; null where it does not say. */
  statedSites: number | null
  sites: readonly RecordedSite[]
  /** The screenings that the document counts, and what became of them; null where it counts none. */
  screenings: Reconciliation | null
  decisions: readonly StatedDecision[]
  conditions: readonly StatedCondition[]
  told: readonly ToldPeriod[]
}
