/** The sites that the rows of an import name and the trial does not have. */
import type { Context } from '../../context.ts'
import { insertSite } from '../../db/sites.ts'
import type { Write } from '../../db/write.ts'
import type { CalendarDate } from '../../domain/calendar-date.ts'
import type { Column, ImportLine } from '../../domain/import-columns.ts'
import { readRow } from '../../domain/import-row.ts'
import { fold, plainCode } from '../../domain/import-words.ts'
import type { Pathway } from '../../domain/milestone.ts'
import type { Site } from '../../domain/site.ts'

/** Told after every few rows; what it gives is waited for, so that others get their turn. */
export type Progress = (done: number, total: number) => Promise<void>

export const rowsReadAtOnce = 200

type UnknownSite = { typed: string; from: CalendarDate | null }

/** Each with the first day that a row of it knows. */
export async function unknownAmong(
  lines: readonly ImportLine[],
  columns: readonly Column[],
  sites: readonly Site[],
  pathway: Pathway,
  progress: Progress,
): Promise<UnknownSite[]> {
  const unknown = new Map<string, UnknownSite>()
  for (const [index, line] of lines.entries()) {
    if (index % rowsReadAtOnce === 0) await progress(0, lines.length)
    const { site, siteTyped, days, outcomeDay } = readRow(line, columns, pathway, sites, null)
    const key = fold(siteTyped)
    if (site !== null || key === '') continue
    const own = [...days.values(), outcomeDay].filter((day) => day !== null)
    const before = unknown.get(key)
    const from = [...own, ...(before?.from == null ? [] : [before.from])].sort()[0] ?? null
    unknown.set(key, { typed: before?.typed ?? siteTyped, from })
  }
  return [...unknown.values()]
}

/** A site is open from the first day that the table knows of it: an assumption, and marked as one. */
export async function addSites(
  context: Context,
  write: Write,
  trialId: string,
  unknown: readonly UnknownSite[],
  every: readonly Site[],
): Promise<Site[]> {
  const taken = new Set(every.map(({ code }) => code))
  const added: Site[] = []
  for (const { typed, from } of unknown) {
    const statuses = from === null ? [] : [{ status: 'open' as const, from, basis: 'assumed' as const }]
    const code = codeFor(typed, taken)
    taken.add(code)
    const site = { code, name: { ja: typed.slice(0, 200), en: typed.slice(0, 200) }, plannedPerYear: null, statuses }
    added.push({ id: await insertSite(write, context, trialId, site), ...site })
  }
  return added
}

/** What was typed, where it can be a code; else the next free number. */
function codeFor(typed: string, taken: ReadonlySet<string>): string {
  const plain = plainCode(typed)
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/.test(plain) && !taken.has(plain)) return plain
  for (let number = taken.size + 1; ; number++) {
    const code = String(number).padStart(2, '0')
    if (!taken.has(code)) return code
  }
}
