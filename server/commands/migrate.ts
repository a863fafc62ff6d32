/** `toroku migrate`: brings a database to the schema of this program. */
import { engineOf } from '../db/dialect.ts'
import { addressFrom, bringUpToDate, type Command, databaseHelp, databaseOption, openAnswering } from './command.ts'

export const migrateCommand: Command = {
  name: 'migrate',
  summary: 'bring a database to the schema of this program',
  help: `toroku migrate [--database ADDRESS] [--json]

Runs the migrations that wait; a database file is copied beside itself first. Exit code 0: up to date;
2: the database is newer than this program.

${databaseHelp}
  --json              {"migrated": ["0001-house", ...]}`,
  options: { ...databaseOption, json: { type: 'boolean' } },
  positionals: { least: 0, most: 0 },
  async run({ values }) {
    const { db } = await openAnswering(addressFrom(values))
    try {
      const migrated = await bringUpToDate(db)
      if (values.json === true) console.log(JSON.stringify({ migrated }))
      else console.log(migrated.length === 0 ? 'up to date' : migrated.map((name) => `migrated: ${name}`).join('\n'))
      return 0
    } finally {
      await engineOf(db).close()
    }
  },
}
