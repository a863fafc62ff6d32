/**
 * Replays a whole database: every chain link by link, every row against the last audit entry of it,
 * every roll-up and copied state against the events they repeat, every signed review against its digest. Names the first
 * thing that is wrong.
 */
import { isActivity } from '../domain/reporting.ts'
import type { SignedContent } from '../domain/review.ts'
import { courseOf, reachedOn, type SubjectEvent, type Tally } from '../domain/subject.ts'
import { wholeTallies } from '../domain/whole-tallies.ts'
import { chainStart, entryHash, inFixedOrder, inTrail, isSealed, saidIn, saidInOrderOf } from './audit-trail.ts'
import { canonicalJson, textHash } from './canonical-json.ts'
import { type AuditEntryRow, type AuditedTable, auditedTables, type DailyCountRow, type Db } from './database.ts'
import type { Progress } from './dialect.ts'
import { type LastEntries, newLastEntries } from './last-entries.ts'
import { marksFrom, withMarks } from './redaction-marks.ts'
import { type Founded, listFounded } from './redactions.ts'
import { takenPlaces } from './sealed-texts.ts'
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
    | 'redaction_unfounded'
    | 'redaction_undone'
  place: string
}

export type Verification = { entries: number; rows: number; subjects: number; finding: Finding | null }

const pageSize = 500

/** Called after every page. */
type Seen = () => Promise<void>

/**
 * Reads everything a page at a time: what is kept meanwhile is a few bytes for every record and the counts of a trial.
 * Tells how many entries, rows and subjects of how many it has seen. Others get their turn after every page, and may say
 * that it is to stop, which it does by throwing.
 */
export async function verify(
  db: Db,
  progress: Progress = () => {},
  stop: AbortSignal | null = null,
): Promise<Verification> {
  const lastEntries = newLastEntries()
  const checked = { entries: 0, rows: 0, subjects: 0 }
  const of = await countAll(db)
  const seen = async () => {
    progress(checked.entries + checked.rows + checked.subjects, of)
    await new Promise((resolve) => setImmediate(resolve))
    stop?.throwIfAborted()
  }
  const chains = await listChains(db, seen)
  for (const chain of chains) {
    const finding = await verifyChain(db, chain, lastEntries, checked, seen)
    if (finding !== null) return { ...checked, finding }
  }
  for (const table of auditedTables) {
    const finding = await verifyRows(db, table, lastEntries, checked, seen)
    if (finding !== null) return { ...checked, finding }
  }
  const missing = await firstLeft(db, chains, lastEntries)
  if (missing !== null) return { ...checked, finding: { what: 'row_missing', place: missing } }
  const signature = await verifySignatures(db)
  if (signature !== null) return { ...checked, finding: signature }
  const trials = await db.selectFrom('trial').select(['id', 'code']).orderBy('code').execute()
  for (const trial of trials) {
    const finding = await verifyTrial(db, trial, checked, seen)
    if (finding !== null) return { ...checked, finding }
  }
  return { ...checked, finding: null }
}

async function countAll(db: Db): Promise<number> {
  let sum = 0
  for (const table of ['audit_entry', ...auditedTables, 'subject'] as const) {
    const found = db.selectFrom(table as 'site').select(({ fn }) => fn.countAll().as('size'))
    sum += Number((await found.executeTakeFirstOrThrow()).size)
  }
  return sum
}

/** Every chain by its name: one step of the key for each, however long the chains. */
async function listChains(db: Db, seen: Seen): Promise<string[]> {
  const found: string[] = []
  for (let last = ''; ; ) {
    const query = db.selectFrom('audit_entry').select('chain').where('chain', '>', last).orderBy('chain').limit(1)
    const next = await query.executeTakeFirst()
    if (next === undefined) return found
    last = next.chain
    found.push(last)
    await seen()
  }
}

/** The entries of a chain in their order, a page at a time. */
export async function* entriesInPages(db: Db, chain: string): AsyncGenerator<AuditEntryRow[]> {
  const inOrder = db
    .selectFrom('audit_entry')
    .selectAll()
    .where('chain', '=', chain)
    .orderBy('sequence')
    .limit(pageSize)
  let page = await inOrder.execute()
  while (page.length > 0) {
    yield page
    page = await inOrder.where('sequence', '>', page.at(-1)?.sequence ?? 0).execute()
  }
}

