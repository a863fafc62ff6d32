/** Figures as an outline to read: one line each, what belongs together further in. */

/**
 * `{ registered: 2, byDeadline: { low80: 2 } }` -> `registered: 2`, `by deadline`, `  low 80: 2`. Numbers have four
 * figures that mean something; of a list each entry stands under its place, or its code where it has one.
 */
export function outlineOf(value: object, indent = ''): string[] {
  return Object.entries(value).flatMap(([name, part]) => linesOf(inWords(name), part, indent))
}

function linesOf(label: string, value: unknown, indent: string): string[] {
  if (Array.isArray(value)) {
    if (value.length === 0) return [`${indent}${label}: none`]
    if (value.every((part) => typeof part !== 'object')) return [`${indent}${label}: ${value.map(textOf).join(', ')}`]
    return [`${indent}${label}`, ...value.flatMap((part, place) => linesOf(nameOf(part, place), part, `${indent}  `))]
  }
  if (typeof value === 'object' && value !== null) return [`${indent}${label}`, ...outlineOf(value, `${indent}  `)]
  return [`${indent}${label}: ${textOf(value)}`]
}

function nameOf(entry: unknown, place: number): string {
  const code = typeof entry === 'object' && entry !== null && 'code' in entry ? entry.code : undefined
  return typeof code === 'string' ? code : String(place + 1)
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '-'
  if (typeof value !== 'number' || Number.isInteger(value)) return String(value)
  return String(Number(value.toPrecision(4)))
}

/** `yearsLeft` -> `years left`, `low80` -> `low 80`. */
function inWords(name: string): string {
  return name.replace(/([a-z])([A-Z0-9])/g, (_, before, after) => `${before} ${after.toLowerCase()}`)
}
