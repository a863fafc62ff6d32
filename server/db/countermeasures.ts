/** Measures taken for recruitment. A void one stays in its row and in the audit trail, and is listed nowhere. */
import type { Context } from '../context.ts'
import type { Basis } from '../domain/bilingual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Countermeasure, CountermeasureCategory, CountermeasureDraft } from '../domain/countermeasure.ts'
import type { Setting } from '../domain/setting-change.ts'
import type { CountermeasureRow, Db } from './database.ts'
import { settingFrom } from './kept-settings.ts'
import { named } from './trials.ts'
import type { Write } from './write.ts'

/** Those that stand, the newest start first. */
export async function listCountermeasures(db: Db, trialId: string): Promise<Countermeasure[]> {
  return (await listCountermeasureSettings(db, trialId)).map(({ value }) => value)
}

/** The same, each with a digest of what somebody saw who looked at it. */
export async function listCountermeasureSettings(db: Db, trialId: string): Promise<Setting<Countermeasure>[]> {
  const rows = await db
    .selectFrom('countermeasure')
    .selectAll()
    .where('trial_id', '=', trialId)
    .where('voided_on', 'is', null)
    .orderBy('started_on', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map((row) => settingFrom(row, countermeasureFrom(row)))
}

function countermeasureFrom(row: CountermeasureRow): Countermeasure {
  return {
    id: row.id,
    category: row.category as CountermeasureCategory,
    title: { ja: row.title_ja, en: row.title_en },
    siteIds: JSON.parse(row.site_ids),
    sources: JSON.parse(row.sources),
    startedOn: row.started_on as CalendarDate,
    endedOn: row.ended_on as CalendarDate | null,
    owner: row.owner,
    evidence: row.evidence,
    basis: row.basis as Basis,
  }
}

function columnsOf(draft: CountermeasureDraft) {
  const { category, title, siteIds, sources, startedOn, endedOn, owner, evidence, basis } = draft
  const scope = { site_ids: JSON.stringify(siteIds), sources: JSON.stringify(sources) }
  const period = { started_on: startedOn, ended_on: endedOn }
  return { category, ...named('title', title), ...scope, ...period, owner, evidence, basis }
}

export async function insertCountermeasure(
  write: Write,
  context: Context,
  trialId: string,
  draft: CountermeasureDraft,
): Promise<string> {
  const id = context.newId()
  const row = { id, trial_id: trialId, ...columnsOf(draft), voided_on: null }
  await write.insert('countermeasure', row, 'countermeasure_added')
  return id
}

export async function reviseCountermeasure(
  write: Write,
  id: string,
  draft: CountermeasureDraft,
  reason: string,
): Promise<void> {
  await write.revise('countermeasure', id, columnsOf(draft), 'countermeasure_changed', reason)
}

export async function endCountermeasure(write: Write, id: string, endedOn: CalendarDate): Promise<void> {
  await write.revise('countermeasure', id, { ended_on: endedOn }, 'countermeasure_ended', null)
}

export async function voidCountermeasure(write: Write, id: string, on: CalendarDate, reason: string): Promise<void> {
  await write.revise('countermeasure', id, { voided_on: on }, 'countermeasure_voided', reason)
}
