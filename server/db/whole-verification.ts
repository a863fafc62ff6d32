/**
 * Everything that can be known about a database being as it was written: how it is stored, the audit trail, the rows,
 * the roll-ups, and the anchors outside it. Read from one state, so that it may be asked while others write.
 */
import { type Anchor, findLostAnchor } from './anchors.ts'
import type { Db } from './database.ts'
import { engineOf, type Progress } from './dialect.ts'
import { type Finding, type Verification, verify } from './verification.ts'

export type WholeFinding = Finding | { what: 'file_damaged' | 'tail_missing' | 'history_rewritten'; place: string }
export type WholeVerification = Omit<Verification, 'finding'> & { finding: WholeFinding | null }

/** The first thing that is wrong: damage to what holds the rows before anything that the rows say. */
export async function verifyWhole(
  db: Db,
  anchors: readonly Anchor[] = [],
  progress: Progress = () => {},
): Promise<WholeVerification> {
  const engine = engineOf(db)
  const damage = await engine.damage()
  if (damage !== null) {
    return { entries: 0, rows: 0, subjects: 0, finding: { what: 'file_damaged', place: damage } }
  }
  return engine.onSnapshot(async (snapshot) => {
    const verification = await verify(snapshot, progress)
    const finding = verification.finding ?? (await findAgainst(snapshot, anchors))
    return { ...verification, finding }
  })
}

/** What only the anchors know: an end that was cut off with its rows, or a history that was written anew. */
export async function findAgainst(db: Db, anchors: readonly Anchor[]): Promise<WholeFinding | null> {
  const lost = await findLostAnchor(db, anchors)
  if (lost === null) return null
  const { chain, sequence, at } = lost.anchor
  const what = lost.what === 'missing' ? 'tail_missing' : 'history_rewritten'
  return { what, place: `${chain} ${sequence}, anchored ${at}` }
}
