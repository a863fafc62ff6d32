import { createHash, createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { chainHead, chainStart, entryHash, listAuditEntries } from '../../server/db/audit-trail.ts'
import type { AuditEntryRow, Db } from '../../server/db/database.ts'
import { expectSound, openSmallTrial, screened, sharedDatabase } from '../actions/small-trial.ts'
import { openCopy } from '../support/databases.ts'
import { rawWriter, rewritesOf } from '../support/raw.ts'

const shared = sharedDatabase()

const entriesOf = (db: Db, chain: string): Promise<AuditEntryRow[]> =>
  db.selectFrom('audit_entry').selectAll().where('chain', '=', chain).orderBy('sequence').execute()

describe('the chain of a trial', () => {
  it('begins at 1, goes up by 1, and each entry names the hash of the one before it', async () => {
    const world = await openSmallTrial(shared())
    await screened(world)
    const entries = await entriesOf(world.db, world.trialId)
    expect(entries.length).toBeGreaterThan(10)
    expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, index) => index + 1))
    expect(entries.map(({ previous_hash }) => previous_hash)).toEqual([
      '0'.repeat(64),
      ...entries.slice(0, -1).map(({ hash }) => hash),
    ])
    expect(new Set(entries.map(({ hash }) => hash)).size).toBe(entries.length)
  })

  it('can be recomputed with nothing but SHA-256: the hash covers an entry, commitments to its texts, and the hash before it', async () => {
    const world = await openSmallTrial(shared())
    await screened(world, { referralSource: 'a letter of 山田' })
    let texts = 0
    for (const entry of await entriesOf(world.db, world.trialId)) {
      const salts: Record<string, string> = JSON.parse(entry.salts ?? '')
      const commitment = (place: string, text: string) => {
        texts += 1
        return {
          commitment: createHmac('sha256', salts[place] ?? '')
            .update(text)
            .digest('hex'),
        }
      }
      const side = (name: 'before' | 'after') => {
        const row = entry[name]
        if (row === null) return null
        return JSON.stringify(JSON.parse(row), (field, value) =>
          `${name}.${field}` in salts ? commitment(`${name}.${field}`, value) : value,
        )
      }
      const covered = {
        ...entry,
        before: side('before'),
        after: side('after'),
        reason: entry.reason === null ? null : JSON.stringify(commitment('reason', entry.reason)),
      }
      const columns: (keyof AuditEntryRow)[] = [
        'chain',
        'sequence',
        'event',
        'record_table',
        'record_id',
        'before',
        'after',
        'reason',
        'actor_id',
        'actor_name',
        'actor_role',
        'recorded_at',
        'request_id',
        'previous_hash',
      ]
      expect([...columns, 'hash', 'salts'].sort()).toEqual(Object.keys(entry).sort())
      const content = JSON.stringify([2, ...columns.map((column) => covered[column])])
      expect(entry.hash).toBe(createHash('sha256').update(content).digest('hex'))
    }
    expect(texts).toBeGreaterThan(0)
  })

  it('ends where its last entry stands; an empty one at 0, with the hash that the first entry follows', async () => {
    const world = await openSmallTrial(shared())
    const last = (await entriesOf(world.db, world.trialId)).at(-1)
    expect(await chainHead(world.db, world.trialId)).toEqual({ sequence: last?.sequence, hash: last?.hash })
    expect(await chainHead(world.db, 'no-such-chain')).toEqual({ sequence: 0, hash: chainStart })
  })
})

describe('the hash of an entry', () => {
  const entry: Omit<AuditEntryRow, 'hash'> = {
    chain: 'trial-1',
    sequence: 2,
    event: 'site_renamed',
    record_table: 'site',
    record_id: 'site-1',
    before: '{"code":"01"}',
    after: '{"code":"02"}',
    reason: 'typed wrongly',
    actor_id: 'person-1',
    actor_name: '田中 恵',
    actor_role: 'data_manager',
    recorded_at: '2026-06-24T03:00:00.000Z',
    request_id: 'request-1',
    previous_hash: 'f'.repeat(64),
    salts: null,
  }

  it('is the same for the same content', () => {
    expect(entryHash({ ...entry })).toBe(entryHash(entry))
    expect(entryHash(entry)).toMatch(/^[0-9a-f]{64}$/)
  })

  it.each(Object.keys(entry) as (keyof typeof entry)[])('changes with %s', (column) => {
    const changed = { ...entry, [column]: column === 'sequence' ? 3 : `${entry[column]} ` }
    expect(entryHash(changed)).not.toBe(entryHash(entry))
  })

  it('tells nothing from an empty text, and content that moved from one column to the next', () => {
    expect(entryHash({ ...entry, reason: null })).not.toBe(entryHash({ ...entry, reason: '' }))
    expect(entryHash({ ...entry, actor_id: 'person-', actor_name: '1田中 恵' })).not.toBe(entryHash(entry))
  })
})

describe('the audit trail is append-only', () => {
  it('whatever changes or removes entries is refused, and every entry is as it was', async () => {
    const world = await openSmallTrial(shared())
    const before = await entriesOf(world.db, world.trialId)
    expect(before.length).toBeGreaterThan(1)
    const rewrites = rewritesOf('audit_entry')
    expect(rewrites.length).toBeGreaterThan(6)
    for (const [name, statement] of rewrites) {
      await expect(statement.execute(rawWriter(world.db)), name).rejects.toThrow('audit_entry is append-only')
      expect(await entriesOf(world.db, world.trialId), name).toEqual(before)
    }
    await screened(world)
    await expectSound(world.db)
  })

  it('a second entry for the same place is refused', async () => {
    const world = await openSmallTrial(shared())
    const before = await entriesOf(world.db, world.trialId)
    const forged = { ...before[0]!, reason: 'forged' }
    await expect(rawWriter(world.db).insertInto('audit_entry').values(forged).execute()).rejects.toThrow()
    expect(await entriesOf(world.db, world.trialId)).toEqual(before)
  })
})

describe('a page of a chain', () => {
  it('is newest first, and the next page goes on where it ended, until the first entry', async () => {
    const world = await openSmallTrial(shared())
    const all = await entriesOf(world.db, world.trialId)
    const seen: number[] = []
    let before: number | null = null
    for (;;) {
      const page = await listAuditEntries(world.db, world.trialId, { before, limit: 4 })
      seen.push(...page.map(({ sequence }) => sequence))
      if (page.length < 4) break
      before = page.at(-1)?.sequence ?? null
    }
    expect(seen).toEqual(all.map(({ sequence }) => sequence).reverse())
  })

  it('shows no entry of another chain', async () => {
    const world = await openSmallTrial(shared())
    expect(await listAuditEntries(world.db, 'system', { before: null, limit: 10 })).toEqual([])
  })

  it('gives the rows back as they were, in both languages', async () => {
    const world = await openSmallTrial(await openCopy('demo'))
    const { trial_id: chain } = await world.db
      .selectFrom('site')
      .select('trial_id')
      .where('name_ja', '=', '横浜市立大学附属病院')
      .executeTakeFirstOrThrow()
    const site = await world.db.selectFrom('site').selectAll().where('name_ja', '=', '横浜市立大学附属病院').execute()
    const entries = await listAuditEntries(world.db, chain, { before: null, limit: 10_000 })
    expect(entries.filter(({ recordId }) => recordId === site[0]?.id).map(({ after }) => after)).toEqual(site)
  })
})
