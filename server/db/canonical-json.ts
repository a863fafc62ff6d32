/** Values as text that is always the same, so that its digest can be signed and compared. */
import { createHash } from 'node:crypto'

/**
 * JSON with the keys of every record sorted: `{ b: [2, 1], a: 1 }` is `{"a":1,"b":[2,1]}`. A `<` that people typed is
 * written as `\\u003c`, so that the text, shown as a page by mistake, is still text.
 */
export function canonicalJson(value: unknown): string {
  const text = JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
  return text.replace(/</g, '\\u003c')
}

/** SHA-256 of a text in UTF-8, as 64 hexadecimal digits: what `sha256sum` says of a file that holds it. */
export function textHash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
