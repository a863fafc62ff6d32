/** What change requests promised, as projections read it: those that were asked for, never a draft. */
import { createHash } from 'node:crypto'
import type { Basis } from '../domain/bilingual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { ChangeRequest, RequestClaim } from '../domain/claim.ts'
import type { RequestPromise } from '../domain/earlier-promises.ts'
import type { ToldPeriod } from '../domain/request/request-record.ts'
import type { ChangeRequestRow, Db, RequestClaimRow } from './database.ts'
import { inFixedOrder } from './write.ts'

/** SHA-256 over everything that a request's projection is computed from, in a fixed order. */
export function requestInputHash(request: Omit<ChangeRequest, 'id' | 'number' | 'inputHash'>): string {
  const { asOf, registrationUntil, targetNumber, statedTotal, registeredNumber, methodVersion, claims } = request
  const inputs = claims.map(({ claim, siteIds }) => [inFixedOrder(claim), siteIds])
  const content = [asOf, registrationUntil, targetNumber, statedTotal, registeredNumber, methodVersion, inputs]
  return createHash('sha256').update(JSON.stringify(content)).digest('hex')
}

/** A draft promises nothing yet, and what was withdrawn nothing any more. */
const neverAsked = ['draft', 'withdrawn']

/** The days whose counts a trial's change requests state: worth looking back from. */
export async function listRequestDays(db: Db, trialId: string): Promise<CalendarDate[]> {
  const rows = await db
    .selectFrom('change_request')
    .select('as_of')
    .where('trial_id', '=', trialId)
    .where('state', 'not in', neverAsked)
    .orderBy('as_of')
    .execute()
  return rows.map((row) => row.as_of as CalendarDate)
}

/** What each change request of a trial promised, the first one first. */
export async function listRequestPromises(db: Db, trialId: string): Promise<RequestPromise[]> {
  const rows = await db
    .selectFrom('change_request')
    .select(['number', 'as_of', 'registration_until', 'stated_total', 'registered_number', 'told'])
    .where('trial_id', '=', trialId)
    .where('state', 'not in', neverAsked)
    .orderBy('number')
    .execute()
  return rows.map((row) => ({
    number: row.number,
    asOf: row.as_of as CalendarDate,
    registrationUntil: row.registration_until as CalendarDate,
    statedTotal: row.stated_total,
    registeredNumber: row.registered_number,
    told: toldIn(row.told),
  }))
}

/** Periods as they are stored; those from before promises were told have none. */
export function toldIn(json: string): ToldPeriod[] {
  const none = { promised: null, registered: null }
  return (JSON.parse(json) as ToldPeriod[]).map((period) => ({ ...none, ...period }))
}

/** The newest change request of a trial that was made, of those whose counts are of a day or before it; null where there is none. */
export async function findLatestRequest(db: Db, trialId: string, by?: CalendarDate): Promise<ChangeRequest | null> {
  let query = db
    .selectFrom('change_request')
    .selectAll()
    .where('trial_id', '=', trialId)
    .where('state', 'not in', neverAsked)
  if (by !== undefined) query = query.where('as_of', '<=', by)
  const row = await query.orderBy('number', 'desc').limit(1).executeTakeFirst()
  if (row === undefined) return null
  const claims = await db
    .selectFrom('request_claim')
    .selectAll()
    .where('request_id', '=', row.id)
    .where('standing', '=', 'counted')
    .where('withdrawn_at', 'is', null)
    .orderBy('position')
    .execute()
  return { ...statedIn(row), claims: claims.map(claimFrom) }
}

/** What the document states, as the projection reads it. */
export function statedIn(row: ChangeRequestRow): Omit<ChangeRequest, 'claims'> {
  return {
    id: row.id,
    number: row.number,
    title: { ja: row.title_ja, en: row.title_en },
    asOf: row.as_of as CalendarDate,
    registrationUntil: row.registration_until as CalendarDate,
    targetNumber: row.target_number,
    statedTotal: row.stated_total,
    registeredNumber: row.registered_number,
    methodVersion: row.method_version,
    inputHash: row.input_hash,
    basis: row.basis as Basis,
  }
}

export function claimFrom(row: RequestClaimRow): RequestClaim {
  return {
    claim: JSON.parse(row.claim),
    siteIds: JSON.parse(row.site_ids),
    label: { ja: row.label_ja, en: row.label_en },
    source: { ja: row.source_ja, en: row.source_en },
  }
}

/** The number of the last request of a trial; 0 before the first. */
export async function lastRequestNumber(db: Db, trialId: string): Promise<number> {
  const row = await db
    .selectFrom('change_request')
    .select(({ fn }) => fn.max('number').as('last'))
    .where('trial_id', '=', trialId)
    .executeTakeFirst()
  return Number(row?.last ?? 0)
}
