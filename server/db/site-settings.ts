/** Sites and their dated states as settings, and the days on which something began at a site. */
import type { Context } from '../context.ts'
import type { Basis, Bilingual } from '../domain/bilingual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Setting } from '../domain/setting-change.ts'
import type { SiteStatus, SiteStatusEntry } from '../domain/site.ts'
import type { Db } from './database.ts'
import { settingFrom } from './kept-settings.ts'
import { named } from './trials.ts'
import type { Write } from './write.ts'

/** What of a site may be changed. Its code stands in the numbers of its subjects and never changes. */
export type SiteSetting = { code: string; name: Bilingual; plannedPerYear: number | null }

export async function listSiteSettings(db: Db, trialId: string): Promise<Setting<SiteSetting>[]> {
  const rows = await db.selectFrom('site').selectAll().where('trial_id', '=', trialId).orderBy('code').execute()
  return rows.map((row) =>
    settingFrom(row, {
      code: row.code,
      name: { ja: row.name_ja, en: row.name_en },
      plannedPerYear: row.planned_per_year,
    }),
  )
}

export async function reviseSite(write: Write, id: string, { name, plannedPerYear }: SiteSetting): Promise<void> {
  await write.revise('site', id, { ...named('name', name), planned_per_year: plannedPerYear }, 'site_changed', null)
}

export type StatusSetting = SiteStatusEntry & { siteId: string }

/** Site by site, in the order of their days. */
export async function listStatusSettings(db: Db, trialId: string): Promise<Setting<StatusSetting>[]> {
  const rows = await db
    .selectFrom('site_status')
    .innerJoin('site', 'site.id', 'site_status.site_id')
    .selectAll('site_status')
    .where('site_status.trial_id', '=', trialId)
    .orderBy('site.code')
    .orderBy('site_status.from_on')
    .execute()
  return rows.map((row) =>
    settingFrom(row, {
      siteId: row.site_id,
      status: row.status as SiteStatus,
      from: row.from_on as CalendarDate,
      basis: row.basis as Basis,
    }),
  )
}

export async function insertStatus(
  write: Write,
  context: Context,
  trialId: string,
  { siteId, status, from, basis }: StatusSetting,
): Promise<void> {
  const row = { id: context.newId(), trial_id: trialId, site_id: siteId, status, from_on: from, basis }
  await write.insert('site_status', row, 'site_status_entered')
}

export async function reviseStatus(
  write: Write,
  id: string,
  { status, from, basis }: SiteStatusEntry,
  reason: string,
): Promise<void> {
  await write.revise('site_status', id, { status, from_on: from, basis }, 'site_status_corrected', reason)
}

/** The days on which somebody was written down, screened or registered at a site: `steps` are the milestones that do so. */
export async function listBeginningDays(db: Db, siteId: string, steps: readonly string[]): Promise<CalendarDate[]> {
  const rows = await db
    .selectFrom('subject_event')
    .innerJoin('subject', 'subject.id', 'subject_event.subject_id')
    .select('subject_event.occurred_on as day')
    .distinct()
    .where('subject.site_id', '=', siteId)
    .where('subject.state', '!=', 'void')
    .where('subject_event.withdrawn_at', 'is', null)
    .where('subject_event.step', 'in', ['prescreened', ...steps])
    .where('subject_event.kind', '!=', 'exit')
    .execute()
  return rows.map(({ day }) => day as CalendarDate)
}