/**
 * What a chain is checked with, entry by entry: the first thing that is wrong, or the record as the entry leaves it, with
 * a mark where a text was taken out. A text may be gone only where the chain itself says so.
 */
export function linkCheck(
  chain: string,
  founded: readonly Founded[],
): (entry: AuditEntryRow) => { finding: Finding } | { after: string } {
  const marks = marksFrom(founded)
  const remains = remainsOf(founded)
  let sequence = 0
  let hash = chainStart
  return (entry) => {
    const found = (what: Finding['what'], place = `${chain} ${entry.sequence}`) => ({ finding: { what, place } })
    if (entry.sequence !== sequence + 1) return found('chain_gap', `${chain} ${sequence + 1}`)
    if (entry.previous_hash !== hash) return found('chain_broken')
    const named = marks.get(entry.sequence) ?? {}
    const taken = takenPlaces(entry)
    if (entryHash(entry) !== (remains.get(entry.sequence) ?? entry.hash)) return found('entry_changed')
    if (taken.some((text) => named[text] === undefined)) return found('redaction_unfounded')
    if (Object.keys(named).length > taken.length) return found('redaction_undone')
    sequence = entry.sequence
    hash = entry.hash
    const isWhole = taken.length === 0
    return { after: isWhole ? entry.after : inFixedOrder(withMarks('after', JSON.parse(entry.after), named)) }
  }
}

/** Of entries whose hash covered the texts themselves, the digest of what the last redaction left of them. */
function remainsOf(founded: readonly Founded[]): Map<number, string> {
  const all = founded.flatMap(({ entries }) => entries)
  return new Map(all.flatMap(({ sequence, remains }) => (remains === null ? [] : [[sequence, remains]])))
}

const recordOf = ({ record_table, record_id }: AuditEntryRow) => `${record_table} ${record_id}`

async function verifyChain(
  db: Db,
  chain: string,
  lastEntries: LastEntries,
  checked: { entries: number },
  seen: Seen,
): Promise<Finding | null> {
  const links = linkCheck(chain, await listFounded(db, chain))
  for await (const entries of entriesInPages(db, chain)) {
    for (const entry of entries) {
      const link = links(entry)
      if ('finding' in link) return link.finding
      lastEntries.note(recordOf(entry), saidIn(link.after))
    }
    checked.entries += entries.length
    await seen()
  }
  return null
}

async function verifyRows(
  db: Db,
  table: AuditedTable,
  lastEntries: LastEntries,
  checked: { rows: number },
  seen: Seen,
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
    const asItIs = saidInOrderOf(Object.keys(rows[0] ?? {}))
    for (const row of rows) {
      const place = `${table} ${row.id}`
      const said = isSealed(table) ? saidIn(inTrail(table, row)) : asItIs(row)
      // Entries from before columns were sealed hold the row as it is.
      const found = lastEntries.take(place, said, () => asItIs(row))
      if (found === 'unknown') return { what: 'row_unaudited', place }
      if (found === 'other') return { what: 'row_changed', place }
      after = row.id
    }
    checked.rows += rows.length
    await seen()
    if (rows.length < pageSize) return null
  }
}

