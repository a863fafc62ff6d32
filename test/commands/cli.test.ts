/** The `toroku` command: what it says, what it returns, and that what it refuses changes nothing. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { choosePassword } from '../../server/actions/choose-password.ts'
import type { Command } from '../../server/commands/command.ts'
import { databaseAddress } from '../../server/config.ts'
import { auditedTables, type Db } from '../../server/db/database.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { passwordFits } from '../../server/db/password-hash.ts'
import { findActor, findCredentials } from '../../server/db/people.ts'
import { findTrialByCode } from '../../server/db/trials.ts'
import { wordsFor } from '../../server/i18n/words.ts'
import { projectFolder } from '../../server/project-folder.ts'
import { testContext } from '../support/context.ts'
import { copyOf } from '../support/databases.ts'
import { addressOfNothing } from '../support/raw.ts'

let runCommandLine: (words: readonly string[]) => Promise<number>
let commands: readonly Command[]
const folder = mkdtempSync(join(tmpdir(), 'toroku-commands-'))

beforeAll(async () => {
  // The file runs what stands on the command line when it is loaded: here that is a question for help.
  const { argv } = process
  process.argv = ['node', 'toroku', '--help']
  const quiet = vi.spyOn(console, 'log').mockImplementation(() => {})
  ;({ runCommandLine, commands } = await import('../../server/cli.ts'))
  quiet.mockRestore()
  process.argv = argv
})
afterEach(() => vi.restoreAllMocks())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Ran = { code: number; out: string; err: string }

/** Runs a command line within this process: what it printed, and its exit code. */
async function toroku(words: readonly string[], input = ''): Promise<Ran> {
  const out: string[] = []
  const err: string[] = []
  vi.spyOn(console, 'log').mockImplementation((...said) => void out.push(said.join(' ')))
  vi.spyOn(console, 'error').mockImplementation((...said) => void err.push(said.join(' ')))
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from([input]) as unknown as typeof process.stdin)
  try {
    return { code: await runCommandLine(words), out: out.join('\n'), err: err.join('\n') }
  } finally {
    vi.restoreAllMocks()
  }
}

async function opened<T>(address: string, work: (db: Db) => Promise<T>): Promise<T> {
  const db = await openDatabase(databaseAddress(address))
  try {
    return await work(db)
  } finally {
    await engineOf(db).close()
  }
}

/** How many rows every table has: the same before and after means that nothing was written. */
function sizesOf(address: string): Promise<Record<string, number>> {
  return opened(address, async (db) => {
    const counts = [...auditedTables, 'audit_entry'].map(
      (table) => sql`select ${sql.lit(table)} as name, count(*) as size from ${sql.table(table)}`,
    )
    const all = sql<{ name: string; size: number }>`${sql.join(counts, sql` union all `)}`
    const { rows } = await all.execute(engineOf(db).writer)
    return Object.fromEntries(rows.map(({ name, size }) => [name, Number(size)]))
  })
}

