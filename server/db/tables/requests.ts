/** Change requests: what they ask and claim, and what committees made of them. */

export type RequestTables = {
  change_request: ChangeRequestRow
  request_claim: RequestClaimRow
  request_body: RequestBodyRow
  request_decision: RequestDecisionRow
  request_inquiry: RequestInquiryRow
  request_condition: RequestConditionRow
  request_attachment: RequestAttachmentRow
  guest_link: GuestLinkRow
  guest_link_view: GuestLinkViewRow
}

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
  /** The meeting in the calendar at which it is due: its day goes before the one above. */
  meeting_id: string | null
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
  withdrawn_because: string | null
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
