/** How counts of single sites are said to readers who are not shown small ones. */
import type { SmallNumbers } from '../domain/small-numbers.ts'
import type { Words } from '../i18n/words.ts'

/** A site's count, or the bound that is said in its place: `<3`, `≥3`, or nothing at all. */
export function siteCount(
  { least, withheld, isBounded }: SmallNumbers,
  siteId: string,
  count: number,
  words: Words,
): string {
  if (least === null || !withheld.has(siteId)) return words.number(count)
  if (!isBounded) return notSaid
  return words.t(count < least ? 'small.below' : 'small.at_least', { least })
}

/** What follows from a site's counts: its rate, its last activity. */
export function siteFigure<T>({ withheld }: SmallNumbers, siteId: string, figure: T, instead: T): T {
  return withheld.has(siteId) ? instead : figure
}

export const notSaid = '—'

/** What a reader is told who is not shown small numbers; null for everybody else. */
export function smallNote({ least }: SmallNumbers, words: Words): string | null {
  return least === null ? null : words.t('small.note', { least })
}

/** A note, with that about small numbers behind it where there is one. */
export function withSmallNote(note: string, small: SmallNumbers, words: Words): string {
  return [note, smallNote(small, words)].filter((one) => one !== null).join(' ')
}
