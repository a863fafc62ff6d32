/** A trial: what it is, its terms, sites and pathway. */

export type TrialTables = {
  trial: TrialRow
  trial_identifier: TrialIdentifierRow
  trial_arm: TrialArmRow
  profile_fact: ProfileFactRow
  trial_terms: TrialTermsRow
  site: SiteRow
  site_status: SiteStatusRow
  milestone: MilestoneRow
  consent_version: ConsentVersionRow
  exit_reason: ExitReasonRow
  cap: CapRow
  trial_secret: TrialSecretRow
  trial_retention: TrialRetentionRow
  trial_lock: TrialLockRow
}

export type TrialRow = {
  id: string
  code: string
  name_ja: string
  name_en: string
  title_ja: string
  title_en: string
  condition_ja: string
  condition_en: string
  design: string
  risk_class: string
  time_zone: string
  retention_years: number | null
  created_at: string
  phase: string | null
}

export type TrialIdentifierRow = {
  id: string
  trial_id: string
  kind: string
  value: string
  valid_from: string | null
  valid_until: string | null
  source_ja: string
  source_en: string
}

export type TrialArmRow = {
  id: string
  trial_id: string
  position: number
  code: string
  label_ja: string
  label_en: string
  ratio: number
  retired_at: string | null
}

export type ProfileFactRow = {
  id: string
  trial_id: string
  kind: string
  position: number
  label_ja: string
  label_en: string
  value_ja: string
  value_en: string
  source_ja: string
  source_en: string
  basis: string
  /** The version that this one took the place of, and when it was itself replaced. */
  replaces_id: string | null
  replaced_at: string | null
}

export type TrialTermsRow = {
  id: string
  trial_id: string
  version: number
  target_number: number
  registration_from: string
  registration_until: string
  study_until: string | null
  cost_bearer: string
  review_interval_months: number
  review_anchor: string
  plan_starts_on: string
  plan_starts_at_number: number
  plan_reaches_number: number
  effective_from: string
  approved_on: string | null
  approval_body_ja: string | null
  approval_body_en: string | null
  approval_document_ja: string | null
  approval_document_en: string | null
  basis: string
  assumption_ja: string | null
  assumption_en: string | null
}

export type SiteRow = {
  id: string
  trial_id: string
  code: string
  name_ja: string
  name_en: string
  /** Registrations expected in a year. */
  planned_per_year: number | null
}

export type SiteStatusRow = {
  id: string
  trial_id: string
  site_id: string
  status: string
  from_on: string
  basis: string
}

export type MilestoneRow = {
  id: string
  trial_id: string
  position: number
  code: string
  label_ja: string
  label_en: string
  kind: string
  necessity: string
  counting: string
  repetition: string
  anchor_code: string | null
  offset_days: number | null
  window_before_days: number | null
  window_after_days: number | null
  retired_at: string | null
}

export type ConsentVersionRow = {
  id: string
  trial_id: string
  position: number
  label_ja: string
  label_en: string
  approved_on: string | null
  basis: string
}

export type ExitReasonRow = {
  id: string
  trial_id: string
  exit: string
  code: string
  label_ja: string
  label_en: string
  position: number
  retired_at: string | null
}

/** How many registrations a trial, one of its sites or one of its arms takes: at most (hard), or with a warning (soft). */
export type CapRow = {
  id: string
  trial_id: string
  site_id: string | null
  arm_code: string | null
  hard_number: number | null
  soft_number: number | null
}

/** The key of a trial's candidate digests. Never audited, never shown. */
export type TrialSecretRow = { trial_id: string; secret: string }

/** How many years after its end a trial's records are kept, and by which rule. */
export type TrialRetentionRow = {
  id: string
  trial_id: string
  years: number
  rule_ja: string
  rule_en: string
  ended_on: string | null
  basis: string
}

/** A time in which nothing of a trial may be changed; it holds while it has no end. */
export type TrialLockRow = {
  id: string
  trial_id: string
  person_id: string
  name_ja: string
  name_en: string
  because: string
  locked_at: string
  ended_person_id: string | null
  ended_name_ja: string | null
  ended_name_en: string | null
  ended_because: string | null
  ended_at: string | null
}
