/** What an entry of the trail says, as a person reads it: the record, its fields, and their values. */
import type { AuditEntry } from '../domain/audit-entry.ts'
import type { Bilingual } from '../domain/bilingual.ts'
import { correctionReasons } from '../domain/correction.ts'
import { milestoneOf, type Pathway } from '../domain/milestone.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { freeText } from './free-text.ts'
import { originWords } from './origin-words.ts'
import { inquiryName } from './requests/request-words.ts'

/** What identifiers mean to a reader, and whether the reader may know arms. */
export type AuditWorld = {
  trial: Trial
  pathway: Pathway
  /** Names of people, in both languages; an entry's own name stands where somebody is not among them. */
  names: ReadonlyMap<string, Bilingual>
  /** Numbers of subjects, by their identifiers. */
  numbers: ReadonlyMap<string, string>
  siteCodes: ReadonlyMap<string, string>
  maySeeArms: boolean
}

/** Before: null where nothing stood there. */
export type Change = { field: string; before: string | null; after: string }

/** Names of fields, `name` for `name_ja` and `name_en`: identifiers, keys and digests say nothing to a reader. */
export const unsaidFields = [
  'id',
  'trial_id',
  'request_id',
  'body_id',
  'same_as_id',
  'subject_id',
  'event_id',
  'consent_version_id',
  'earlier_attempt_id',
  'corrects_id',
  'replaces_id',
  'pool_id',
  'review_id',
  // What was frozen and signed is shown by the review; the trail tells its digest.
  'figures',
  'content',
  'measure_ids',
  'part_of_pool_id',
  'password_hash',
  'token_hash',
  'secret',
  'recovery_hashes',
  'candidate_hash',
  'token_hash',
  'meeting_id',
  'number_key',
  'recorded_by',
  'record_id',
  'entries',
  'places',
  'ended_person_id',
] as const
const unsaid = new Set<string>(unsaidFields)
/** The arm stays with those who may see it: the trail says to everybody else that it was written down. */
const blinded = new Set(['arm_code', 'stratum'])

export function isSaid(table: string, field: string, maySeeArms: boolean): boolean {
  // What kind of event it is, its step says.
  if (table === 'subject_event' && field === 'kind') return false
  return !unsaid.has(field) && (table !== 'allocation' || maySeeArms || !blinded.has(field))
}

/** What the entry changed, in the order of the fields; of a new record, everything that it holds. */
export function changesOf({ table, before, after }: AuditEntry, world: AuditWorld, words: Words): Change[] {
  return Object.entries(after)
    .filter(([field]) => isSaid(table, field, world.maySeeArms))
    .filter(([field, value]) => (before === null ? value !== null : before[field] !== value))
    .map(([field, value]) => ({
      field: fieldInWords(field, words),
      before: isNothing(before?.[field]) ? null : valueInWords(table, field, before?.[field], world, words),
      after: valueInWords(table, field, value, world, words),
    }))
}

/** `name_ja` is the name, in Japanese. */
export function fieldInWords(field: string, words: Words): string {
  if (field === 'reason') return words.t('audit.reason_column')
  const [, base, language] = /^(\w+)_(ja|en)$/.exec(field) ?? []
  if (base === undefined || language === undefined) return words.of('audit_field', field)
  return words.t(language === 'ja' ? 'audit.in_ja' : 'audit.in_en', { field: words.of('audit_field', base) })
}

/** What a column is called; the name of one that the trail never shows says itself. */
export function columnInWords(column: string, words: Words): string {
  return unsaid.has(column) || isCount(column) ? column : fieldInWords(column, words)
}

/** A column that the trail does not have: of the counts, which can be made again. */
const isCount = (column: string) => ['date', 'last_on'].includes(column)

type WordTable = Parameters<Words['of']>[0]
/** Fields whose values are codes with words of their own, and where these stand. */
const codes: Record<string, WordTable> = {
  role: 'role',
  basis: 'basis',
  design: 'design',
  risk_class: 'risk_class',
  phase: 'phase',
  scheme: 'reporting_scheme',
  cost_bearer: 'cost_bearer',
  necessity: 'necessity',
  repetition: 'repetition',
  counting: 'counting',
  state: 'state',
  exit: 'state',
  withdrawn_because: 'correction_reason',
}
/** As `codes`, for fields that mean something else in another table. */
const codesOfTable: Record<string, Record<string, WordTable>> = {
  site_status: { status: 'site_status' },
  milestone: { kind: 'milestone_kind' },
  trial_identifier: { kind: 'identifier' },
  profile_fact: { kind: 'fact_kind' },
  countermeasure: { category: 'measure_category' },
  sign_in_rule: { second_factor: 'rules' },
  change_request: { state: 'request_state' },
  request_claim: { standing: 'claim_standing' },
  request_body: { necessity: 'body_necessity' },
  request_decision: { outcome: 'decision_outcome' },
  calendar_entry: { kind: 'obligation_kind' },
  calendar_feed: { language: 'feed_language' },
  review: { verdict: 'review_verdict' },
  review_signature: { meaning: 'review_meaning' },
  redaction: { kind: 'redaction_kind', state: 'redaction_state' },
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === ''
}

