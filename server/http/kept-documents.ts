/**
 * Finished documents of pages that handlers hand out more than once. A document is made of a page and of what stands
 * around it, and of nothing else: where both are the same, so is the document, with whose session whatever.
 */
import { createHash } from 'node:crypto'
import type { Page } from '../pages/page.ts'
import { nameOf } from './name-of.ts'
import { newest } from './newest.ts'

/** HTML as it is sent, and the tag by which a browser asks whether the one it has still stands. */
export type KeptDocument = { html: Buffer; tag: string }

/** Of 35 kB each in the demonstration, of 100 kB with 200 sites. */
const mostKept = 300

/** What is made once and sent often, with its digest. */
type Part = { html: Buffer; digest: string }

/** What a layout says around a page. */
type Around = { before: Buffer; after: Buffer }

/** Of about 10 kB each: a person's addresses that they open again. */
const mostArounds = 500

type Makes = { body: () => Buffer; around: () => Around }

/**
 * For one application: the document of this page in this layout and frame, made at most once while it is kept. What the page
 * says by itself is made once for everybody; it does not know of the frame. What stands around it is made once for the frame,
 * whatever the page says.
 */
export function keepDocuments(): (page: Page, layout: string, frame: object, makes: Makes) => KeptDocument {
  const kept = newest<KeptDocument>(mostKept)
  const arounds = newest<Around & { digest: string }>(mostArounds)
  const bodies = new WeakMap<Page, Part>()
  const bodyOf = (page: Page, make: () => Buffer): Part => {
    const known = bodies.get(page) ?? partFrom(make())
    bodies.set(page, known)
    return known
  }
  return (page, layout, frame, makes) => {
    const name = JSON.stringify([layout, frame])
    return kept(`${nameOf(page)} ${name}`, () => {
      const body = bodyOf(page, makes.body)
      const around = arounds(name, () => {
        const { before, after } = makes.around()
        return { before, after, digest: digestOf(before, after) }
      })
      return { html: framed(around, body.html), tag: `W/"${digestOf(around.digest, body.digest)}"` }
    })
  }
}

/** A whole document, as it is sent. */
export function framed({ before, after }: Around, body: Buffer): Buffer {
  return Buffer.concat([before, body, after])
}

function partFrom(html: Buffer): Part {
  return { html, digest: digestOf(html) }
}

/** Of several parts, which do not run into each other. */
function digestOf(...parts: (Buffer | string)[]): string {
  const digest = createHash('sha256')
  for (const part of parts) digest.update(`${part.length} `).update(part)
  return digest.digest('base64url')
}
