/**
 * Everything that can be known about a database being as it was written: how it is stored, the audit trail, the rows,
 * the roll-ups. Read from one state, so that it may be asked while others write.
 */
import type { Db } from './database.ts'
import { engineOf } from './dialect.ts'
import { type Finding, type Verification, verify } from './verification.ts'

export type WholeFinding = Finding | { what: 'file_damaged'; place: string }
export type WholeVerification = Omit<Verification, 'finding'> & { finding: WholeFinding | null }

/** The first thing that is wrong: damage to what holds the rows before anything that the rows say. */
export async function verifyWhole(db: Db): Promise<WholeVerification> {
  const engine = engineOf(db)
  const damage = await engine.damage()
  if (damage !== null) {
    return { entries: 0, rows: 0, subjects: 0, finding: { what: 'file_damaged', place: damage } }
  }
  return engine.onSnapshot(verify)
}
