/** How long a trial's records are kept, and by which rule. */
import type { Context } from '../context.ts'
import type { Basis } from '../domain/bilingual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Retention } from '../domain/retention.ts'
import type { Setting } from '../domain/setting-change.ts'
import type { Db } from './database.ts'
import { settingFrom } from './kept-settings.ts'
import { named } from './trials.ts'
import type { Write } from './write.ts'

/** What the trial states; null where it has not been set. */
export async function findRetention(db: Db, trialId: string): Promise<Setting<Retention> | null> {
  const row = await db.selectFrom('trial_retention').selectAll().where('trial_id', '=', trialId).executeTakeFirst()
  if (row === undefined) return null
  return settingFrom(row, {
    years: row.years,
    rule: { ja: row.rule_ja, en: row.rule_en },
    endedOn: row.ended_on as CalendarDate | null,
    basis: row.basis as Basis,
  })
}

export async function insertRetention(
  write: Write,
  context: Context,
  trialId: string,
  retention: Retention,
): Promise<void> {
  await write.insert(
    'trial_retention',
    { id: context.newId(), trial_id: trialId, ...columnsOf(retention) },
    'retention_set',
  )
}

export async function reviseRetention(write: Write, id: string, retention: Retention, reason: string): Promise<void> {
  await write.revise('trial_retention', id, columnsOf(retention), 'retention_changed', reason)
}

function columnsOf({ years, rule, endedOn, basis }: Retention) {
  return { years, ...named('rule', rule), ended_on: endedOn, basis }
}
