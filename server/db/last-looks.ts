/**
 * How far a trial's audit trail went when a person was last there, and what was recorded since. Where somebody has been
 * is theirs and changes nothing of the trial: it has no audit entry, as a session has none.
 */
import type { Db } from './database.ts'
import { engineOf } from './dialect.ts'

export type LastLook = { sequence: number; lookedAt: string }

/** Null for somebody who was never there. */
export async function findLastLook(db: Db, personId: string, trialId: string): Promise<LastLook | null> {
  const row = await db
    .selectFrom('last_look')
    .select(['sequence', 'looked_at'])
    .where('person_id', '=', personId)
    .where('trial_id', '=', trialId)
    .executeTakeFirst()
  return row === undefined ? null : { sequence: row.sequence, lookedAt: row.looked_at }
}

/** Whether it was kept: who reads a page does not wait for somebody whose turn lasts, and says it with the next page. */
export async function keepLook(db: Db, personId: string, trialId: string, look: LastLook): Promise<boolean> {
  const engine = engineOf(db)
  if (engine.isTaken()) return false
  const changes = { sequence: look.sequence, looked_at: look.lookedAt }
  await engine.writer
    .insertInto('last_look')
    .values({ person_id: personId, trial_id: trialId, ...changes })
    .onConflict((conflict) => conflict.columns(['person_id', 'trial_id']).doUpdateSet(changes))
    .execute()
  return true
}

export type ChangeCount = { event: string; number: number }

/**
 * How often each kind of change was recorded after one entry of a trial's chain and up to another, the latest kind first.
 * A change of a subject has an entry for its event and one for its row: the row's is counted. Allocations are left out,
 * for everybody: that there was one may be enough to guess an arm.
 */
export async function countChanges(db: Db, trialId: string, after: number, upTo: number): Promise<ChangeCount[]> {
  if (upTo <= after) return []
  const rows = await db
    .selectFrom('audit_entry')
    .select(({ fn }) => ['event', fn.countAll<number>().as('number'), fn.max('sequence').as('latest')])
    .where('chain', '=', trialId)
    .where('sequence', '>', after)
    .where('sequence', '<=', upTo)
    .where('record_table', 'not in', ['subject_event', 'allocation'])
    .where('event', '!=', 'allocation_recorded')
    .groupBy('event')
    .execute()
  return rows
    .map(({ event, number, latest }) => ({ event, number: Number(number), latest: Number(latest) }))
    .sort((a, b) => b.latest - a.latest)
    .map(({ event, number }) => ({ event, number }))
}
