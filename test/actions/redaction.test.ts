/**
 * A patient's name in a note: asked to be taken out by one person, confirmed by another one, gone from every row, entry and
 * byte, while the trail is what it was. Everything else that takes a text away is found.
 */
import { type Kysely, sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import { askRedaction } from '../../server/actions/ask-redaction.ts'
import { confirmRedaction } from '../../server/actions/confirm-redaction.ts'
import { correctEvent } from '../../server/actions/correct-event.ts'
import { recordExit } from '../../server/actions/record-exit.ts'
import { refuseRedaction } from '../../server/actions/refuse-redaction.ts'
import { takeBack } from '../../server/actions/take-back.ts'
import type { Actor } from '../../server/context.ts'
import { chainHead, entryHash, inFixedOrder, listAuditEntries } from '../../server/db/audit-trail.ts'
import type { AuditEntryRow, Db, Tables } from '../../server/db/database.ts'
import { listLogEntries } from '../../server/db/log-entries.ts'
import { findRedacting, findRedaction, findTextAsked } from '../../server/db/redactions.ts'
import { verify } from '../../server/db/verification.ts'
import { rehearse, transact } from '../../server/db/write.ts'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import { type RedactionDraft, seenOf } from '../../server/domain/redaction.ts'
import { afterTampering, placesHolding, rawWriter } from '../support/raw.ts'
import {
  actor,
  done,
  expectSound,
  openSmallTrial,
  refusalOf,
  registered,
  requestOf,
  type SmallTrial,
  screened,
  sharedDatabase,
} from './small-trial.ts'

const shared = sharedDatabase()
const name = '山田太郎さん（ID 00123）'
type World = SmallTrial & { investigator: Actor; subjectId: string }
let world: World

beforeEach(async () => {
  const small = await openSmallTrial(shared())
  const subjectId = await screened(small)
  world = { ...small, subjectId, investigator: actor('investigator', 'principal_investigator', small.trialId) }
})

/** A screen failure whose note holds the name, sent as a form. */
async function noteWithName(differences: { note?: string } = {}): Promise<void> {
  await done(
    recordExit(requestOf(world, 'a-form-with-a-name'), world.coordinator, {
      trialId: world.trialId,
      subjectId: world.subjectId,
      exit: 'screen_failed',
      occurredOn: calendarDate('2026-02-20'),
      reasons: [],
      measuredValue: null,
      scope: [],
      note: name,
      basis: 'recorded',
      seenEventId: null,
      ...differences,
    } as Parameters<typeof recordExit>[2]),
  )
}

const entriesOf = (db: Db) => listAuditEntries(db, world.trialId, { before: null, limit: 100 })

async function sequenceWith(place: 'note' | 'reason'): Promise<number> {
  const entry = (await entriesOf(world.db)).find(({ after, reason }) =>
    place === 'note' ? after.note === name : reason?.endsWith(name),
  )
  return entry?.sequence ?? 0
}

async function draftOf(differences: Partial<RedactionDraft> = {}): Promise<RedactionDraft> {
  return {
    trialId: world.trialId,
    sequence: await sequenceWith('note'),
    place: 'subject_event.note',
    kind: 'person_name',
    words: null,
    ...differences,
  }
}

async function asked(differences: Partial<RedactionDraft> = {}): Promise<string> {
  return (await done(askRedaction(world.context, world.manager, await draftOf(differences)))).redactionId
}

async function seenFor(redactionId: string): Promise<string> {
  const redaction = await findRedaction(world.db, world.trialId, redactionId)
  if (redaction === null) throw new Error('it was asked for')
  const text = await findTextAsked(world.db, world.trialId, redaction)
  return text === null ? '' : seenOf((await findRedacting(world.db, world.trialId, redaction, text)).entries)
}

async function confirmed(redactionId: string): Promise<void> {
  const draft = { trialId: world.trialId, redactionId, seen: await seenFor(redactionId) }
  await done(confirmRedaction(world.context, world.investigator, draft))
}

describe('a name in a note', () => {
  it('goes from the row, from every entry and from every byte, and the trail agrees with itself', async () => {
    await noteWithName()
    expect(await placesHolding(world.db, '山田太郎')).not.toEqual([])
    await confirmed(await asked())
    expect(await placesHolding(world.db, '山田太郎')).toEqual([])
    await expectSound(world.db)
  })

  it('goes from a trial that is locked as well: nothing else of it is changed', async () => {
    await noteWithName()
    const lock = { id: 'lock', trial_id: world.trialId, person_id: 'manager', because: 'the end', ended_at: null }
    const names = { name_ja: '管理', name_en: 'manager', ended_name_ja: null, ended_name_en: null }
    const rest = { locked_at: '2026-06-24T00:00:00.000Z', ended_person_id: null, ended_because: null }
    await done(
      transact(world.context, world.manager, world.trialId, async (write) => {
        await write.insert('trial_lock', { ...lock, ...names, ...rest }, 'trial_locked')
        return { value: null }
      }),
    )
    await confirmed(await asked())
    expect(await placesHolding(world.db, '山田太郎')).toEqual([])
    await expectSound(world.db)
  })

  it('leaves a mark with the day and the kind of what it was, in the row and in the trail', async () => {
    await noteWithName()
    const inLog = () => listLogEntries(world.db, world.trialId, [world.subjectId])
    expect(JSON.stringify(await inLog())).toContain(name)
    const sequence = await sequenceWith('note')
    await confirmed(await asked())
    expect(JSON.stringify(await inLog())).not.toContain(name)
    const mark = '■■■■ 2026-06-24 person_name'
    const notes = await world.db
      .selectFrom('subject_event')
      .select('note')
      .where('subject_id', '=', world.subjectId)
      .where('note', 'is not', null)
      .execute()
    expect(notes).toEqual([{ note: mark }])
    const entry = (await entriesOf(world.db)).find((one) => one.sequence === sequence)
    expect(entry?.after.note).toBe(mark)
  })

  it('goes from the versions of the event, from the words of a correction and from its reason as well', async () => {
    await noteWithName()
    const exit = await world.db
      .selectFrom('subject_event')
      .select('id')
      .where('note', '=', name)
      .where('trial_id', '=', world.trialId)
      .executeTakeFirstOrThrow()
    await done(
      correctEvent(world.context, world.coordinator, {
        trialId: world.trialId,
        subjectId: world.subjectId,
        eventId: exit.id,
        occurredOn: calendarDate('2026-02-21'),
        reason: 'other',
        note: name,
        seenEventId: null,
      }),
    )
    const id = await asked()
    await confirmed(id)
    expect(await placesHolding(world.db, '山田太郎')).toEqual([])
    const places = (await findRedaction(world.db, world.trialId, id))?.entries.flatMap((entry) => entry.places)
    expect(new Set(places)).toEqual(new Set(['before.note', 'after.note', 'after.withdrawn_note', 'reason']))
    await expectSound(world.db)
  })

  it('can be pointed at in the reason of an entry', async () => {
    const other = await registered(world)
    await noteWithName({ note: 'nothing' })
    const exit = await world.db
      .selectFrom('subject_event')
      .select('id')
      .where('note', '=', 'nothing')
      .where('trial_id', '=', world.trialId)
      .executeTakeFirstOrThrow()
    await done(
      takeBack(world.context, world.coordinator, {
        trialId: world.trialId,
        subjectId: world.subjectId,
        eventId: exit.id,
        reason: 'other',
        note: name,
        seenEventId: null,
      }),
    )
    // The entry of the subject's row holds it as its reason only.
    const entry = (await entriesOf(world.db)).find(({ table, reason }) => table === 'subject' && reason?.endsWith(name))
    await confirmed(await asked({ sequence: entry?.sequence ?? 0, place: 'audit_entry.reason' }))
    expect(await placesHolding(world.db, '山田太郎')).toEqual([])
    expect((await entriesOf(world.db)).find(({ sequence }) => sequence === entry?.sequence)?.reason).toBe(
      '■■■■ 2026-06-24 person_name',
    )
    await expectSound(world.db)
    expect(other).not.toBe(world.subjectId)
  })

  it('leaves what others wrote, although it reads the same', async () => {
    const other = await screened(world)
    await noteWithName({ note: 'same' })
    const first = { ...world }
    world = { ...world, subjectId: other }
    await done(
      recordExit(world.context, world.coordinator, {
        trialId: world.trialId,
        subjectId: other,
        exit: 'screen_failed',
        occurredOn: calendarDate('2026-02-20'),
        reasons: [],
        measuredValue: null,
        scope: [],
        note: 'same',
        basis: 'recorded',
        seenEventId: null,
      }),
    )
    const entry = (await entriesOf(world.db)).find(({ after }) => after.note === 'same')
    await confirmed(await asked({ sequence: entry?.sequence ?? 0 }))
    const notes = await world.db
      .selectFrom('subject_event')
      .select(['subject_id', 'note'])
      .where('trial_id', '=', world.trialId)
      .where('note', 'is not', null)
      .execute()
    expect(new Map(notes.map(({ subject_id, note }) => [subject_id, note]))).toEqual(
      new Map([
        [first.subjectId, 'same'],
        [other, '■■■■ 2026-06-24 person_name'],
      ]),
    )
  })

  it('goes once: a form that brought it cannot be recognised by a guess, and what follows is recorded as before', async () => {
    await noteWithName()
    await confirmed(await asked())
    const { result } = await world.db
      .selectFrom('submission')
      .select('result')
      .where('key', '=', `${world.code}-a-form-with-a-name`)
      .executeTakeFirstOrThrow()
    expect(JSON.parse(result).contentHash).toBe('')
    expect(
      (
        await refusalOf(
          askRedaction(world.context, world.manager, await draftOf({ sequence: await lastOf('subject_event') })),
        )
      )[0]?.code,
    ).toBe('redaction_nothing_there')
    await screened(world)
    await expectSound(world.db)
  })

  it('does not stand in a rehearsal either', async () => {
    await noteWithName()
    await confirmed(await asked())
    const found = await rehearse(world.context, world.manager, world.trialId, (write) =>
      write.selectFrom('subject_event').select('note').where('subject_id', '=', world.subjectId).execute(),
    )
    expect(JSON.stringify(found)).not.toContain('山田')
  })
})

async function lastOf(table: string): Promise<number> {
  return (await entriesOf(world.db)).find((entry) => entry.table === table)?.sequence ?? 0
}

describe('two people', () => {
  beforeEach(() => noteWithName())
  const codeOf = async (outcome: Parameters<typeof refusalOf>[0]) => (await refusalOf(outcome))[0]?.code

  it('are needed: who asked cannot confirm, nor refuse', async () => {
    const redactionId = await asked()
    const draft = { trialId: world.trialId, redactionId, seen: await seenFor(redactionId) }
    expect(await codeOf(confirmRedaction(world.context, world.manager, draft))).toBe('redaction_by_asker')
    expect(await codeOf(refuseRedaction(world.context, world.manager, draft))).toBe('redaction_by_asker')
    expect(await placesHolding(world.db, '山田太郎')).not.toEqual([])
  })

  it('decide once; what was refused stays, and can be asked for again', async () => {
    const redactionId = await asked()
    const draft = { trialId: world.trialId, redactionId, seen: await seenFor(redactionId) }
    expect(await codeOf(askRedaction(world.context, world.investigator, await draftOf()))).toBe(
      'redaction_asked_already',
    )
    await done(refuseRedaction(world.context, world.investigator, draft))
    expect(await codeOf(confirmRedaction(world.context, world.investigator, draft))).toBe('redaction_decided_already')
    expect(await placesHolding(world.db, '山田太郎')).not.toEqual([])
    await confirmed(await asked())
    await expectSound(world.db)
  })

  it('say what it was, in other words than the text', async () => {
    const ask = async (differences: Partial<RedactionDraft>) =>
      codeOf(askRedaction(world.context, world.manager, await draftOf(differences)))
    expect(await ask({ kind: 'other' })).toBe('note_missing')
    expect(await ask({ kind: 'other', words: `it says ${name}` })).toBe('redaction_words_repeat')
    expect(await ask({ place: 'subject_event.step' })).toBe('redaction_nothing_there')
    expect(await ask({ sequence: 9999 })).toBe('redaction_nothing_there')
  })

  it('see what goes: where the text came to stand in another entry since, the second looks again', async () => {
    const redactionId = await asked()
    const seen = await seenFor(redactionId)
    const exit = await world.db
      .selectFrom('subject_event')
      .select('id')
      .where('note', '=', name)
      .where('trial_id', '=', world.trialId)
      .executeTakeFirstOrThrow()
    await done(
      takeBack(world.context, world.coordinator, {
        trialId: world.trialId,
        subjectId: world.subjectId,
        eventId: exit.id,
        reason: 'other',
        note: 'by hand',
        seenEventId: null,
      }),
    )
    const draft = { trialId: world.trialId, redactionId, seen }
    expect(await codeOf(confirmRedaction(world.context, world.investigator, draft))).toBe('redaction_went_on')
  })
})

type Rows = Kysely<Tables>
const lastWithNote = (rows: Rows) =>
  rows
    .selectFrom('audit_entry')
    .selectAll()
    .where('chain', '=', world.trialId)
    .where('record_table', '=', 'subject_event')
    .where('event', '=', 'exit_recorded')
    .executeTakeFirstOrThrow()
const change = (rows: Rows, { sequence }: { sequence: number }, changes: Partial<AuditEntryRow>) =>
  rows
    .updateTable('audit_entry')
    .set(changes)
    .where('chain', '=', world.trialId)
    .where('sequence', '=', sequence)
    .execute()

describe('a text cannot be taken out otherwise', () => {
  const findingAfter = (tamper: (rows: Rows) => Promise<unknown>) =>
    afterTampering(world.db, tamper, async (rows) => (await verify(rows)).finding?.what)

  async function takenByHand(rows: Rows): Promise<void> {
    const entry = await lastWithNote(rows)
    const { withoutTexts } = await import('../../server/db/sealed-texts.ts')
    await change(rows, entry, withoutTexts(entry, ['after.note']))
    await rows
      .updateTable('subject_event')
      .set({ note: '■■■■ 2026-06-24 person_name' })
      .where('note', '=', name)
      .execute()
  }

  it('by whoever owns the data: with its commitment left and without the word of two people it is found', async () => {
    await noteWithName()
    expect(await findingAfter(takenByHand)).toBe('redaction_unfounded')
  })

  it('with a redaction that stands in its table and not in the trail', async () => {
    await noteWithName()
    const { sequence } = await lastWithNote(rawWriter(world.db))
    const id = await asked()
    const forged = {
      state: 'confirmed',
      decided_by: 'investigator',
      decided_on: '2026-06-24',
      entries: `,${sequence},`,
      places: JSON.stringify([{ sequence, places: ['after.note'], remains: null }]),
    }
    const found = await findingAfter(async (rows) => {
      await takenByHand(rows)
      await rows.updateTable('redaction').set(forged).where('id', '=', id).execute()
    })
    expect(found).toBe('redaction_unfounded')
  })

  it('by one person alone, even with every hash made to fit', async () => {
    await noteWithName()
    const { sequence } = await lastWithNote(rawWriter(world.db))
    const id = await asked()
    const found = await findingAfter(async (rows) => {
      await takenByHand(rows)
      const row = await rows.selectFrom('redaction').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
      const after = {
        ...row,
        state: 'confirmed',
        decided_by: 'manager',
        decided_on: '2026-06-24',
        entries: `,${sequence},`,
        places: JSON.stringify([{ sequence, places: ['after.note'], remains: null }]),
      }
      const head = await chainHead(rows, world.trialId)
      const { hash: _, ...last } = await rows
        .selectFrom('audit_entry')
        .selectAll()
        .where('chain', '=', world.trialId)
        .where('sequence', '=', head.sequence)
        .executeTakeFirstOrThrow()
      const entry = {
        ...last,
        sequence: head.sequence + 1,
        event: 'redaction_confirmed',
        record_table: 'redaction',
        record_id: id,
        before: inFixedOrder(row),
        after: inFixedOrder(after),
        reason: null,
        actor_id: 'manager',
        previous_hash: head.hash,
        salts: '{}',
      }
      await rows.updateTable('redaction').set(after).where('id', '=', id).execute()
      await rows
        .insertInto('audit_entry')
        .values({ ...entry, hash: entryHash(entry) })
        .execute()
    })
    expect(found).toBe('redaction_unfounded')
  })

  it('nor put back, nor changed behind its mark, once it was', async () => {
    await noteWithName()
    const before = await lastWithNote(rawWriter(world.db))
    await confirmed(await asked())
    const after = await lastWithNote(rawWriter(world.db))
    const { after: text, salts } = before
    expect(await findingAfter((rows) => change(rows, after, { after: text, salts }))).toBe('redaction_undone')
    const other = after.after.replace(/(\{"redacted":")./, '$1x')
    expect(await findingAfter((rows) => change(rows, after, { after: other }))).toBe('entry_changed')
    expect(await findingAfter((rows) => change(rows, after, { salts }))).toBe('entry_changed')
    const anotherMark = (rows: Rows) =>
      rows.updateTable('subject_event').set({ note: '■■■■ 2026-06-24 contact' }).where('note', 'is not', null).execute()
    expect(await findingAfter(anotherMark)).toBe('row_changed')
  })

  it('by the program itself: the database refuses every change of an entry that no redaction names', async () => {
    await noteWithName()
    const writer = rawWriter(world.db)
    const entry = await lastWithNote(writer)
    await expect(change(writer, entry, { after: entry.after })).rejects.toThrow('append-only')
    await confirmed(await asked())
    await expect(change(writer, { sequence: 1 }, { reason: 'x' })).rejects.toThrow('append-only')
    for (const column of ['event', 'actor_name', 'hash', 'previous_hash', 'recorded_at'] as const) {
      await expect(change(writer, entry, { [column]: 'x' })).rejects.toThrow('append-only')
    }
  })
})

describe('an entry from before texts were covered by commitments', () => {
  const fileName = '山田太郎.csv'

  /** An import's row and entry as an earlier version wrote them. */
  async function writtenEarlier(): Promise<number> {
    const writer = rawWriter(world.db)
    const row = {
      id: world.context.newId(),
      trial_id: world.trialId,
      file_name: fileName,
      file_hash: 'f',
      imported_at: world.context.now(),
      person_id: 'manager',
      new_number: 0,
      changed_number: 0,
      unchanged_number: 0,
    }
    await writer.insertInto('import_batch').values(row).execute()
    const head = await chainHead(world.db, world.trialId)
    const entry = {
      chain: world.trialId,
      sequence: head.sequence + 1,
      event: 'rows_imported',
      record_table: 'import_batch',
      record_id: row.id,
      before: null,
      after: inFixedOrder(row),
      reason: null,
      actor_id: 'manager',
      actor_name: 'manager',
      actor_role: 'data_manager',
      recorded_at: row.imported_at,
      request_id: null,
      previous_hash: head.hash,
      salts: null,
    }
    await writer
      .insertInto('audit_entry')
      .values({ ...entry, hash: entryHash(entry) })
      .execute()
    await screened(world)
    await expectSound(world.db)
    return entry.sequence
  }

  it('loses its text as well; what is left of it is covered by the entry of the redaction', async () => {
    const sequence = await writtenEarlier()
    await confirmed(await asked({ sequence, place: 'import_batch.file_name' }))
    expect(await placesHolding(world.db, '山田太郎.csv')).toEqual([])
    await expectSound(world.db)
    const findingAfter = (changes: Partial<AuditEntryRow>) =>
      afterTampering(
        world.db,
        (rows) => change(rows, { sequence }, changes),
        async (rows) => (await verify(rows)).finding?.what,
      )
    expect(await findingAfter({ actor_name: 'somebody else' })).toBe('entry_changed')
    expect(await findingAfter({ hash: 'x' })).toBe('chain_broken')
    expect(await findingAfter({ salts: '{}' })).toBe('entry_changed')
  })
})

it('many texts go out of a large file without a trace of them', async () => {
  const marked = Array.from({ length: 40 }, (_, index) => `患者の名前${index}号`)
  for (const note of marked) {
    world = { ...world, subjectId: await screened(world) }
    await done(
      recordExit(world.context, world.coordinator, {
        trialId: world.trialId,
        subjectId: world.subjectId,
        exit: 'screen_failed',
        occurredOn: calendarDate('2026-02-20'),
        reasons: [],
        measuredValue: null,
        scope: [],
        note: `${note} ${'長い話'.repeat(marked.indexOf(note) % 5 === 0 ? 200 : 3)}`,
        basis: 'recorded',
        seenEventId: null,
      }),
    )
    if (marked.indexOf(note) % 3 === 0) {
      const entry = (await entriesOf(world.db)).find(({ after }) => String(after.note).startsWith(note))
      await confirmed(await asked({ sequence: entry?.sequence ?? 0 }))
    }
  }
  const still = []
  for (const [index, note] of marked.entries()) {
    if (index % 3 === 0 && (await placesHolding(world.db, note)).length > 0) still.push(note)
  }
  expect(still).toEqual([])
  await expectSound(world.db)
  expect(await sql`select 1`.execute(rawWriter(world.db))).toBeTruthy()
}, 60_000)
