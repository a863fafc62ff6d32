/**
 * What parsing at the edge hands back: the value, or everything that stands in its way. A problem
 * names its field and a code; the words, in either language, belong to `i18n`.
 */
export type Parsed<T> = { value: T } | Refused

/** At least one problem, in the order of the fields on the page. */
export type Refused = { problems: Problem[] }

/**
 * One thing that a person can mend: `{ field: 'consentedOn', code: 'impossible', values: { month: '2026-02',
 * lastDay: 28 } }`. The values are what the words quote.
 */
export type Problem = { field: string; code: string; values?: Record<string, string | number> }

/** True where problems came back in place of a value. */
export function isRefused<T>(parsed: Parsed<T>): parsed is Refused {
  return 'problems' in parsed
}
