/**
 * What `verify` costs where the audit trail is long: as many entries as asked for, with their chain, their rows and their
 * counts, all of which agree. `tsx test/bench/long-trail.ts [ENTRIES] [ADDRESS]`; a database that is there is read as it is.
 */
import { existsSync } from 'node:fs'
import { type Insertable, sql, type Transaction } from 'kysely'
import { openTrial } from '../../server/actions/open-trial.ts'
import { databaseAddress } from '../../server/config.ts'
import { commandLine } from '../../server/context.ts'
import { chainHead, entryHash, inFixedOrder } from '../../server/db/audit-trail.ts'
import type { AuditEntryRow, AuditedTable, Db, SubjectEventRow, SubjectRow, Tables } from '../../server/db/database.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { migrate } from '../../server/db/schema.ts'
import { newSalts } from '../../server/db/sealed-texts.ts'
import { listConsentVersions } from '../../server/db/trials.ts'
import { verifyWhole } from '../../server/db/whole-verification.ts'
import { addDays, calendarDate } from '../../server/domain/calendar-date.ts'
import { done, trialDraft } from '../actions/small-trial.ts'
import { testContext } from '../support/context.ts'

const first = calendarDate('2021-06-24')
const entriesOfSubject = 6

/** Fills an empty database with a trial whose chain is so long. */
export async function openLongTrail(db: Db, entryCount: number): Promise<string> {
  const context = testContext(db)
  const opened = await done(openTrial(context, commandLine, trialDraft()))
  const { trialId } = opened
  const siteIds = Object.values(opened.siteIds)
  const [consentVersion] = await listConsentVersions(db, trialId)
  const head = { ...(await chainHead(db, trialId)) }
  const subjectCount = Math.ceil((entryCount - head.sequence) / entriesOfSubject)
  const counts = new Map<string, Tables['daily_count']>()
  const entries: AuditEntryRow[] = []
  const events: SubjectEventRow[] = []
  const subjects: SubjectRow[] = []

  function append(table: AuditedTable, event: string, before: object | null, after: { id: string }): void {
    const entry = {
      chain: trialId,
      sequence: head.sequence + 1,
      event,
      record_table: table,
      record_id: after.id,
      before: before === null ? null : inFixedOrder(before),
      after: inFixedOrder(after),
      reason: null,
      salts: newSalts(table, before, after, null),
      actor_id: commandLine.personId,
      actor_name: commandLine.name.ja,
      actor_role: 'coordinator',
      recorded_at: '2026-06-24T03:00:00.000Z',
      request_id: context.newId(),
      previous_hash: head.hash,
    }
    head.hash = entryHash(entry)
    head.sequence = entry.sequence
    entries.push({ ...entry, hash: head.hash })
  }

  function happen(subject: SubjectRow, step: string, after: number): void {
    const date = addDays(calendarDate(subject.entered_on), after)
    const row: SubjectEventRow = {
      ...{ id: context.newId(), trial_id: trialId, subject_id: subject.id, kind: 'milestone', step },
      ...{ occurred_on: date, recorded_at: `${date}T03:00:00.000Z`, recorded_by: commandLine.personId },
      ...{ reasons: null, measured_value: null, scope: null, override_reason: null, basis: 'recorded' },
      ...{ corrects_id: null, withdrawn_at: null, withdrawn_because: null, withdrawn_note: null },
      // A text that somebody typed, of which the chain holds a commitment: at every second subject.
      note: step === 'eligibility' && subject.site_sequence % 2 === 0 ? '本人の希望により、来院日を変更した。' : null,
    }
    append('subject_event', 'event_recorded', null, row)
    events.push(row)
    const day = `${subject.site_id} ${step} ${date}`
    const count = counts.get(day)
    if (count !== undefined) count.number += 1
    else counts.set(day, { trial_id: trialId, site_id: subject.site_id, step, date, number: 1 })
  }

  async function flush(): Promise<void> {
    await engineOf(db).inTurn(trialId, async (rows) => {
      await inParts(rows, 'subject', subjects)
      await inParts(rows, 'subject_event', events)
      await inParts(rows, 'audit_entry', entries)
    })
    for (const list of [subjects, events, entries]) list.length = 0
  }

  for (let place = 0; place < subjectCount; place++) {
    const site = place % siteIds.length
    const consentedOn = addDays(first, Math.floor(((place * 0.618034) % 1) * 1800))
    const number = `T-0${site + 1}-${place}`
    const screened: SubjectRow = {
      ...{ id: context.newId(), trial_id: trialId, site_id: siteIds[site] ?? '', number },
      ...{ number_key: number.toLowerCase(), site_sequence: Math.floor(place / siteIds.length) + 1 },
      ...{ registration_number: null, entered_on: consentedOn, consented_on: consentedOn, referral_source: null },
      ...{ consent_version_id: consentVersion?.id ?? '', candidate_hash: null, attempt: 1, earlier_attempt_id: null },
      ...{ basis: 'recorded', state: 'screening', last_event_on: consentedOn },
    }
    const eligible = { ...screened, state: 'eligible', last_event_on: addDays(consentedOn, 7) }
    const registered = { ...eligible, state: 'registered', last_event_on: addDays(consentedOn, 14) }
    registered.registration_number = place + 1
    append('subject', 'screening_recorded', null, screened)
    happen(screened, 'consent', 0)
    happen(screened, 'eligibility', 7)
    append('subject', 'eligibility_recorded', screened, eligible)
    happen(screened, 'registration', 14)
    append('subject', 'registration_recorded', eligible, registered)
    subjects.push(registered)
    if (place % 5000 === 4999) await flush()
  }
  await flush()
  await engineOf(db).inTurn(trialId, async (rows) => {
    await inParts(rows, 'daily_count', [...counts.values()])
    await sql`insert into site_count select trial_id, site_id, step, sum(number), max(date) from daily_count
      group by trial_id, site_id, step`.execute(rows)
    await sql`insert into trial_count select trial_id, step, date, sum(number) from daily_count
      group by trial_id, step, date`.execute(rows)
    await sql`insert into month_count select trial_id, site_id, substr(date, 1, 7), sum(number) from daily_count
      group by trial_id, site_id, substr(date, 1, 7)`.execute(rows)
    await sql`insert into state_count select trial_id, site_id, state, count(*), count(registration_number) from subject
      group by trial_id, site_id, state`.execute(rows)
  })
  return trialId
}

