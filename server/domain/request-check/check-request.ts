/** Every check of a change request, in the order in which a reader meets what they are about. */
import { afterThePeriod } from './after-the-period.ts'
import type { CheckedRequest } from './checked-request.ts'
import { claimAgainstRecord } from './claim-against-record.ts'
import { dateToCome } from './date-to-come.ts'
import { datesOfOneDecision } from './dates-of-one-decision.ts'
import type { CheckName, Finding, RequestCheck } from './finding.ts'
import { followUpFits } from './follow-up-fits.ts'
import { pipelineWithinRate } from './pipeline-within-rate.ts'
import { rateAndMinimum } from './rate-and-minimum.ts'
import { siteCounts } from './site-counts.ts'
import { sumOfTerms } from './sum-of-terms.ts'
import { termsFollowOn } from './terms-follow-on.ts'
import { unaccountedScreenings } from './unaccounted-screenings.ts'

const checks: Record<CheckName, RequestCheck> = {
  sum_of_terms: sumOfTerms,
  site_counts: siteCounts,
  rate_and_minimum: rateAndMinimum,
  pipeline_within_rate: pipelineWithinRate,
  claim_against_record: claimAgainstRecord,
  unaccounted_screenings: unaccountedScreenings,
  dates_of_one_decision: datesOfOneDecision,
  date_to_come: dateToCome,
  after_the_period: afterThePeriod,
  terms_follow_on: termsFollowOn,
  follow_up_fits: followUpFits,
}

/** What the checks find in a request; empty where it holds together and the record does not speak against it. */
export function checkRequest(request: CheckedRequest): Finding[] {
  return Object.values(checks).flatMap((check) => check(request))
}
