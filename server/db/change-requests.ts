/** Change requests with the claims they assert. */
import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import type { Basis } from '../domain/bilingual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { ChangeRequest } from '../domain/claim.ts'
import type { RequestPromise } from '../domain/earlier-promises.ts'
import type { Db } from './database.ts'
import { named } from './trials.ts'
import { inFixedOrder, type Write } from './write.ts'

/** SHA-256 over everything that a request's projection is computed from, in a fixed order. */
export function requestInputHash(request: Omit<ChangeRequest, 'id' | 'number' | 'inputHash'>): string {
  const { asOf, registrationUntil, targetNumber, statedTotal, registeredNumber, methodVersion, claims } = request
  const inputs = claims.map(({ claim, siteIds }) => [inFixedOrder(claim), siteIds])
  const content = [asOf, registrationUntil, targetNumber, statedTotal, registeredNumber, methodVersion, inputs]
  return createHash('sha256').update(JSON.stringify(content)).digest('hex')
}

/** The days whose counts a trial's change requests state: worth looking back from. */
export async function listRequestDays(db: Db, trialId: string): Promise<CalendarDate[]> {
  const rows = await db
    .selectFrom('change_request')
    .select('as_of')
    .where('trial_id', '=', trialId)
    .orderBy('as_of')
    .execute()
  return rows.map((row) => row.as_of as CalendarDate)
}

/** What each change request of a trial promised, the first one first. */
export async function listRequestPromises(db: Db, trialId: string): Promise<RequestPromise[]> {
  const rows = await db
    .selectFrom('change_request')
    .select(['number', 'as_of', 'registration_until', 'stated_total', 'registered_number'])
    .where('trial_id', '=', trialId)
    .orderBy('number')
    .execute()
  return rows.map((row) => ({
    number: row.number,
    asOf: row.as_of as CalendarDate,
    registrationUntil: row.registration_until as CalendarDate,
    statedTotal: row.stated_total,
    registeredNumber: row.registered_number,
  }))
}

/** The newest change request of a trial, of those whose counts are of a day or before it; null where there is none. */
export async function findLatestRequest(db: Db, trialId: string, by?: CalendarDate): Promise<ChangeRequest | null> {
  let query = db.selectFrom('change_request').selectAll().where('trial_id', '=', trialId)
  if (by !== undefined) query = query.where('as_of', '<=', by)
  const row = await query.orderBy('number', 'desc').limit(1).executeTakeFirst()
  if (row === undefined) return null
  const claims = await db
    .selectFrom('request_claim')
    .selectAll()
    .where('request_id', '=', row.id)
    .orderBy('position')
    .execute()
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
    claims: claims.map((claim) => ({
      claim: JSON.parse(claim.claim),
      siteIds: JSON.parse(claim.site_ids),
      label: { ja: claim.label_ja, en: claim.label_en },
      source: { ja: claim.source_ja, en: claim.source_en },
    })),
  }
}

export async function insertRequest(
  write: Write,
  context: Context,
  trialId: string,
  request: ChangeRequest,
): Promise<void> {
  await write.insert(
    'change_request',
    {
      id: request.id,
      trial_id: trialId,
      number: request.number,
      ...named('title', request.title),
      as_of: request.asOf,
      registration_until: request.registrationUntil,
      target_number: request.targetNumber,
      stated_total: request.statedTotal,
      registered_number: request.registeredNumber,
      method_version: request.methodVersion,
      input_hash: request.inputHash,
      basis: request.basis,
    },
    'request_recorded',
  )
  for (const [index, { claim, siteIds, label, source }] of request.claims.entries()) {
    await write.insert(
      'request_claim',
      {
        id: context.newId(),
        trial_id: trialId,
        request_id: request.id,
        position: index + 1,
        claim: JSON.stringify(claim),
        site_ids: JSON.stringify(siteIds),
        ...named('label', label),
        ...named('source', source),
      },
      'claim_recorded',
    )
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
