/** The periods that a draft tells of as past, as its form has them, and back. */
import type { Bilingual } from '../../domain/bilingual.ts'
import type { Problem } from '../../domain/parsed.ts'
import type { ToldPeriod } from '../../domain/request/request-record.ts'
import type { Words } from '../../i18n/words.ts'
import { mostTold } from '../../pages/requests/draft-form-page.ts'
import type { RequestField, RequestFieldId } from '../../pages/requests/request-fields.ts'
import type { Read } from '../settings/read-fields.ts'

export function typedTold(told: readonly ToldPeriod[], words: Words): Record<string, string> {
  const number = (value: number | null) => (value === null ? '' : String(value))
  return Object.fromEntries(
    told.flatMap(({ text, from, until, source, promised, registered }, index) => [
      [`toldText${index + 1}`, words.pick(text)],
      [`toldFrom${index + 1}`, from],
      [`toldUntil${index + 1}`, until],
      [`toldPromised${index + 1}`, number(promised)],
      [`toldRegistered${index + 1}`, number(registered)],
      [`toldSource${index + 1}`, words.pick(source)],
    ]),
  )
}

/** A row in which anything stands needs its name, both days, and where the document says so. */
const needed = ['toldText', 'toldFrom', 'toldUntil', 'toldSource'] as const satisfies readonly RequestField[]

/** Row by row; what is wrong with one goes to `problems`. */
export function readTold(
  read: Read<RequestFieldId>,
  old: readonly ToldPeriod[],
  kept: (text: string, old: Bilingual | null | undefined) => Bilingual,
  problems: Problem[],
): ToldPeriod[] {
  return Array.from({ length: mostTold }, (_, index) => index + 1).flatMap((place): ToldPeriod[] => {
    const promised = read.number(`toldPromised${place}`)
    const registered = read.number(`toldRegistered${place}`)
    const missing = needed.map((name) => `${name}${place}` as const).filter((id) => read.textOrNull(id) === null)
    if (missing.length === needed.length && promised === null && registered === null) return []
    problems.push(...missing.map((field) => ({ field, code: 'setting_missing' as const })))
    if (registered !== null && promised === null) {
      problems.push({ field: `toldPromised${place}`, code: 'promise_missing' })
    }
    if (missing.length > 0) return []
    const [from, until] = [read.day(`toldFrom${place}`), read.day(`toldUntil${place}`)]
    if (until < from) problems.push({ field: `toldUntil${place}`, code: 'ends_before_it_begins', values: { from } })
    const was = old[place - 1]
    const [text, source] = [read.text(`toldText${place}`), read.text(`toldSource${place}`)]
    return [{ text: kept(text, was?.text), from, until, source: kept(source, was?.source), promised, registered }]
  })
}
