import { type Kysely, sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { chainStart, entryHash } from '../../server/db/audit-trail.ts'
import type { AuditEntryRow, Db, Tables } from '../../server/db/database.ts'
import { verify } from '../../server/db/verification.ts'
import { transact } from '../../server/db/write.ts'
import {
  chainLength,
  done,
  expectSound,
  openSmallTrial,
  registered,
  type SmallTrial,
  screened,
  sharedDatabase,
} from '../actions/small-trial.ts'
import { openCopy } from '../support/databases.ts'
import { afterTampering, rawWriter } from '../support/raw.ts'

const shared = sharedDatabase()
type Rows = Kysely<Tables>

/** One registered (001 of site 01), then one screened (002). */
async function openWorld(db: Db): Promise<SmallTrial & { subjectId: string }> {
  const world = await openSmallTrial(db)
  const subjectId = await registered(world)
  await screened(world)
  await expectSound(world.db)
  return { ...world, subjectId }
}
type World = Awaited<ReturnType<typeof openWorld>>

/** The entries of the trial's chain, as raw rows. */
const entriesOf = (rows: Rows, { trialId }: World) =>
  rows.selectFrom('audit_entry').selectAll().where('chain', '=', trialId).orderBy('sequence').execute()

const entryAt = (rows: Rows, { trialId }: World, sequence: number) =>
  rows.updateTable('audit_entry').where('chain', '=', trialId).where('sequence', '=', sequence)

/** Makes every hash of the chain right again, as somebody would who wants a changed entry to look whole. */
async function forgeHashes(rows: Rows, world: World): Promise<void> {
  let previous_hash = chainStart
  for (const { hash: _, ...entry } of await entriesOf(rows, world)) {
    const hash = entryHash({ ...entry, previous_hash })
    await entryAt(rows, world, entry.sequence).set({ previous_hash, hash }).execute()
    previous_hash = hash
  }
}

type Tampering = { act: (rows: Rows, world: World) => Promise<unknown>; what: string; place: (world: World) => string }

const tamperings: Record<string, Tampering> = {
  'a changed row': {
    act: (rows, { siteIds }) =>
      rows.updateTable('site').set({ name_en: 'x' }).where('id', '=', siteIds['02']).execute(),
    what: 'row_changed',
    place: ({ siteIds }) => `site ${siteIds['02']}`,
  },
  'a target that was quietly lowered': {
    act: (rows) => rows.updateTable('trial_terms').set({ target_number: 1 }).execute(),
    what: 'row_changed',
    place: () => 'trial_terms ',
  },
  'a date of consent that was moved by a day, in the subject and in its event': {
    act: async (rows, { subjectId }) => {
      await rows.updateTable('subject').set({ consented_on: '2026-02-11' }).where('id', '=', subjectId).execute()
      await rows
        .updateTable('subject_event')
        .set({ occurred_on: '2026-02-11' })
        .where('subject_id', '=', subjectId)
        .where('step', '=', 'consent')
        .execute()
    },
    what: 'row_changed',
    place: ({ subjectId }) => `subject ${subjectId}`,
  },
  'a value that was taken out of a row': {
    act: (rows) =>
      rows.updateTable('subject').set({ registration_number: null }).where('state', '=', 'registered').execute(),
    what: 'row_changed',
    place: ({ subjectId }) => `subject ${subjectId}`,
  },
  'a missing row': {
    act: (rows, { siteIds }) => rows.deleteFrom('site').where('id', '=', siteIds['02']).execute(),
    what: 'row_missing',
    place: ({ siteIds }) => `site ${siteIds['02']}`,
  },
  'a subject who was removed with all events': {
    act: async (rows, { subjectId }) => {
      await rows.deleteFrom('subject_event').where('subject_id', '=', subjectId).execute()
      await rows.deleteFrom('subject').where('id', '=', subjectId).execute()
    },
    what: 'row_missing',
    place: ({ subjectId }) => `subject ${subjectId}`,
  },
  'a row that was put in beside the audit trail': {
    act: (rows, { trialId }) =>
      rows
        .insertInto('site')
        .values({ id: 'slipped-in', trial_id: trialId, code: '99', name_ja: 'x', name_en: 'x' })
        .execute(),
    what: 'row_unaudited',
    place: () => 'site slipped-in',
  },
  'a role that somebody gave themselves': {
    act: async (rows, { trialId }) => {
      await rows
        .insertInto('role_grant')
        .values({
          id: 'self-granted',
          person_id: 'nobody',
          role: 'data_manager',
          trial_id: trialId,
          site_id: null,
          granted_at: '2026-06-24T03:00:00.000Z',
          revoked_at: null,
        })
        .execute()
    },
    what: 'row_unaudited',
    place: () => 'role_grant self-granted',
  },
  'a changed audit entry': {
    act: (rows, world) => entryAt(rows, world, 5).set({ actor_name: 'somebody else' }).execute(),
    what: 'entry_changed',
    place: ({ trialId }) => `${trialId} 5`,
  },
  'a reason that was given afterwards': {
    act: (rows, world) => entryAt(rows, world, 7).set({ reason: 'because' }).execute(),
    what: 'entry_changed',
    place: ({ trialId }) => `${trialId} 7`,
  },
  'a changed audit entry whose own hash was made to fit': {
    act: async (rows, world) => {
      const entry = (await entriesOf(rows, world))[4]!
      const forged: AuditEntryRow = { ...entry, actor_name: 'somebody else' }
      await entryAt(rows, world, 5)
        .set({ actor_name: forged.actor_name, hash: entryHash(forged) })
        .execute()
    },
    what: 'chain_broken',
    place: ({ trialId }) => `${trialId} 6`,
  },
  'a changed value in an audit entry, with every later hash made to fit: the row still says otherwise': {
    act: async (rows, world) => {
      const entry = (await entriesOf(rows, world)).find(({ record_id }) => record_id === world.siteIds['02'])!
      const after = entry.after.replace('site 02', 'site XX')
      expect(after).not.toBe(entry.after)
      await entryAt(rows, world, entry.sequence).set({ after }).execute()
      await forgeHashes(rows, world)
    },
    what: 'row_changed',
    place: ({ siteIds }) => `site ${siteIds['02']}`,
  },
  'a missing first entry': {
    act: (rows, { trialId }) =>
      rows.deleteFrom('audit_entry').where('chain', '=', trialId).where('sequence', '=', 1).execute(),
    what: 'chain_gap',
    place: ({ trialId }) => `${trialId} 1`,
  },
  'a missing middle entry': {
    act: (rows, { trialId }) =>
      rows.deleteFrom('audit_entry').where('chain', '=', trialId).where('sequence', '=', 6).execute(),
    what: 'chain_gap',
    place: ({ trialId }) => `${trialId} 6`,
  },
  'a missing middle entry whose gap was closed by renumbering': {
    act: async (rows, world) => {
      const { trialId } = world
      await rows.deleteFrom('audit_entry').where('chain', '=', trialId).where('sequence', '=', 6).execute()
      const last = (await entriesOf(rows, world)).at(-1)?.sequence ?? 0
      for (let sequence = 7; sequence <= last; sequence++) {
        await entryAt(rows, world, sequence)
          .set({ sequence: sequence - 1 })
          .execute()
      }
    },
    what: 'chain_broken',
    place: ({ trialId }) => `${trialId} 6`,
  },
  'two entries that changed places': {
    act: async (rows, world) => {
      await entryAt(rows, world, 4).set({ sequence: 0 }).execute()
      await entryAt(rows, world, 5).set({ sequence: 4 }).execute()
      await entryAt(rows, world, 0).set({ sequence: 5 }).execute()
    },
    what: 'chain_broken',
    place: ({ trialId }) => `${trialId} 4`,
  },
  'two entries that changed their contents': {
    act: async (rows, world) => {
      const [fourth, fifth] = (await entriesOf(rows, world)).slice(3, 5)
      const contentOf = ({ chain: _, sequence: __, previous_hash: ___, hash: ____, ...content }: AuditEntryRow) =>
        content
      await entryAt(rows, world, 4).set(contentOf(fifth!)).execute()
      await entryAt(rows, world, 5).set(contentOf(fourth!)).execute()
    },
    what: 'entry_changed',
    place: ({ trialId }) => `${trialId} 4`,
  },
  'a cut tail, of which the newest rows are left: unaudited': {
    act: async (rows, world) => {
      const last = await chainLength(world.db, world.trialId)
      await rows
        .deleteFrom('audit_entry')
        .where('chain', '=', world.trialId)
        .where('sequence', '>', last - 2)
        .execute()
    },
    what: 'row_unaudited',
    place: () => 'subject ',
  },
  'a cut tail, of a row that is newer than what is left of its history': {
    act: async (rows, world) => {
      const entries = await entriesOf(rows, world)
      const revision = entries.findLast(({ before, record_id }) => before !== null && record_id === world.subjectId)!
      await rows
        .deleteFrom('audit_entry')
        .where('chain', '=', world.trialId)
        .where('sequence', '>=', revision.sequence)
        .execute()
    },
    what: 'row_changed',
    place: ({ subjectId }) => `subject ${subjectId}`,
  },
  'an audit trail that is gone altogether': {
    act: (rows) => rows.deleteFrom('audit_entry').execute(),
    what: 'row_unaudited',
    place: () => 'trial ',
  },
  'an entry that was put behind the last, of a row that never was': {
    act: async (rows, world) => {
      const last = (await entriesOf(rows, world)).at(-1)!
      const { hash: _, ...entry } = {
        ...last,
        sequence: last.sequence + 1,
        previous_hash: last.hash,
        record_id: 'ghost',
      }
      await rows
        .insertInto('audit_entry')
        .values({ ...entry, hash: entryHash(entry) })
        .execute()
    },
    what: 'row_missing',
    place: () => 'subject_event ghost',
  },
  'a daily count that is one too many': {
    act: (rows) =>
      rows.updateTable('daily_count').set({ number: sql`number + 1` }).where('step', '=', 'registration').execute(),
    what: 'count_wrong',
    place: ({ code, siteIds }) => `${code} ${siteIds['01']} registration 2026-03-02`,
  },
  'a daily count that is missing': {
    act: (rows) => rows.deleteFrom('daily_count').where('step', '=', 'registration').execute(),
    what: 'count_wrong',
    place: ({ code, siteIds }) => `${code} ${siteIds['01']} registration 2026-03-02`,
  },
  'a daily count of what never happened': {
    act: (rows, { trialId, siteIds }) =>
      rows
        .insertInto('daily_count')
        .values({ trial_id: trialId, site_id: siteIds['02'], step: 'registration', date: '2026-03-03', number: 1 })
        .execute(),
    what: 'count_wrong',
    place: ({ code, siteIds }) => `${code} ${siteIds['02']} registration 2026-03-03`,
  },
  'a daily count that moved to another day': {
    act: (rows) =>
      rows.updateTable('daily_count').set({ date: '2026-03-01' }).where('step', '=', 'registration').execute(),
    what: 'count_wrong',
    place: ({ code, siteIds }) => `${code} ${siteIds['01']} registration 2026-03-0`,
  },
  "a site's sum that is one too many": {
    act: (rows) =>
      rows.updateTable('site_count').set({ number: sql`number + 1` }).where('step', '=', 'registration').execute(),
    what: 'count_wrong',
    place: ({ code, siteIds }) => `${code} ${siteIds['01']} registration`,
  },
  "a site's sum with another last day": {
    act: (rows) =>
      rows.updateTable('site_count').set({ last_on: '2026-03-01' }).where('step', '=', 'registration').execute(),
    what: 'count_wrong',
    place: ({ code, siteIds }) => `${code} ${siteIds['01']} registration`,
  },
  "a site's sum that is missing": {
    act: (rows) => rows.deleteFrom('site_count').where('step', '=', 'registration').execute(),
    what: 'count_wrong',
    place: ({ code, siteIds }) => `${code} ${siteIds['01']} registration`,
  },
  'a month of a site that has one too many': {
    act: (rows) =>
      rows.updateTable('month_count').set({ number: sql`number + 1` }).where('month', '=', '2026-03').execute(),
    what: 'count_wrong',
    place: ({ code, siteIds }) => `${code} ${siteIds['01']} 2026-03`,
  },
  'a month of a site that is missing': {
    act: (rows) => rows.deleteFrom('month_count').where('month', '=', '2026-03').execute(),
    what: 'count_wrong',
    place: ({ code, siteIds }) => `${code} ${siteIds['01']} 2026-03`,
  },
  'one too many who stand in a state': {
    act: (rows) =>
      rows.updateTable('state_count').set({ number: sql`number + 1` }).where('state', '=', 'registered').execute(),
    what: 'count_wrong',
    place: ({ code, siteIds }) => `${code} ${siteIds['01']} registered`,
  },
  'one too few who stand in a state with a registration number': {
    act: (rows) => rows.updateTable('state_count').set({ registered: 0 }).where('state', '=', 'registered').execute(),
    what: 'count_wrong',
    place: ({ code, siteIds }) => `${code} ${siteIds['01']} registered`,
  },
  'those who stand in a state are not counted': {
    act: (rows) => rows.deleteFrom('state_count').where('state', '=', 'registered').execute(),
    what: 'count_wrong',
    place: ({ code, siteIds }) => `${code} ${siteIds['01']} registered`,
  },
  'a state in which nobody stands has a number': {
    act: (rows, { trialId, siteIds }) =>
      rows
        .insertInto('state_count')
        .values({ trial_id: trialId, site_id: siteIds['02'], state: 'lost', number: 1, registered: 0 })
        .execute(),
    what: 'count_wrong',
    place: ({ code, siteIds }) => `${code} ${siteIds['02']} lost`,
  },
  'a count of the whole trial that is one too many': {
    act: (rows) =>
      rows.updateTable('trial_count').set({ number: sql`number + 1` }).where('step', '=', 'registration').execute(),
    what: 'count_wrong',
    place: ({ code }) => `${code} registration 2026-03-02`,
  },
}

it('a column that a later version added is empty in old rows, and wrong as soon as somebody fills it', async () => {
  const world = await openWorld(await openCopy('empty'))
  const rows = rawWriter(world.db)
  await sql`alter table site add column added_later text`.execute(rows)
  expect((await verify(world.db)).finding).toBeNull()
  await sql`update site set added_later = 'x' where id = ${world.siteIds['02']}`.execute(rows)
  expect((await verify(world.db)).finding).toEqual({ what: 'row_changed', place: `site ${world.siteIds['02']}` })
})

describe('`verify` finds', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld(shared())
  })

  it.each(Object.entries(tamperings))('%s', async (_name, { act, what, place }) => {
    const { finding } = await afterTampering(world.db, (rows) => act(rows, world), verify)
    expect(finding?.what).toBe(what)
    expect(finding?.place.startsWith(place(world))).toBe(true)
  })

  it('the first thing that is wrong, in the chains before the rows before the counts', async () => {
    const tampering = async (rows: Rows) => {
      await rows.updateTable('daily_count').set({ number: 9 }).execute()
      await rows.updateTable('site').set({ name_en: 'x' }).execute()
      await entryAt(rows, world, 3).set({ event: 'x' }).execute()
    }
    expect((await afterTampering(world.db, tampering, verify)).finding?.what).toBe('entry_changed')
  })

  it('nothing any more, once each of these was taken back, and the triggers refuse again', async () => {
    await expectSound(world.db)
    await expect(rawWriter(world.db).deleteFrom('audit_entry').execute()).rejects.toThrow('append-only')
  })

  it('a copied state that the events do not say, even where the audit trail has it', async () => {
    const world = await openWorld(await openCopy('empty'))
    await done(
      transact(world.context, world.manager, world.trialId, async (write) => {
        await write.revise('subject', world.subjectId, { state: 'treated' }, 'state_corrected', 'by hand')
        return { value: null }
      }),
    )
    expect((await verify(world.db)).finding).toEqual({
      what: 'state_wrong',
      place: `${world.code} ${world.code}-01-001`,
    })
  })

  it('a copied date of the last event that the events do not say', async () => {
    const world = await openWorld(await openCopy('empty'))
    await done(
      transact(world.context, world.manager, world.trialId, async (write) => {
        await write.revise('subject', world.subjectId, { last_event_on: '2026-03-03' }, 'date_corrected', 'by hand')
        return { value: null }
      }),
    )
    expect((await verify(world.db)).finding).toEqual({
      what: 'state_wrong',
      place: `${world.code} ${world.code}-01-001`,
    })
  })
})

describe('`verify` on a sound database', () => {
  it('says how much it replayed: every entry, every row of every audited table, every subject', async () => {
    const world = await openWorld(await openCopy('empty'))
    const { entries, rows, subjects, finding } = await verify(world.db)
    expect(finding).toBeNull()
    expect(entries).toBe(await chainLength(world.db, world.trialId))
    // Trial, terms, two sites with a status each, five milestones, one consent version; two subjects, four events.
    expect(rows).toBe(1 + 1 + 2 + 2 + 5 + 1 + 2 + 4)
    expect(subjects).toBe(2)
  })

  it('with nothing in it has nothing to replay', async () => {
    expect(await verify(await openCopy('empty'))).toEqual({ entries: 0, rows: 0, subjects: 0, finding: null })
  })

  it('changes nothing: the second time it says the same', async () => {
    const world = await openWorld(await openCopy('empty'))
    expect(await verify(world.db)).toEqual(await verify(world.db))
  })
})
