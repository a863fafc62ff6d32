/** The roll-ups that dashboards and projections read instead of the subjects; summed where the data are. */
import { sql } from 'kysely'
import type { DayCount, SiteCount } from '../domain/accrual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { CountsAround, EffectWindow } from '../domain/countermeasure-effect.ts'
import { overdueStep, overrideStep } from '../domain/whole-tallies.ts'
import type { Db } from './database.ts'

/**
 * For each site and step of a trial, how many had happened by the end of a day. Where nothing happened after it, which is
 * so for today, the sums stand ready; for a day further back the daily counts are added up.
 */
export async function countBySite(db: Db, trialId: string, by: CalendarDate): Promise<SiteCount[]> {
  const standing = await db.selectFrom('site_count').selectAll().where('trial_id', '=', trialId).execute()
  const rows = standing.every(({ last_on }) => last_on <= by) ? standing : await sumsBySite(db, trialId, by)
  return rows
    .filter(({ last_on }) => last_on !== '')
    .map((row) => ({
      siteId: row.site_id,
      step: row.step,
      number: Number(row.number),
      lastOn: row.last_on as CalendarDate,
    }))
}

function sumsBySite(db: Db, trialId: string, by: CalendarDate) {
  return db
    .selectFrom('daily_count')
    .select(({ fn }) => ['site_id', 'step', fn.sum<number>('number').as('number'), fn.max('date').as('last_on')])
    .where('trial_id', '=', trialId)
    .where('date', '<=', by)
    .where('number', '!=', 0) // a day from which a correction moved everything
    .groupBy(['site_id', 'step'])
    .execute()
}

/** Days with their numbers as one text, `2026-03-02 1,2026-03-09 2`: many days cost little more than one. */
const daysInOne = sql<string | null>`string_agg(date || ' ' || number, ',')`

function daysFrom(text: string | null): DayCount[] {
  if (text === null) return []
  const days = text.split(',').map((day) => ({ date: day.slice(0, 10) as CalendarDate, number: Number(day.slice(11)) }))
  return days.sort((a, b) => (a.date < b.date ? -1 : 1))
}

/** How many of one step happened in the whole trial on each day up to one, in order of the days. */
export async function countByDay(db: Db, trialId: string, step: string, by: CalendarDate): Promise<DayCount[]> {
  const row = await db
    .selectFrom('trial_count')
    .select(daysInOne.as('days'))
    .where('trial_id', '=', trialId)
    .where('step', '=', step)
    .where('date', '<=', by)
    .where('number', '!=', 0)
    .executeTakeFirst()
  return daysFrom(row?.days ?? null)
}

/** What is counted of a whole trial only: how many are overdue at the end of a day, or were let in by an override. */
export type Tallied = { overdue: number; overrides: number }

export async function countTallied(db: Db, trialId: string, by: CalendarDate): Promise<Tallied> {
  const rows = await db
    .selectFrom('trial_count')
    .select(({ fn }) => ['step', fn.sum<number>('number').as('number')])
    .where('trial_id', '=', trialId)
    .where('step', 'in', [overdueStep, overrideStep])
    .where('date', '<=', by)
    .groupBy('step')
    .execute()
  const numberOf = (whole: string) => Number(rows.find(({ step }) => step === whole)?.number ?? 0)
  return { overdue: numberOf(overdueStep), overrides: numberOf(overrideStep) }
}

/**
 * How many of one step happened in each of several trials by a day: the only figure that joins trials. Where nothing
 * happened after it the sums of the sites stand ready; otherwise the days are added up.
 */
export async function countByTrial(
  db: Db,
  steps: readonly { trialId: string; step: string }[],
  by: CalendarDate,
): Promise<Map<string, number>> {
  if (steps.length === 0) return new Map()
  const standing = await db
    .selectFrom('site_count')
    .select(({ fn }) => ['trial_id', fn.sum<number>('number').as('number'), fn.max('last_on').as('last_on')])
    .where((where) => where.or(steps.map(({ trialId, step }) => where.and({ trial_id: trialId, step }))))
    .groupBy('trial_id')
    .execute()
  const rows = standing.every(({ last_on }) => last_on <= by) ? standing : await sumsByTrial(db, steps, by)
  return new Map(rows.map((row) => [row.trial_id, Number(row.number)]))
}

function sumsByTrial(db: Db, steps: readonly { trialId: string; step: string }[], by: CalendarDate) {
  return db
    .selectFrom('trial_count')
    .select(({ fn }) => ['trial_id', fn.sum<number>('number').as('number')])
    .where((where) => where.or(steps.map(({ trialId, step }) => where.and({ trial_id: trialId, step }))))
    .where('date', '<=', by)
    .groupBy('trial_id')
    .execute()
}

/** How many of one step happened at each site before and since a day, in a window around it. */
export async function countAround(
  db: Db,
  trialId: string,
  step: string,
  { from, start, until }: EffectWindow,
): Promise<CountsAround[]> {
  const beforeStart = sql<number>`case when date < ${start} then number else 0 end`
  const rows = await db
    .selectFrom('daily_count')
    .select(({ fn }) => ['site_id', fn.sum<number>(beforeStart).as('before'), fn.sum<number>('number').as('all')])
    .where('trial_id', '=', trialId)
    .where('step', '=', step)
    .where('date', '>=', from)
    .where('date', '<', until)
    .groupBy('site_id')
    .execute()
  return rows.map((row) => {
    const before = Number(row.before)
    return { siteId: row.site_id, before, since: Number(row.all) - before }
  })
}
