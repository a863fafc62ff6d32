/**
 * Statements that every request asks: put into words once for each database, for that takes longer than to answer them, and
 * on a file not asked again while nobody has written to the tables that they name.
 */
import type { CompiledQuery, Kysely } from 'kysely'
import { keepNewest } from '../keep-newest.ts'
import type { Db, Tables } from './database.ts'
import { versionOf } from './dialect.ts'

type Reading<Row> = { compile(): CompiledQuery<Row>; execute(): Promise<Row[]> }

/** Of one statement; those asked for longest ago go first. */
const mostAnswers = 1000

/** Stands for what is asked while the words are made: nobody asks for anything with it. */
const placeOf = (position: number) => `\u0001${position}`

type Statement<Row> = { query: CompiledQuery<Row>; tables: readonly string[] }

/** Every name that a statement quotes: its tables are among them, and a name of something else never changes. */
const namesIn = (text: string) => [...new Set(Array.from(text.matchAll(/"(\w+)"/g), ([, name = '']) => name))]

/** What was answered since its tables last changed, by what was asked. */
type Answers<Row> = { version: string; rows: Map<string, Promise<readonly Row[]>> }

/**
 * Says the same as `build(db, ...asked).execute()`, where the words of the statement depend on nothing but how many texts
 * are asked. What waits in a change under way is said anew. The rows are shared: nobody may change them. They may be as old
 * as the turn of the loop in which they are asked for, so what is remembered under the head of a chain does not rest on them.
 */
export function prepared<Row>(
  build: (db: Db, ...asked: string[]) => Reading<Row>,
): (db: Db, ...asked: string[]) => Promise<readonly Row[]> {
  const made = new WeakMap<Db, Map<number, Statement<Row>>>()
  const answered = new WeakMap<Db, Answers<Row>>()

  const statementOf = (db: Db, asked: string[]): Statement<Row> => {
    const statements = made.get(db) ?? new Map<number, Statement<Row>>()
    made.set(db, statements)
    const known = statements.get(asked.length)
    if (known !== undefined) return known
    const query = build(db, ...asked.map((_, position) => placeOf(position))).compile()
    const statement = { query, tables: namesIn(query.sql) }
    statements.set(asked.length, statement)
    return statement
  }

  const ask = async (db: Db, { query }: Statement<Row>, asked: string[]): Promise<Row[]> => {
    const parameters = query.parameters.map((parameter) => {
      const position = asked.findIndex((_, at) => placeOf(at) === parameter)
      return position < 0 ? parameter : asked[position]
    })
    const { rows } = await (db as Kysely<Tables>).executeQuery<Row>({ ...query, parameters })
    return rows
  }

  return async (db, ...asked) => {
    if (!('executeQuery' in db)) return build(db, ...asked).execute()
    const statement = statementOf(db, asked)
    const version = versionOf(db, statement.tables)
    if (version === null) return ask(db, statement, asked)
    const before = answered.get(db)
    // A new one for every version: what was read under an older one is not kept as the answer of a newer one.
    const answers = before?.version === version ? before : { version, rows: new Map<string, Promise<readonly Row[]>>() }
    answered.set(db, answers)
    const question = asked.join(' ')
    const known = answers.rows.get(question)
    const rows = known ?? ask(db, statement, asked)
    keepNewest(answers.rows, question, rows, mostAnswers)
    // Whoever asks meanwhile waits for the same; what could not be read is read again by the next.
    if (known === undefined) rows.catch(() => answers.rows.delete(question))
    return rows
  }
}
