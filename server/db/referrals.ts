/** How many of the log came by which source of referral: sums of the database, never a subject's row. */
import { sql } from 'kysely'
import type { EffectWindow } from '../domain/countermeasure-effect.ts'
import type { ReferralCount } from '../domain/referral.ts'
import type { SubjectState } from '../domain/subject-state.ts'
import type { Db } from './database.ts'

/** Entries that stand, by source as it was typed and by state; candidates are those written down before consent. */
export async function countByReferral(db: Db, trialId: string): Promise<ReferralCount[]> {
  const rows = await db
    .selectFrom('subject')
    .select(({ fn }) => [
      'referral_source',
      'state',
      fn.count<number>('consented_on').as('screened'),
      fn.count<number>('registration_number').as('registered'),
    ])
    .where('trial_id', '=', trialId)
    .where('state', '!=', 'void')
    .groupBy(['referral_source', 'state'])
    .execute()
  const before = await db
    .selectFrom('subject_event')
    .innerJoin('subject', 'subject.id', 'subject_event.subject_id')
    .select(({ fn }) => ['referral_source', 'state', fn.countAll<number>().as('candidates')])
    .where('subject.trial_id', '=', trialId)
    .where('subject.state', '!=', 'void')
    .where('subject_event.step', '=', 'prescreened')
    .where('subject_event.kind', '=', 'prescreening')
    .where('subject_event.withdrawn_at', 'is', null)
    .groupBy(['referral_source', 'state'])
    .execute()
  const candidates = new Map(before.map((row) => [`${row.state} ${row.referral_source}`, Number(row.candidates)]))
  return rows.map((row) => ({
    source: row.referral_source,
    state: row.state as SubjectState,
    candidates: candidates.get(`${row.state} ${row.referral_source}`) ?? 0,
    screened: Number(row.screened),
    registered: Number(row.registered),
  }))
}

/** Screenings started before and since a day, by site and by source as it was typed. */
export async function countReferredAround(
  db: Db,
  trialId: string,
  { from, start, until }: EffectWindow,
): Promise<{ siteId: string; source: string | null; before: number; since: number }[]> {
  const isBefore = sql<number>`case when consented_on < ${start} then 1 else 0 end`
  const rows = await db
    .selectFrom('subject')
    .select(({ fn }) => [
      'site_id',
      'referral_source',
      fn.sum<number>(isBefore).as('before'),
      fn.countAll<number>().as('all'),
    ])
    .where('trial_id', '=', trialId)
    .where('state', '!=', 'void')
    .where('consented_on', '>=', from)
    .where('consented_on', '<', until)
    .groupBy(['site_id', 'referral_source'])
    .execute()
  return rows.map((row) => {
    const before = Number(row.before)
    return { siteId: row.site_id, source: row.referral_source, before, since: Number(row.all) - before }
  })
}
