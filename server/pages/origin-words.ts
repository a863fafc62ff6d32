/** Where the rows of an import came from, as a page says it: in the history, the audit trail, and beside a correction. */
import { originInWords } from '../domain/import-origin.ts'
import type { Words } from '../i18n/words.ts'
import { freeText } from './free-text.ts'

export function originWords(stored: string, words: Words): string {
  return originInWords(freeText(stored, words), { pasted: words.t('import.pasted'), mended: words.t('import.mended') })
}
