/** What was recorded since the reader's last visit, counted by its kind: never of whom, and nothing of allocations. */
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'

export type ChangesInput = {
  /** When the reader was last here; null where this is the first time. */
  since: string | null
  changes: readonly { event: string; number: number }[]
  maySeeAudit: boolean
}

export type ChangesSince = {
  note: string
  lines: { what: string; number: string }[]
  more: string | null
  href: string | null
}

/** So many kinds are told one by one. */
const mostLines = 8

export function changesSince({ since, changes, maySeeAudit }: ChangesInput, trial: Trial, words: Words): ChangesSince {
  const told = changes.slice(0, mostLines)
  const rest = changes.slice(mostLines).reduce((sum, { number }) => sum + number, 0)
  return {
    note:
      since === null
        ? words.t('changes_since.first_time')
        : words.t(changes.length === 0 ? 'changes_since.nothing' : 'changes_since.since', {
            at: words.instant(since, trial.timeZone),
          }),
    lines: told.map(({ event, number }) => ({
      what: words.of('audit_event', event),
      number: words.t('changes_since.number', { count: number }),
    })),
    more: rest === 0 ? null : words.t('changes_since.more', { count: rest }),
    href: maySeeAudit && changes.length > 0 ? `/trials/${trial.code}/audit` : null,
  }
}