function valueInWords(table: string, field: string, value: unknown, world: AuditWorld, words: Words): string {
  if (isNothing(value)) return '—'
  const text = String(value)
  const code = codesOfTable[table]?.[field] ?? codes[field]
  if (code !== undefined) return words.of(code, text)
  if (field === 'step' || field === 'anchor_code') return stepInWords(text, world, words)
  if (field === 'site_id') return world.siteCodes.get(text) ?? '—'
  if (field === 'record_table') return words.of('redaction_table', text)
  if (field === 'field') return fieldInWords(text, words)
  if (/^(person_id|asked_by|decided_by)$/.test(field)) return words.pick(world.names.get(text) ?? { ja: '—', en: '—' })
  if (field === 'file_name') return originWords(text, words)
  if (/_at$/.test(field)) return words.instant(text, world.trial.timeZone)
  if (field === 'site_ids') return siteList(text, world)
  return freeText(withoutBraces(text, words), words)
}

function stepInWords(step: string, { pathway }: AuditWorld, words: Words): string {
  const label = milestoneOf(pathway, step)?.label
  return label === undefined ? words.of('state', step) : words.pick(label)
}

function siteList(text: string, { siteCodes }: AuditWorld): string {
  const ids = parsed(text)
  return Array.isArray(ids) && ids.length > 0 ? ids.map((id) => siteCodes.get(String(id)) ?? '—').join(', ') : '—'
}

/** Lists and records without their braces; what is said in two languages, in the reader's. */
function withoutBraces(value: unknown, words: Words): string {
  const text = String(value ?? '—')
  const stored = typeof value === 'string' && /^[[{]/.test(value) ? parsed(value) : value
  if (typeof stored !== 'object' || stored === null) return text
  if ('ja' in stored && 'en' in stored) return words.pick(stored as Bilingual)
  const parts = Object.entries(stored).map(([name, part]) =>
    /^\d+$/.test(name) ? withoutBraces(part, words) : `${name} ${withoutBraces(part, words)}`,
  )
  return parts.length === 0 ? '—' : parts.join(', ')
}

/** Null for what only looks like a list or a record: people write brackets too. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** What identifies a record to a person: its subject's number, its own label, its version. */
export function aboutOf(entry: AuditEntry, world: AuditWorld, words: Words): string {
  return freeText(labelOf(entry, world, words), words)
}

function labelOf({ table, after }: AuditEntry, world: AuditWorld, words: Words): string {
  const own = (name: string) => String(after[`${name}_${words.language}`] ?? '')
  const number = world.numbers.get(String(after.subject_id)) ?? ''
  switch (table) {
    case 'subject_event':
      return `${number}　${stepInWords(String(after.step), world, words)}`
    case 'allocation':
      return number
    case 'import_batch':
      return originWords(String(after.file_name), words)
    case 'day_timeline':
    case 'subject':
      return String(after.number)
    case 'trial_terms':
      return words.t('terms.version', { version: String(after.version) })
    case 'request_body':
      return own('name')
    case 'request_decision':
      return String(after.decided_on)
    case 'request_inquiry':
      return inquiryName({ round: Number(after.round), item: Number(after.item) }, words)
    case 'request_condition':
      return own('text')
    case 'request_attachment':
      return String(after.name)
    case 'change_request':
    case 'countermeasure':
    case 'calendar_entry':
      return own('title')
    case 'reporting_scheme':
    case 'periodic_report':
      return words.of('reporting_scheme', String(after.scheme))
    case 'eligibility_pool':
      return [own('place'), own('department')].filter((part) => part !== '').join(words.t('pools.within'))
    case 'review':
      return String(after.due_on)
    case 'review_comment':
      return String(after.text)
    case 'review_signature':
      return words.of('review_meaning', String(after.meaning))
    case 'redaction':
      return [number, fieldInWords(String(after.field), words)].filter((part) => part !== '').join('　')
    case 'attestation':
      return words.month(String(after.month))
    case 'sign_in_rule':
      return words.t('factor.name')
    case 'role_grant':
      return words.of('role', String(after.role))
    case 'site_status':
      return `${words.of('site_status', String(after.status))}　${String(after.from_on)}`
    case 'trial_identifier':
      return String(after.value)
    case 'site':
    case 'trial':
      return `${String(after.code)}　${own('name')}`
    default:
      return own('label')
  }
}

/** By what a reader asks for the record's whole history: a subject by its number, another record by its identifier. */
export function historyOf({ table, recordId, after }: AuditEntry, { numbers }: AuditWorld): string {
  if (table === 'subject') return String(after.number)
  return numbers.get(String(after.subject_id ?? '')) ?? recordId
}

export function actorOf({ actorId, actorName }: AuditEntry, { names }: AuditWorld, words: Words): string {
  const name = names.get(actorId)
  return name === undefined ? actorName : words.pick(name)
}

/** A reason is a code, with words of its own behind a colon where there were some. */
export function reasonInWords(said: string, words: Words): string {
  const reason = freeText(said, words)
  const [code = '', ...rest] = reason.split(': ')
  const known = correctionReasons.some((one) => one === code)
  return known
    ? [words.of('correction_reason', code), ...rest.map((part) => originWords(part, words))].join(': ')
    : reason
}
