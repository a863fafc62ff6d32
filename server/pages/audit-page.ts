/** The audit trail of a trial: who changed what, when and why; newest first, and one record's history as sentences. */
import type { AccessRecord } from '../domain/access-record.ts'
import type { AuditEntry } from '../domain/audit-entry.ts'
import type { Problem } from '../domain/parsed.ts'
import { textsOf } from '../domain/redaction.ts'
import type { Words } from '../i18n/words.ts'
import { nameOf } from './accesses-page.ts'
import { type AuditFilter, type AuditTyped, auditFilter, queryOf } from './audit-filter.ts'
import { type AuditWorld, aboutOf, actorOf, type Change, changesOf, historyOf, reasonInWords } from './audit-values.ts'
import { type Page, titleOf } from './page.ts'

export type AuditInput = {
  world: AuditWorld
  /** Whether texts may be asked to be taken out. */
  mayAsk: boolean
  entries: readonly AuditEntry[]
  /** Who read the one subject that is asked for, the last first; null where it is none. */
  reads: readonly AccessRecord[] | null
  typed: AuditTyped
  problems: readonly Problem[]
  /** Everybody who ever acted in the trial, and every kind of entry that it has. */
  people: readonly { id: string; username: string }[]
  events: readonly string[]
  /** Of the whole trail. */
  length: number
  /** Whether the newest entries asked for are shown, and whether older ones remain. */
  isStart: boolean
  goesOn: boolean
}

export type AuditPage = Page & {
  note: string
  filter: AuditFilter
  /** Where one record is asked for: what happened to it, the first thing first. */
  history: {
    title: string
    sentences: { at: string; text: string; changes: string[]; reason: string | null; redact: string | null }[]
  } | null
  entries: {
    sequence: string
    at: string
    event: string
    about: string
    history: string
    /** Where to ask that a text of it be taken out; null where there is none, or for who may not. */
    redact: string | null
    changes: Change[]
    reason: string | null
    actor: string
    role: string
  }[]
  /** Of one subject's history: who read it last, and where all of that stands. */
  readers: { latest: { at: string; text: string }[]; more: string } | null
  empty: string | null
  pager: { range: string; previous: string | null; next: string | null } | null
}

export function auditPage(input: AuditInput, words: Words): AuditPage {
  const { world, entries, typed, problems, length } = input
  const isPart = queryOf(typed) !== ''
  return {
    template: 'audit/index',
    title: titleOf('audit.title', words, problems.length > 0),
    place: 'audit',
    note: words.t('audit.note', { count: length }),
    filter: auditFilter(world, typed, input.people, input.events, problems, words),
    history: typed.record === '' || entries.length === 0 ? null : historyInWords(input, words),
    entries: entries.map((entry) => ({
      sequence: words.number(entry.sequence),
      at: words.instant(entry.recordedAt, world.trial.timeZone),
      event: words.of('audit_event', entry.event),
      about: aboutOf(entry, world, words),
      history: hrefOf(input, { record: historyOf(entry, world) }),
      redact: redactOf(entry, input),
      changes: changesOf(entry, world, words),
      reason: entry.reason === null ? null : reasonInWords(entry.reason, words),
      actor: actorOf(entry, world, words),
      role: entry.actorRole === null ? '—' : words.of('role', entry.actorRole),
    })),
    readers: readersOf(input, words),
    empty: entries.length > 0 ? null : words.t(isPart ? 'audit.none_found' : 'audit.none'),
    pager: entries.length === 0 ? null : pagerOf(input, words),
  }
}

/** The first thing first, each as one sentence. Of a page: older things are on the next one. */
function historyInWords(input: AuditInput, words: Words): AuditPage['history'] {
  const { world, entries, typed } = input
  const name = [...world.numbers.values()].includes(typed.record)
    ? typed.record
    : aboutOf(entries.at(-1) as AuditEntry, world, words)
  return {
    title: words.t('audit.history_of', { record: name }),
    sentences: entries.toReversed().map((entry) => ({
      at: words.instant(entry.recordedAt, world.trial.timeZone),
      text: words.t('audit.sentence', {
        actor: actorOf(entry, world, words),
        role: entry.actorRole === null ? '—' : words.of('role', entry.actorRole),
        event: words.of('audit_event', entry.event),
        about: aboutOf(entry, world, words),
      }),
      changes: changesOf(entry, world, words).map(({ field, before, after }) =>
        before === null ? words.t('audit.held', { field, after }) : words.t('audit.changed', { field, before, after }),
      ),
      reason: entry.reason === null ? null : reasonInWords(entry.reason, words),
      redact: redactOf(entry, input),
    })),
  }
}

function readersOf({ world, reads, typed }: AuditInput, words: Words): AuditPage['readers'] {
  if (reads === null) return null
  const query = new URLSearchParams({ subject: typed.record })
  return {
    latest: reads.map((read) => ({
      at: words.instant(read.readAt, world.trial.timeZone),
      text: words.t('accesses.latest', {
        person: nameOf(read.personId, world, words),
        role: read.role === null ? '—' : words.of('role', read.role),
        what: words.of('access_kind', read.what),
      }),
    })),
    more: `/trials/${world.trial.code}/accesses?${query}`,
  }
}

function redactOf(entry: AuditEntry, { world, mayAsk }: AuditInput): string | null {
  const isPossible = mayAsk && textsOf(entry).length > 0
  return isPossible ? `/trials/${world.trial.code}/redactions/new?entry=${entry.sequence}` : null
}

function pagerOf(input: AuditInput, words: Words): AuditPage['pager'] {
  const { entries, length, isStart, goesOn } = input
  const newest = entries[0]?.sequence ?? 0
  const oldest = entries.at(-1)?.sequence ?? 0
  return {
    range: words.t('audit.range', { first: oldest, last: newest, total: length }),
    // Back is the browser's matter on a part; the newest are one step away.
    previous: isStart ? null : hrefOf(input, {}),
    next: goesOn ? hrefOf(input, { before: String(oldest) }) : null,
  }
}

function hrefOf({ world, typed }: AuditInput, changes: Partial<AuditTyped> & { before?: string }): string {
  const { before, ...asked } = changes
  const question = 'record' in changes ? { person: '', event: '', from: '', until: '', record: '', ...asked } : typed
  const query = new URLSearchParams(queryOf(question))
  if (before !== undefined) query.set('before', before)
  const text = query.toString()
  return `/trials/${world.trial.code}/audit${text === '' ? '' : `?${text}`}`
}
