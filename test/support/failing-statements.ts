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

export type AtTheEnd = 'before the commit' | 'after the commit'

/** A statement of the change, counted from 1; where it has fewer, its end. */
export type Where = { statement?: number; orAt: AtTheEnd }

export type Armed = { hasFailed(): boolean; failedAt(): number | AtTheEnd | null; disarm(): void }

/** Lets the next change to a database fail there, and none after it. Notes of who tried to sign in are no change. */
export function armed(db: Db, { statement, orAt }: Where, { code, message }: (typeof failures)[number]): Armed {
  const engine = engineOf(db)
  const { inTurn } = engine
  let failedAt: number | AtTheEnd | null = null
  const fail = (at: number | AtTheEnd): never => {
    failedAt = at
    throw Object.assign(new Error(message), { code })
  }
  const disarm = () => {
    engine.inTurn = inTurn
  }
  engine.inTurn = async (chain, work) => {
    if (chain === 'sign-in') return inTurn(chain, work)
    disarm()
    const outcome = await inTurn(chain, async (transaction) => {
      let count = 0
      const counting: KyselyPlugin = {
        transformQuery: ({ node }) => {
          count += 1
          if (count === statement) fail(count)
          return node
        },
        transformResult: async ({ result }) => result,
      }
      const given = await work(transaction.withPlugin(counting))
      if (orAt === 'before the commit') fail(orAt)
      return given
    })
    if (orAt === 'after the commit') fail(orAt)
    return outcome
  }
  return { hasFailed: () => failedAt !== null, failedAt: () => failedAt, disarm }
}
