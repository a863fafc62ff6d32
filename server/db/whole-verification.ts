/**
 * Everything that can be known about a database being as it was written: how it is stored, the audit trail, the rows,
 * the roll-ups, the anchors outside it, and the files that people attached. Read from one state, so that it may be asked while others write.
 */
import type { Context } from '../context.ts'
import { type Anchor, findLostAnchor } from './anchors.ts'
import { checkAttachedFiles, type FileFinding } from './attached-files.ts'
import type { Db } from './database.ts'
import { engineOf, type Progress } from './dialect.ts'
import { type Finding, type Verification, verify } from './verification.ts'

export type WholeFinding =
  | Finding
  | FileFinding
  | { what: 'file_damaged' | 'tail_missing' | 'history_rewritten'; place: string }
/** `attachments` is how many files were looked at. */
export type WholeVerification = Omit<Verification, 'finding'> & { attachments: number; finding: WholeFinding | null }

/**
 * The first thing that is wrong: damage to what holds the rows before anything that the rows say, attached files last.
 * Without `files` nobody looks at them.
 */
export async function verifyWhole(
  db: Db,
  anchors: readonly Anchor[] = [],
  files: Pick<Context['files'], 'stateOf'> | null = null,
  progress: Progress = () => {},
): Promise<WholeVerification> {
  const engine = engineOf(db)
  const stop = new AbortController()
  // Where damage is looked for, nothing of this program is: both go on at once. Of a damaged file nothing else is worth saying.
  const looked = engine.damage()
  looked.then(
    (found) => (found === null ? null : stop.abort()),
    () => stop.abort(),
  )
  const replayed = engine.onSnapshot(async (snapshot) => {
    const verification = await verify(snapshot, progress, stop.signal)
    if ((await looked) !== null) throw stop.signal.reason
    const finding = verification.finding ?? (await findAgainst(snapshot, anchors))
    const attached = files === null ? { attachments: 0, finding: null } : await checkAttachedFiles(snapshot, files)
    return { ...verification, attachments: attached.attachments, finding: finding ?? attached.finding }
  })
  const [damage, outcome] = await Promise.allSettled([looked, replayed])
  if (damage.status === 'rejected') throw damage.reason
  if (damage.value !== null) {
    return { entries: 0, rows: 0, subjects: 0, attachments: 0, finding: { what: 'file_damaged', place: damage.value } }
  }
  if (outcome.status === 'rejected') throw outcome.reason
  return outcome.value
}

/** What only the anchors know: an end that was cut off with its rows, or a history that was written anew. */
export async function findAgainst(db: Db, anchors: readonly Anchor[]): Promise<WholeFinding | null> {
  const lost = await findLostAnchor(db, anchors)
  if (lost === null) return null
  const { chain, sequence, at } = lost.anchor
  const what = lost.what === 'missing' ? 'tail_missing' : 'history_rewritten'
  return { what, place: `${chain} ${sequence}, anchored ${at}` }
}
