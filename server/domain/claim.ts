/**
 * A claim: one assumption that a change request asserts about how its target will be reached,
 * with the place that states it. Claims are data, so that they can be checked and replayed.
 */
import type { Basis, Bilingual } from './bilingual.ts'
import type { CalendarDate } from './calendar-date.ts'
import type { Claim } from './projection/site-per-year.ts'

export type RequestClaim = {
  claim: Claim
  label: Bilingual
  source: Bilingual
  /** The sites that the claim speaks of; empty where it speaks of the trial. */
  siteIds: readonly string[]
}

/** What a change request promised, frozen with the counts it was made from. */
export type ChangeRequest = {
  id: string
  number: number
  title: Bilingual
  /** The day whose counts the request states. */
  asOf: CalendarDate
  /** The last day of registration that it asks for. */
  registrationUntil: CalendarDate
  targetNumber: number
  /** The total that the document states, which the sum of the claims is compared with. */
  statedTotal: number
  /** Subjects registered by the as-of date, as the request states them. */
  registeredNumber: number
  methodVersion: string
  /** SHA-256 of the stored inputs: the recomputation is "identical" only while this still holds. */
  inputHash: string
  claims: readonly RequestClaim[]
  basis: Basis
}
