/** What the columns of a spreadsheet mean: told by their heads, remembered from the last import, or chosen by the person. */
import { asDay, fold, knownDays, knownHeads, ownHeads, ownMarks, siteCodeHeads } from './import-words.ts'
import { type Milestone, milestoneOf, type Pathway } from './milestone.ts'
import type { Problem } from './parsed.ts'

/**
 * A table as it was pasted or read from a file; `line` is the row's number there, so that the person finds it again:
 * the head of a table that begins at the top is line 1. Every row has as many cells as the head or fewer.
 */
export type ImportTable = { headLine: number; head: readonly string[]; rows: readonly ImportLine[] }
export type ImportLine = { line: number; cells: readonly string[] }

/** Meanings that every trial has; `milestone:<code>` is the day of a milestone of its pathway. */
export const plainMeanings = [
  'ignored',
  'row_number',
  'site',
  'number',
  'outcome',
  'outcome_day',
  'reason',
  'referral',
  'consent_version',
  'measured_value',
  'note',
] as const
export type PlainMeaning = (typeof plainMeanings)[number]
export type Meaning = PlainMeaning | `milestone:${string}`

export type Column = {
  index: number
  head: string
  meaning: Meaning
  /**
   * `own_file`: the product wrote it so. `code_beside`: a site's name, left out because another column has its code.
   * `unknown`: nobody said what it means, and it is left out.
   */
  by: 'chosen' | 'remembered' | 'own_file' | 'code_beside' | 'head' | 'unknown'
}

/** More than any log has; a table beyond it is refused whole. */
export const importLimits = { columns: 200, rows: 20_000, cell: 1000 } as const

export function meaningsOf(pathway: Pathway): Meaning[] {
  return [...plainMeanings, ...daysOf(pathway).map(({ code }): Meaning => `milestone:${code}`)]
}

/** The milestones whose days a table may give; an allocation is the statistician's to record. */
function daysOf(pathway: Pathway): Milestone[] {
  return pathway.milestones.filter(({ kind }) => kind !== 'allocation')
}

export function milestoneMeant(pathway: Pathway, meaning: Meaning): Milestone | null {
  return meaning.startsWith('milestone:') ? milestoneOf(pathway, meaning.slice('milestone:'.length)) : null
}

/**
 * The columns with their meanings. A choice counts before what is remembered, that before the head itself; of two heads
 * that say the same, both are taken, and `columnProblems` asks which one is meant. Of a site's code and name the code is
 * taken. A file that the product wrote is read as it was written.
 */
export function columnsOf(
  head: readonly string[],
  pathway: Pathway,
  remembered: ReadonlyMap<string, string>,
  chosen: ReadonlyMap<number, string>,
): Column[] {
  const possible: readonly string[] = meaningsOf(pathway)
  const isMeaning = (text: string | undefined): text is Meaning => text !== undefined && possible.includes(text)
  const folded = head.map(fold)
  const isOwn = isOwnFile(folded)
  const hasSiteCode = folded.some(isSiteCode)
  return head.map((name, index): Column => {
    const before = remembered.get(fold(name))
    const told = meaningOfHead(name, pathway)
    const own = isOwn ? meaningInOwnFile(folded, index, pathway) : null
    const found: Pick<Column, 'meaning' | 'by'> =
      own !== null
        ? { meaning: own, by: 'own_file' }
        : isMeaning(before)
          ? { meaning: before, by: 'remembered' }
          : told === null
            ? { meaning: 'ignored', by: 'unknown' }
            : told === 'site' && hasSiteCode && !isSiteCode(folded[index] ?? '')
              ? { meaning: 'ignored', by: 'code_beside' }
              : { meaning: told, by: 'head' }
    const choice = chosen.get(index)
    const isOther = isMeaning(choice) && choice !== found.meaning
    return { index, head: name, ...(isOther ? { meaning: choice, by: 'chosen' } : found) }
  })
}

function isSiteCode(folded: string): boolean {
  return siteCodeHeads.some((known) => fold(known) === folded)
}

/** Whether the log was written out by the product: its heads stand together nowhere else. */
function isOwnFile(folded: readonly string[]): boolean {
  return ownMarks.some((marks) => marks.every((mark) => folded.includes(fold(mark))))
}

