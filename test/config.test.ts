/** The settings of an installation: the least that is enough, and everything that can be wrong with them, said at once. */
import { expect, it } from 'vitest'
import { parseConfig } from '../server/config.ts'
import { aServersAddress } from './support/addresses.ts'

const enough = { SESSION_SECRET: 'x'.repeat(32) }

function configOf(env: Record<string, string>) {
  const config = parseConfig({ ...enough, ...env })
  if ('problems' in config) throw new Error(JSON.stringify(config.problems))
  return config.value
}

it('a secret is enough: no backups, no measurements, the usual limits', () => {
  expect(configOf({})).toMatchObject({
    database: { kind: 'file', path: 'var/toroku.db' },
    backups: null,
    metrics: null,
    leastFreeMegabytes: 200,
    server: { connections: 10, statementSeconds: 60 },
  })
})

it('backups and measurements are as they were set', () => {
  expect(configOf({ BACKUP_FOLDER: '/backups', BACKUP_EVERY_HOURS: '6', BACKUP_KEEP: '28' }).backups).toEqual({
    folder: '/backups',
    everyHours: 6,
    keep: 28,
  })
  expect(configOf({ BACKUP_FOLDER: '/backups' }).backups).toEqual({ folder: '/backups', everyHours: 24, keep: 14 })
  expect(configOf({ METRICS_PORT: '9464' }).metrics).toEqual({ host: '127.0.0.1', port: 9464 })
  expect(configOf({ METRICS_PORT: '9464', METRICS_HOST: '10.0.0.5' }).metrics).toEqual({ host: '10.0.0.5', port: 9464 })
})

it.each([
  [{ BACKUP_EVERY_HOURS: '6' }, 'BACKUP_EVERY_HOURS', 'needs BACKUP_FOLDER'],
  [{ BACKUP_KEEP: '6' }, 'BACKUP_KEEP', 'needs BACKUP_FOLDER'],
  [{ BACKUP_FOLDER: '/b', BACKUP_EVERY_HOURS: '0' }, 'BACKUP_EVERY_HOURS', 'from 1 to 744, not 0'],
  [{ BACKUP_FOLDER: '/b', BACKUP_EVERY_HOURS: '1e2' }, 'BACKUP_EVERY_HOURS', 'not 1e2'],
  [{ BACKUP_FOLDER: '/b', BACKUP_KEEP: '' }, 'BACKUP_KEEP', 'from 1'],
  [{ METRICS_HOST: '127.0.0.1' }, 'METRICS_HOST', 'needs METRICS_PORT'],
  [{ METRICS_PORT: '3000' }, 'METRICS_PORT', 'one of their own'],
  [{ METRICS_PORT: '65536' }, 'METRICS_PORT', 'from 0 to 65535'],
  [{ DISK_FREE_MB: '-1' }, 'DISK_FREE_MB', 'from 0'],
  [{ DATABASE_CONNECTIONS: '1' }, 'DATABASE_CONNECTIONS', 'from 2'],
  [{ DATABASE_STATEMENT_SECONDS: '0' }, 'DATABASE_STATEMENT_SECONDS', 'from 1'],
])('says what is wrong: %j', (env, name, reason) => {
  expect(parseConfig({ ...enough, ...env })).toEqual({ problems: [{ name, reason: expect.stringContaining(reason) }] })
})

it('says all of it at once', () => {
  const config = parseConfig({ PORT: 'x', TLS: 'y', BACKUP_KEEP: '1', METRICS_PORT: 'z' })
  const names = 'problems' in config ? config.problems.map(({ name }) => name) : []
  expect(names).toEqual(['PORT', 'SESSION_SECRET', 'TLS', 'BACKUP_KEEP', 'METRICS_PORT'])
})

it('sends those who have a server to the server’s own backups', () => {
  const config = parseConfig({ ...enough, DATABASE_URL: aServersAddress, BACKUP_FOLDER: '/b' })
  expect(config).toEqual({ problems: [{ name: 'BACKUP_FOLDER', reason: expect.stringContaining('pg_dump') }] })
})
