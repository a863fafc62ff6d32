/** What stands on all pages about recruitment: the way from one to the others, and what was just done. */
import type { Trial } from '../../domain/trial.ts'
import type { Words } from '../../i18n/words.ts'

export const recruitmentTabs = ['countermeasures', 'pools', 'sources'] as const
export type RecruitmentTab = (typeof recruitmentTabs)[number]

export const recruitmentDoings = [
  'measure_added',
  'measure_changed',
  'measure_ended',
  'measure_voided',
  'pool_added',
  'pool_counted',
  'pool_corrected',
  'pool_voided',
] as const
export type RecruitmentDoing = (typeof recruitmentDoings)[number]

export type Tab = { label: string; href: string; current: boolean }

export function tabsOf(trial: Trial, here: RecruitmentTab, words: Words): Tab[] {
  return recruitmentTabs.map((tab) => ({
    label: words.of('recruitment_tab', tab),
    href: `/trials/${trial.code}/${tab}`,
    current: tab === here,
  }))
}

/** So many entries stand on one page of a list. */
export const pageSize = 20

export type Pager = { range: string; previous: string | null; next: string | null }

/** The part of a list that stands on a page, counted from 1, and the way to the others; no pager where all fit. */
export function paged<T>(
  list: readonly T[],
  page: number,
  href: (page: number) => string,
  words: Words,
): { shown: readonly T[]; pager: Pager | null } {
  const last = Math.max(1, Math.ceil(list.length / pageSize))
  const here = Math.min(Math.max(1, page), last)
  const first = (here - 1) * pageSize
  const shown = list.slice(first, first + pageSize)
  if (last === 1) return { shown, pager: null }
  const range = { first: first + 1, last: first + shown.length, total: words.number(list.length) }
  return {
    shown,
    pager: {
      range: words.t('format.range_of', range),
      previous: here > 1 ? href(here - 1) : null,
      next: here < last ? href(here + 1) : null,
    },
  }
}
