/** What a check found, in words: the finding itself, and what would resolve it. */
import type { Finding } from '../domain/request-check/finding.ts'
import type { Words } from '../i18n/words.ts'

export type FindingInWords = { message: string; remedy: string }

export function findingInWords({ check, kind, values }: Finding, words: Words): FindingInWords {
  const inWords = Object.entries(values).map(([name, value]) => [name, valueInWords(name, value, words)])
  return {
    message: words.of('request_finding', kind, Object.fromEntries(inWords)),
    remedy: words.of('request_remedy', check),
  }
}

/** A chance to two significant figures, other figures with at most two decimals; dates, names and texts as they are. */
function valueInWords(name: string, value: string | number, words: Words): string {
  if (typeof value === 'string') return value
  if (name === 'p') return value < 0.0001 ? '< 0.0001' : value.toPrecision(2)
  return words.number(value, Number.isInteger(value) ? 0 : 2)
}
