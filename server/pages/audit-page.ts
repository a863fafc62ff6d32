/** The audit trail of a trial: who changed what, when and why; newest first. */
import type { Bilingual } from '../domain/bilingual.ts'
import { correctionReasons } from '../domain/correction.ts'
import { milestoneOf, type Pathway } from '../domain/milestone.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { originWords } from './origin-words.ts'
import type { Page } from './page.ts'
import { inquiryName } from './requests/request-words.ts'

export type AuditInput = {
  trial: Trial
  entries: readonly {
    sequence: number
    event: string
    table: string
    recordId: string
    before: Record<string, unknown> | null
    after: Record<string, unknown>
    reason: string | null
    actorId: string
    actorName: string
    actorRole: string | null
    recordedAt: string
  }[]
  pathway: Pathway
  /** Names of the people who acted, in both languages; the entry's own where somebody is not among them. */
  names: ReadonlyMap<string, Bilingual>
  /** Numbers of the subjects that the entries speak of, by their identifiers. */
  numbers: ReadonlyMap<string, string>
  /** Which arm somebody was given is left out for everybody else. */
  maySeeArms: boolean
  length: number
  pageSize: number
}

export type AuditPage = Page & {
  note: string
  entries: {
    sequence: string
    at: string
    event: string
    about: string
    changes: { name: string; before: string | null; after: string }[]
    reason: string | null
    actor: string
    role: string
  }[]
  pager: { range: string; previous: string | null; next: string | null }
}

/** What identifies a record to a person: its subject's number, its own label, its version. */
function aboutOf(
  { table, after }: AuditInput['entries'][number],
  { pathway, numbers }: AuditInput,
  words: Words,
): string {
  const own = (name: string) => String(after[`${name}_${words.language}`] ?? '')
  switch (table) {
    case 'subject_event': {
      const step = String(after.step)
      const label = milestoneOf(pathway, step)?.label
      const what = label === undefined ? words.of('state', step) : words.pick(label)
      return `${numbers.get(String(after.subject_id)) ?? ''}　${what}`
    }
    case 'allocation':
      return numbers.get(String(after.subject_id)) ?? ''
    case 'import_batch':
      return originWords(String(after.file_name), words)
    case 'day_timeline':
    case 'subject':
      return String(after.number)
    case 'trial_terms':
      return words.t('terms.version', { version: String(after.version) })
    case 'change_request':
      return own('title')
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
    case 'attestation':
      return words.month(String(after.month))
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

const unsaid = new Set([
  'id',
  'trial_id',
  'site_id',
  'person_id',
  'password_hash',
  'candidate_hash',
  'recorded_by',
  'event_id',
  'request_id',
  'body_id',
  'same_as_id',
])

function actorOf({ actorId, actorName }: AuditInput['entries'][number], { names }: AuditInput, words: Words): string {
  const name = names.get(actorId)
  return name === undefined ? actorName : words.pick(name)
}

/** A reason is a code, with words of its own behind a colon where there were some. */
function reasonInWords(reason: string, words: Words): string {
  const [code = '', ...rest] = reason.split(': ')
  const known = correctionReasons.some((one) => one === code)
  return known
    ? [words.of('correction_reason', code), ...rest.map((part) => originWords(part, words))].join(': ')
    : reason
}

/** A stored value as a person reads it; lists and records without their braces, what is said in two languages in one. */
function valueInWords(value: unknown, words: Words): string {
  const text = String(value ?? '—')
  const stored = typeof value === 'object' ? value : /^[[{]/.test(text) ? parsed(text) : null
  if (typeof stored !== 'object' || stored === null) return text
  if ('ja' in stored && 'en' in stored) return words.pick(stored as Bilingual)
  const parts = Object.entries(stored).map(([name, part]) =>
    /^\d+$/.test(name) ? valueInWords(part, words) : `${name} ${valueInWords(part, words)}`,
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

/** The arm stays with those who may see it: the trail says to everybody else that it was written down. */
const blinded = new Set(['arm_code', 'stratum'])

function changesOf(
  { table, before, after }: AuditInput['entries'][number],
  maySeeArms: boolean,
  words: Words,
): AuditPage['entries'][number]['changes'] {
  return Object.entries(after)
    .filter(([name]) => table !== 'allocation' || maySeeArms || !blinded.has(name))
    .filter(([name, value]) => !unsaid.has(name) && (before === null ? value !== null : before[name] !== value))
    .map(([name, value]) => ({
      name,
      before: before === null ? null : valueInWords(before[name], words),
      after: valueInWords(value, words),
    }))
}

export function auditPage(input: AuditInput, words: Words): AuditPage {
  const { trial, entries, length, pageSize } = input
  const newest = entries[0]?.sequence ?? 0
  const oldest = entries.at(-1)?.sequence ?? 0
  const href = (before: number) => `/trials/${trial.code}/audit${before > length ? '' : `?before=${before}`}`
  return {
    template: 'audit/index',
    title: words.t('audit.title'),
    place: 'audit',
    note: words.t('audit.note', { count: words.number(length) }),
    entries: entries.map((entry) => ({
      sequence: words.number(entry.sequence),
      at: words.instant(entry.recordedAt, trial.timeZone),
      event: words.of('audit_event', entry.event),
      about: aboutOf(entry, input, words),
      changes: changesOf(entry, input.maySeeArms, words),
      reason: entry.reason === null ? null : reasonInWords(entry.reason, words),
      actor: actorOf(entry, input, words),
      role: entry.actorRole === null ? '—' : words.of('role', entry.actorRole),
    })),
    pager: {
      range: words.t('format.range_of', { first: oldest, last: newest, total: words.number(length) }),
      previous: newest < length ? href(newest + pageSize + 1) : null,
      next: oldest > 1 ? href(oldest) : null,
    },
  }
}
