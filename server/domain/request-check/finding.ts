/** What a check has to say about a request: where, and with which values. */
import type { CheckedRequest } from './checked-request.ts'

export const checkNames = [
  'sum_of_terms',
  'site_counts',
  'rate_and_minimum',
  'pipeline_within_rate',
  'claim_against_record',
  'unaccounted_screenings',
  'dates_of_one_decision',
  'date_to_come',
  'after_the_period',
  'terms_follow_on',
  'follow_up_fits',
] as const
export type CheckName = (typeof checkNames)[number]

/** `error`: two statements that cannot both be true. `warning`: what a committee will ask about. */
export type Severity = 'error' | 'warning'

/** What a check may say, each with words of its own. */
export const findingKinds = [
  'sum_of_terms',
  'site_counts_unknown',
  'site_counts_named',
  'site_counts_shared',
  'site_counts_together',
  'rate_and_minimum',
  'pipeline_within_rate',
  'claim_against_record_contradicted',
  'claim_against_record_optimistic',
  'claim_against_record_differs',
  'unaccounted_screenings',
  'dates_of_one_decision',
  'date_to_come',
  'date_to_come_meant',
  'after_the_period',
  'terms_follow_on_gap',
  'terms_follow_on_overlap',
  'terms_follow_on_reversed',
  'follow_up_fits',
] as const
export type FindingKind = (typeof findingKinds)[number]

export type Finding = {
  check: CheckName
  kind: FindingKind
  severity: Severity
  /** The path of what it concerns: `$.claims[2]`. */
  place: string
  /** What its words quote; numbers and dates as the request has them. */
  values: Record<string, string | number>
}

/** One rule about a request: nothing, where it has nothing to say. */
export type RequestCheck = (request: CheckedRequest) => Finding[]
