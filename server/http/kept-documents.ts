/**
 * Finished documents of pages that handlers hand out more than once. A document is made of a page and of what stands
 * around it, and of nothing else: where both are the same, so is the document, with whose session whatever.
 */
import { createHash } from 'node:crypto'
import type { Page } from '../pages/page.ts'
import { newest } from './newest.ts'

/** HTML as it is sent, and the tag by which a browser asks whether the one it has still stands. */
export type KeptDocument = { html: Buffer; tag: string }

/** Of 35 kB each in the demonstration, of 100 kB with 200 sites. */
const mostKept = 300

const names = new WeakMap<Page, number>()
let pagesNamed = 0

/** A page is known by being the same object, never by what it says. */
function nameOf(page: Page): number {
  const known = names.get(page)
  if (known !== undefined) return known
  pagesNamed += 1
  names.set(page, pagesNamed)
  return pagesNamed
}

/** For one application: the document of this page in this frame, made at most once while it is kept. */
export function keepDocuments(): (page: Page, frame: object, make: () => string) => KeptDocument {
  const kept = newest<KeptDocument>(mostKept)
  return (page, frame, make) =>
    kept(`${nameOf(page)} ${JSON.stringify(frame)}`, () => {
      const html = Buffer.from(make())
      return { html, tag: `W/"${createHash('sha256').update(html).digest('base64url')}"` }
    })
}
