/** Change requests as records: one with all that belongs to it, the list of a trial's, and every change of one. */
import type { Context } from '../context.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import { statesWithoutDuties } from '../domain/request/condition.ts'
import type { DecidingBody } from '../domain/request/decisions.ts'
import type { RequestState } from '../domain/request/life-cycle.ts'
import type { RequestContent, RequestRecord, StandingClaim } from '../domain/request/request-record.ts'
import type { RequestSummary, WholeRequest } from '../domain/request/whole-request.ts'
import { claimFrom, statedIn, toldIn } from './change-requests.ts'
import type { ChangeRequestRow, Db, RequestClaimRow } from './database.ts'
import { seenOf } from './kept-settings.ts'
import { listAttachments } from './request-attachments.ts'
import { listBodies } from './request-bodies.ts'
import { listConditions } from './request-conditions.ts'
import { listDecisions } from './request-decisions.ts'
import { listInquiries } from './request-inquiries.ts'
import { named } from './trials.ts'
import type { Write } from './write.ts'

function recordFrom(row: ChangeRequestRow, claims: readonly RequestClaimRow[]): RequestRecord {
  return {
    ...statedIn(row),
    state: row.state as RequestState,
    writtenOn: row.written_on as CalendarDate | null,
    submittedOn: row.submitted_on as CalendarDate | null,
    items: JSON.parse(row.items),
    told: toldIn(row.told),
    termsAsked: row.terms_asked === null ? null : JSON.parse(row.terms_asked),
    screeningsFrom: row.screenings_from as CalendarDate | null,
    withdrawnBecause: row.ended_because,
    statedSites: row.stated_sites,
    followUpDays: row.follow_up_days,
    adoptedVersion: row.adopted_version,
    claims: claims.map((claim) => ({ ...claimFrom(claim), standing: claim.standing as StandingClaim['standing'] })),
  }
}

/** A request of a trial by its number; null where there is none. */
export async function findWholeRequest(db: Db, trialId: string, number: number): Promise<WholeRequest | null> {
  const row = await db
    .selectFrom('change_request')
    .selectAll()
    .where('trial_id', '=', trialId)
    .where('number', '=', number)
    .executeTakeFirst()
  if (row === undefined) return null
  const claims = await claimRows(db, row.id)
  const bodies = await listBodies(db, row.id)
  return {
    record: recordFrom(
      row,
      claims.filter((claim) => claim.withdrawn_at === null),
    ),
    seen: seenOf({ row: JSON.stringify(row), claims: JSON.stringify(claims), bodies: JSON.stringify(bodies) }),
    bodies,
    decisions: await listDecisions(db, row.id),
    inquiries: await listInquiries(db, row.id),
    conditions: await listConditions(db, row.id),
    attachments: await listAttachments(db, row.id),
  }
}

function claimRows(db: Db, requestId: string): Promise<RequestClaimRow[]> {
  return db.selectFrom('request_claim').selectAll().where('request_id', '=', requestId).orderBy('position').execute()
}

/** The requests of a trial, the newest first. */
export async function listRequestSummaries(db: Db, trialId: string): Promise<RequestSummary[]> {
  const rows = await db
    .selectFrom('change_request')
    .selectAll()
    .where('trial_id', '=', trialId)
    .orderBy('number', 'desc')
    .execute()
  const inquiries = await db
    .selectFrom('request_inquiry')
    .select(({ fn }) => ['request_id', fn.countAll<number>().as('open')])
    .where('trial_id', '=', trialId)
    .where('answered_on', 'is', null)
    .groupBy('request_id')
    .execute()
  const conditions = await db
    .selectFrom('request_condition')
    .select(({ fn }) => ['request_id', fn.countAll<number>().as('open')])
    .where('trial_id', '=', trialId)
    .where('met_on', 'is', null)
    .groupBy('request_id')
    .execute()
  const openIn = (counts: readonly { request_id: string; open: number }[], id: string) =>
    Number(counts.find((one) => one.request_id === id)?.open ?? 0)
  return rows.map((row) => {
    const { claims: _, ...record } = recordFrom(row, [])
    const isOver = (statesWithoutDuties as readonly RequestState[]).includes(record.state)
    return {
      ...record,
      openInquiries: isOver ? 0 : openIn(inquiries, row.id),
      openConditions: isOver ? 0 : openIn(conditions, row.id),
    }
  })
}

type ContentColumns = Omit<
  ChangeRequestRow,
  'id' | 'trial_id' | 'number' | 'state' | 'submitted_on' | 'ended_because' | 'adopted_version'
>

function contentColumns(content: RequestContent & Pick<RequestRecord, 'methodVersion' | 'inputHash'>): ContentColumns {
  return {
    ...named('title', content.title),
    as_of: content.asOf,
    registration_until: content.registrationUntil,
    target_number: content.targetNumber,
    stated_total: content.statedTotal,
    registered_number: content.registeredNumber,
    method_version: content.methodVersion,
    input_hash: content.inputHash,
    basis: content.basis,
    items: JSON.stringify(content.items),
    told: JSON.stringify(content.told),
    written_on: content.writtenOn,
    terms_asked: content.termsAsked === null ? null : JSON.stringify(content.termsAsked),
    screenings_from: content.screeningsFrom,
    stated_sites: content.statedSites,
    follow_up_days: content.followUpDays,
  }
}

