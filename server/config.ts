/** The settings of one installation, read once from the environment: the only reader of `process.env`. */
import type { Bilingual } from './domain/bilingual.ts'
import type { Role } from './domain/permission.ts'

/** Where the data live: one file, or a PostgreSQL server when one machine is outgrown. */
export type DatabaseAddress = { kind: 'file'; path: string } | { kind: 'postgres'; url: string }

/** Somebody whom visitors of a demonstration may sign in as. */
export type DemoPerson = { username: string; password: string; name: Bilingual; role: Role; task: Bilingual }

export type Config = {
  database: DatabaseAddress
  host: string
  port: number
  sessionSecret: string
  /** `proxy`: TLS ends at a proxy in front, cookies are for TLS only; `none`: plain HTTP, for one machine. */
  tls: 'proxy' | 'none'
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** In a demonstration, the people one can be: shown on the sign-in page, under a banner. Null in production. */
  demonstration: readonly DemoPerson[] | null
  /** scrypt's cost N, a power of two. */
  passwordCost: number
  /** Where attached files are kept; null: in a folder named after the database's file. */
  filesFolder?: string | null
}

/** The folder of attached files: the one that was named, else `toroku.db.files` beside `toroku.db`. */
export function filesFolder({ filesFolder, database }: Pick<Config, 'filesFolder' | 'database'>): string {
  return filesFolder ?? (database.kind === 'file' ? `${database.path}.files` : 'var/files')
}

export type ConfigProblem = { name: string; reason: string }

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const

/** How an address may be written, as the help texts say it. */
export const databaseAddressForms = 'a file, or postgres://...'

/** Reads a database's address: `postgres://...` or a file's path. */
export function databaseAddress(text: string): DatabaseAddress {
  return /^postgres(ql)?:\/\//.test(text) ? { kind: 'postgres', url: text } : { kind: 'file', path: text }
}

/** One setting as the environment has it, for the commands that need only that one. */
export function settingFromEnvironment(name: 'DATABASE_URL' | 'PORT'): string | undefined {
  return process.env[name]
}

/**
 * The configuration of a production server, or everything that is wrong with it at once.
 * `{ SESSION_SECRET: '<32 characters or more>' }` is enough: the rest has defaults.
 */
export function parseConfig(
  env: Readonly<Record<string, string | undefined>>,
): { value: Config } | { problems: ConfigProblem[] } {
  const problems: ConfigProblem[] = []
  const port = Number(env.PORT ?? '3000')
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    problems.push({ name: 'PORT', reason: `is no port number: ${env.PORT}` })
  }
  const sessionSecret = env.SESSION_SECRET ?? ''
  if (sessionSecret.length < 32) {
    problems.push({
      name: 'SESSION_SECRET',
      reason:
        sessionSecret === ''
          ? 'is missing; make one with: openssl rand -hex 32'
          : `needs 32 characters or more, has ${sessionSecret.length}`,
    })
  }
  const logLevel = logLevels.find((level) => level === (env.LOG_LEVEL ?? 'info'))
  if (logLevel === undefined) problems.push({ name: 'LOG_LEVEL', reason: `is one of ${logLevels.join(', ')}` })
  const tls = env.TLS ?? 'none'
  if (tls !== 'proxy' && tls !== 'none') problems.push({ name: 'TLS', reason: 'is proxy or none' })
  if (problems.length > 0) return { problems }
  return {
    value: {
      database: databaseAddress(env.DATABASE_URL ?? 'var/toroku.db'),
      host: env.HOST ?? '127.0.0.1',
      port,
      sessionSecret,
      tls: tls === 'proxy' ? 'proxy' : 'none',
      logLevel: logLevel ?? 'info',
      demonstration: null,
      passwordCost: 2 ** 15,
      filesFolder: env.FILES_FOLDER ?? null,
    },
  }
}
