/** A database moved to another engine and back: the same rows, the same chains, the same counts, or a plain refusal. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { chainHead } from '../../server/db/audit-trail.ts'
import { type CopyOutcome, copyAll, inOrder } from '../../server/db/copy.ts'
import type { Db } from '../../server/db/database.ts'
import { engineOf } from '../../server/db/dialect.ts'
import { keepSession } from '../../server/db/sessions.ts'
import { verify } from '../../server/db/verification.ts'
import { expectSound, openSmallTrial, screened } from '../actions/small-trial.ts'
import { openCopy } from '../support/databases.ts'
import { folderOfTest, openNewFile } from '../support/files.ts'
import { rawWriter } from '../support/raw.ts'

const openFile = () => openNewFile(join(folderOfTest(), 'moved.db'))

/** Stops a copy after so many rows, as a power cut would: what was written stays. */
async function stoppedAfter(from: Db, to: Db, rows: number): Promise<void> {
  const stop = (done: number) => {
    if (done >= rows) throw new Error('the power failed')
  }
  await expect(copyAll(from, to, stop)).rejects.toThrow('the power failed')
}

async function expectSame(from: Db, to: Db): Promise<void> {
  expect(await verify(to)).toEqual(await verify(from))
  const chains = await from.selectFrom('audit_entry').select('chain').distinct().execute()
  expect(chains.length).toBeGreaterThan(1)
  for (const { chain } of chains) expect(await chainHead(to, chain)).toEqual(await chainHead(from, chain))
  for (const table of ['subject', 'subject_event', 'daily_count', 'trial_secret', 'submission', 'site'] as const) {
    const rowsOf = async (db: Db) =>
      (await db.selectFrom(table).selectAll().execute()).map((row) => JSON.stringify(row)).sort()
    expect([table, await rowsOf(to)]).toEqual([table, await rowsOf(from)])
  }
}

describe('a database that is moved', () => {
  it('is the same there, and the same when it comes back', async () => {
    const [there, back] = [await openFile(), await openCopy('empty')]
    const from = await openCopy('demo')
    const outcome = (await copyAll(from, there)) as CopyOutcome
    expect(outcome).toMatchObject({ wasThere: 0, rows: expect.any(Number) })
    await expectSame(from, there)
    expect(await copyAll(there, back)).toEqual(outcome)
    await expectSame(from, back)
  })

  it('can be worked with at once', async () => {
    const from = await openFile()
    const world = await openSmallTrial(from)
    await screened(world)
    const to = await openCopy('empty')
    await copyAll(from, to)
    await screened({ ...world, db: to, context: { ...world.context, db: to } })
    await expectSound(to)
  })

  it('leaves its sessions behind', async () => {
    const from = await openFile()
    await screened(await openSmallTrial(from))
    await keepSession(from, 'a session', { personId: null, content: '{}' }, '2026-06-24T03:00:00.000Z')
    const to = await openCopy('empty')
    await copyAll(from, to)
    expect(await to.selectFrom('session').selectAll().execute()).toEqual([])
  })

  it('says how far it is, up to the last row', async () => {
    const from = await openFile()
    await screened(await openSmallTrial(from))
    const said: [number, number][] = []
    const { rows } = (await copyAll(from, await openCopy('empty'), (...now) => void said.push(now))) as CopyOutcome
    expect(said.at(-1)).toEqual([rows, rows])
    expect(said.map(([done]) => done)).toEqual(said.map(([done]) => done).sort((a, b) => a - b))
  })
})

describe('a move that was stopped', () => {
  it('goes on where it was, however often it is stopped', async () => {
    const from = await openCopy('demo')
    const to = await openFile()
    let whole = 0
    for (const rows of [1, 700, 1500]) {
      await stoppedAfter(from, to, rows)
      whole = rows
    }
    const outcome = (await copyAll(from, to)) as CopyOutcome
    expect(outcome.wasThere).toBeGreaterThanOrEqual(whole)
    expect(outcome.wasThere).toBeLessThan(outcome.rows)
    await expectSame(from, to)
    expect(await copyAll(from, to)).toEqual({ ...outcome, wasThere: outcome.rows })
  })

  it('does not go on over rows that somebody changed', async () => {
    const from = await openCopy('demo')
    const to = await openFile()
    await stoppedAfter(from, to, 1500)
    await rawWriter(to).updateTable('person').set({ name_en: 'somebody else' }).execute()
    expect(await copyAll(from, to)).toEqual({ problem: { what: 'target_holds_other', table: 'person' } })
  })
})

describe('a target', () => {
  it('that holds another trial is refused and stays as it is', async () => {
    const from = await openFile()
    await screened(await openSmallTrial(from))
    const to = await openCopy('empty')
    await screened(await openSmallTrial(to))
    const before = await verify(to)
    expect(await copyAll(from, to)).toMatchObject({ problem: { what: 'target_holds_other' } })
    expect(await verify(to)).toEqual(before)
  })

  it('that holds more than the source is refused', async () => {
    const from = await openFile()
    const to = await openCopy('demo')
    expect(await copyAll(from, to)).toMatchObject({ problem: { what: 'target_holds_other' } })
  })
})

it('what is recorded in the source meanwhile is not passed over in silence', async () => {
  const from = await openFile()
  const world = await openSmallTrial(from)
  await screened(world)
  let writing: Promise<unknown> | null = null
  const outcome = await copyAll(from, await openCopy('empty'), () => {
    writing ??= screened(world)
  })
  await writing
  expect(outcome).toEqual({ problem: { what: 'source_went_on', table: 'audit_entry' } })
})

describe('the order of the tables', () => {
  it('is such that none points to a later one', async () => {
    const ordered = inOrder(await engineOf(await openCopy('empty')).shapes())
    const places = new Map(ordered.map(({ name }, index) => [name, index]))
    const pointers = ordered.flatMap(({ name, pointsTo }) => pointsTo.map((other) => [name, other] as const))
    expect(pointers.length).toBeGreaterThan(20)
    for (const [name, other] of pointers) expect(places.get(other)).toBeLessThan(places.get(name) ?? -1)
    expect(ordered.filter(({ key }) => key.length === 0)).toEqual([])
  })

  it('there is none for tables in a circle', () => {
    const circle = [
      { name: 'a', key: ['id'], pointsTo: ['b'] },
      { name: 'b', key: ['id'], pointsTo: ['a'] },
    ]
    expect(() => inOrder(circle)).toThrow('a circle: a,b')
  })
})
