/** Rows of the log that were made before: the same entry, seen with the same things around it, is the same row. */

import type { TrialFacts } from '../db/trial-facts.ts'
import type { Words } from '../i18n/words.ts'
import { type LogEntry, type LogInput, type LogRow, logRow } from '../pages/log-row.ts'
import { newest } from './newest.ts'

type Rows = WeakMap<LogEntry, LogRow>

/** Of a trial, of so many kinds: days, languages, readers who write and who do not. */
const mostKinds = 20
const kept = new WeakMap<TrialFacts, (kind: string, make: () => Rows) => Rows>()

/** How entries are shown; an entry must be the same object only as long as it says the same, and so must the facts. */
export function rowsShown(
  facts: TrialFacts,
  seen: Pick<LogInput, 'trial' | 'today' | 'mayLog' | 'isAllAssumed'>,
  words: Words,
): (entry: LogEntry) => LogRow {
  const { pathway, sites, reasonLabels } = facts
  const kinds = kept.get(facts) ?? newest<Rows>(mostKinds)
  kept.set(facts, kinds)
  const { trial, today, mayLog, isAllAssumed } = seen
  const rows = kinds(JSON.stringify([words.language, trial.code, today, mayLog, isAllAssumed]), () => new WeakMap())
  return (entry) => {
    const known = rows.get(entry)
    if (known !== undefined) return known
    const row = logRow({ ...seen, pathway, sites, reasonLabels }, entry, words)
    rows.set(entry, row)
    return row
  }
}
