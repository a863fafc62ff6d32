/** What sites said about months without activity, and in which months there was some. */

import { sql } from 'kysely'
import type { Actor, Context } from '../context.ts'
import { addDays, addMonths, type CalendarDate, earlierOf } from '../domain/calendar-date.ts'
import {
  type Attestation,
  firstDayOf,
  type Month,
  type MonthActivity,
  type ReportedSoFar,
} from '../domain/reporting.ts'
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

/**
 * How many events each site had in each month from one on, up to a day: of whole months their sums, of the day's own month
 * its days.
 */
export async function countByMonth(db: Db, trialId: string, from: Month, by: CalendarDate): Promise<MonthActivity[]> {
  const last = by.slice(0, 7)
  const rows = await db
    .selectFrom('month_count')
    .select(['site_id', 'month', 'number as events'])
    .where('trial_id', '=', trialId)
    .where('month', '>=', from)
    .where('month', '<', last)
    .where('number', '>', 0)
    .unionAll(
      db
        .selectFrom('daily_count')
        .select(({ fn }) => [
          'site_id',
          sql<string>`${sql.lit(last)}`.as('month'),
          fn.sum<number>('number').as('events'),
        ])
        .where('trial_id', '=', trialId)
        .where('date', '>=', `${from > last ? from : last}-01`)
        .where('date', '<=', by)
        .where('number', '>', 0)
        .where('step', 'not like', 'unaccounted@%')
        .groupBy('site_id'),
    )
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

/**
 * What each site that was heard of reported up to a month, by a day and of what was said by another: its events in that
 * month, and the last month about which it said "nothing". One statement, whatever the number of sites.
 */
export async function listReported(
  db: Db,
  trialId: string,
  month: Month,
  by: CalendarDate,
  saidBy: CalendarDate,
): Promise<ReportedSoFar[]> {
  const rows = await db
    .selectFrom('daily_count')
    .select(({ fn }) => ['site_id', fn.sum<number>('number').as('events'), sql<string>`''`.as('month')])
    .where('trial_id', '=', trialId)
    .where('date', '>=', `${month}-01`)
    .where('date', '<=', earlierOf(by, addDays(addMonths(firstDayOf(month), 1), -1)))
    .where('number', '>', 0)
    .where('step', 'not like', 'unaccounted@%')
    .groupBy('site_id')
    .unionAll(
      db
        .selectFrom('attestation')
        .select(({ fn }) => ['site_id', sql<number>`0`.as('events'), fn.max('month').as('month')])
        .where('trial_id', '=', trialId)
        .where('month', '<=', month)
        .where('attested_on', '<=', saidBy)
        .groupBy('site_id'),
    )
    .execute()
  const reported = new Map<string, ReportedSoFar>()
  for (const { site_id: siteId, events, month: attested } of rows) {
    const sofar = reported.get(siteId) ?? { siteId, events: 0, attestedMonth: null }
    const attestedMonth = attested === '' ? sofar.attestedMonth : attested
    reported.set(siteId, { siteId, events: sofar.events + Number(events), attestedMonth })
  }
  return [...reported.values()]
}
