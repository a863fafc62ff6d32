/** The locks of trials, of which at most one holds: what nobody may write against, and its history. */
import type { Actor, Context } from '../context.ts'
import type { TrialLock } from '../domain/trial-lock.ts'
import type { Db, TrialLockRow } from './database.ts'
import { named } from './trials.ts'
import type { Write } from './write.ts'

function lockFrom(row: TrialLockRow): TrialLock {
  const { ended_name_ja: ja, ended_name_en: en, ended_because: because, ended_at: at } = row
  return {
    id: row.id,
    personId: row.person_id,
    name: { ja: row.name_ja, en: row.name_en },
    because: row.because,
    lockedAt: row.locked_at,
    ended: at === null ? null : { name: { ja: ja ?? '', en: en ?? '' }, because: because ?? '', at },
  }
}

/** Every lock that a trial ever had, the latest first. */
export async function listTrialLocks(db: Db, trialId: string): Promise<TrialLock[]> {
  const rows = await db
    .selectFrom('trial_lock')
    .selectAll()
    .where('trial_id', '=', trialId)
    .orderBy('locked_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map(lockFrom)
}

export async function insertTrialLock(
  write: Write,
  context: Context,
  actor: Actor,
  trialId: string,
  because: string,
): Promise<string> {
  const row = {
    id: context.newId(),
    trial_id: trialId,
    person_id: actor.personId,
    ...named('name', actor.name),
    because,
    locked_at: context.now(),
    ended_person_id: null,
    ended_name_ja: null,
    ended_name_en: null,
    ended_because: null,
    ended_at: null,
  }
  await write.insert('trial_lock', row, 'trial_locked')
  return row.id
}

export async function reviseTrialLockAsEnded(
  write: Write,
  context: Context,
  actor: Actor,
  lockId: string,
  because: string,
): Promise<void> {
  const ended = {
    ended_person_id: actor.personId,
    ...named('ended_name', actor.name),
    ended_because: because,
    ended_at: context.now(),
  }
  await write.revise('trial_lock', lockId, ended, 'trial_unlocked', because)
}
