/** Rows of the log that were made before: the same entry, seen with the same things around it, is the same row. */

import type { TrialFacts } from '../db/trial-facts.ts'
import type { Words } from '../i18n/words.ts'
import { type LogEntry, type LogInput, type LogRow, logRow } from '../pages/log-row.ts'
import { nameOf } from './name-of.ts'
import { newest } from './newest.ts'

type Rows = WeakMap<LogEntry, LogRow>

/** Of so many kinds: what a trial is like, days, languages, readers who write and who do not. */
const kept = newest<Rows>(50)

/** How entries are shown; an entry must be the same object only as long as it says the same, and so must the facts. */
export function rowsShown(
  facts: TrialFacts,
  seen: Pick<LogInput, 'trial' | 'today' | 'mayLog' | 'isAllAssumed'>,
  words: Words,
): (entry: LogEntry) => LogRow {
  const { pathway, sites, reasonLabels } = facts
  const { trial, today, mayLog, isAllAssumed } = seen
  const kind = JSON.stringify([nameOf(facts), words.language, trial.code, today, mayLog, isAllAssumed])
  const rows = kept(kind, () => new WeakMap())
  return (entry) => {
    const known = rows.get(entry)
    if (known !== undefined) return known
    const row = logRow({ ...seen, pathway, sites, reasonLabels }, entry, words)
    rows.set(entry, row)
    return row
  }
}
