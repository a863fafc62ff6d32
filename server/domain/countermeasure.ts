/**
 * A measure taken for recruitment: what was begun, when, by whom, at which sites and towards which sources of referral.
 * It stays on the list when it has ended, because what was tried is what the next review asks.
 */
import type { Basis, Bilingual } from './bilingual.ts'
import type { CalendarDate } from './calendar-date.ts'
import type { Problem } from './parsed.ts'

export const countermeasureCategories = [
  'liaison_institutions',
  'liaison_departments',
  'information',
  'more_sites',
  'protocol_amendment',
  'funding',
  'other',
] as const
export type CountermeasureCategory = (typeof countermeasureCategories)[number]

export type Countermeasure = {
  id: string
  category: CountermeasureCategory
  title: Bilingual
  /** Where it is taken; empty for the whole trial. */
  siteIds: readonly string[]
  /** The sources of referral that it is directed at, as the log names them; empty for all of them. */
  sources: readonly string[]
  startedOn: CalendarDate
  /** The last day on which it was taken; null while it goes on. */
  endedOn: CalendarDate | null
  owner: string
  evidence: string
  basis: Basis
}
export type CountermeasureDraft = Omit<Countermeasure, 'id'>

/** A source of referral by which entries are counted together: widths of letters and spaces at the ends make no difference. */
export function sourceKey(typed: string): string {
  return typed.normalize('NFKC').trim()
}

/** Whether it is taken on a day: from its start up to and including its last day. */
export function isRunningOn({ startedOn, endedOn }: Countermeasure, day: CalendarDate): boolean {
  return startedOn <= day && (endedOn === null || day <= endedOn)
}

/** What stands against a draft: a site that is not the trial's, an end before the start or to come. A start to come is a plan. */
export function countermeasureProblems(
  draft: CountermeasureDraft,
  knownSiteIds: readonly string[],
  today: CalendarDate,
): Problem[] {
  const isUnknown = draft.siteIds.some((id) => !knownSiteIds.includes(id))
  const problems: Problem[] = isUnknown ? [{ field: 'siteIds', code: 'choice_missing' }] : []
  return draft.endedOn === null ? problems : [...problems, ...endProblems(draft, draft.endedOn, today)]
}

/** What stands against ending a measure on a day: it had not begun, or the day has not come. */
export function endProblems(
  { startedOn }: Pick<Countermeasure, 'startedOn'>,
  endedOn: CalendarDate,
  today: CalendarDate,
): Problem[] {
  if (endedOn < startedOn) return [{ field: 'endedOn', code: 'measure_ends_before_start', values: { startedOn } }]
  return endedOn > today ? [{ field: 'endedOn', code: 'date_in_future', values: { today } }] : []
}