/** What a column of such a file means; null where it was put in by hand. A step may be called as a column before it is. */
function meaningInOwnFile(folded: readonly string[], index: number, pathway: Pathway): Meaning | null {
  const name = folded[index] ?? ''
  const isOwn = (heads: readonly string[]) => heads.some((head) => fold(head) === name)
  const plain = Object.entries(ownHeads).find(([, heads]) => isOwn(heads))?.[0]
  if (plain !== undefined && folded.indexOf(name) === index) return plain as PlainMeaning
  const step = pathway.milestones.find(({ label }) => fold(label.ja) === name || fold(label.en) === name)
  if (step === undefined) return null
  // Arms are not among what a table may give, nor is their day.
  return step.kind === 'allocation' ? 'ignored' : `milestone:${step.code}`
}

/** 同意取得日 and `Consent date` are the day of the screening milestone, whatever the trial calls it; a label or code is its own. */
export function meaningOfHead(head: string, pathway: Pathway): Meaning | null {
  const folded = fold(head)
  if (folded === '') return head.trim() === '#' ? 'row_number' : null
  const own = daysOf(pathway).find((milestone) => namesOf(milestone).includes(folded))
  const day = Object.entries(knownDays).find(([, heads]) => heads.some((known) => fold(known) === folded))?.[0]
  const plain = Object.entries(knownHeads).find(([, heads]) => heads.some((known) => fold(known) === folded))?.[0]
  const meant = day === undefined ? null : dayMeant(day as keyof typeof knownDays, pathway)
  if (meant !== null) return `milestone:${meant.code}`
  // A plain head counts before a label: a column of outcomes may be headed as the milestone of the judgement is called.
  if (plain !== undefined) return plain as PlainMeaning
  return own === undefined ? null : `milestone:${own.code}`
}

/** A label, a code, or either of them as the day of it: 登録, 登録日, registration, registration date. */
function namesOf({ code, label }: Milestone): string[] {
  const names = [code, label.ja, label.en].map(fold)
  return names.flatMap((name) => [name, ...asDay(name)])
}

function dayMeant(day: keyof typeof knownDays, pathway: Pathway): Milestone | null {
  const ofKind = (kind: Milestone['kind']) => pathway.milestones.find((milestone) => milestone.kind === kind) ?? null
  const screeningStart = () =>
    pathway.milestones.find(
      (milestone) =>
        milestone.kind === 'procedure' &&
        namesOf(milestone).some((name) => knownDays.screening_start.some((known) => fold(known) === name)),
    ) ?? null
  const meant: Record<keyof typeof knownDays, () => Milestone | null> = {
    consent: () => pathway.screening,
    screening_start: screeningStart,
    eligibility: () => ofKind('eligibility'),
    provisional: () => pathway.provisional,
    registration: () => pathway.registration,
    allocation: () => null,
    treatment: () => ofKind('treatment'),
  }
  return meant[day]()
}

/** Why a table cannot be read at all: an empty list when its rows can be. */
export function columnProblems({ head, rows }: ImportTable, columns: readonly Column[], pathway: Pathway): Problem[] {
  if (head.length === 0) return [{ field: 'rows', code: 'import_empty' }]
  const { columns: most, rows: mostRows } = importLimits
  if (head.length > most || rows.some(({ cells }) => cells.length > most)) {
    return [{ field: 'rows', code: 'import_too_many_columns', values: { most } }]
  }
  if (rows.length === 0) return [{ field: 'rows', code: 'import_no_rows' }]
  if (rows.length > mostRows) return [{ field: 'rows', code: 'import_too_many_rows', values: { most: mostRows } }]
  const problems: Problem[] = []
  for (const { index, head: name, meaning } of columns) {
    if (meaning === 'ignored' || meaning === 'row_number') continue
    const first = columns.find((column) => column.meaning === meaning)
    if (first !== undefined && first.index !== index) {
      const values = { first: first.head, second: name }
      problems.push({ field: `meaning-${index}`, code: 'import_same_meaning', values })
    }
  }
  const has = (meaning: Meaning) => columns.some((column) => column.meaning === meaning)
  if (!has('number')) problems.push({ field: 'meaning-0', code: 'import_no_number_column' })
  const hasDay = columns.some(({ meaning }) => meaning === 'outcome_day' || milestoneMeant(pathway, meaning) !== null)
  if (!hasDay) problems.push({ field: 'meaning-0', code: 'import_no_day_column' })
  return problems
}
