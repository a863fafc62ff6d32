/** Earlier promises row by row: who made it, by when, how many, and what came. */
import type { EarlierPromise } from '../domain/earlier-promises.ts'
import type { Words } from '../i18n/words.ts'
import { subjectsInWords } from './claims-table.ts'
import { pInWords } from './projection-words.ts'

export type PromiseRow = { name: string; by: string; promised: string; registered: string; p: string }

export function promiseRows(promises: readonly EarlierPromise[], words: Words): PromiseRow[] {
  return promises.map((promise) => ({
    name: promiseName(promise, words),
    by: promise.by,
    promised: subjectsInWords(promise.promised, words),
    registered: words.number(promise.registered),
    p: pInWords(promise.chance, words),
  }))
}

function promiseName(promise: EarlierPromise, words: Words): string {
  const { of, number } = promise
  switch (of) {
    case 'terms':
      return words.t('sheet.promise_terms', { number })
    case 'request':
      return words.t('sheet.promise_request', { number })
    case 'told':
      return words.t('sheet.promise_told', { number, name: words.pick(promise.name) })
  }
}
