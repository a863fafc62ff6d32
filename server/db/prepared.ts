/** Statements that every request asks, put into words once for each database: to do so takes longer than to answer them. */
import type { CompiledQuery, Kysely } from 'kysely'
import type { Db, Tables } from './database.ts'

type Reading<Row> = { compile(): CompiledQuery<Row>; execute(): Promise<Row[]> }

/** Stands for what is asked while the words are made: nobody asks for anything with it. */
const placeOf = (position: number) => `\u0001${position}`

/**
 * Says the same as `build(db, ...asked).execute()`, where the words of the statement depend on nothing but how many texts
 * are asked. What waits in a change under way is said anew.
 */
export function prepared<Row>(
  build: (db: Db, ...asked: string[]) => Reading<Row>,
): (db: Db, ...asked: string[]) => Promise<Row[]> {
  const made = new WeakMap<Db, Map<number, CompiledQuery<Row>>>()
  return async (db, ...asked) => {
    if (!('executeQuery' in db)) return build(db, ...asked).execute()
    const statements = made.get(db) ?? new Map<number, CompiledQuery<Row>>()
    made.set(db, statements)
    const statement =
      statements.get(asked.length) ?? build(db, ...asked.map((_, position) => placeOf(position))).compile()
    statements.set(asked.length, statement)
    const parameters = statement.parameters.map((parameter) => {
      const position = asked.findIndex((_, at) => placeOf(at) === parameter)
      return position < 0 ? parameter : asked[position]
    })
    const { rows } = await (db as Kysely<Tables>).executeQuery<Row>({ ...statement, parameters })
    return rows
  }
}
