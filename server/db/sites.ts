/** Sites with their dated states. */
import type { Context } from '../context.ts'
import type { Basis, Bilingual } from '../domain/bilingual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import { bySiteCode, type Site, type SiteStatus, type SiteStatusEntry } from '../domain/site.ts'
import type { Db, SiteRow, SiteStatusRow } from './database.ts'
import { named } from './trials.ts'
import type { Write } from './write.ts'

function sitesFrom(rows: readonly SiteRow[], entries: readonly Omit<SiteStatusRow, 'id' | 'trial_id'>[]): Site[] {
  const statuses = new Map<string, SiteStatusEntry[]>(rows.map(({ id }) => [id, []]))
  for (const entry of entries) {
    statuses.get(entry.site_id)?.push({
      status: entry.status as SiteStatus,
      from: entry.from_on as CalendarDate,
      basis: entry.basis as Basis,
    })
  }
  return rows.map((row) => ({
    id: row.id,
    code: row.code,
    name: { ja: row.name_ja, en: row.name_en },
    plannedPerYear: row.planned_per_year,
    statuses: statuses.get(row.id) ?? [],
  }))
}

/** Every site of a trial, by code: 2 before 10. */
export async function listSites(db: Db, trialId: string): Promise<Site[]> {
  const rows = await db
    .selectFrom('site')
    .leftJoin('site_status', 'site_status.site_id', 'site.id')
    .selectAll('site')
    .select(['status', 'from_on', 'basis'])
    .where('site.trial_id', '=', trialId)
    .execute()
  const entries = rows.flatMap(({ id, status, from_on: from, basis }) =>
    status === null || from === null || basis === null ? [] : [{ site_id: id, status, from_on: from, basis }],
  )
  const sites = new Map(rows.map((row) => [row.id, row]))
  return sitesFrom(
    [...sites.values()].sort(bySiteCode),
    entries.sort((a, b) => (a.from_on < b.from_on ? -1 : a.from_on > b.from_on ? 1 : 0)),
  )
}

/** A site of a trial; null where the trial has no such site. */
export async function findSite(db: Db, trialId: string, siteId: string): Promise<Site | null> {
  const rows = await db
    .selectFrom('site')
    .selectAll()
    .where('trial_id', '=', trialId)
    .where('id', '=', siteId)
    .execute()
  const entries = await db
    .selectFrom('site_status')
    .selectAll()
    .where('site_id', '=', siteId)
    .orderBy('from_on')
    .execute()
  return sitesFrom(rows, entries)[0] ?? null
}

export type SiteDraft = {
  code: string
  name: Bilingual
  /** Registrations expected in a year; null where nothing was said. */
  plannedPerYear?: number | null
  statuses: readonly SiteStatusEntry[]
}

export async function insertSite(write: Write, context: Context, trialId: string, draft: SiteDraft): Promise<string> {
  const id = context.newId()
  await write.insert(
    'site',
    {
      id,
      trial_id: trialId,
      code: draft.code,
      ...named('name', draft.name),
      planned_per_year: draft.plannedPerYear ?? null,
    },
    'site_added',
  )
  for (const { status, from, basis } of draft.statuses) {
    const row = { id: context.newId(), trial_id: trialId, site_id: id, status, from_on: from, basis }
    await write.insert('site_status', row, 'site_status_entered')
  }
  return id
}
