/**
 * The only way to change a row. A `Write` exists inside `transact` and nowhere else: the row and its
 * audit entry commit together or not at all, and while it lasts nobody else writes to the same trial.
 */
import { sql, type Transaction } from 'kysely'
import type { Actor, Context, Submission } from '../context.ts'
import type { Parsed } from '../domain/parsed.ts'
import { roleIn } from '../domain/permission.ts'
import { isActivity } from '../domain/reporting.ts'
import type { Tally } from '../domain/subject.ts'
import { chainHead, entryHash, inTrail, systemChain } from './audit-trail.ts'
import type { AuditedTable, Db, SubjectRow, Tables } from './database.ts'
import { engineOf, isUniqueViolation } from './dialect.ts'
import type { Redacting } from './redactions.ts'
import { newSalts } from './sealed-texts.ts'
import { countStanding } from './state-counts.ts'
import { findResult } from './submissions.ts'

export type Write = Db & {
  /** Who writes. */
  readonly personId: string
  /** Adds a row, with its audit entry. */
  insert<T extends AuditedTable>(table: T, row: Tables[T], event: string): Promise<void>
  /** Changes a row, with an audit entry that holds it before and after; a reason where one was asked for. */
  revise<T extends AuditedTable>(
    table: T,
    id: string,
    changes: Partial<Tables[T]>,
    event: string,
    reason: string | null,
  ): Promise<void>
  /** Signs a person out everywhere, together with the change that calls for it. */
  endSessions(personId: string): Promise<void>
  /** Keeps what must never be read again: a trial's own secret, in no audit entry. */
  keepSecret(secret: string): Promise<void>
  /**
   * Adds to the daily counts, and to the sums made from them. They repeat what the events say and can be rebuilt, so they
   * have no audit entry.
   */
  tally(siteId: string, tallies: readonly Tally[]): Promise<void>
  /**
   * Takes a text out of rows and of the trail's own entries, which a redaction that was confirmed in this same change
   * names: its entry is the one behind all of it. What the forms that brought the text left behind goes, too.
   */
  redact(text: string, mark: string, redacting: Redacting): Promise<void>
  /** Adds to what is counted of the whole trial only. */
  tallyOfTrial(tallies: readonly Tally[]): Promise<void>
}

/** Thrown to leave a transaction that must not commit, because the work was refused. */
class Refused extends Error {
  readonly outcome: unknown
  constructor(outcome: unknown) {
    super('refused')
    this.outcome = outcome
  }
}

const joined = new WeakMap<Context, Write>()

/**
 * The context of verbs that belong to a change already under way: they write into it, and what one of them refuses is
 * for the whole to decide. An import does what people do by hand, row by row, all or nothing.
 */
export function joining(context: Context, write: Write): Context {
  const inside = { ...context, db: write }
  joined.set(inside, write)
  return inside
}

type Work<T> = (write: Write) => Promise<Parsed<T>>

/**
 * Does some work as one change to one trial (`null`: to what belongs to no trial). If the work returns problems,
 * nothing is kept. If the request's submission key was used before, the first result is given again. A trial that is
 * locked refuses every work alike: that is decided here, in the trial's turn, and nowhere else.
 */
export function transact<T>(context: Context, actor: Actor, trialId: string | null, work: Work<T>): Promise<Parsed<T>> {
  return change(context, actor, trialId, work, 'unlocked')
}

/** As `transact`, for the few verbs that a lock does not stop; a test lists them. */
export function transactUnderLock<T>(
  context: Context,
  actor: Actor,
  trialId: string | null,
  work: Work<T>,
): Promise<Parsed<T>> {
  return change(context, actor, trialId, work, 'locked or not')
}

