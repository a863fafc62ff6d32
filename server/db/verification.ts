/**
 * Replays a whole database: every chain link by link, every row against the last audit entry of it,
 * every roll-up and copied state against the events they repeat, every signed review against its digest. Names the first
 * thing that is wrong.
 */
import type { SignedContent } from '../domain/review.ts'
import { courseOf, reachedOn, type Tally } from '../domain/subject.ts'
import { wholeTallies } from '../domain/whole-tallies.ts'
import { chainStart, entryHash, inFixedOrder, inTrail } from './audit-trail.ts'
import { canonicalJson, textHash } from './canonical-json.ts'
import { type AuditedTable, auditedTables, type DailyCountRow, type Db } from './database.ts'
import { eventFrom } from './subject-events.ts'
import { findPathway } from './trials.ts'

/** `what` is a code with its place: the words are the command line's and the page's matter. */
export type Finding = {
  what:
    | 'chain_gap'
    | 'chain_broken'
    | 'entry_changed'
    | 'row_changed'
    | 'row_missing'
    | 'row_unaudited'
    | 'state_wrong'
    | 'count_wrong'
    | 'signature_wrong'
  place: string
}

export type Verification = { entries: number; rows: number; subjects: number; finding: Finding | null }

const pageSize = 2000

export async function verify(db: Db): Promise<Verification> {
  const lastAfter = new Map<string, string>()
  const checked = { entries: 0, rows: 0, subjects: 0 }
  const chains = await db.selectFrom('audit_entry').select('chain').distinct().orderBy('chain').execute()
  for (const { chain } of chains) {
    const finding = await verifyChain(db, chain, lastAfter, checked)
    if (finding !== null) return { ...checked, finding }
  }
  for (const table of auditedTables) {
    const finding = await verifyRows(db, table, lastAfter, checked)
    if (finding !== null) return { ...checked, finding }
  }
  const missing = lastAfter.keys().next()
  if (missing.done !== true) return { ...checked, finding: { what: 'row_missing', place: missing.value } }
  const signature = await verifySignatures(db)
  if (signature !== null) return { ...checked, finding: signature }
  const trials = await db.selectFrom('trial').select(['id', 'code']).orderBy('code').execute()
  for (const trial of trials) {
    const finding = await verifyTrial(db, trial, checked)
    if (finding !== null) return { ...checked, finding }
  }
  return { ...checked, finding: null }
}

async function verifyChain(
  db: Db,
  chain: string,
  lastAfter: Map<string, string>,
  checked: { entries: number },
): Promise<Finding | null> {
  let sequence = 0
  let hash = chainStart
  for (;;) {
    const entries = await db
      .selectFrom('audit_entry')
      .selectAll()
      .where('chain', '=', chain)
      .where('sequence', '>', sequence)
      .orderBy('sequence')
      .limit(pageSize)
      .execute()
    for (const entry of entries) {
      const place = `${chain} ${entry.sequence}`
      if (entry.sequence !== sequence + 1) return { what: 'chain_gap', place: `${chain} ${sequence + 1}` }
      if (entry.previous_hash !== hash) return { what: 'chain_broken', place }
      if (entryHash(entry) !== entry.hash) return { what: 'entry_changed', place }
      lastAfter.set(`${entry.record_table} ${entry.record_id}`, entry.after)
      sequence = entry.sequence
      hash = entry.hash
      checked.entries += 1
    }
    if (entries.length < pageSize) return null
  }
}

async function verifyRows(
  db: Db,
  table: AuditedTable,
  lastAfter: Map<string, string>,
  checked: { rows: number },
): Promise<Finding | null> {
  let after = ''
  for (;;) {
    // The table's name is a value here, which the query builder's types cannot follow.
    const rows = await db
      .selectFrom(table as 'site')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(pageSize)
      .execute()
    for (const row of rows) {
      const place = `${table} ${row.id}`
      const audited = lastAfter.get(place)
      if (audited === undefined) return { what: 'row_unaudited', place }
      // Entries from before columns were sealed hold the row as it is.
      const then = asThen(row, audited)
      const isAudited = audited === inTrail(table, then) || audited === inFixedOrder(then)
      if (!isAudited) return { what: 'row_changed', place }
      lastAfter.delete(place)
      checked.rows += 1
      after = row.id
    }
    if (rows.length < pageSize) return null
  }
}

/** A row without the empty columns that the table did not have yet when its entry was written. */
function asThen<R extends object>(row: R, audited: string): R {
  const known = JSON.parse(audited)
  const kept = Object.entries(row).filter(([column, value]) => value !== null || Object.hasOwn(known, column))
  return Object.fromEntries(kept) as R
}

