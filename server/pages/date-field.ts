/** A date's field: what was typed, how it was understood, and what could be meant where it was not. */
import { type DateReading, readDate } from '../domain/read-date.ts'
import type { Words } from '../i18n/words.ts'
import { type Field, field, type ProblemInWords } from './page.ts'

export type DateField = Field & {
  /** The understood date in both calendars; null where it could not be understood. */
  echo: string | null
}

export function dateField(id: string, typed: string, problems: readonly ProblemInWords[], words: Words): DateField {
  const plain = field(id, typed, problems)
  const reading = readDate(typed)
  if ('date' in reading) return { ...plain, echo: readingInWords(reading, words) }
  const suggested = reading.suggestion
  const suggestion = suggested === null ? null : { value: suggested, words: words.date(suggested) }
  return { ...plain, echo: null, suggestion }
}

/** An understood date in both calendars; a serial number of Excel with a word of caution. */
export function readingInWords(reading: Extract<DateReading, { date: unknown }>, words: Words): string {
  const serial = reading.warning === null ? '' : words.t('form.excel_serial')
  return `${words.date(reading.date)}${serial}`
}
