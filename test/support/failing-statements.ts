/**
 * Statements that fail on purpose, as a full disk, a lock or a broken connection would make them: the k-th one of a
 * change, the commit itself, or the answer after the commit.
 */
import type { KyselyPlugin } from 'kysely'
import type { Db } from '../../server/db/database.ts'
import { engineOf } from '../../server/db/dialect.ts'

/** What the engines say in such cases. */
export const failures = [
  { code: 'SQLITE_FULL', message: 'database or disk is full' },
  { code: 'SQLITE_IOERR_FSYNC', message: 'disk I/O error' },
  { code: 'SQLITE_BUSY', message: 'database is locked' },
  { code: '57P01', message: 'terminating connection due to administrator command' },
  { code: '53100', message: 'could not extend file: No space left on device' },
  { code: '40001', message: 'could not serialize access' },
] as const

/** A number: that statement of the change, counted from 1. */
export type Where = number | 'before the commit' | 'after the commit'

export type Armed = { hasFailed(): boolean; disarm(): void }

/** Lets the next change to a database fail there, and none after it. */
export function armed(db: Db, where: Where, { code, message }: (typeof failures)[number]): Armed {
  const engine = engineOf(db)
  const { inTurn } = engine
  let hasFailed = false
  const fail = (): never => {
    hasFailed = true
    throw Object.assign(new Error(message), { code })
  }
  const disarm = () => {
    engine.inTurn = inTurn
  }
  engine.inTurn = async (chain, work) => {
    disarm()
    const outcome = await inTurn(chain, async (transaction) => {
      let count = 0
      const counting: KyselyPlugin = {
        transformQuery: ({ node }) => {
          count += 1
          if (count === where) fail()
          return node
        },
        transformResult: async ({ result }) => result,
      }
      const given = await work(transaction.withPlugin(counting))
      if (where === 'before the commit') fail()
      return given
    })
    if (where === 'after the commit') fail()
    return outcome
  }
  return { hasFailed: () => hasFailed, disarm }
}
