/**
 * Who reads a file is answered by the connection that writes, unless a change is under way on it. To tell the two apart
 * here, each is given a file of its own with another word in it.
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import fc from 'fast-check'
import { Kysely, sql } from 'kysely'
import { expect, it, onTestFinished } from 'vitest'
import { connectFile, FileDialect } from '../../server/db/dialect/file-connection.ts'
import { ReadingDialect } from '../../server/db/dialect/file-reader.ts'
import { folderOfTest } from '../support/files.ts'

type Notes = { note: { word: string } }

async function writerOf(path: string) {
  const dialect = new FileDialect(connectFile(path))
  const writer = new Kysely<Notes>({ dialect })
  await writer.schema.createTable('note').ifNotExists().addColumn('word', 'text').execute()
  onTestFinished(() => writer.destroy())
  return { writer, statements: dialect.database }
}

function readerOf(path: string, writing: FileDialect['database']) {
  const reader = new Kysely<Notes>({ dialect: new ReadingDialect(connectFile(path), writing) })
  onTestFinished(() => reader.destroy())
  return reader
}

/** A reader with one word in the file of its own connection and another in that of the one that writes. */
async function twoFiles() {
  const folder = folderOfTest()
  const [own, near] = [join(folder, 'own.db'), join(folder, 'near.db')]
  const alone = await writerOf(own)
  await alone.writer.insertInto('note').values({ word: 'own' }).execute()
  const { writer, statements } = await writerOf(near)
  await writer.insertInto('note').values({ word: 'near' }).execute()
  const reader = readerOf(own, statements)
  const words = async (db = reader) => (await db.selectFrom('note').select('word').execute()).map(({ word }) => word)
  return { reader, writer, words }
}

async function foreignKeysOf(db: Kysely<Notes>) {
  const { rows } = await sql<{ foreign_keys: number }>`pragma foreign_keys`.execute(db)
  return rows[0]?.foreign_keys
}

it('is answered by its own connection from when a change begins until it ends, either way', async () => {
  const { writer, words } = await twoFiles()
  expect(await words()).toEqual(['near'])
  await writer.transaction().execute(async (change) => {
    // It begins with what it does first.
    await change.selectFrom('note').select('word').execute()
    expect(await words()).toEqual(['own'])
    await change.insertInto('note').values({ word: 'more' }).execute()
    expect(await words()).toEqual(['own'])
  })
  expect(await words()).toEqual(['near', 'more'])
  const given = writer.transaction().execute(async (change) => {
    await change.deleteFrom('note').execute()
    expect(await words()).toEqual(['own'])
    throw new Error('given up')
  })
  await expect(given).rejects.toThrow('given up')
  expect(await words()).toEqual(['near', 'more'])
})

it('keeps to its own connection for what does more than answer, for rows one by one, and within a transaction', async () => {
  const { reader, writer, words } = await twoFiles()
  await reader.insertInto('note').values({ word: 'written' }).execute()
  expect(await words()).toEqual(['near'])
  const streamed: string[] = []
  for await (const { word } of reader.selectFrom('note').select('word').stream()) streamed.push(word)
  expect(streamed).toEqual(['own', 'written'])
  await sql`pragma foreign_keys = off`.execute(reader)
  expect(await foreignKeysOf(writer)).toBe(1)
  expect(await foreignKeysOf(reader)).toBe(0)
  await reader.transaction().execute(async (transaction) => {
    expect(await words(transaction)).toEqual(['own', 'written'])
  })
})

it('says what a statement that nobody understands deserves', async () => {
  const { reader, words } = await twoFiles()
  await expect(
    reader
      .selectFrom('nothing' as 'note')
      .selectAll()
      .execute(),
  ).rejects.toThrow('no such table: nothing')
  expect(await words()).toEqual(['near'])
})

it('is shown what was committed, and nothing else, whatever is read in the middle of whichever changes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ words: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 4 }), isKept: fc.boolean() }), {
        maxLength: 6,
      }),
      async (changes) => {
        const path = join(folderOfTest(), `${randomUUID()}.db`)
        const { writer, statements } = await writerOf(path)
        const reader = readerOf(path, statements)
        const committed: string[] = []
        const read = async () => {
          const rows = await reader.selectFrom('note').select('word').execute()
          expect(rows.map(({ word }) => word)).toEqual(committed)
        }
        for (const { words, isKept } of changes) {
          const change = writer.transaction().execute(async (transaction) => {
            await read()
            for (const word of words) {
              await Promise.all([transaction.insertInto('note').values({ word }).execute(), read()])
              await read()
            }
            if (!isKept) throw new Error('given up')
          })
          await change.then(
            () => committed.push(...words),
            () => {},
          )
          await read()
        }
      },
    ),
    { numRuns: 25 },
  )
})
