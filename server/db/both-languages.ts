/** What was said in both languages, as rows hold it. */
import type { Bilingual } from '../domain/bilingual.ts'

/** Null where nothing was said; what was said in Japanese only stands for both. */
export function bothOrNull(ja: string | null, en: string | null): Bilingual | null {
  return ja === null ? null : { ja, en: en ?? ja }
}