/** What was signed is what its digest says, and it was signed for the review where it stands; likewise frozen figures. */
async function verifySignatures(db: Db): Promise<Finding | null> {
  const reviews = await db
    .selectFrom('review')
    .leftJoin('review_signature', 'review_signature.review_id', 'review.id')
    .select([
      'review.id',
      'review.trial_id',
      'due_on',
      'figures',
      'figures_hash',
      'content',
      'content_hash',
      'signed_at',
    ])
    .orderBy('review.id')
    .execute()
  for (const row of reviews) {
    const wrong: Finding = { what: 'signature_wrong', place: `review ${row.id} of ${row.due_on}` }
    if (textHash(row.figures) !== row.figures_hash) return wrong
    if (row.content === null) continue
    if (textHash(row.content) !== row.content_hash) return wrong
    const { trialId, reviewId, dueOn, figures, signature }: SignedContent = JSON.parse(row.content)
    const isOwn = trialId === row.trial_id && reviewId === row.id && dueOn === row.due_on
    if (!isOwn || signature.signedAt !== row.signed_at || canonicalJson(figures) !== row.figures) return wrong
  }
  return null
}

async function verifyTrial(
  db: Db,
  trial: { id: string; code: string },
  checked: { subjects: number },
): Promise<Finding | null> {
  const pathway = await findPathway(db, trial.id)
  const expected = new Map<string, number>()
  const ofTrial = new Map<string, number>()
  let after = ''
  for (;;) {
    const subjects = await db
      .selectFrom('subject')
      .selectAll()
      .where('trial_id', '=', trial.id)
      .where('id', '>', after)
      .orderBy('id')
      .limit(pageSize)
      .execute()
    const eventRows =
      subjects.length === 0
        ? []
        : await db
            .selectFrom('subject_event')
            .selectAll()
            .where(
              'subject_id',
              'in',
              subjects.map(({ id }) => id),
            )
            .where('withdrawn_at', 'is', null)
            .orderBy('id')
            .execute()
    for (const subject of subjects) {
      const own = eventRows.filter(({ subject_id }) => subject_id === subject.id).map(eventFrom)
      const course = courseOf(pathway, own)
      const consentedOn = reachedOn(own, pathway.screening.code)
      const isCopy = course.state === subject.state && course.lastEventOn === subject.last_event_on
      if (!isCopy || consentedOn !== subject.consented_on) {
        return { what: 'state_wrong', place: `${trial.code} ${subject.number}` }
      }
      for (const tally of course.tallies) {
        add(expected, subject.site_id, tally)
        add(ofTrial, '', tally)
      }
      for (const tally of wholeTallies(pathway, own)) add(ofTrial, '', tally)
      checked.subjects += 1
      after = subject.id
    }
    if (subjects.length < pageSize) break
  }
  const counts = await db.selectFrom('daily_count').selectAll().where('trial_id', '=', trial.id).execute()
  for (const { site_id, step, date, number } of counts)
    add(expected, site_id, { step, date: date as Tally['date'], number: -number })
  const whole = await db.selectFrom('trial_count').selectAll().where('trial_id', '=', trial.id).execute()
  for (const { step, date, number } of whole) add(ofTrial, '', { step, date: date as Tally['date'], number: -number })
  const wrong = [...expected, ...ofTrial].find(([, number]) => number !== 0)
  const place = wrong?.[0] ?? (await firstWrongSum(db, trial.id, counts))
  return place === null ? null : { what: 'count_wrong', place: `${trial.code} ${place.trim()}` }
}

/** The sums of a site against the daily counts that they are made of; null where all agree. */
async function firstWrongSum(db: Db, trialId: string, counts: readonly DailyCountRow[]): Promise<string | null> {
  const sums = new Map<string, { number: number; lastOn: string }>()
  for (const { site_id, step, date, number } of counts) {
    const place = `${site_id} ${step}`
    const sum = sums.get(place) ?? { number: 0, lastOn: '' }
    sums.set(place, { number: sum.number + number, lastOn: number !== 0 && date > sum.lastOn ? date : sum.lastOn })
  }
  const rows = await db.selectFrom('site_count').selectAll().where('trial_id', '=', trialId).execute()
  for (const { site_id, step, number, last_on } of rows) {
    const place = `${site_id} ${step}`
    const sum = sums.get(place)
    if (sum?.number !== number || sum.lastOn !== last_on) return place
    sums.delete(place)
  }
  const missing = [...sums].find(([, { lastOn }]) => lastOn !== '')
  return missing === undefined ? null : missing[0]
}

function add(sums: Map<string, number>, siteId: string, { step, date, number }: Tally): void {
  const key = `${siteId} ${step} ${date}`
  sums.set(key, (sums.get(key) ?? 0) + number)
}
