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

type Body = { html: Buffer; digest: string }
type Makes = { body: () => Buffer; around: () => { before: string; after: string } }

/**
 * For one application: the document of this page in this frame, made at most once while it is kept. What the page says by
 * itself is made once for everybody; it does not know of the frame.
 */
export function keepDocuments(): (page: Page, frame: object, makes: Makes) => KeptDocument {
  const kept = newest<KeptDocument>(mostKept)
  const bodies = new WeakMap<Page, Body>()
  const bodyOf = (page: Page, make: () => Buffer): Body => {
    const known = bodies.get(page) ?? bodyFrom(make())
    bodies.set(page, known)
    return known
  }
  return (page, frame, makes) =>
    kept(`${nameOf(page)} ${JSON.stringify(frame)}`, () => {
      const body = bodyOf(page, makes.body)
      const { before, after } = makes.around()
      const tag = createHash('sha256')
        .update(JSON.stringify([before, body.digest, after]))
        .digest('base64url')
      return { html: framed(before, body.html, after), tag: `W/"${tag}"` }
    })
}

/** A whole document, as it is sent. */
export function framed(before: string, body: Buffer, after: string): Buffer {
  return Buffer.concat([Buffer.from(before), body, Buffer.from(after)])
}

function bodyFrom(html: Buffer): Body {
  return { html, digest: createHash('sha256').update(html).digest('base64url') }
}
