/** Reviews: what was frozen, said and signed. */

export type ReviewTables = {
  review: ReviewRow
  review_comment: ReviewCommentRow
  review_signature: ReviewSignatureRow
}

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
