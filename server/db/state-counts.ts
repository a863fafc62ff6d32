/** How many subjects of each site stand in each state: kept with every change of a subject's row, and asked for instead. */
import { sql, type Transaction } from 'kysely'
import type { StateCount } from '../domain/saved-list.ts'
import type { SubjectState } from '../domain/subject-state.ts'
import type { Db, StateCountRow, SubjectRow, Tables } from './database.ts'

/** A subject's row was written: it stands where it stands now, and no more where it stood. */
export async function countStanding(
  transaction: Transaction<Tables>,
  before: SubjectRow | null,
  after: SubjectRow,
): Promise<void> {
  const [left, taken] = [before === null ? null : placeOf(before), placeOf(after)]
  if (left !== null && JSON.stringify(left) === JSON.stringify(taken)) return
  if (left !== null) {
    await add(transaction, { ...left, number: -1, registered: -left.registered })
    const { trial_id, site_id, state } = left
    // Where nobody stands any more there is no row: one that is missing would say the same.
    await transaction
      .deleteFrom('state_count')
      .where((where) => where.and({ trial_id, site_id, state, number: 0 }))
      .execute()
  }
  await add(transaction, taken)
}

function placeOf({ trial_id, site_id, state, registration_number }: SubjectRow): StateCountRow {
  return { trial_id, site_id, state, number: 1, registered: registration_number === null ? 0 : 1 }
}

async function add(transaction: Transaction<Tables>, row: StateCountRow): Promise<void> {
  await transaction
    .insertInto('state_count')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['trial_id', 'site_id', 'state']).doUpdateSet({
        number: sql`state_count.number + excluded.number`,
        registered: sql`state_count.registered + excluded.registered`,
      }),
    )
    .execute()
}

/** Those of a trial, or of some of its sites, by state; states in which nobody is are left out. */
export async function listStateCounts(
  db: Db,
  trialId: string,
  sites: 'every' | readonly string[],
): Promise<StateCount[]> {
  const ofTrial = db.selectFrom('state_count').where('trial_id', '=', trialId)
  if (sites !== 'every' && sites.length === 0) return []
  const rows = await (sites === 'every' ? ofTrial : ofTrial.where('site_id', 'in', sites))
    .select(({ fn }) => ['state', fn.sum<number>('number').as('number'), fn.sum<number>('registered').as('registered')])
    .groupBy('state')
    .execute()
  return rows.map(stateCountFrom)
}

/** A count as the engine hands it over, where a sum may be text. */
export function stateCountFrom(row: {
  state: string
  number: number | string
  registered: number | string
}): StateCount {
  return { state: row.state as SubjectState, number: Number(row.number), registered: Number(row.registered) }
}
