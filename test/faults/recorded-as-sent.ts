/** Whether what somebody typed stands in the trail as it was sent: as text, as the day that it means, or as its digest. */

/** Every text and number that stands in a row as it was recorded, however deep. */
export function valuesIn(value: unknown): string[] {
  if (typeof value === 'string' && /^[[{]/.test(value)) {
    try {
      return [value, ...valuesIn(JSON.parse(value))]
    } catch {
      return [value]
    }
  }
  if (value !== null && typeof value === 'object') return Object.values(value).flatMap(valuesIn)
  return value === null || value === undefined ? [] : [String(value)]
}

/** Fields that lead to what is recorded, and are no part of it. */
export const leads =
  /^(seen\w*|submissionKey|opening|offeredNumber|follows|confirmed|suggested|round|item\w*|do|direction|claims?)$/i

const inPlainLetters = (text: string) => text.normalize('NFKC').trim()

export type Typed = { name: string; value: string; means?: string | null | undefined }

/** `means` is the day that was typed, null where none was; `digest` is what stands in the place of a text that nobody keeps. */
export function stands(
  { name, value, means }: Typed,
  entries: readonly { after: string; reason: string | null }[],
  digest: string | null = null,
): boolean {
  if (means === null) return false
  const typed = value.trim()
  if (typed === '' || leads.test(name)) return true
  const values = entries.flatMap(({ after, reason }) => [reason ?? '', ...valuesIn(after)])
  const sought = digest === null ? [means ?? typed, inPlainLetters(typed)] : [digest]
  return values.some((one) => sought.includes(one))
}
