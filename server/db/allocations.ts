/** Which arm a subject was given: read only for those who may see it. */
import type { Context } from '../context.ts'
import type { Allocation } from '../domain/allocation.ts'
import type { Db } from './database.ts'
import type { Write } from './write.ts'

/** The allocations of some subjects; those without one are left out. */
export async function listAllocations(db: Db, subjectIds: readonly string[]): Promise<Allocation[]> {
  if (subjectIds.length === 0) return []
  const rows = await db.selectFrom('allocation').selectAll().where('subject_id', 'in', subjectIds).execute()
  return rows.map((row) => ({ subjectId: row.subject_id, armCode: row.arm_code, stratum: row.stratum }))
}

export async function insertAllocation(
  write: Write,
  context: Context,
  trialId: string,
  eventId: string,
  { subjectId, armCode, stratum }: Allocation,
): Promise<void> {
  const row = { subject_id: subjectId, event_id: eventId, arm_code: armCode, stratum }
  await write.insert('allocation', { id: context.newId(), trial_id: trialId, ...row }, 'allocation_recorded')
}
