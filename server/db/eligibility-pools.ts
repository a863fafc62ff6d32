/** Counts of candidate pools. A void one stays in its row and in the audit trail, and is listed nowhere. */
import type { Basis } from '../domain/bilingual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { PoolCount, PoolDraft } from '../domain/eligibility-pool.ts'
import type { Setting } from '../domain/setting-change.ts'
import type { Db, EligibilityPoolRow } from './database.ts'
import { settingFrom } from './kept-settings.ts'
import { named } from './trials.ts'
import type { Write } from './write.ts'

/** Every count that stands, in the order in which they were written down, with a digest of what somebody saw of it. */
export async function listPoolSettings(db: Db, trialId: string): Promise<Setting<PoolCount>[]> {
  const rows = await db
    .selectFrom('eligibility_pool')
    .selectAll()
    .where('trial_id', '=', trialId)
    .where('voided_on', 'is', null)
    .orderBy('id')
    .execute()
  return rows.map((row) => settingFrom(row, poolFrom(row)))
}

function poolFrom(row: EligibilityPoolRow): PoolCount {
  const { eligible_low: low, eligible_high: high } = row
  return {
    id: row.id,
    poolId: row.pool_id,
    partOf: row.part_of_pool_id,
    place: { ja: row.place_ja, en: row.place_en },
    department: { ja: row.department_ja, en: row.department_en },
    siteId: row.site_id,
    size: row.size,
    countedOn: row.counted_on as CalendarDate,
    reviewed: row.reviewed,
    eligible: low === null || high === null ? null : { low, high },
    source: row.source,
    basis: row.basis as Basis,
  }
}

function columnsOf({ partOf, place, department, siteId, countedOn, eligible, ...plain }: PoolDraft) {
  const { size, reviewed, source, basis } = plain
  return {
    part_of_pool_id: partOf,
    site_id: siteId,
    ...named('place', place),
    ...named('department', department),
    size,
    counted_on: countedOn,
    reviewed,
    eligible_low: eligible?.low ?? null,
    eligible_high: eligible?.high ?? null,
    source,
    basis,
  }
}

/** A first count has its own identifier for its pool's. */
export async function insertPoolCount(
  write: Write,
  trialId: string,
  { id, poolId, ...draft }: PoolCount,
): Promise<void> {
  const row = { id, trial_id: trialId, pool_id: poolId, ...columnsOf(draft), voided_on: null }
  if (id === poolId) await write.insert('eligibility_pool', row, 'pool_added')
  else await write.insert('eligibility_pool', row, 'pool_counted_again')
}

export async function revisePoolCount(write: Write, id: string, draft: PoolDraft, reason: string): Promise<void> {
  await write.revise('eligibility_pool', id, columnsOf(draft), 'pool_count_corrected', reason)
}

export async function voidPoolCount(write: Write, id: string, on: CalendarDate, reason: string): Promise<void> {
  await write.revise('eligibility_pool', id, { voided_on: on }, 'pool_count_voided', reason)
}
