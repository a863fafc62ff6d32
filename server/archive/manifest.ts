/** The list of what an archive holds: every file with its digest, and what the whole was made from. */
import { z } from 'zod'

export const manifestPath = 'manifest.json'
/** The digest of the manifest, as `sha256sum --check` reads it. */
export const manifestDigestPath = 'manifest.sha256'
export const chainPath = 'audit.ndjson'
export const anchorsPath = 'anchors.jsonl'

export const tablePath = (table: string) => `data/${table}.ndjson`
export const attachmentPath = (sha256: string) => `attachments/${sha256}`
export const reviewPath = (dueOn: string, reviewId: string) => `reviews/${dueOn}_${reviewId}.json`

const count = z.int().min(0)
const digest = z.string().regex(/^[0-9a-f]{64}$/)

const manifestShape = z.strictObject({
  format: z.literal('toroku-archive-1'),
  product: z.string(),
  asOf: z.string(),
  trial: z.strictObject({ id: z.string(), code: z.string() }),
  /** Allocated arms stand in it: it is no document for those who must not know them. */
  holdsArms: z.literal('yes'),
  /** The migrations of the database that it was made from. */
  schema: z.array(z.string()),
  chain: z.strictObject({ entries: count, head: digest }),
  tables: z.array(z.strictObject({ name: z.string(), rows: count, replay: z.enum(['chain', 'none']) })),
  /** Attached files that the installation had lost when the archive was made. */
  lost: z.array(digest),
  files: z.array(z.strictObject({ path: z.string(), bytes: count, sha256: digest })),
})
export type Manifest = z.infer<typeof manifestShape>

export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 1)}\n`
}

/** Null where the text is no manifest, or is not written as ours are. */
export function manifestFrom(text: string): Manifest | null {
  try {
    const read = manifestShape.safeParse(JSON.parse(text))
    return read.success && manifestText(read.data) === text ? read.data : null
  } catch {
    return null
  }
}
