/** What people typed, as a page shows it: where it was taken out, that it was, when and what it gave away. */
import { withMarksSaid } from '../domain/redaction.ts'
import type { Words } from '../i18n/words.ts'

export function freeText(text: string, words: Words): string {
  return withMarksSaid(text, (on, kind) => words.t('redactions.mark', { on, kind: words.of('redaction_kind', kind) }))
}

export function freeTextOrNull(text: string | null, words: Words): string | null {
  return text === null ? null : freeText(text, words)
}
