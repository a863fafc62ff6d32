/** What sites said about months without activity, and in which months there was some. */

import { sql } from 'kysely'
import type { Actor, Context } from '../context.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Attestation, Month, MonthActivity } from '../domain/reporting.ts'
import type { Db } from './database.ts'
import type { Write } from './write.ts'

/** What was said by a day about the months from one on. */
export async function listAttestations(db: Db, trialId: string, from: Month, by: CalendarDate): Promise<Attestation[]> {
  const rows = await db
    .selectFrom('attestation')
    .select(['site_id', 'month'])
    .where('trial_id', '=', trialId)
    .where('month', '>=', from)
    .where('attested_on', '<=', by)
    .execute()
  return rows.map((row) => ({ siteId: row.site_id, month: row.month }))
}

/** How many events each site had in each month from one on, up to a day. */
export async function countByMonth(db: Db, trialId: string, from: Month, by: string): Promise<MonthActivity[]> {
  const month = sql<string>`substr(date, 1, 7)`
  const rows = await db
    .selectFrom('daily_count')
    .select(({ fn }) => ['site_id', month.as('month'), fn.sum<number>('number').as('events')])
    .where('trial_id', '=', trialId)
    .where('date', '>=', `${from}-01`)
    .where('date', '<=', by)
    .where('number', '>', 0)
    .where('step', 'not like', 'unaccounted@%')
    .groupBy(['site_id', month])
    .execute()
  return rows.map((row) => ({ siteId: row.site_id, month: row.month, events: Number(row.events) }))
}

export async function insertAttestation(
  write: Write,
  context: Context,
  actor: Actor,
  trialId: string,
  { siteId, month }: Attestation,
  on: CalendarDate,
): Promise<void> {
  const row = {
    id: context.newId(),
    trial_id: trialId,
    site_id: siteId,
    month,
    attested_on: on,
    attested_at: context.now(),
    person_id: actor.personId,
  }
  await write.insert('attestation', row, 'nothing_to_report_attested')
}
