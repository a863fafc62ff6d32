/** The tables as they are stored, and `Db`: the right to read them. */
import type { Kysely } from 'kysely'

/** Read access. A `Write` can be read from too; nothing else can write. */
export type Db = Pick<Kysely<Tables>, 'selectFrom'>

export type Tables = {
  person: PersonRow
  role_grant: RoleGrantRow
  session: SessionRow
  submission: SubmissionRow
  audit_entry: AuditEntryRow
  trial: TrialRow
  trial_identifier: TrialIdentifierRow
  trial_arm: TrialArmRow
  profile_fact: ProfileFactRow
  trial_terms: TrialTermsRow
  site: SiteRow
  site_status: SiteStatusRow
  milestone: MilestoneRow
  consent_version: ConsentVersionRow
  subject: SubjectRow
  subject_event: SubjectEventRow
  daily_count: DailyCountRow
  site_count: SiteCountRow
  trial_count: TrialCountRow
  last_look: LastLookRow
  change_request: ChangeRequestRow
  request_claim: RequestClaimRow
  request_body: RequestBodyRow
  request_decision: RequestDecisionRow
  request_inquiry: RequestInquiryRow
  request_condition: RequestConditionRow
  request_attachment: RequestAttachmentRow
  attestation: AttestationRow
  trial_secret: TrialSecretRow
  exit_reason: ExitReasonRow
  cap: CapRow
  allocation: AllocationRow
  import_batch: ImportBatchRow
  import_header: ImportHeaderRow
  day_timeline: DayTimelineRow
  review: ReviewRow
  review_comment: ReviewCommentRow
  review_signature: ReviewSignatureRow
  access_link: AccessLinkRow
  second_factor: SecondFactorRow
  sign_in_rule: SignInRuleRow
  sign_in_lock: SignInLockRow
  sign_in_note: SignInNoteRow
  countermeasure: CountermeasureRow
  eligibility_pool: EligibilityPoolRow
  calendar_entry: CalendarEntryRow
  reporting_scheme: ReportingSchemeRow
  periodic_report: PeriodicReportRow
  calendar_feed: CalendarFeedRow
  calendar_feed_use: CalendarFeedUseRow
  guest_link: GuestLinkRow
  guest_link_view: GuestLinkViewRow
}

/** Tables whose every row has an audit entry behind it: written only through `Write.insert` and `Write.revise`. */
export const auditedTables = [
  'person',
  'role_grant',
  'trial',
  'trial_identifier',
  'trial_arm',
  'profile_fact',
  'trial_terms',
  'site',
  'site_status',
  'milestone',
  'consent_version',
  'subject',
  'subject_event',
  'change_request',
  'request_claim',
  'request_body',
  'request_decision',
  'request_inquiry',
  'request_condition',
  'request_attachment',
  'attestation',
  'exit_reason',
  'cap',
  'allocation',
  'import_batch',
  'import_header',
  'day_timeline',
  'review',
  'review_comment',
  'review_signature',
  'access_link',
  'second_factor',
  'sign_in_rule',
  'sign_in_lock',
  'countermeasure',
  'eligibility_pool',
  'calendar_entry',
  'reporting_scheme',
  'periodic_report',
  'calendar_feed',
  'guest_link',
] as const
export type AuditedTable = (typeof auditedTables)[number]

export type PersonRow = {
  id: string
  username: string
  name_ja: string
  name_en: string
  /** Empty until the person has chosen a password. */
  password_hash: string
  created_at: string
  disabled_at: string | null
}

export type RoleGrantRow = {
  id: string
  person_id: string
  role: string
  trial_id: string | null
  site_id: string | null
  granted_at: string
  revoked_at: string | null
}

export type SessionRow = {
  id_hash: string
  person_id: string | null
  content: string
  created_at: string
  seen_at: string
}

/** A form that was sent: the same key again is answered with the same result instead of a second event. */
export type SubmissionRow = { key: string; person_id: string; trial_id: string; result: string; sent_at: string }

