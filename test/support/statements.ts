/** The statements that a database is asked while something happens: for tests and benches that count them. */
import type { CompiledQuery, Kysely } from 'kysely'
import type { Db, Tables } from '../../server/db/database.ts'
import { engineOf } from '../../server/db/dialect.ts'

/** In order, of its readers and its writer. */
export async function statementsDuring(db: Db, work: () => Promise<unknown>): Promise<CompiledQuery[]> {
  const statements: CompiledQuery[] = []
  const executors = new Set([db as Kysely<Tables>, engineOf(db).writer].map((kysely) => kysely.getExecutor()))
  for (const executor of executors) {
    const execute = executor.executeQuery
    executor.executeQuery = (query, ...rest) => {
      statements.push(query)
      return execute.call(executor, query, ...rest) as never
    }
  }
  try {
    await work()
  } finally {
    for (const executor of executors) Reflect.deleteProperty(executor, 'executeQuery')
  }
  return statements
}
