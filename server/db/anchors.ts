/**
 * Whoever owns a database could rewrite a whole chain, or cut its end off with the rows that belong to it, and it would
 * agree with itself. So the head of every chain is written down once a day in a file outside the database. Copy that file
 * to where the database's owner cannot write: then what happened before is beyond anybody's reach.
 */
import { createHmac } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Db } from './database.ts'

/** The head of a chain as it was at an instant. */
export type Anchor = { at: string; chain: string; sequence: number; hash: string }

/** Where the anchors of a database file lie: `data/anchors/toroku.db.jsonl` for `data/toroku.db`, or in another folder. */
export function anchorsOf(path: string, folder: string = join(dirname(path), 'anchors')): string {
  return join(folder, `${basename(path)}.jsonl`)
}

/** Covers a line with a key that only the server has; without a key, damage still shows, but not forgery. */
function sealOf({ at, chain, sequence, hash }: Anchor, key: string): string {
  return createHmac('sha256', key)
    .update(JSON.stringify([at, chain, sequence, hash]))
    .digest('hex')
}

/** One line of the file. */
export function anchorLine(anchor: Anchor, key: string): string {
  return `${JSON.stringify({ ...anchor, seal: sealOf(anchor, key) })}\n`
}

/** The anchors of a file, none where there is no file; a line that is no anchor, or has another seal, is said by its number. */
export async function readAnchors(path: string, key: string): Promise<{ anchors: Anchor[]; wrongLine: number | null }> {
  const anchors: Anchor[] = []
  if (!existsSync(path)) return { anchors, wrongLine: null }
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '')
  for (const [index, line] of lines.entries()) {
    const anchor = parsed(line, key)
    if (anchor === null) return { anchors, wrongLine: index + 1 }
    anchors.push(anchor)
  }
  return { anchors, wrongLine: null }
}

function parsed(line: string, key: string): Anchor | null {
  try {
    const { seal, ...anchor } = JSON.parse(line) as Anchor & { seal: string }
    return seal === sealOf(anchor, key) ? anchor : null
  } catch {
    return null
  }
}

/** The head of every chain now. */
async function listHeads(db: Db): Promise<Omit<Anchor, 'at'>[]> {
  return db
    .selectFrom('audit_entry as entry')
    .innerJoin(
      db
        .selectFrom('audit_entry')
        .select((build) => ['chain', build.fn.max('sequence').as('last')])
        .groupBy('chain')
        .as('head'),
      (join) => join.onRef('head.chain', '=', 'entry.chain').onRef('head.last', '=', 'entry.sequence'),
    )
    .select(['entry.chain', 'entry.sequence', 'entry.hash'])
    .orderBy('entry.chain')
    .execute()
}

/** Writes down every head that is further than it was when it was last written down; how many there were. */
export async function anchorHeads(db: Db, path: string, key: string, at: string): Promise<number> {
  const known = new Map((await readAnchors(path, key)).anchors.map(({ chain, sequence }) => [chain, sequence]))
  const further = (await listHeads(db)).filter(({ chain, sequence }) => sequence > (known.get(chain) ?? 0))
  if (further.length === 0) return 0
  await mkdir(dirname(path), { recursive: true })
  const file = await open(path, 'a')
  try {
    await file.writeFile(further.map((head) => anchorLine({ at, ...head }, key)).join(''))
    await file.sync()
  } finally {
    await file.close()
  }
  return further.length
}

/** The first anchor that the database does not hold any more: `missing`, or with another hash: `other`. */
export async function findLostAnchor(
  db: Db,
  anchors: readonly Anchor[],
): Promise<{ what: 'missing' | 'other'; anchor: Anchor } | null> {
  for (const anchor of anchors) {
    const entry = await db
      .selectFrom('audit_entry')
      .select('hash')
      .where('chain', '=', anchor.chain)
      .where('sequence', '=', anchor.sequence)
      .executeTakeFirst()
    if (entry === undefined) return { what: 'missing', anchor }
    if (entry.hash !== anchor.hash) return { what: 'other', anchor }
  }
  return null
}
