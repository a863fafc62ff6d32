/**
 * A text that was typed by mistake, such as a patient's name in a note, is taken out: out of its row and out of every
 * entry of the audit trail that holds it. One person asks, another one confirms; that it was done stays for good.
 */
import type { AuditEntry } from './audit-entry.ts'
import type { CalendarDate } from './calendar-date.ts'
import type { Problem } from './parsed.ts'

/** What of a person the text gives away. */
export const redactionKinds = [
  'person_name',
  'record_number',
  'contact',
  'birth_date',
  'other_person',
  'other',
] as const
export type RedactionKind = (typeof redactionKinds)[number]

export const redactionStates = ['asked', 'confirmed', 'refused'] as const
export type RedactionState = (typeof redactionStates)[number]

/**
 * The columns into which people type freely, and out of which a text may go. Not among them: what was submitted or
 * signed (its digest covers it), names and codes of the trial's own settings, numbers of subjects, attached files.
 */
export const freeTexts: Readonly<Record<string, readonly string[]>> = {
  subject: ['referral_source'],
  subject_event: ['measured_value', 'note', 'override_reason', 'withdrawn_note'],
  countermeasure: ['title_ja', 'title_en', 'owner', 'evidence'],
  eligibility_pool: ['source'],
  calendar_entry: ['title_ja', 'title_en', 'evidence', 'source_ja', 'source_en'],
  review_comment: ['text'],
  import_batch: ['file_name'],
  redaction: ['words'],
}

/** `reason` stands beside before and after; `after.note` is the entry's note after the change. */
export type TextPlace = 'reason' | `${'before' | 'after'}.${string}`

/**
 * An entry out of which texts were taken. `remains` is the digest of what was left, for an entry whose hash covered the
 * texts themselves; null where it covers commitments and still fits.
 */
export type RedactedEntry = { sequence: number; places: TextPlace[]; remains: string | null }

export type Redaction = {
  id: string
  table: string
  recordId: string
  field: string
  sequence: number
  subjectId: string | null
  kind: RedactionKind
  words: string | null
  state: RedactionState
  askedBy: string
  askedAt: string
  decidedBy: string | null
  decidedAt: string | null
  decidedOn: CalendarDate | null
  entries: RedactedEntry[]
}

/** What stands where a text stood: `■■■■ 2026-11-21 person_name`, which each page says in its language. */
export function redactionMark({ decidedOn, kind }: Pick<Redaction, 'decidedOn' | 'kind'>): string {
  return `■■■■ ${decidedOn ?? ''} ${kind}`
}

const marks = new RegExp(`■■■■ (\\d{4}-\\d{2}-\\d{2}) (${redactionKinds.join('|')})`, 'g')

/** A text with each mark in it said in words. */
export function withMarksSaid(text: string, said: (on: CalendarDate, kind: RedactionKind) => string): string {
  if (!text.includes('■■■■')) return text
  return text.replace(marks, (_, on, kind) => said(on as CalendarDate, kind as RedactionKind))
}

export function isRedactionMark(text: string): boolean {
  return text.replace(marks, '') === '' && text !== ''
}

/** A text of an entry that somebody may ask to be taken out. */
export type FoundText = { table: string; recordId: string; field: string; text: string }

/** The texts of an entry as they were after it, each with its record; the entry's reason is one of the entry itself. */
export function textsOf(entry: Pick<AuditEntry, 'sequence' | 'table' | 'recordId' | 'after' | 'reason'>): FoundText[] {
  const { table, recordId, after, reason } = entry
  const own = (freeTexts[table] ?? []).flatMap((field) => {
    const text = after[field]
    return typeof text === 'string' && text !== '' && !isRedactionMark(text) ? [{ table, recordId, field, text }] : []
  })
  const words = reason === null ? '' : wordsOfReason(reason)
  const isSaidAlready = words === '' || isRedactionMark(words) || own.some(({ text }) => text === words)
  if (isSaidAlready) return own
  return [...own, { table: 'audit_entry', recordId: String(entry.sequence), field: 'reason', text: words }]
}

/** A reason is a code, with words behind a colon where there were some; or it is words. `other: by hand` says `by hand`. */
function wordsOfReason(reason: string): string {
  const [, words] = /^[a-z_]+(?:: ([\s\S]*))?$/.exec(reason) ?? [null, reason]
  return words ?? ''
}

/** Where a text stands in an entry: as a free text before or after it, or as its reason, alone or behind a code. */
export function placesIn(
  { table, before, after, reason }: Pick<AuditEntry, 'table' | 'before' | 'after' | 'reason'>,
  text: string,
): TextPlace[] {
  const fields = freeTexts[table] ?? []
  const of = (side: 'before' | 'after', row: Record<string, unknown> | null) =>
    fields.filter((field) => row?.[field] === text).map((field): TextPlace => `${side}.${field}`)
  const isReason = reason !== null && (reason === text || wordsOfReason(reason) === text)
  return [...of('before', before), ...of('after', after), ...(isReason ? (['reason'] as const) : [])]
}

export type RedactionDraft = {
  trialId: string
  sequence: number
  /** `subject_event.note`, or `audit_entry.reason`: which of the entry's texts. */
  place: string
  kind: RedactionKind
  words: string | null
}

/** Why a text cannot be asked to be taken out: an empty list where it can. */
export function askProblems(
  target: FoundText | null,
  draft: Pick<RedactionDraft, 'kind' | 'words'>,
  known: { isAsked: boolean; isSigned: boolean },
): Problem[] {
  if (target === null) return [{ field: 'place', code: 'redaction_nothing_there' }]
  if (known.isSigned) return [{ field: 'place', code: 'redaction_of_signed' }]
  if (known.isAsked) return [{ field: 'place', code: 'redaction_asked_already' }]
  const { kind, words } = draft
  if (kind === 'other' && words === null) return [{ field: 'words', code: 'note_missing' }]
  const isRepeated = words?.includes(target.text) === true
  return isRepeated ? [{ field: 'words', code: 'redaction_words_repeat' }] : []
}

/** What somebody saw who was shown what would go: its entries and places, and nothing of the text. */
export function seenOf(entries: readonly Pick<RedactedEntry, 'sequence' | 'places'>[]): string {
  return entries.map(({ sequence, places }) => `${sequence}:${places.join('+')}`).join(' ')
}

/** Why somebody may not decide on what was asked. */
export function decisionProblems(
  { state, askedBy }: Pick<Redaction, 'state' | 'askedBy'>,
  personId: string,
): Problem[] {
  if (state !== 'asked') return [{ field: '', code: 'redaction_decided_already' }]
  return askedBy === personId ? [{ field: '', code: 'redaction_by_asker' }] : []
}

/** Whether an entry of the trail is the word of a second person that gives a redaction its right. */
export function isFounded(entry: Pick<AuditEntry, 'sequence' | 'before' | 'after' | 'actorId'>): boolean {
  const { before, after, actorId, sequence } = entry
  const named = String(after.entries ?? '')
    .split(',')
    .filter(Boolean)
    .map(Number)
  return (
    before?.state === 'asked' &&
    after.state === 'confirmed' &&
    after.decided_by === actorId &&
    after.asked_by !== actorId &&
    named.every((place) => place < sequence)
  )
}