function claimColumns({ claim, siteIds, label, source, standing }: StandingClaim) {
  return {
    claim: JSON.stringify(claim),
    site_ids: JSON.stringify(siteIds),
    ...named('label', label),
    ...named('source', source),
    standing,
  }
}

export async function insertRequestRecord(
  write: Write,
  context: Context,
  trialId: string,
  record: RequestRecord,
): Promise<void> {
  const { id, number, state, submittedOn, withdrawnBecause, adoptedVersion } = record
  const life = { state, submitted_on: submittedOn, ended_because: withdrawnBecause, adopted_version: adoptedVersion }
  const row = { id, trial_id: trialId, number, ...life, ...contentColumns(record) }
  await write.insert('change_request', row, 'request_recorded')
  await keepClaims(write, context, trialId, id, record.claims)
}

/** A draft as it is now; only what differs leaves an entry in the audit trail. */
export async function reviseRequestContent(
  write: Write,
  context: Context,
  trialId: string,
  requestId: string,
  content: RequestContent & Pick<RequestRecord, 'methodVersion' | 'inputHash'>,
): Promise<void> {
  const row = await write.selectFrom('change_request').selectAll().where('id', '=', requestId).executeTakeFirstOrThrow()
  const changes = differing(row, contentColumns(content))
  if (Object.keys(changes).length > 0) await write.revise('change_request', requestId, changes, 'request_changed', null)
  await keepClaims(write, context, trialId, requestId, content.claims)
}

/** Claims keep their places: one that is not made any more is withdrawn, and its place may be taken again. */
async function keepClaims(
  write: Write,
  context: Context,
  trialId: string,
  requestId: string,
  claims: readonly StandingClaim[],
): Promise<void> {
  const rows = await claimRows(write, requestId)
  for (const [index, claim] of claims.entries()) {
    const wanted = { ...claimColumns(claim), withdrawn_at: null }
    const row = rows[index]
    if (row === undefined) {
      const place = { id: context.newId(), trial_id: trialId, request_id: requestId, position: index + 1 }
      await write.insert('request_claim', { ...place, ...wanted }, 'claim_recorded')
      continue
    }
    const changes = differing(row, wanted)
    if (Object.keys(changes).length > 0) await write.revise('request_claim', row.id, changes, 'claim_changed', null)
  }
  for (const row of rows.slice(claims.length)) {
    if (row.withdrawn_at !== null) continue
    await write.revise('request_claim', row.id, { withdrawn_at: context.now() }, 'claim_withdrawn', null)
  }
}

/** The columns whose value is another one now. */
export function differing<R extends object>(row: R, wanted: Partial<R>): Partial<R> {
  const changed = Object.entries(wanted).filter(([column, value]) => row[column as keyof R] !== value)
  return Object.fromEntries(changed) as Partial<R>
}

export async function reviseToSubmitted(write: Write, id: string, on: CalendarDate, writtenOn: CalendarDate) {
  const changes = { state: 'submitted', submitted_on: on, written_on: writtenOn }
  await write.revise('change_request', id, changes, 'request_submitted', null)
}

export async function reviseToWithdrawn(write: Write, id: string, reason: string): Promise<void> {
  await write.revise('change_request', id, { state: 'withdrawn', ended_because: reason }, 'request_withdrawn', reason)
}

/** The state that a question, an answer or a decision brought; nothing where it is as it was. */
export async function reviseRequestState(write: Write, record: RequestRecord, state: RequestState): Promise<void> {
  if (state === record.state) return
  await write.revise('change_request', record.id, { state }, 'request_moved', null)
}

export async function reviseAdoptedVersion(write: Write, id: string, version: number): Promise<void> {
  await write.revise('change_request', id, { adopted_version: version }, 'request_brought_terms', null)
}

/** Bodies of a draft keep their places as claims do. */
export async function keepBodies(
  write: Write,
  context: Context,
  trialId: string,
  requestId: string,
  bodies: readonly Omit<DecidingBody, 'id' | 'position'>[],
): Promise<void> {
  const rows = await write
    .selectFrom('request_body')
    .selectAll()
    .where('request_id', '=', requestId)
    .orderBy('position')
    .execute()
  for (const [index, { name, necessity, items, basis }] of bodies.entries()) {
    const wanted = { ...named('name', name), necessity, items: JSON.stringify(items), basis, withdrawn_at: null }
    const row = rows[index]
    if (row === undefined) {
      const place = { id: context.newId(), trial_id: trialId, request_id: requestId, position: index + 1 }
      await write.insert('request_body', { ...place, ...wanted }, 'deciding_body_named')
      continue
    }
    const changes = differing(row, wanted)
    if (Object.keys(changes).length > 0)
      await write.revise('request_body', row.id, changes, 'deciding_body_changed', null)
  }
  for (const row of rows.slice(bodies.length)) {
    if (row.withdrawn_at !== null) continue
    await write.revise('request_body', row.id, { withdrawn_at: context.now() }, 'deciding_body_withdrawn', null)
  }
}
