/** The versions of a trial's terms. */

import type { Context } from '../context.ts'
import type { Basis } from '../domain/bilingual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { ReviewAnchor } from '../domain/review-schedule.ts'
import type { CostBearer, TrialTerms } from '../domain/trial-terms.ts'
import { bothOrNull } from './both-languages.ts'
import type { Db, TrialTermsRow } from './database.ts'
import type { Write } from './write.ts'

function termsFrom(row: TrialTermsRow): TrialTerms {
  return {
    version: row.version,
    targetNumber: row.target_number,
    registrationFrom: row.registration_from as CalendarDate,
    registrationUntil: row.registration_until as CalendarDate,
    studyUntil: row.study_until as CalendarDate | null,
    costBearer: row.cost_bearer as CostBearer,
    reviewIntervalMonths: row.review_interval_months,
    reviewAnchor: row.review_anchor as ReviewAnchor,
    plan: {
      startsOn: row.plan_starts_on as CalendarDate,
      startsAtNumber: row.plan_starts_at_number,
      reachesNumber: row.plan_reaches_number,
    },
    effectiveFrom: row.effective_from as CalendarDate,
    approval:
      row.approval_body_ja === null
        ? null
        : {
            body: { ja: row.approval_body_ja, en: row.approval_body_en ?? row.approval_body_ja },
            approvedOn: row.approved_on as CalendarDate | null,
            document: { ja: row.approval_document_ja ?? '', en: row.approval_document_en ?? '' },
          },
    basis: row.basis as Basis,
    assumption: bothOrNull(row.assumption_ja, row.assumption_en),
  }
}

/** Every version of a trial's terms, the first one first. */
export async function listTerms(db: Db, trialId: string): Promise<TrialTerms[]> {
  const rows = await db
    .selectFrom('trial_terms')
    .selectAll()
    .where('trial_id', '=', trialId)
    .orderBy('version')
    .execute()
  return rows.map(termsFrom)
}

export async function insertTerms(write: Write, context: Context, trialId: string, terms: TrialTerms): Promise<void> {
  await write.insert(
    'trial_terms',
    {
      id: context.newId(),
      trial_id: trialId,
      version: terms.version,
      target_number: terms.targetNumber,
      registration_from: terms.registrationFrom,
      registration_until: terms.registrationUntil,
      study_until: terms.studyUntil,
      cost_bearer: terms.costBearer,
      review_interval_months: terms.reviewIntervalMonths,
      review_anchor: terms.reviewAnchor,
      plan_starts_on: terms.plan.startsOn,
      plan_starts_at_number: terms.plan.startsAtNumber,
      plan_reaches_number: terms.plan.reachesNumber,
      effective_from: terms.effectiveFrom,
      approved_on: terms.approval?.approvedOn ?? null,
      approval_body_ja: terms.approval?.body.ja ?? null,
      approval_body_en: terms.approval?.body.en ?? null,
      approval_document_ja: terms.approval?.document.ja ?? null,
      approval_document_en: terms.approval?.document.en ?? null,
      basis: terms.basis,
      assumption_ja: terms.assumption?.ja ?? null,
      assumption_en: terms.assumption?.en ?? null,
    },
    'terms_adopted',
  )
}
