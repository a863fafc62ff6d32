/** What a reader is told when a page cannot be shown: what happened, what to do, and a reference to ask with. */
import type { Words } from '../i18n/words.ts'
import type { Page } from './page.ts'

export const errorKinds = [
  'not_found',
  'forbidden',
  'conflict',
  'locked',
  'unprocessable',
  'too_large',
  'wrong_method',
  'form_expired',
  'unavailable',
  'failed',
] as const
export type ErrorKind = (typeof errorKinds)[number]

export type ErrorPage = Page & { heading: string; advice: string; reference: string | null }

export function errorPage(kind: ErrorKind, reference: string | null, words: Words): ErrorPage {
  return {
    template: 'errors/show',
    title: words.of('error_title', kind),
    place: null,
    heading: words.of('error_title', kind),
    advice: words.of('error_advice', kind),
    reference,
  }
}
