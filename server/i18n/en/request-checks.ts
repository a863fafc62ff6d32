/** What the checks of a request find, and what would resolve it. */
import type { requestChecks as ja } from '../ja/request-checks.ts'
import type { SameWords } from '../same-words.ts'

export const requestChecks: SameWords<typeof ja> = {
  sheet_checks: {
    found: 'Open checks of the request ({count}): {checks}.',
    none: 'The checks of the request left nothing open.',
  },
  request_finding: {
    sum_of_terms: 'The terms add up to {sum}; the request states {statedTotal}.',
    site_counts_unknown: 'The trial has no site {sites}.',
    site_counts_named: 'The claim counts {stated} sites and names {named}.',
    site_counts_shared: 'Site {sites} is counted by an earlier claim as well.',
    site_counts_together: 'The claims count {sum} sites together; the request states {stated}.',
    rate_and_minimum: 'For sites {sites} the rate gives {byRate}, the minimum {byMinimum}.',
    pipeline_within_rate:
      'The {number} in screening at {sites} are counted on top of the rate of the same sites, from its first day.',
    claim_against_record_contradicted:
      'Sites {sites} registered {registered} in {siteYears} site-years; the claim is {claimed} a year at each. p = {p}: contradicted by the record (claims in doubt: {claims}).',
    claim_against_record_optimistic:
      'Sites {sites} registered {registered} in {siteYears} site-years; the claim is {claimed} a year at each. p = {p}: optimistic (claims in doubt: {claims}).',
    claim_against_record_differs: 'The request states {stated} registered; the record has {recorded}.',
    unaccounted_screenings: 'Of {started} screenings started, {unaccounted} have no outcome that the request tells.',
    dates_of_one_decision:
      'The decision of {body} on item {item} has two dates: {one} ({oneSource}) and {other} ({otherSource}).',
    date_to_come: '{date} is told as past, and lies after the document’s own date, {writtenOn}.',
    date_to_come_meant:
      '{date} is told as past, and lies after the document’s own date, {writtenOn}. Perhaps {meant} is meant: from January to March the fiscal year is one less.',
    after_the_period: '{what}: {on} lies after the end of registration, {registrationUntil}.',
    terms_follow_on_gap: 'Between {until} and {from} lie {days} days in which nobody can be registered.',
    terms_follow_on_overlap: 'The new terms begin on {from}, before the old ones end on {until}.',
    terms_follow_on_reversed: 'Registration ends on {until}, before the new terms begin on {from}.',
    follow_up_fits:
      'Whoever is registered last is followed until {lastVisitOn}: {days} days after the study ends, {studyUntil}.',
  },
  request_check: {
    sum_of_terms: 'sum',
    site_counts: 'site counts',
    rate_and_minimum: 'rate or minimum',
    pipeline_within_rate: 'screening counted twice',
    claim_against_record: 'claim against record',
    unaccounted_screenings: 'unaccounted screenings',
    dates_of_one_decision: 'two dates of a decision',
    date_to_come: 'future date told as past',
    after_the_period: 'due after the period',
    terms_follow_on: 'gap or overlap of terms',
    follow_up_fits: 'follow-up too long',
  },
  request_remedy: {
    sum_of_terms: 'Correct the term that is wrong, or the total.',
    site_counts: 'Name every site once, in one claim, and count the sites that are named.',
    rate_and_minimum: 'Say which of the two is promised, and take back the other.',
    pipeline_within_rate: 'Count those in screening within the rate, or begin the rate where their time ends.',
    claim_against_record: 'Give the reason why the future differs from the record, or claim what the record bears.',
    unaccounted_screenings: 'Say for each screening how it ended, or that it goes on.',
    dates_of_one_decision: 'Check against the notice of the decision, and give one date.',
    date_to_come: 'Check the year: calendar or fiscal.',
    after_the_period: 'Ask for an earlier meeting, or say what holds between the end and the decision.',
    terms_follow_on: 'Let the new terms begin on the day after the old ones end.',
    follow_up_fits: 'End the study later, or registration earlier.',
  },
}
