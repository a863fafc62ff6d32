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
  /** Backups of a database file while it is served; null: none, or the server's own. */
  backups: { folder: string; everyHours: number; keep: number } | null
  /** Where the heads of the audit trail are written down once a day, outside the database; the key seals them. */
  anchors: { folder: string | null; key: string }
  /** With less room than this where the database lies, the server says that it is not ready. */
  leastFreeMegabytes: number
  /** Where measurements are offered, apart from the pages: never to the outside. Null: nowhere. */
  metrics: { host: string; port: number } | null
  /** Of a database on a server. */
  server: ServerLimits
  /** Where attached files are kept; null: in a folder named after the database's file. */
  filesFolder?: string | null
  /** The provider by which people may sign in beside their passwords; null: none. */
  openId: OpenIdSettings | null
}

/** An OpenID provider, and as what it knows this installation. */
export type OpenIdSettings = {
  issuer: string
  clientId: string
  clientSecret: string
  /** What people call the provider, as the button says it. */
  name: string
  redirectUri: string
}

/** The folder of attached files: the one that was named, else `toroku.db.files` beside `toroku.db`. */
export function filesFolder({ filesFolder, database }: Pick<Config, 'filesFolder' | 'database'>): string {
  return filesFolder ?? (database.kind === 'file' ? `${database.path}.files` : 'var/files')
}

/** How a database on a server is used: connections of this process at most, and how long one statement may take. */
export type ServerLimits = { connections: number; statementSeconds: number }

export const usualLimits: ServerLimits = { connections: 10, statementSeconds: 60 }

export type ConfigProblem = { name: string; reason: string }

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const

/** How an address may be written, as the help texts say it. */
export const databaseAddressForms = 'a file, or postgres://...'

/** Reads a database's address: `postgres://...` or a file's path. */
export function databaseAddress(text: string): DatabaseAddress {
  return /^postgres(ql)?:\/\//.test(text) ? { kind: 'postgres', url: text } : { kind: 'file', path: text }
}

/** One setting as the environment has it, for the commands that need only that one. */
export function settingFromEnvironment(
  name: 'ANCHOR_KEY' | 'DATABASE_URL' | 'FILES_FOLDER' | 'PORT',
): string | undefined {
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
  const whole = wholeNumbers(env, problems)
  const database = databaseAddress(env.DATABASE_URL ?? 'var/toroku.db')
  const everyHours = whole('BACKUP_EVERY_HOURS', 24, { least: 1, most: 24 * 31 })
  const keep = whole('BACKUP_KEEP', 14, { least: 1, most: 10_000 })
  const folder = env.BACKUP_FOLDER ?? ''
  if (folder === '') {
    for (const name of ['BACKUP_EVERY_HOURS', 'BACKUP_KEEP']) {
      if (env[name] !== undefined) problems.push({ name, reason: 'needs BACKUP_FOLDER' })
    }
  } else if (database.kind !== 'file') {
    problems.push({ name: 'BACKUP_FOLDER', reason: 'is for a database file; keep copies of a server with pg_dump' })
  }
  const metricsPort = whole('METRICS_PORT', null, { least: 0, most: 65535 })
  if (metricsPort === null && env.METRICS_HOST !== undefined) {
    problems.push({ name: 'METRICS_HOST', reason: 'needs METRICS_PORT' })
  }
  if (metricsPort !== null && metricsPort !== 0 && metricsPort === port) {
    problems.push({ name: 'METRICS_PORT', reason: 'is the port of the pages; measurements need one of their own' })
  }
  const openId = openIdSettings(env, problems)
  const leastFreeMegabytes = whole('DISK_FREE_MB', 200, { least: 0, most: 1_000_000_000 })
  const connections = whole('DATABASE_CONNECTIONS', usualLimits.connections, { least: 2, most: 1000 })
  const statementSeconds = whole('DATABASE_STATEMENT_SECONDS', usualLimits.statementSeconds, { least: 1, most: 3600 })
  if (env.ANCHOR_KEY !== undefined && env.ANCHOR_KEY.length < 32) {
    problems.push({ name: 'ANCHOR_KEY', reason: `needs 32 characters or more, has ${env.ANCHOR_KEY.length}` })
  }
  if (problems.length > 0) return { problems }
  return {
    value: {
      database,
      host: env.HOST ?? '127.0.0.1',
      port,
      sessionSecret,
      tls: tls === 'proxy' ? 'proxy' : 'none',
      logLevel: logLevel ?? 'info',
      demonstration: null,
      passwordCost: 2 ** 15,
      backups: folder === '' ? null : { folder, everyHours, keep },
      anchors: { folder: env.ANCHOR_FOLDER ?? null, key: env.ANCHOR_KEY ?? '' },
      leastFreeMegabytes,
      metrics: metricsPort === null ? null : { host: env.METRICS_HOST ?? '127.0.0.1', port: metricsPort },
      server: { connections, statementSeconds },
      filesFolder: env.FILES_FOLDER ?? null,
      openId,
    },
  }
}

const openIdNames = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET', 'OIDC_NAME', 'OIDC_REDIRECT_URI'] as const

/** Where the provider sends people back to, on this server. */
export const openIdCallback = '/session/oidc/callback'

/** All of them or none; plain HTTP stays on this machine. */
function openIdSettings(
  env: Readonly<Record<string, string | undefined>>,
  problems: ConfigProblem[],
): OpenIdSettings | null {
  const [issuer = '', clientId = '', clientSecret = '', name = '', redirectUri = ''] = openIdNames.map(
    (name) => env[name]?.trim() ?? '',
  )
  const missing = openIdNames.filter((name) => (env[name]?.trim() ?? '') === '')
  if (missing.length === openIdNames.length) return null
  const before = problems.length
  for (const name of missing)
    problems.push({ name, reason: 'is missing: sign-in by OpenID Connect needs all of OIDC_*' })
  if (issuer !== '' && !isSafeAddress(issuer)) {
    problems.push({ name: 'OIDC_ISSUER', reason: `is no https:// address without a query: ${issuer}` })
  }
  if (redirectUri !== '' && (!isSafeAddress(redirectUri) || !redirectUri.endsWith(openIdCallback))) {
    problems.push({
      name: 'OIDC_REDIRECT_URI',
      reason: `is the https:// address of this server followed by ${openIdCallback}, not ${redirectUri}`,
    })
  } else if (redirectUri.startsWith('https:') && env.TLS !== 'proxy') {
    problems.push({ name: 'OIDC_REDIRECT_URI', reason: 'is reached over TLS: set TLS=proxy' })
  }
  return problems.length > before ? null : { issuer, clientId, clientSecret, name, redirectUri }
}

/** https anywhere, http on this machine only; nothing behind the path. */
function isSafeAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, search, hash } = new URL(text)
  const isLoopback = ['127.0.0.1', '[::1]', 'localhost'].includes(hostname)
  const isPlain = username === '' && search === '' && hash === ''
  return isPlain && (protocol === 'https:' || (protocol === 'http:' && isLoopback))
}

/** Reads settings that are whole numbers; one that is not, or is out of its bounds, is a problem. */
function wholeNumbers(env: Readonly<Record<string, string | undefined>>, problems: ConfigProblem[]) {
  return <Usual extends number | null>(
    name: string,
    usual: Usual,
    { least, most }: { least: number; most: number },
  ) => {
    const text = env[name]
    if (text === undefined) return usual
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (value >= least && value <= most) return value
    problems.push({ name, reason: `is a whole number from ${least} to ${most}, not ${text}` })
    return usual
  }
}
