/** Rows of the log that were made before: the same entry, seen with the same things around it, is the same row. */

import type { Words } from '../i18n/words.ts'
import { type LogEntry, type LogInput, type LogRow, logRow } from '../pages/log-row.ts'
import { newest } from './newest.ts'

/** Of so many kinds of things around it: trials, days, languages, readers who write and who do not. */
const kept = newest<WeakMap<LogEntry, LogRow>>(50)

/** How entries are shown; an entry must be the same object only as long as it says the same. */
export function rowsShown(input: LogInput, words: Words): (entry: LogEntry) => LogRow {
  const { trial, sites, reasonLabels, ...others } = input
  const names = sites.map(({ id, code, name }) => [id, code, name])
  const around = JSON.stringify([words.language, trial.code, names, [...reasonLabels], others])
  const rows = kept(around, () => new WeakMap())
  return (entry) => {
    const known = rows.get(entry)
    if (known !== undefined) return known
    const row = logRow(input, entry, words)
    rows.set(entry, row)
    return row
  }
}