async function inParts<T extends keyof Tables>(rows: Transaction<Tables>, table: T, all: readonly object[]) {
  for (let from = 0; from < all.length; from += 500) {
    const part = all.slice(from, from + 500) as Insertable<Tables['site']>[]
    // The table's name is a value here, which the query builder's types cannot follow.
    await rows
      .insertInto(table as 'site')
      .values(part)
      .execute()
  }
}

async function run(entryCount: number, address: string): Promise<void> {
  const parsed = databaseAddress(address)
  const isThere = parsed.kind === 'file' && existsSync(parsed.path)
  const db = await openDatabase(parsed)
  try {
    await migrate(db)
    const known = await db
      .selectFrom('audit_entry')
      .select(({ fn }) => fn.countAll().as('size'))
      .executeTakeFirst()
    if (!isThere && Number(known?.size) === 0) await openLongTrail(db, entryCount)
    const begun = performance.now()
    const used = process.cpuUsage()
    const idle = process.memoryUsage().rss
    let most = idle
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss)
    }, 50)
    const outcome = await verifyWhole(db)
    clearInterval(watch)
    const { user, system } = process.cpuUsage(used)
    const seconds = ((performance.now() - begun) / 1000).toFixed(1)
    const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`
    console.log(
      `verify: ${JSON.stringify(outcome)} in ${seconds} s, ${(user / 1e6).toFixed(1)} + ${(system / 1e6).toFixed(1)} s of processor time,`,
      `${megabytes(idle)} before, ${megabytes(most)} at most`,
    )
  } finally {
    await engineOf(db).close()
  }
}

if (process.argv[1] === import.meta.filename) {
  await run(Number(process.argv[2] ?? 2_000_000), process.argv[3] ?? 'var/long-trail.db')
}