/** The first record of the chains that no row was found for; null where all were. */
async function firstLeft(db: Db, chains: readonly string[], lastEntries: LastEntries): Promise<string | null> {
  if (lastEntries.size() === 0) return null
  for (const chain of chains) {
    for await (const entries of entriesInPages(db, chain)) {
      const left = entries.find((entry) => lastEntries.holds(recordOf(entry)))
      if (left !== undefined) return recordOf(left)
    }
  }
  return null
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
  seen: Seen,
): Promise<Finding | null> {
  const pathway = await findPathway(db, trial.id)
  const expected = new Map<string, number>()
  const ofTrial = new Map<string, number>()
  let wrongState: { id: string; number: string } | null = null
  let after = ''
  for (;;) {
    // By their numbers, of which a trial has an index: by any other order every page would cost as much as all of them.
    const subjects = await db
      .selectFrom('subject')
      .select(['id', 'site_id', 'number', 'number_key', 'state', 'last_event_on', 'consented_on'])
      .where('trial_id', '=', trial.id)
      .where('number_key', '>', after)
      .orderBy('number_key')
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
    const eventsOf = new Map<string, SubjectEvent[]>(subjects.map(({ id }) => [id, []]))
    for (const row of eventRows) eventsOf.get(row.subject_id)?.push(eventFrom(row))
    for (const subject of subjects) {
      const own = eventsOf.get(subject.id) ?? []
      const course = courseOf(pathway, own)
      const consentedOn = reachedOn(own, pathway.screening.code)
      const isCopy = course.state === subject.state && course.lastEventOn === subject.last_event_on
      if (!isCopy || consentedOn !== subject.consented_on) {
        if (wrongState === null || subject.id < wrongState.id) wrongState = subject
      }
      for (const tally of course.tallies) {
        add(expected, subject.site_id, tally)
        add(ofTrial, '', tally)
      }
      for (const tally of wholeTallies(pathway, own)) add(ofTrial, '', tally)
      after = subject.number_key
    }
    checked.subjects += subjects.length
    await seen()
    if (subjects.length < pageSize) break
  }
  // The one that was entered first.
  if (wrongState !== null) return { what: 'state_wrong', place: `${trial.code} ${wrongState.number}` }
  const counts = await db.selectFrom('daily_count').selectAll().where('trial_id', '=', trial.id).execute()
  for (const { site_id, step, date, number } of counts)
    add(expected, site_id, { step, date: date as Tally['date'], number: -number })
  const whole = await db.selectFrom('trial_count').selectAll().where('trial_id', '=', trial.id).execute()
  for (const { step, date, number } of whole) add(ofTrial, '', { step, date: date as Tally['date'], number: -number })
  const wrong = [...expected, ...ofTrial].find(([, number]) => number !== 0)
  const place =
    wrong?.[0] ??
    (await firstWrongSum(db, trial.id, counts)) ??
    (await firstWrongMonth(db, trial.id, counts)) ??
    (await firstWrongStanding(db, trial.id))
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

/** The sums of a site's months against the same daily counts. */
async function firstWrongMonth(db: Db, trialId: string, counts: readonly DailyCountRow[]): Promise<string | null> {
  const sums = new Map<string, number>()
  for (const { site_id, step, date, number } of counts) {
    const place = `${site_id} ${date.slice(0, 7)}`
    if (isActivity(step)) sums.set(place, (sums.get(place) ?? 0) + number)
  }
  const rows = await db.selectFrom('month_count').selectAll().where('trial_id', '=', trialId).execute()
  for (const { site_id, month, number } of rows) {
    const place = `${site_id} ${month}`
    if ((sums.get(place) ?? 0) !== number) return place
    sums.delete(place)
  }
  const missing = [...sums].find(([, number]) => number !== 0)
  return missing === undefined ? null : missing[0]
}

/** The counts of those who stand in each state against the subjects themselves, whose states have been checked. */
async function firstWrongStanding(db: Db, trialId: string): Promise<string | null> {
  const places = new Map<string, { number: number; registered: number }>()
  const counted = await db.selectFrom('state_count').selectAll().where('trial_id', '=', trialId).execute()
  for (const { site_id, state, number, registered } of counted)
    places.set(`${site_id} ${state}`, { number, registered })
  const standing = await db
    .selectFrom('subject')
    .select(({ fn }) => [
      'site_id',
      'state',
      fn.countAll<number>().as('number'),
      fn.count<number>('registration_number').as('registered'),
    ])
    .where('trial_id', '=', trialId)
    .groupBy(['site_id', 'state'])
    .execute()
  for (const row of standing) {
    const place = `${row.site_id} ${row.state}`
    const count = places.get(place)
    if (count?.number !== Number(row.number) || count.registered !== Number(row.registered)) return place
    places.delete(place)
  }
  const [left] = places.keys()
  return left ?? null
}

function add(sums: Map<string, number>, siteId: string, { step, date, number }: Tally): void {
  const key = `${siteId} ${step} ${date}`
  sums.set(key, (sums.get(key) ?? 0) + number)
}
