/** The settings of an installation: the least that is enough, and everything that can be wrong with them, said at once. */
import { describe, expect, it } from 'vitest'
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

describe('sign-in by OpenID Connect', () => {
  const provider = {
    OIDC_ISSUER: 'https://login.example.org/realms/hospital',
    OIDC_CLIENT_ID: 'toroku',
    OIDC_CLIENT_SECRET: 'a secret',
    OIDC_NAME: '大学の認証基盤',
    OIDC_REDIRECT_URI: 'https://toroku.example.org/session/oidc/callback',
  }
  const problemsOf = (env: Record<string, string>) => {
    const config = parseConfig({ ...enough, TLS: 'proxy', ...env })
    return 'problems' in config ? config.problems : []
  }

  it('is off where nothing is said of it, and as it was set where all is said', () => {
    expect(configOf({}).openId).toBeNull()
    expect(configOf({ OIDC_ISSUER: '', OIDC_NAME: ' ' }).openId).toBeNull()
    expect(configOf({ TLS: 'proxy', ...provider }).openId).toEqual({
      issuer: provider.OIDC_ISSUER,
      clientId: 'toroku',
      clientSecret: 'a secret',
      name: '大学の認証基盤',
      redirectUri: provider.OIDC_REDIRECT_URI,
    })
  })

  it.each(Object.keys(provider))('is refused by half: without %s', (name) => {
    const problems = problemsOf({ ...provider, [name]: '' })
    expect(problems).toEqual([{ name, reason: expect.stringContaining('needs all of OIDC_*') }])
    expect(JSON.stringify(problems)).not.toContain('a secret')
  })

  it.each([
    ['OIDC_ISSUER', 'http://login.example.org'],
    ['OIDC_ISSUER', 'http://127.0.0.1.example.org'],
    ['OIDC_ISSUER', 'login.example.org'],
    ['OIDC_ISSUER', 'https://login.example.org/?realm=hospital'],
    ['OIDC_ISSUER', 'https://me@login.example.org'],
    ['OIDC_ISSUER', 'file:///etc/passwd'],
    ['OIDC_REDIRECT_URI', 'http://toroku.example.org/session/oidc/callback'],
    ['OIDC_REDIRECT_URI', 'https://toroku.example.org/'],
    ['OIDC_REDIRECT_URI', 'https://toroku.example.org/session/oidc/callback?to=/'],
  ])('is refused over %s=%s', (name, value) => {
    expect(problemsOf({ ...provider, [name]: value }).map((problem) => problem.name)).toEqual([name])
  })

  it('may be tried without TLS on one machine, and is not mixed with it', () => {
    const here = {
      OIDC_ISSUER: 'http://127.0.0.1:4000',
      OIDC_REDIRECT_URI: 'http://localhost:3000/session/oidc/callback',
    }
    expect(configOf({ ...provider, ...here }).openId).toMatchObject({ issuer: here.OIDC_ISSUER })
    expect(problemsOf({ ...provider, TLS: 'none' })).toEqual([
      { name: 'OIDC_REDIRECT_URI', reason: 'is reached over TLS: set TLS=proxy' },
    ])
  })
})