/** An exit code 2, every reason on a line of its own, no stack, and nothing written. */
async function refused(address: string, words: readonly string[], input = ''): Promise<string> {
  const before = await sizesOf(address)
  const [command = '', ...rest] = words
  const ran = await toroku([command, '--database', address, ...rest], input)
  expect([words, ran.code, ran.out]).toEqual([words, 2, ''])
  expect(ran.err).not.toMatch(/\bat \w+ \(|node_modules|\.ts:\d/)
  expect(await sizesOf(address)).toEqual(before)
  return ran.err
}

describe('help', () => {
  it('names every command with what it does, and no others', async () => {
    for (const words of [['--help'], ['-h'], ['help']]) {
      const { code, out } = await toroku(words)
      expect(code).toBe(0)
      const listed = out.split('\n').flatMap((line) => /^ {2}([\w-]+) {2,}(\S.*)$/.exec(line)?.slice(1, 3) ?? [])
      expect(listed).toEqual(commands.flatMap(({ name, summary }) => [name, summary]))
    }
    expect(commands.map(({ name }) => name)).toEqual([
      'serve',
      'demo',
      'migrate',
      'verify',
      'backup',
      'restore',
      'copy',
      'archive',
      'user',
      'trial',
      'import',
      'report',
      'project',
      'backtest',
      'check-request',
      'policy',
    ])
  })

  it('of a command says how it is called, every option that it takes, and its exit codes', async () => {
    for (const { name, options } of commands) {
      for (const flag of ['--help', '-h']) {
        const { code, out } = await toroku([name, flag])
        expect([name, code]).toEqual([name, 0])
        expect(out).toMatch(new RegExp(`^toroku ${name}\\b`))
        expect(out).toMatch(/Exit code/)
        expect(Object.keys(options).filter((option) => !out.includes(`--${option}`))).toEqual([])
        const mentioned = new Set(out.match(/(?<=--)[a-z][a-z-]+/g))
        expect([...mentioned].filter((option) => !Object.hasOwn(options, option))).toEqual([])
      }
    }
  })

  it('is what somebody gets who says nothing, with exit code 2', async () => {
    const { code, out } = await toroku([])
    expect([code, out.split('\n')[0]]).toEqual([2, 'toroku SUBCOMMAND [options]'])
  })
})

describe('a command line that cannot be understood', () => {
  it.each([
    [['frobnicate'], 'frobnicate'],
    [['constructor'], 'constructor'],
    [['migrate', '--frobnicate'], '--frobnicate'],
    [['migrate', 'now'], 'toroku migrate'],
    [['verify', '--database'], '--database'],
    [['verify', '--json=yes'], '--json'],
    [['user'], 'toroku user'],
    [['user', 'add'], 'toroku user'],
    [['user', 'remove', 'somebody'], 'only list, add, invite'],
    [['trial', 'open'], 'toroku trial open TRIAL.json'],
    [['trial', 'close', 'x.json'], 'toroku trial open TRIAL.json'],
    [['demo', '--port', 'http'], 'http is no port number'],
    [['demo', '--port', '65536'], '65536 is no port number'],
    [['backtest'], 'toroku backtest DIR'],
    [['backtest', 'here', 'there'], 'toroku backtest DIR'],
    [['backtest', 'no-such-folder'], 'no-such-folder'],
    [['backtest', '.', '--method', 'guess'], 'no method guess'],
  ])('is answered with exit code 2 and what is wrong: %j', async (words, said) => {
    const { code, out, err } = await toroku(words)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(said)
    expect(err).not.toMatch(/\bat \w+ \(|node_modules/)
  })
})

describe('toroku migrate', () => {
  it('brings an empty database to the schema, says what it did, and does nothing the second time', async () => {
    const address = await addressOfNothing(await copyOf('empty'), `nothing_${randomUUID().replaceAll('-', '')}`)
    const first = await toroku(['migrate', '--database', address])
    expect([first.code, first.err]).toEqual([0, ''])
    expect(first.out.split('\n')[0]).toBe('migrated: 0001-house')
    expect(await toroku(['migrate', '--database', address])).toEqual({ code: 0, out: 'up to date', err: '' })
    const json = await toroku(['migrate', '--database', address, '--json'])
    expect(JSON.parse(json.out)).toEqual({ migrated: [] })
  })

  it('says with --json what it did', async () => {
    const address = await addressOfNothing(await copyOf('empty'), `nothing_${randomUUID().replaceAll('-', '')}`)
    const { code, out } = await toroku(['migrate', '--json', '--database', address])
    expect(code).toBe(0)
    expect(JSON.parse(out).migrated[0]).toBe('0001-house')
  })

  it('refuses a database that is newer than the program', async () => {
    const address = await newer()
    expect(await refused(address, ['migrate'])).toBe(
      'toroku migrate: the database is newer than this program: it holds 9999-later',
    )
  })
})

/** A database that a later version of the program has migrated. */
async function newer(): Promise<string> {
  const address = await copyOf('empty')
  const later = sql`insert into kysely_migration (name, timestamp) values ('9999-later', '2030-01-01T00:00:00.000Z')`
  await opened(address, (db) => later.execute(engineOf(db).writer))
  return address
}

describe('toroku verify', () => {
  it('agrees with the demonstration: exit code 0, and how much was replayed', async () => {
    const address = await copyOf('demo')
    const plain = await toroku(['verify', '--database', address])
    expect([plain.code, plain.err]).toEqual([0, ''])
    expect(plain.out).toMatch(/^agrees: \d+ audit entries, \d+ rows, \d+ subjects with their daily counts$/)
    const json = await toroku(['verify', '--database', address, '--json'])
    const said = JSON.parse(json.out)
    const count = expect.any(Number)
    expect(said).toEqual({
      ok: true,
      entries: count,
      rows: count,
      subjects: count,
      anchors: 0,
      attachments: 0,
      finding: null,
    })
    expect(said.entries).toBe((await sizesOf(address)).audit_entry)
    expect(said.subjects).toBeGreaterThan(40)
  })

  it('names the first thing that is wrong: exit code 1', async () => {
    const address = await copyOf('demo')
    await opened(address, (db) => sql`update site set name_en = 'Elsewhere'`.execute(engineOf(db).writer))
    const plain = await toroku(['verify', '--database', address])
    expect([plain.code, plain.err]).toEqual([1, ''])
    expect(plain.out).toMatch(/^wrong: a row differs from its last audit entry: .*site/)
    const json = await toroku(['verify', '--json', '--database', address])
    expect(json.code).toBe(1)
    const finding = { what: 'row_changed', place: expect.stringMatching(/^site/) }
    expect(JSON.parse(json.out)).toMatchObject({ ok: false, finding })
  })

  it('has nothing to look at where there is no database, or not of this program’s schema: exit code 2', async () => {
    const prepared = await copyOf('empty')
    const { code, out, err } = await toroku(['verify', '--database', `${prepared}_missing`])
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(/^toroku verify: .*_missing/)
    expect(err.split('\n')).toHaveLength(1)
    expect(err).not.toMatch(/toroku:toroku@/)

    expect(await refused(await newer(), ['verify'])).toContain('ahead')
    const behind = await copyOf('empty')
    await opened(behind, (db) => sql`delete from kysely_migration`.execute(engineOf(db).writer))
    expect(await refused(behind, ['verify'])).toContain('behind')
  })
})

describe('toroku user', () => {
  const password = 'a password of enough length'
  const add = (username: string) => ['user', 'add', username, '--name-ja', '山田', '--name-en', 'Yamada']

  it('adds a person with the password from standard input, and never says it again', async () => {
    const address = await copyOf('demo')
    const ran = await toroku([...add('yamada'), '--database', address], `${password}\n`)
    expect(ran).toEqual({ code: 0, out: 'added: yamada', err: '' })
    await opened(address, async (db) => {
      const credentials = await findCredentials(db, 'yamada')
      expect(await passwordFits(password, credentials?.passwordHash ?? null, 2 ** 15)).toBe(true)
      expect((await findActor(db, credentials?.personId ?? ''))?.name).toEqual({ ja: '山田', en: 'Yamada' })
    })
  })

  it('takes one name for both languages, a password with Windows line ends, and says the identifier as JSON', async () => {
    const address = await copyOf('demo')
    const words = ['user', 'add', 'yamada', '--name-en', 'Yamada', '--json', '--database', address]
    const { code, out } = await toroku(words, `${password}\r\nsecond line`)
    expect(code).toBe(0)
    const { personId } = JSON.parse(out)
    await opened(address, async (db) => {
      expect((await findActor(db, personId))?.name).toEqual({ ja: 'Yamada', en: 'Yamada' })
      const credentials = await findCredentials(db, 'yamada')
      expect(await passwordFits(password, credentials?.passwordHash ?? null, 2 ** 15)).toBe(true)
    })
  })

  it('refuses a short or missing password, a name that is taken or malformed, and nobody’s name', async () => {
    const address = await copyOf('demo')
    expect(await refused(address, add('yamada'), 'too short\n')).toContain('15')
    expect(await refused(address, add('yamada'), '')).toContain('15')
    expect(await refused(address, add('demo-pi'), password)).toContain('demo-pi')
    for (const username of ['Yamada', 'y', '-yamada', 'ya mada', 'やまだ', 'x'.repeat(65)]) {
      expect(await refused(address, ['user', 'add', '--name-en', 'Y', '--', username], password)).toContain(
        wordsFor('en').of('problem', 'username_malformed'),
      )
    }
    expect(await refused(address, ['user', 'add', 'yamada'], password)).toContain('--name-ja or --name-en')
    const both = await refused(address, ['user', 'add', 'Y', '--name-en', 'Y'], 'short')
    expect(both.split('\n')).toHaveLength(2)
    expect(both).not.toContain('short\n')
  })

  it('grants a role of a trial, of a site of it, and of the system', async () => {
    const address = await copyOf('demo')
    await toroku([...add('yamada'), '--database', address], password)
    const grant = (...words: string[]) => toroku(['user', 'grant', 'yamada', ...words, '--database', address])
    const said = { code: 0, out: 'granted: yamada', err: '' }
    expect(await grant('--role', 'data_manager', '--trial', 'SSC-BMC')).toEqual(said)
    expect(await grant('--role', 'coordinator', '--trial', 'SSC-BMC', '--site', '02')).toEqual(said)
    expect(await grant('--role', 'administrator')).toEqual(said)
    await opened(address, async (db) => {
      const credentials = await findCredentials(db, 'yamada')
      const trial = await findTrialByCode(db, 'SSC-BMC')
      const grants = (await findActor(db, credentials?.personId ?? ''))?.grants ?? []
      expect(grants.map(({ role, trialId, siteId }) => [role, trialId, siteId !== null])).toEqual(
        expect.arrayContaining([
          ['data_manager', trial?.id, false],
          ['coordinator', trial?.id, true],
          ['administrator', null, false],
        ]),
      )
      expect(grants).toHaveLength(3)
    })
  })

  it('refuses a role that there is not, a person, trial or site that there is not, and a role out of its reach', async () => {
    const address = await copyOf('demo')
    const grant = (...words: string[]) => refused(address, ['user', 'grant', ...words])
    expect(await grant('demo-pi')).toContain('--role is one of coordinator')
    expect(await grant('demo-pi', '--role', 'owner')).toContain('--role is one of coordinator')
    expect(await grant('nobody', '--role', 'auditor', '--trial', 'SSC-BMC')).toContain('nobody is named nobody')
    expect(await grant('demo-pi', '--role', 'auditor', '--trial', 'NONE')).toContain('no trial NONE')
    expect(await grant('demo-pi', '--role', 'coordinator', '--trial', 'SSC-BMC', '--site', '99')).toContain(
      'no site 99',
    )
    expect(await grant('demo-pi', '--role', 'auditor')).toMatch(/trial/i)
    expect(await grant('demo-pi', '--role', 'coordinator', '--trial', 'SSC-BMC')).toMatch(/site/i)
    expect(await grant('demo-pi', '--role', 'auditor', '--trial', 'SSC-BMC', '--site', '01')).toMatch(/trial/i)
    expect(await grant('demo-pi', '--role', 'administrator', '--trial', 'SSC-BMC')).toMatch(/system|installation/i)
    expect(await grant('demo-pi', '--role', 'administrator', '--site', '01')).toMatch(/--trial|site/i)
    // A site is looked for in its own trial: 02 is one of SSC-BMC, and none of STR01-03.
    const elsewhere = ['--role', 'coordinator', '--trial', 'STR01-03', '--site', '02']
    expect(await grant('demo-pi', ...elsewhere)).toContain('no site 02 in STR01-03')
  })

  it('lists people with where their accounts stand, and the roles they hold', async () => {
    const address = await copyOf('demo')
    await toroku(['user', 'invite', 'm.sato', '--name-en', 'Mari Sato', '--database', address])
    const listed = await toroku(['user', 'list', '--database', address])
    expect(listed.code).toBe(0)
    expect(listed.out.split('\n')).toHaveLength(9)
    expect(listed.out).toMatch(/^demo-crc2 +active +password +Aoi Suzuki {2}(\[coordinator [\w-]+ 02\] *){2}$/m)
    expect(listed.out).toMatch(/^demo-admin +active +password +Naoko Kobayashi {2}\[administrator\]$/m)
    expect(listed.out).toMatch(/^m\.sato +invited +- +Mari Sato$/m)
    const json = JSON.parse((await toroku(['user', 'list', '--json', '--database', address])).out)
    expect(json.at(-1)).toMatchObject({
      username: 'm.sato',
      state: 'invited',
      ways: [],
      secondFactor: false,
      roles: [],
    })
    expect(JSON.stringify(json)).not.toMatch(/password":|_hash|scrypt/)
    expect((await toroku(['user', 'list', '--database', await copyOf('empty')])).out).toBe('nobody')
  })

  it('invites, resets, disables: a link that works once, and an account that is over', async () => {
    const address = await copyOf('demo')
    const run = (...words: string[]) => toroku(['user', ...words, '--database', address])
    const invited = await run('invite', 'm.sato', '--name-en', 'Mari Sato', '--url', 'https://toroku.example.org/')
    const link = /^https:\/\/toroku\.example\.org\/access\?token=([\w-]{43})$/m
    expect(invited.out).toMatch(link)
    const token = link.exec(invited.out)?.[1] ?? ''
    await opened(address, async (db) => {
      const context = testContext(db, new Date().toISOString())
      expect(await choosePassword(context, token, password)).toEqual({ value: { username: 'm.sato' } })
      expect(await choosePassword(context, token, password)).toMatchObject({ problems: [{ code: 'link_over' }] })
    })
    expect((await run('reset', 'm.sato')).out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/access\?token=/)
    expect(await run('disable', 'm.sato')).toEqual({ code: 0, out: 'disabled: m.sato', err: '' })
    expect(await refused(address, ['user', 'reset', 'm.sato'])).toContain('has ended')
    expect(await refused(address, ['user', 'disable', 'm.sato'])).toContain('has ended')
    expect(await refused(address, ['user', 'disable', 'demo-admin'])).toContain('last administrator')
    expect(await refused(address, ['user', 'disable', 'nobody'])).toContain('no such person')
    expect(await refused(address, ['user', 'invite', 'demo-pi', '--name-en', 'P'])).toContain('demo-pi')
    await opened(address, async (db) => expect(await findCredentials(db, 'm.sato')).toBeNull())
  })

  it('ends a role that is held, and no other', async () => {
    const address = await copyOf('demo')
    const end = (...words: string[]) => ['user', 'end', 'demo-crc', '--role', 'coordinator', ...words]
    expect(await refused(address, end('--trial', 'SSC-BMC'))).toContain('does not hold')
    expect(await refused(address, end('--trial', 'SSC-BMC', '--site', '02'))).toContain('does not hold')
    const here = end('--trial', 'SSC-BMC', '--site', '01')
    expect(await toroku([...here, '--database', address])).toEqual({ code: 0, out: 'ended: demo-crc', err: '' })
    expect(await refused(address, here)).toContain('does not hold')
    const last = ['user', 'end', 'demo-admin', '--role', 'administrator']
    expect(await refused(address, last)).toContain('last administrator')
  })

  it('says in one line that a database does not answer', async () => {
    writeFileSync(join(folder, 'no-database'), 'this file is a text')
    for (const address of [join(folder, 'no-database'), folder]) {
      for (const words of [['migrate'], ['verify'], add('yamada'), ['trial', 'open', join(folder, 'no-database')]]) {
        const { code, out, err } = await toroku([...words, '--database', address], password)
        expect([words, code, out]).toEqual([words, 2, ''])
        expect(err.split('\n')).toHaveLength(1)
      }
    }
  })

  it('refuses a database that is newer than the program, in one line', async () => {
    const said = await refused(await newer(), add('yamada'), password)
    expect(said).toBe('toroku user: the database is newer than this program: it holds 9999-later')
  })
})

describe('toroku trial', () => {
  const both = (text: string) => ({ ja: text, en: text })
  const small = () => ({
    trial: { code: 'NEW-01', name: both('新'), title: both('新しい試験'), condition: both('病'), design: 'single_arm' },
    terms: {
      targetNumber: 10,
      registrationFrom: '2026-01-01',
      registrationUntil: '2027-12-31',
      costBearer: 'research_funds',
      plan: { startsOn: '2026-01-01', startsAtNumber: 0, reachesNumber: 10 },
      effectiveFrom: '2026-01-01',
    },
    sites: [
      { code: '01', name: both('施設'), statuses: [{ status: 'open', from: '2026-01-01' }] },
      { code: '02', name: both('施設二') },
    ] as { code: string; name: { ja: string; en: string }; statuses?: object[] }[],
    milestones: [
      { code: 'consent', label: both('同意'), kind: 'screening', necessity: 'required' },
      {
        code: 'registration',
        label: both('登録'),
        kind: 'registration_stage',
        necessity: 'required',
        counting: 'target',
      },
    ] as Record<string, unknown>[],
    consentVersions: [{ label: both('第1版') }],
  })

  function file(content: unknown): string {
    const path = join(folder, `${randomUUID()}.json`)
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
    return path
  }

  it('opens a trial from a file, once', async () => {
    const address = await copyOf('empty')
    const path = file(small())
    const first = await toroku(['trial', 'open', path, '--json', '--database', address])
    expect([first.code, first.err]).toEqual([0, ''])
    const { trialId, siteIds } = JSON.parse(first.out)
    expect(Object.keys(siteIds)).toEqual(['01', '02'])
    const trial = await opened(address, (db) => findTrialByCode(db, 'NEW-01'))
    expect(trial).toMatchObject({ id: trialId, timeZone: 'Asia/Tokyo', riskClass: 'none' })
    expect(await refused(address, ['trial', 'open', path])).toContain('NEW-01')
    expect((await toroku(['verify', '--database', address])).code).toBe(0)
  })

  it('prints the form of the file as JSON Schema, with every part that a trial has', async () => {
    const { code, out } = await toroku(['trial', 'schema'])
    expect(code).toBe(0)
    const schema = JSON.parse(out)
    expect(schema.additionalProperties).toBe(false)
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(Object.keys(small())))
  })

  it('says every problem of a file on a line of its own, with its place, and opens nothing', async () => {
    const address = await copyOf('empty')
    const wrong = small()
    const { trial, terms } = wrong as unknown as Record<string, Record<string, unknown>>
    Object.assign(trial ?? {}, { timeZone: 'Asia/Nowhere', sponsor: 'somebody' })
    Object.assign(terms ?? {}, { registrationUntil: '2026-02-30', targetNumber: -1 })
    wrong.sites[0]!.statuses = [{ status: 'open', from: '2026-13-01' }]
    wrong.milestones[0]!.kind = 'party'
    const lines = (await refused(address, ['trial', 'open', file({ ...wrong, owner: 'x' })])).split('\n')
    const places = lines.map((line) => line.replace(/^toroku trial: /, '').split(':')[0])
    expect(places.sort()).toEqual([
      '(whole)',
      'milestones.0.kind',
      'sites.0.statuses.0.from',
      'terms.registrationUntil',
      'terms.targetNumber',
      'trial',
      'trial.timeZone',
    ])
    expect(lines.find((line) => line.includes('(whole)'))).toContain('"owner"')
    expect(lines.find((line) => /\btrial: Unrecognized/.test(line))).toContain('"sponsor"')
  })

  it.each([
    '2026-02-29',
    '2026-6-1',
    '2026/06/01',
    '20260601',
    '令和8年6月1日',
    '2026-06-01T00:00:00Z',
    '',
    20260601,
    null,
  ])('takes no such day for a date: %j', async (day) => {
    const address = await copyOf('empty')
    const wrong = { ...small(), terms: { ...small().terms, effectiveFrom: day } }
    expect(await refused(address, ['trial', 'open', file(wrong)])).toMatch(/terms\.effectiveFrom: /)
  })

  it('refuses a file that is missing, no JSON, or no trial', async () => {
    const address = await copyOf('empty')
    const open = (path: string) => refused(address, ['trial', 'open', path])
    expect(await open(join(folder, 'missing.json'))).toContain('missing.json')
    expect(await open(file('{"trial": '))).toMatch(/\.json: .*JSON/)
    expect(await open(file(''))).toMatch(/\.json: .*JSON/)
    for (const content of ['null', '[]', '"x"', '{}', '{"__proto__": {}}'])
      expect(await open(file(content))).toMatch(/: /)
  })

  it('refuses a pathway without a milestone that counts, and one that names a site or milestone twice', async () => {
    const address = await copyOf('empty')
    const uncounted = small()
    delete uncounted.milestones[1]!.counting
    expect(await refused(address, ['trial', 'open', file(uncounted)])).toMatch(/milestones: /)
    const doubled = small()
    doubled.sites.push({ ...doubled.sites[0]! })
    expect(await refused(address, ['trial', 'open', file(doubled)])).toMatch(/sites/)
    const twice = small()
    twice.milestones.push({ ...twice.milestones[1]!, counting: 'none', kind: 'visit' })
    expect(await refused(address, ['trial', 'open', file(twice)])).toMatch(/milestones/)
  })
})

describe('a server of its own process', () => {
  const started: ChildProcess[] = []
  afterAll(() => {
    for (const child of started) if (child.exitCode === null) child.kill('SIGKILL')
  })

  type Process = { child: ChildProcess; output: () => string; ended: Promise<{ code: number | null; seconds: number }> }

  function start(words: readonly string[], env: Record<string, string>): Process {
    const { DATABASE_URL: _, PORT: __, SESSION_SECRET: ___, ...inherited } = process.env
    const child = spawn(process.execPath, ['--import', 'tsx', 'server/cli.ts', ...words], {
      cwd: projectFolder,
      env: { ...inherited, ...env },
    })
    started.push(child)
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk))
    const from = performance.now()
    const ended = new Promise<{ code: number | null; seconds: number }>((resolve) =>
      child.once('exit', (code) => resolve({ code, seconds: (performance.now() - from) / 1000 })),
    )
    return { child, output: () => said, ended }
  }

  async function listening({ output, ended }: Process): Promise<string> {
    let isOver = false
    void ended.then(() => (isOver = true))
    for (;;) {
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output())?.[0]
      if (url !== undefined) return url
      if (isOver) throw new Error(`it ended: ${output()}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  /** A port that somebody else listens on until the test is over. */
  async function takenPort(): Promise<string> {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => new Promise<void>((resolve) => void other.close(() => resolve())))
    const address = other.address()
    return String(typeof address === 'object' ? address?.port : '')
  }

  const settings = { SESSION_SECRET: 'x'.repeat(32), PORT: '0', LOG_LEVEL: 'silent' }

  it('is not started with settings that cannot be used: every one is named, exit code 2', async () => {
    const server = start(['serve'], { PORT: 'http', SESSION_SECRET: 'short', TLS: 'maybe', LOG_LEVEL: 'loud' })
    expect((await server.ended).code).toBe(2)
    const lines = server.output().trim().split('\n')
    expect(lines.map((line) => line.split(' ')[0]).sort()).toEqual(['LOG_LEVEL', 'PORT', 'SESSION_SECRET', 'TLS'])
    expect(server.output()).not.toContain('short')
  })

  it('prints a link for the first administrator where nobody has an account, and none where somebody has', async () => {
    const data = await copyOf('empty')
    const server = start(['serve'], { ...settings, DATABASE_URL: data })
    const url = await listening(server)
    await expect.poll(() => server.output()).toMatch(/\/access\?token=[\w-]{43}/)
    const path = /\/access\?token=[\w-]{43}/.exec(server.output())?.[0] ?? ''
    expect((await fetch(url + path)).status).toBe(200)
    server.child.kill('SIGTERM')
    await server.ended
    const password = 'rain on the roof at night'
    await toroku(['user', 'add', 'first', '--name-en', 'First', '--database', data], password)
    const again = start(['serve'], { ...settings, DATABASE_URL: data })
    const address = await listening(again)
    expect((await fetch(address + path)).status).toBe(404)
    expect(again.output()).not.toContain('token')
    again.child.kill('SIGTERM')
    await again.ended
  })

  it('says plainly that its port is taken, and ends at once', async () => {
    const port = await takenPort()
    const data = await copyOf('demo')
    const server = start(['serve'], { ...settings, DATABASE_URL: data, PORT: port })
    const demo = start(['demo', '--port', port, '--data', data], {})
    for (const [process, code] of [
      [server, 1],
      [demo, 2],
    ] as const) {
      const ended = await process.ended
      expect(ended.code).toBe(code)
      expect(process.output().trim().split('\n')).toHaveLength(1)
      expect(process.output()).toContain(`port ${port} is already in use`)
    }
    // A pool that was left open would hold the process for ten seconds more.
    expect(Math.abs((await demo.ended).seconds - (await server.ended).seconds)).toBeLessThan(6)
  })

  it('finishes what is in flight when it is told to stop, and ends within ten seconds with exit code 0', async () => {
    const server = start(['serve'], { ...settings, DATABASE_URL: await copyOf('demo') })
    const url = await listening(server)
    const page = await fetch(`${url}/session/new`)
    const token = /name="csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
    const cookie = page.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')

    // A connection that stays open, as a browser's does, and a request that takes its time: a password is hashed.
    const agent = new Agent({ keepAlive: true })
    await new Promise<void>((resolve, reject) =>
      get(`${url}/healthz`, { agent }, (response) => response.resume().on('end', resolve)).on('error', reject),
    )
    const body = new URLSearchParams({ csrf: token, username: 'nobody', password: 'a wrong password', returnTo: '/' })
    const signingIn = fetch(`${url}/session`, { method: 'POST', headers: { cookie }, body })
    await new Promise((resolve) => setTimeout(resolve, 50))

    const asked = performance.now()
    server.child.kill('SIGTERM')
    expect((await signingIn).status).toBe(422)
    const { code } = await server.ended
    expect([code, performance.now() - asked < 10_000]).toEqual([0, true])
    await expect(fetch(`${url}/healthz`)).rejects.toThrow()
    agent.destroy()
  })
})