export type AuditEntryRow = {
  chain: string
  sequence: number
  event: string
  record_table: string
  record_id: string
  before: string | null
  after: string
  reason: string | null
  actor_id: string
  actor_name: string
  actor_role: string | null
  recorded_at: string
  request_id: string | null
  previous_hash: string
  hash: string
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
  least_shown: number | null
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

export type SubjectRow = {
  id: string
  trial_id: string
  site_id: string
  number: string
  /** Place among the site's subjects, from 1. */
  /** `subjectNumberKey` of the number: what makes it unique in its trial, and its place in a list. */
  number_key: string
  site_sequence: number
  registration_number: number | null
  /** The day of the first entry: pre-screening or consent. */
  entered_on: string
  consented_on: string | null
  consent_version_id: string | null
  referral_source: string | null
  /** A keyed digest of what the site typed to recognise the person elsewhere; never the text itself. */
  candidate_hash: string | null
  /** 1, or one more than the attempt it follows. */
  attempt: number
  earlier_attempt_id: string | null
  basis: string
  /** Derived from the events, so that lists need not read them. */
  state: string
  last_event_on: string
}

export type SubjectEventRow = {
  id: string
  trial_id: string
  subject_id: string
  kind: string
  step: string
  occurred_on: string
  recorded_at: string
  recorded_by: string
  /** Codes of the trial's reasons, with commas between them. */
  reasons: string | null
  measured_value: string | null
  /** What a withdrawal takes back, with commas between: treatment, visits, data. */
  scope: string | null
  note: string | null
  /** Why the principal investigator let it happen outside the registration period. */
  override_reason: string | null
  basis: string
  /** The first version of the event, where this one corrects it. */
  corrects_id: string | null
  /** When it stopped being believed, why, and in words. */
  withdrawn_at: string | null
  withdrawn_because: string | null
  withdrawn_note: string | null
}

export type DailyCountRow = { trial_id: string; site_id: string; step: string; date: string; number: number }

/** The sum of a step's daily counts at a site as it stands, and the last day on which there is one; empty for none. */
export type SiteCountRow = { trial_id: string; site_id: string; step: string; number: number; last_on: string }

/** The daily counts of all sites together, and what is counted of the whole trial only. */
export type TrialCountRow = { trial_id: string; step: string; date: string; number: number }

/** How far a trial's chain went when a person was last there. */
export type LastLookRow = { person_id: string; trial_id: string; sequence: number; looked_at: string }

export type ChangeRequestRow = {
  id: string
  trial_id: string
  number: number
  title_ja: string
  title_en: string
  as_of: string
  registration_until: string
  target_number: number
  stated_total: number
  registered_number: number
  method_version: string
  input_hash: string
  basis: string
  state: string
  /** JSON: what changes, item by item. */
  items: string
  /** JSON: periods that the document tells of as past. */
  told: string
  written_on: string | null
  submitted_on: string | null
  /** JSON: the terms that it asks for; null where it asks for none. */
  terms_asked: string | null
  /** From when on the document counts screenings. */
  screenings_from: string | null
  /** Why it was withdrawn. */
  ended_because: string | null
  stated_sites: number | null
  follow_up_days: number | null
  /** The version of the terms that its approval brought. */
  adopted_version: number | null
}

export type RequestClaimRow = {
  id: string
  trial_id: string
  request_id: string
  position: number
  claim: string
  site_ids: string
  label_ja: string
  label_en: string
  source_ja: string
  source_en: string
  /** Whether the document counts it, or says it beside its sum. */
  standing: string
  withdrawn_at: string | null
}

/** Who decides on a request; `items` is JSON: `[1, 5]`. */
export type RequestBodyRow = {
  id: string
  trial_id: string
  request_id: string
  position: number
  name_ja: string
  name_en: string
  items: string
  necessity: string
  withdrawn_at: string | null
  basis: string
}

export type RequestDecisionRow = {
  id: string
  trial_id: string
  request_id: string
  body_id: string
  position: number
  items: string
  outcome: string
  decided_on: string
  met_on: string | null
  notified_on: string | null
  text_ja: string | null
  text_en: string | null
  source_ja: string
  source_en: string
  basis: string
}

export type RequestInquiryRow = {
  id: string
  trial_id: string
  request_id: string
  body_id: string
  round: number
  item: number
  asked_on: string
  question_ja: string
  question_en: string
  due_on: string | null
  answered_on: string | null
  answer_ja: string | null
  answer_en: string | null
  /** The inquiry that was given the same answer. */
  same_as_id: string | null
  basis: string
}

export type RequestConditionRow = {
  id: string
  trial_id: string
  request_id: string
  body_id: string
  position: number
  text_ja: string
  text_en: string
  due_on: string
  meeting_ja: string | null
  meeting_en: string | null
  met_on: string | null
  met_note: string | null
  source_ja: string
  source_en: string
  basis: string
}

/** A file of a request; its content lies beside the database under its hash. */
export type RequestAttachmentRow = {
  id: string
  trial_id: string
  request_id: string
  size_bytes: number
  name: string
  kind: string
  sha256: string
  attached_at: string
  person_id: string
  withdrawn_at: string | null
}

export type AttestationRow = {
  id: string
  trial_id: string
  site_id: string
  month: string
  /** The trial's own date on which it was said. */
  attested_on: string
  attested_at: string
  person_id: string
}

/** The key of a trial's candidate digests. Never audited, never shown. */
export type TrialSecretRow = { trial_id: string; secret: string }

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

export type AllocationRow = {
  id: string
  trial_id: string
  subject_id: string
  event_id: string
  arm_code: string
  stratum: string | null
}

export type ImportBatchRow = {
  id: string
  trial_id: string
  file_name: string
  file_hash: string
  imported_at: string
  person_id: string
  new_number: number
  changed_number: number
  unchanged_number: number
}

/** What a column's header meant in this trial's last import. */
export type ImportHeaderRow = { id: string; trial_id: string; header: string; meaning: string }

/** One subject's days from an anchor, where no dates are known; `days` is JSON: `{"marrow": 11}`. */
export type DayTimelineRow = {
  id: string
  trial_id: string
  number: string
  anchor_code: string
  days: string
  basis: string
}

/** A link that lets somebody in once; of a set-up link nobody is known yet. */
export type AccessLinkRow = {
  id: string
  person_id: string | null
  kind: string
  token_hash: string
  issued_at: string
  expires_at: string
  used_at: string | null
  revoked_at: string | null
}

/** The secret is null where a second factor was removed; `recovery_hashes` is JSON: those that are left. */
export type SecondFactorRow = {
  id: string
  person_id: string
  secret: string | null
  set_up_at: string | null
  recovery_hashes: string
}

export type SignInRuleRow = { id: string; trial_id: string; second_factor: string }

/** That an account or an address had to wait; of an account that does not exist no person is known. */
export type SignInLockRow = {
  id: string
  person_id: string | null
  lock_of: string
  address: string
  begun_at: string
  until: string
  failures: number
}

/** Failures that are counted, and when somebody was last here: no part of the audit trail. `content` is JSON. */
export type SignInNoteRow = { key: string; content: string; noted_at: string }
/** `site_ids` and `sources` are JSON lists; an empty one stands for all of them. */
export type CountermeasureRow = {
  id: string
  trial_id: string
  category: string
  title_ja: string
  title_en: string
  site_ids: string
  sources: string
  started_on: string
  ended_on: string | null
  owner: string
  evidence: string
  basis: string
  voided_on: string | null
}

/** One count of a pool's patients; a later count of the same pool has the same `pool_id`, which is the first one's id. */
export type EligibilityPoolRow = {
  id: string
  trial_id: string
  pool_id: string
  part_of_pool_id: string | null
  site_id: string | null
  place_ja: string
  place_en: string
  department_ja: string
  department_en: string
  size: number
  counted_on: string
  reviewed: number | null
  eligible_low: number | null
  eligible_high: number | null
  source: string
  basis: string
  voided_on: string | null
}

/** A committee's meeting, or what a committee asks for. */
export type CalendarEntryRow = {
  id: string
  trial_id: string
  kind: string
  title_ja: string
  title_en: string
  body_ja: string
  body_en: string
  due_on: string
  /** The meeting at which a condition is due. */
  meeting_id: string | null
  met_on: string | null
  evidence: string | null
  source_ja: string
  source_en: string
  basis: string
  voided_at: string | null
}

/** A law under which a trial reports every year, and the day from which its years are counted. */
export type ReportingSchemeRow = {
  id: string
  trial_id: string
  scheme: string
  starts_on: string
  basis: string
  retired_at: string | null
}

/** A periodic report that was handed in; taken back, it has no day any more. */
export type PeriodicReportRow = {
  id: string
  trial_id: string
  scheme: string
  from_on: string
  submitted_on: string | null
  document: string | null
  basis: string
}

/** A secret address of somebody's calendar, of one trial or of all of theirs; only its digest is kept. */
export type CalendarFeedRow = {
  id: string
  person_id: string
  trial_id: string | null
  language: string
  token_hash: string
  created_at: string
  revoked_at: string | null
}

/** When a calendar was last fetched: upkeep, as with sessions, and in no audit trail. */
export type CalendarFeedUseRow = { feed_id: string; used_at: string }
export type ReviewRow = {
  id: string
  trial_id: string
  due_on: string
  terms_version: number
  verdict: string
  opened_at: string
  frozen_at: string
  /** `ReviewFigures` as canonical JSON, and the SHA-256 of that text. */
  figures: string
  figures_hash: string
  /** Measures that answer the review: a JSON list of identifiers. */
  measure_ids: string
}

export type ReviewCommentRow = {
  id: string
  trial_id: string
  review_id: string
  text: string
  person_id: string
  name_ja: string
  name_en: string
  written_at: string
}

/** Append-only: the database itself refuses to change what was signed. */
export type ReviewSignatureRow = {
  id: string
  trial_id: string
  review_id: string
  person_id: string
  name_ja: string
  name_en: string
  role: string
  meaning: string
  signed_at: string
  /** `SignedContent` as canonical JSON, and the SHA-256 of that text. */
  content: string
  content_hash: string
}

/** What a guest may read of a change request: frozen when the link was made, with its digest. */
export type GuestLinkRow = {
  id: string
  trial_id: string
  request_id: string
  label: string
  token_hash: string
  /** The last day on which it opens, where the trial is. */
  valid_until: string
  person_id: string
  name_ja: string
  name_en: string
  created_at: string
  content: string
  content_hash: string
  revoked_at: string | null
}

/** How often a guest's link was opened: upkeep, without an audit entry. */
export type GuestLinkViewRow = { link_id: string; views: number; viewed_at: string }
