/** What every subcommand of `toroku` is: its name, its help, and what it does with its arguments. */
import type { ParseArgsConfig } from 'node:util'
import {
  type DatabaseAddress,
  databaseAddress,
  databaseAddressForms,
  filesFolder,
  settingFromEnvironment,
} from '../config.ts'
import type { Db } from '../db/database.ts'
import { engineOf, openDatabase } from '../db/dialect.ts'
import { migrate, SchemaAhead, type SchemaState, schemaState } from '../db/schema.ts'
import { filesIn, type KeptFiles } from '../files/kept-files.ts'

export type Options = NonNullable<ParseArgsConfig['options']>

/** 0: done; 1: done, and something is wrong with the data; 2: the arguments or the input cannot be used. */
export type ExitCode = 0 | 1 | 2

export type Command = {
  name: string
  /** One line for `toroku --help`. */
  summary: string
  /** The whole of `toroku NAME --help`. */
  help: string
  options: Options
  /** How many words may stand beside the options. */
  positionals: { least: number; most: number }
  run(input: {
    values: Readonly<Record<string, string | boolean | undefined>>
    positionals: readonly string[]
  }): Promise<ExitCode>
}

/** Input that a person can mend: said in one line, exit code 2. */
export class BadInput extends Error {}

export const databaseOption = {
  database: { type: 'string' },
} as const satisfies Options

export const databaseHelp = `  --database ADDRESS  ${databaseAddressForms}   (default: DATABASE_URL, else var/toroku.db)`

export function addressFrom(values: Readonly<Record<string, string | boolean | undefined>>): string {
  if (typeof values.database === 'string') return values.database
  return settingFromEnvironment('DATABASE_URL') ?? 'var/toroku.db'
}

export const filesOption = { files: { type: 'string' } } as const satisfies Options

export const filesHelp = `  --files FOLDER      where attached files lie   (default: FILES_FOLDER, else FILE.files beside a database file)`

/** The attached files of a database: in the folder that is named, or where a server of it would keep them. */
export function filesFrom(
  values: Readonly<Record<string, string | boolean | undefined>>,
  database: DatabaseAddress,
): KeptFiles {
  const named = typeof values.files === 'string' ? values.files : settingFromEnvironment('FILES_FOLDER')
  return filesIn(filesFolder({ filesFolder: named ?? null, database }))
}

/** Opens a database that answers; one that does not is said in one line. */
export async function openAnswering(address: string): Promise<{ db: Db; state: SchemaState['state'] }> {
  let db: Db | null = null
  try {
    db = await openDatabase(databaseAddress(address))
    return { db, state: (await schemaState(db)).state }
  } catch (error) {
    if (db !== null) await engineOf(db).close()
    const { message, code } = error as Error & { code?: string }
    throw new BadInput(`the database does not answer: ${message || code}`)
  }
}

/** Runs the migrations that wait; a database that is newer than this program is refused. */
export async function bringUpToDate(db: Db): Promise<string[]> {
  try {
    return await migrate(db)
  } catch (error) {
    throw error instanceof SchemaAhead ? new BadInput(error.message) : error
  }
}