async function change<T>(
  context: Context,
  actor: Actor,
  trialId: string | null,
  work: Work<T>,
  where: 'unlocked' | 'locked or not',
): Promise<Parsed<T>> {
  const under = joined.get(context)
  if (under !== undefined) return work(under)
  const chain = trialId ?? systemChain
  const submission = context.request?.submission ?? null
  try {
    return await engineOf(context.db).inTurn(chain, async (transaction) => {
      if (submission !== null) {
        const earlier = await findResult<T>(transaction, submission, actor)
        if (earlier !== null) return earlier
      }
      if (where === 'unlocked' && trialId !== null && (await isLocked(transaction, trialId))) {
        throw new Refused({ problems: [{ field: '', code: 'trial_locked' }] })
      }
      const outcome = await work(await openWrite(context, actor, chain, trialId, transaction))
      if ('problems' in outcome) throw new Refused(outcome)
      if (submission !== null) await keepResult(transaction, submission, context, actor, chain, outcome)
      return outcome
    })
  } catch (error) {
    if (error instanceof Refused) return error.outcome as Parsed<T>
    // Two trials' turns do not exclude each other, but what must be unique among all trials still is.
    if (isUniqueViolation(error)) return { problems: [{ field: '', code: 'taken_meanwhile' }] }
    throw error
  }
}

