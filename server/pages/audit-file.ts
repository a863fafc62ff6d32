/** The trail as rows of a file: what a page shows, with what proves it. */
import type { AuditEntry } from '../domain/audit-entry.ts'
import type { Words } from '../i18n/words.ts'
import { type AuditWorld, aboutOf, actorOf, changesOf, reasonInWords } from './audit-values.ts'

export type { AuditWorld } from './audit-values.ts'

export function auditFileHeader(words: Words): string[] {
  return [
    words.t('audit.sequence'),
    words.t('audit.instant'),
    words.t('audit.event'),
    words.t('audit.about'),
    words.t('audit.changes'),
    words.t('audit.reason_column'),
    words.t('audit.actor'),
    words.t('audit.role'),
    words.t('audit.request'),
    words.t('audit.hash'),
  ]
}

export function auditFileRow(entry: AuditEntry, world: AuditWorld, words: Words): (string | number | null)[] {
  const changes = changesOf(entry, world, words).map(({ field, before, after }) =>
    before === null ? words.t('audit.held', { field, after }) : words.t('audit.changed', { field, before, after }),
  )
  return [
    entry.sequence,
    entry.recordedAt,
    words.of('audit_event', entry.event),
    aboutOf(entry, world, words),
    changes.join('\n'),
    entry.reason === null ? null : reasonInWords(entry.reason, words),
    actorOf(entry, world, words),
    entry.actorRole === null ? null : words.of('role', entry.actorRole),
    entry.requestId,
    entry.hash,
  ]
}
