/** A stored request as the checks read it: what it states, beside the trial's record as of its own day. */

import type { Reconciliation } from '../reconciliation.ts'
import type { CheckedRequest } from '../request-check/checked-request.ts'
import { openPeriods, type Site } from '../site.ts'
import { type TrialTerms, termsInForce } from '../trial-terms.ts'
import type { Condition } from './condition.ts'
import type { DecidingBody, Decision } from './decisions.ts'
import type { RequestRecord } from './request-record.ts'

/** What the trial's record says about the request's as-of day. */
export type RecordOnDay = {
  versions: readonly TrialTerms[]
  /** Every site, with the subjects registered there by the day. */
  sites: readonly { site: Site; registered: number }[]
  /** What became of the screenings that the request counts; null where it counts none. */
  screenings: Reconciliation | null
}

/** Where a finding's place lies on the page: `$.decisions[5]` may be one of several items of one decision. */
export type CheckedRecord = {
  request: CheckedRequest
  /** The decision that each stated one comes from. */
  decisionIds: readonly string[]
}

/**
 * In the words of one language, which the findings quote. Null where there is nothing to compare: the trial had no terms
 * on the day.
 */
export function checkedRecord(
  trialCode: string,
  request: RequestRecord,
  {
    bodies,
    decisions,
    conditions,
  }: { bodies: readonly DecidingBody[]; decisions: readonly Decision[]; conditions: readonly Condition[] },
  { versions, sites, screenings }: RecordOnDay,
  language: 'ja' | 'en',
): CheckedRecord | null {
  const { asOf, targetNumber, termsAsked, claims } = request
  const before = termsInForce(versions, asOf)
  if (before === null) return null
  const after = termsAsked ?? { ...before, registrationUntil: request.registrationUntil }
  const stated = decisions.flatMap((decision) => decision.items.map((item) => ({ decision, item })))
  const codeOf = new Map(sites.map(({ site }) => [site.id, site.code]))
  return {
    decisionIds: stated.map(({ decision }) => decision.id),
    request: {
      trial: trialCode,
      number: request.number,
      writtenOn: request.writtenOn ?? asOf,
      asOf,
      targetNumber,
      before: periodsOf(before),
      after: periodsOf(after),
      followUpDays: request.followUpDays,
      claims: claims.map(({ claim, siteIds, standing, source }) => ({
        claim,
        standing,
        sites: siteIds.map((id) => codeOf.get(id) ?? id),
        source: source[language],
      })),
      statedTotal: request.statedTotal,
      statedSites: request.statedSites,
      sites: sites.map(({ site, registered }) => ({ code: site.code, open: openPeriods(site), registered })),
      screenings,
      decisions: stated.map(({ decision, item }) => ({
        item,
        body: bodies.find(({ id }) => id === decision.bodyId)?.name[language] ?? '',
        decidedOn: decision.decidedOn,
        source: decision.source[language],
      })),
      conditions: conditions.map(({ text, dueOn, source }) => ({
        text: text[language],
        dueOn,
        source: source[language],
      })),
      told: request.told.map(({ text, from, until, source }) => ({
        text: text[language],
        from,
        until,
        source: source[language],
      })),
    },
  }
}

function periodsOf(terms: Pick<TrialTerms, 'registrationFrom' | 'registrationUntil' | 'studyUntil' | 'effectiveFrom'>) {
  const { registrationFrom, registrationUntil, studyUntil, effectiveFrom } = terms
  return { registrationFrom, registrationUntil, studyUntil, effectiveFrom }
}