/** Whether nothing of a trial may be changed now. */
async function isLocked(db: Db, trialId: string): Promise<boolean> {
  const row = await db
    .selectFrom('trial_lock')
    .select('id')
    .where('trial_id', '=', trialId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

/** Does some work on a copy of one trial and keeps nothing of it: what would be, said while others write. */
export function rehearse<T>(
  context: Context,
  actor: Actor,
  trialId: string,
  work: (write: Write) => Promise<T>,
): Promise<T> {
  return engineOf(context.db).onCopy(trialId, async (transaction) =>
    work(await openWrite(context, actor, trialId, trialId, transaction)),
  )
}

async function keepResult(
  transaction: Transaction<Tables>,
  { key, contentHash }: Submission,
  context: Context,
  actor: Actor,
  chain: string,
  outcome: unknown,
): Promise<void> {
  const result = JSON.stringify({ contentHash, outcome })
  const row = { key, person_id: actor.personId, trial_id: chain, result, sent_at: context.now() }
  await transaction.insertInto('submission').values(row).execute()
}

async function openWrite(
  context: Context,
  actor: Actor,
  chain: string,
  trialId: string | null,
  transaction: Transaction<Tables>,
): Promise<Write> {
  const head = { ...(await chainHead(transaction, chain)) }

  async function append(
    event: string,
    table: AuditedTable,
    id: string,
    before: object | null,
    after: object,
    reason: string | null,
  ): Promise<void> {
    const entry = {
      chain,
      sequence: head.sequence + 1,
      event,
      record_table: table,
      record_id: id,
      before: before === null ? null : inTrail(table, before),
      after: inTrail(table, after),
      reason,
      actor_id: actor.personId,
      actor_name: actor.name.ja,
      actor_role: roleIn(actor.grants, trialId),
      recorded_at: context.now(),
      request_id: context.request?.id ?? null,
      previous_hash: head.hash,
      salts: newSalts(table, before, after, reason),
    }
    const hash = entryHash(entry)
    await transaction
      .insertInto('audit_entry')
      .values({ ...entry, hash })
      .execute()
    head.sequence = entry.sequence
    head.hash = hash
  }

  return {
    selectFrom: transaction.selectFrom.bind(transaction),
    personId: actor.personId,

    async insert(table, row, event) {
      // The table's name is a value here, which the query builder's types cannot follow.
      await transaction
        .insertInto(table as 'site')
        .values(row as never)
        .execute()
      if (table === 'subject') await countStanding(transaction, null, row as unknown as SubjectRow)
      await append(event, table, row.id, null, row, null)
    },

    async revise(table, id, changes, event, reason) {
      const name = table as 'site'
      const before = await transaction.selectFrom(name).selectAll().where('id', '=', id).executeTakeFirst()
      if (before === undefined) throw new Error(`no row ${id} in ${table}`)
      await transaction
        .updateTable(name)
        .set(changes as never)
        .where('id', '=', id)
        .execute()
      const after = { ...before, ...changes }
      if (table === 'subject') {
        await countStanding(transaction, before as unknown as SubjectRow, after as unknown as SubjectRow)
      }
      await append(event, table, id, before, after, reason)
    },

    async redact(text, mark, { rows, entries, recorded }) {
      for (const { table, id, fields } of rows) {
        for (const field of fields) {
          // The names of the table and of its column are values here, which the query builder's types cannot follow.
          await transaction
            .updateTable(table as 'subject_event')
            .set({ [field]: mark })
            .where('id', '=', id)
            .where(field as 'note', '=', text)
            .execute()
        }
      }
      for (const { sequence, left } of entries) {
        await transaction
          .updateTable('audit_entry')
          .set(left)
          .where('chain', '=', chain)
          .where('sequence', '=', sequence)
          .execute()
      }
      for (const { personId, at } of recorded) await forgetForms(transaction, chain, personId, at)
    },

    async endSessions(personId) {
      await transaction.deleteFrom('session').where('person_id', '=', personId).execute()
    },

    async keepSecret(secret) {
      if (trialId === null) throw new Error('a secret belongs to a trial')
      await transaction.insertInto('trial_secret').values({ trial_id: trialId, secret }).execute()
    },

    async tally(siteId, tallies) {
      if (trialId === null) throw new Error('daily counts belong to a trial')
      for (const { step, date, number } of tallies) {
        await transaction
          .insertInto('daily_count')
          .values({ trial_id: trialId, site_id: siteId, step, date, number })
          .onConflict((conflict) =>
            conflict
              .columns(['trial_id', 'site_id', 'step', 'date'])
              .doUpdateSet({ number: sql`daily_count.number + excluded.number` }),
          )
          .execute()
        await addToSite(transaction, { trial_id: trialId, site_id: siteId, step, number })
        await addToTrial(transaction, { trial_id: trialId, step, date, number })
        if (isActivity(step)) {
          await addToMonth(transaction, { trial_id: trialId, site_id: siteId, month: date.slice(0, 7), number })
        }
      }
    },

    async tallyOfTrial(tallies) {
      if (trialId === null) throw new Error('counts belong to a trial')
      for (const tally of tallies) await addToTrial(transaction, { trial_id: trialId, ...tally })
    },
  }
}

/** A form is kept under the instant at which its work was over. */
const longestWorkMilliseconds = 60_000

/**
 * The digest of a form would tell whoever guesses its text that they guessed right: those that somebody sent when an entry
 * was recorded have none any more. Sent again, they are refused as used.
 */
async function forgetForms(transaction: Transaction<Tables>, chain: string, personId: string, at: string) {
  const forms = await transaction
    .selectFrom('submission')
    .select(['key', 'result'])
    .where('trial_id', '=', chain)
    .where('person_id', '=', personId)
    .where('sent_at', '>=', at)
    .where('sent_at', '<=', new Date(Date.parse(at) + longestWorkMilliseconds).toISOString())
    .execute()
  for (const { key, result } of forms) {
    const { outcome } = JSON.parse(result)
    const kept = JSON.stringify({ contentHash: '', outcome })
    await transaction.updateTable('submission').set({ result: kept }).where('key', '=', key).execute()
  }
}

/** The last day is looked up anew, for the day that was the last one may have lost its only count. */
async function addToSite(transaction: Transaction<Tables>, row: Omit<Tables['site_count'], 'last_on'>): Promise<void> {
  const { trial_id, site_id, step } = row
  const last = transaction
    .selectFrom('daily_count')
    .select(({ fn }) => fn.coalesce(fn.max('date'), sql<string>`''`).as('last_on'))
    .where('trial_id', '=', trial_id)
    .where('site_id', '=', site_id)
    .where('step', '=', step)
    .where('number', '!=', 0)
  await transaction
    .insertInto('site_count')
    .values({ ...row, last_on: last })
    .onConflict((conflict) =>
      conflict
        .columns(['trial_id', 'site_id', 'step'])
        .doUpdateSet({ number: sql`site_count.number + excluded.number`, last_on: sql`excluded.last_on` }),
    )
    .execute()
}

async function addToMonth(transaction: Transaction<Tables>, row: Tables['month_count']): Promise<void> {
  await transaction
    .insertInto('month_count')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['trial_id', 'site_id', 'month'])
        .doUpdateSet({ number: sql`month_count.number + excluded.number` }),
    )
    .execute()
}

async function addToTrial(transaction: Transaction<Tables>, row: Tables['trial_count']): Promise<void> {
  await transaction
    .insertInto('trial_count')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['trial_id', 'step', 'date']).doUpdateSet({ number: sql`trial_count.number + excluded.number` }),
    )
    .execute()
}

export { inFixedOrder } from './audit-trail.ts'
