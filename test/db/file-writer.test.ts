/**
 * Whoever writes to a file hears of it when it lies on the disk, and nobody else waits for that. The disk is played: it takes
 * its time, fails, or loses power, after which it holds what had been brought to it and nothing that was said too early.
 */
import { closeSync, copyFileSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Kysely } from 'kysely'
import { expect, it, onTestFinished, vi } from 'vitest'
import { connectFile, FileDialect } from '../../server/db/dialect/file-connection.ts'
import { type Log, logBeside, WritingDialect } from '../../server/db/dialect/file-writer.ts'
import { isUnavailableError } from '../../server/db/dialect.ts'
import { folderOfTest } from '../support/files.ts'

type Notes = { note: { id: number } }

const logOf = (path: string) => `${path}-wal`

/** A file with a table, written to by the connection under test and read by another. */
async function notesIn(path: string, disk: Pick<Log, 'sync'>) {
  const made = new Kysely<Notes>({ dialect: new FileDialect(connectFile(path)) })
  await made.schema.createTable('note').ifNotExists().addColumn('id', 'integer').execute()
  const dialect = new WritingDialect(path, { ...disk, close: () => {} })
  const writer = new Kysely<Notes>({ dialect })
  let isOpen = true
  const close = async () => {
    if (isOpen) await Promise.all([writer.destroy(), made.destroy()])
    isOpen = false
  }
  onTestFinished(close)
  const read = async () => (await made.selectFrom('note').select('id').orderBy('id').execute()).map(({ id }) => id)
  const write = (id: number) => writer.insertInto('note').values({ id }).execute()
  const change = (ids: number[]) =>
    writer.transaction().execute(async (transaction) => {
      for (const id of ids) await transaction.insertInto('note').values({ id }).execute()
    })
  return { dialect, read, write, change, close }
}

/** A disk that takes what it is given when it is told to. */
function slowDisk() {
  const under: (() => void)[] = []
  return { sync: () => new Promise<void>((resolve) => under.push(resolve)), under }
}

const aMoment = () => new Promise((resolve) => setTimeout(resolve, 20))

it('says that a change is done when the disk has it; others read it, and write, before that', async () => {
  const disk = slowDisk()
  const { read, write, change } = await notesIn(join(folderOfTest(), 'notes.db'), disk)
  const told: number[] = []
  const first = write(1).then(() => told.push(1))
  await aMoment()
  expect([await read(), told, disk.under.length]).toEqual([[1], [], 1])
  // Both write while the disk is busy with the first; it takes them together.
  const others = [change([2, 3]).then(() => told.push(2)), write(4).then(() => told.push(4))]
  await aMoment()
  expect([await read(), told, disk.under.length]).toEqual([[1, 2, 3, 4], [], 1])
  disk.under[0]?.()
  await first
  await aMoment()
  expect([told, disk.under.length]).toEqual([[1], 2])
  disk.under[1]?.()
  await Promise.all(others)
  expect([told.sort(), disk.under.length]).toEqual([[1, 2, 4], 2])
})

it('asks the disk for nothing after what only read', async () => {
  const disk = slowDisk()
  const path = join(folderOfTest(), 'notes.db')
  await notesIn(path, disk)
  const writer = new Kysely<Notes>({ dialect: new WritingDialect(path, { ...disk, close: () => {} }) })
  onTestFinished(() => writer.destroy())
  expect(await writer.selectFrom('note').select('id').execute()).toEqual([])
  expect(disk.under).toHaveLength(0)
})

it('writes nothing more after the disk did not take what was written, and says that it cannot', async () => {
  let isBroken = true
  const broken = { sync: () => (isBroken ? Promise.reject(new Error('I/O error')) : Promise.resolve()) }
  const { dialect, read, write, change } = await notesIn(join(folderOfTest(), 'notes.db'), broken)
  expect(() => dialect.requireDisk()).not.toThrow()
  const unavailable = expect.toSatisfy(isUnavailableError)
  await expect(write(1)).rejects.toEqual(unavailable)
  isBroken = false
  await expect(write(2)).rejects.toEqual(unavailable)
  await expect(change([3])).rejects.toEqual(unavailable)
  expect(await read()).toEqual([1])
  expect(() => dialect.requireDisk()).toThrow()
})

it('has nothing that was acknowledged lost with the power, while the log is taken into the file again and again', async () => {
  const folder = folderOfTest()
  const path = join(folder, 'notes.db')
  const onDisk = logBeside(path)
  onTestFinished(() => onDisk.close())
  const acknowledged: number[] = []
  /** What the disk holds when a copy of it was made, and what had been said before it was asked the next time. */
  const losses: { path: string; said: number[] }[] = []
  let asked = 0
  let copied: string | null = null
  const disk = {
    sync: async () => {
      if (copied !== null) losses.push({ path: copied, said: [...acknowledged] })
      copied = asked % 60 === 0 ? join(folder, `lost-${asked}.db`) : null
      asked += 1
      if (copied !== null) {
        copyFileSync(path, copied)
        copyFileSync(logOf(path), logOf(copied))
      }
      await onDisk.sync()
    },
  }
  const { write, close } = await notesIn(path, disk)
  const people = Array.from({ length: 6 }, async (_, person) => {
    for (let place = 0; place < 1000; place++) {
      const id = person * 10_000 + place
      await write(id)
      acknowledged.push(id)
    }
  })
  await Promise.all(people)
  await close()
  expect(acknowledged).toHaveLength(6000)
  expect(losses.length).toBeGreaterThan(15)
  for (const loss of losses) {
    const left = new Kysely<Notes>({ dialect: new FileDialect(connectFile(loss.path)) })
    const kept = new Set((await left.selectFrom('note').select('id').execute()).map(({ id }) => id))
    await left.destroy()
    expect(loss.said.filter((id) => !kept.has(id))).toEqual([])
  }
}, 60_000)

it('takes the log into the file while it is written to, and begins it anew: it grows no more', async () => {
  const path = join(folderOfTest(), 'notes.db')
  const { write, close, read } = await notesIn(path, { sync: async () => {} })
  let id = 0
  const writeSome = async (many: number) => {
    for (const until = id + many; id < until; id++) await write(id)
  }
  await writeSome(1)
  for (let time = 0; time < 3; time++) {
    const begun = beginningOf(logOf(path))
    await writeSome(2500)
    // As where others are served in between: the thread is heard of.
    const isAnew = async () => {
      await writeSome(1)
      expect(beginningOf(logOf(path))).not.toEqual(begun)
    }
    await vi.waitFor(isAnew, { timeout: 20_000, interval: 10 })
  }
  const { size } = statSync(logOf(path))
  await writeSome(1000)
  expect(statSync(logOf(path)).size).toBe(size)
  expect(await read()).toHaveLength(id)
  await close()
  expect(existsSync(logOf(path))).toBe(false)
}, 90_000)

/** The salt of a log, another one whenever it begins anew. */
function beginningOf(log: string): Buffer {
  const handle = openSync(log, 'r')
  const salt = Buffer.alloc(8)
  readSync(handle, salt, 0, salt.length, 16)
  closeSync(handle)
  return salt
}
