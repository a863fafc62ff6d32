/**
 * The dependency rule, as data: from where to where an import may point. What is not listed is not allowed.
 * The first rows are the rule of the house; a row or entry that goes beyond it says why.
 */
import { describe, expect, it } from 'vitest'
import { type Import, importsOf } from './imports.ts'
import { type Source, sourcesIn, withoutComments } from './sources.ts'

type Rule = {
  /** A folder, or one file; the longest that fits decides. */
  from: string
  /** Folders and files of the project, besides the folder itself. */
  may: readonly string[]
  /** As `may`, but only types: nothing remains of it when it runs. */
  mayTypes?: readonly string[]
  packages?: readonly (string | RegExp)[]
  /** Files of the same folder may not know each other. */
  apart?: true
  because?: string
}

const rules: readonly Rule[] = [
  { from: 'server/domain', may: [], packages: [/^@stdlib\//] },
  { from: 'server/keep-newest.ts', may: [], because: 'what is kept is kept in the same way wherever it is' },
  { from: 'server/turns.ts', may: [], because: 'a process has one loop, whoever does something in it' },
  {
    from: 'server/db',
    may: ['server/domain', 'server/config.ts', 'server/keep-newest.ts', 'server/turns.ts'],
    mayTypes: ['server/context.ts'],
    packages: ['kysely', 'node:crypto'],
    because: 'node:crypto: hashes of the audit trail, of passwords and of session identifiers are part of the rows',
  },
  {
    from: 'server/db/dialect',
    may: ['server/config.ts', 'server/db/database.ts', 'server/turns.ts'],
    packages: [
      'kysely',
      'better-sqlite3',
      'pg',
      'node:fs',
      'node:fs/promises',
      'node:module',
      'node:path',
      'node:util',
    ],
    because: 'the seam: it alone opens files and servers. node:module: where the library lies, for a thread of its own',
  },
  ...['apart', 'checkpoints'].map((name) => ({
    from: `server/db/dialect/${name}.ts`,
    may: [],
    packages: ['node:worker_threads'],
    because: 'what takes long and needs nothing of this program is asked in a thread of its own',
  })),
  {
    from: 'server/db/schema.ts',
    may: ['server/db', 'migrations/index.ts'],
    packages: ['kysely'],
    because: 'it runs the migrations, which are nobody else’s matter',
  },
  ...['anchors', 'backup'].map((name) => ({
    from: `server/db/${name}.ts`,
    may: ['server/db', 'server/files'],
    packages: ['node:crypto', 'node:fs', 'node:fs/promises', 'node:path'],
    because: 'backups and anchors are files outside the database',
  })),
  {
    from: 'server/db/restore.ts',
    may: ['server/db', 'server/files', 'migrations/index.ts'],
    packages: ['node:fs', 'node:fs/promises', 'node:path'],
    because: 'a file becomes a database; one that knows no migration never was one',
  },
  { from: 'server/actions', may: ['server/domain', 'server/db', 'server/context.ts'], apart: true },
  ...['import-rows.ts', 'import'].map((name) => ({
    from: `server/actions/${name}`,
    may: ['server/domain', 'server/db', 'server/context.ts', 'server/actions'],
    because: 'it does what people do by hand, through the same verbs, as one change: their rules stay in one place',
  })),
  {
    from: 'server/spreadsheet',
    may: ['server/domain'],
    packages: ['csv-parse/sync', 'node:crypto', 'node:zlib', 'node:worker_threads', 'node:module'],
    because:
      'rows out of files, for both front doors. node:crypto: the digest by which a file is known again; node:zlib: how much a workbook unpacks to; node:worker_threads, node:module: read-excel-file is loaded in a thread with limits of its own',
  },
  { from: 'server/pages', may: ['server/domain', 'server/i18n'] },
  {
    from: 'server/i18n',
    may: ['server/domain'],
    packages: ['i18next'],
    because: 'formats of dates and numbers need the calendar of the domain',
  },
  {
    from: 'server/http',
    may: [
      'server/domain',
      'server/db',
      'server/actions',
      'server/pages',
      'server/i18n',
      'server/spreadsheet',
      'server/context.ts',
      'server/keep-newest.ts',
      'server/turns.ts',
    ],
    mayTypes: ['server/config.ts', 'server/openid'],
    packages: [
      'express',
      'express-session',
      'csrf-sync',
      'helmet',
      'multer',
      'handlebars',
      'qrcode',
      'zod',
      'csv-parse/sync',
      'csv-stringify',
      'write-excel-file/node',
      'docx',
      'node:crypto',
      'node:fs',
      'node:http',
      'node:path',
      'node:stream',
      'node:stream/promises',
      'node:util',
    ],
    because:
      'types of the configuration: cookies differ behind TLS. node:stream: files leave as they are made. node:crypto: the digest of a form that was sent; node:http: types of what Express stands on. What it may take of db, stands further below',
  },
  {
    from: 'server/http/calendar-file.ts',
    may: ['server/pages'],
    packages: ['ical-generator'],
    because: 'the one file that knows how calendars are written for programs',
  },
  {
    from: 'server/commands',
    may: [
      'server/domain',
      'server/db',
      'server/actions',
      'server/pages',
      'server/i18n',
      'server/spreadsheet',
      'server/archive',
      'server/files',
      'server/context.ts',
      'server/config.ts',
      'server/project-folder.ts',
    ],
    packages: ['zod', 'node:fs', 'node:path', 'node:util', 'node:crypto'],
    because: 'the command line is a second front door: it parses, acts and says the same words as the pages',
  },
  {
    from: 'server/commands/demo.ts',
    may: ['server/commands', 'server/db', 'server/context.ts', 'server/config.ts', 'server/serve.ts', 'seeds'],
    packages: ['node:crypto', 'node:fs'],
    because: 'the demonstration tells the demo worlds, then serves them',
  },
  {
    from: 'server/commands/report.ts',
    may: [
      'server/commands',
      'server/db',
      'server/domain',
      'server/pages',
      'server/i18n',
      'server/context.ts',
      'server/config.ts',
      'server/http/dashboard-figures.ts',
      'server/http/feasibility-sheet.ts',
    ],
    packages: ['node:fs'],
    because: 'it prints the figures that the pages show: read in the same place, they cannot differ',
  },
  {
    from: 'server/archive',
    may: [
      'server/domain',
      'server/db',
      'server/files',
      'server/i18n',
      'server/pages/audit-values.ts',
      'server/pages/log-file.ts',
      'server/http/spreadsheet.ts',
    ],
    packages: ['zod', 'csv-stringify/sync', 'node:crypto'],
    because:
      'an archive is made of rows, files and words. What it may take of pages and http is the log as a file: the same rows, said the same way',
  },
  {
    from: 'server/commands/policy.ts',
    may: [
      'server/commands',
      'server/domain/policy.ts',
      'server/http/routes.ts',
      'server/pages/policy-document.ts',
      'server/i18n',
      'server/project-folder.ts',
    ],
    because: 'the document of who may do what is made from the routes themselves',
  },
  {
    from: 'server/commands/serve.ts',
    may: ['server/commands', 'server/main.ts'],
    because: '`toroku serve` is the production server under another name',
  },
  {
    from: 'server/app.ts',
    may: ['server/http', 'server/context.ts', 'server/project-folder.ts'],
    packages: ['express', 'pino', 'pino-http', 'node:path'],
  },
  {
    from: 'server/main.ts',
    may: [
      'server/config.ts',
      'server/context.ts',
      'server/db/dialect.ts',
      'server/db/schema.ts',
      'server/serve.ts',
      'server/actions/offer-set-up.ts',
    ],
    packages: ['node:v8'],
    because:
      'the first start lets the first administrator in. node:v8: how much memory the process takes before it collects',
  },
  {
    from: 'server/metrics.ts',
    may: [],
    mayTypes: ['server/http'],
    packages: ['prom-client', 'node:http'],
    because: 'measurements are offered at an address of their own, not by the application',
  },
  {
    from: 'server/daily-anchors.ts',
    may: ['server/db/anchors.ts'],
    mayTypes: ['server/config.ts', 'server/context.ts'],
    packages: ['pino'],
    because: 'what a server does by the clock, beside answering',
  },
  {
    from: 'server/scheduled-backups.ts',
    may: ['server/db/backup.ts'],
    mayTypes: ['server/config.ts', 'server/context.ts'],
    packages: ['pino'],
    because: 'what a server does by the clock, beside answering',
  },
  {
    from: 'server/serve.ts',
    may: [
      'server/app.ts',
      'server/context.ts',
      'server/daily-anchors.ts',
      'server/db/access-records.ts',
      'server/db/dialect.ts',
      'server/http-server.ts',
      'server/metrics.ts',
      'server/scheduled-backups.ts',
    ],
    mayTypes: ['server/config.ts', 'server/db/database.ts'],
    packages: ['pino', 'node:http'],
    because: 'what main and the demonstration share: listening, and stopping gracefully',
  },
  {
    from: 'server/http-server.ts',
    may: ['server/http/security-headers.ts'],
    packages: ['node:http', 'node:net'],
    because: 'limits of connections, and answers to what is no request',
  },
  { from: 'server/cli.ts', may: ['server/commands'], packages: ['node:util'] },
  {
    from: 'server/context.ts',
    may: ['server/domain', 'server/files', 'server/openid', 'server/config.ts'],
    mayTypes: ['server/db/database.ts'],
    packages: ['uuid'],
    because:
      'everything impure is handed in from here: the clock, identifiers, the files that people attached and the provider that says who they are',
  },
  {
    from: 'server/files',
    may: [],
    packages: ['node:crypto', 'node:fs', 'node:fs/promises', 'node:path', 'node:stream/promises'],
    because: 'the folder of attached files, each under its hash: too large for rows, and no matter of an engine',
  },
  {
    from: 'server/openid',
    may: ['server/domain'],
    mayTypes: ['server/config.ts'],
    packages: ['openid-client'],
    because: 'the one folder that knows the protocol: what comes out of it is who somebody is, or why not',
  },
  { from: 'server/config.ts', may: [], mayTypes: ['server/domain'] },
  { from: 'server/project-folder.ts', may: [], packages: ['node:fs', 'node:path', 'node:url'] },
  {
    from: 'seeds',
    may: [
      'server/domain',
      'server/actions',
      'server/context.ts',
      'server/db/trials.ts',
      'server/db/subject-events.ts',
      'server/db/request-records.ts',
      'server/db/reviews.ts',
    ],
    mayTypes: ['server/config.ts'],
    because:
      'a story cites consent versions, events and deciding bodies by the identifiers that they were given, and signs what it has read; it writes through actions only',
  },
  { from: 'migrations', may: ['migrations/support'], packages: ['kysely'] },
]

/** Who may open a database, or take its writer: the seam's own folder, and whoever starts a program. */
const mayTouchTheSeam = /^server\/(db\/|main\.ts|serve\.ts|commands\/)/

function ruleFor(path: string): Rule | undefined {
  const isWithin = ({ from }: Rule) => path === from || path.startsWith(`${from}/`)
  return rules.filter(isWithin).sort((a, b) => b.from.length - a.from.length)[0]
}

const liesIn = (place: string, allowed: readonly string[]) =>
  allowed.some((entry) => place === entry || place.startsWith(`${entry}/`))

function isAllowed(path: string, rule: Rule, { from, isTypeOnly }: Import): boolean {
  const isOurs = /^(server|seeds|migrations|test|public|views)\//.test(from)
  if (!isOurs)
    return (rule.packages ?? []).some((known) => (known instanceof RegExp ? known.test(from) : known === from))
  if (from === 'server/db/dialect.ts' && !mayTouchTheSeam.test(path)) return false
  if (from.startsWith('server/db/dialect/') && !/^server\/db\/dialect[./]/.test(path)) return false
  if (liesIn(from, rule.may) || (isTypeOnly && liesIn(from, rule.mayTypes ?? []))) return true
  const isSameFolder = !rule.from.endsWith('.ts') && liesIn(from, [rule.from])
  return isSameFolder && rule.apart === undefined
}

function violations(source: Source): string[] {
  const rule = ruleFor(source.path)
  if (rule === undefined) return [`${source.path} is in no row of the rule`]
  return importsOf(source)
    .filter((one) => !isAllowed(source.path, rule, one))
    .map(({ from }) => `${source.path} -> ${from}`)
}

const sources = [...sourcesIn('server', '.ts'), ...sourcesIn('seeds', '.ts'), ...sourcesIn('migrations', '.ts')]

describe('the dependency rule', () => {
  it('holds in every file of server, seeds and migrations', () => {
    expect(sources.length).toBeGreaterThan(80)
    expect(sources.flatMap(violations)).toEqual([])
  })

  it('sees every import there is: each `from` of a file was read', () => {
    for (const source of sources) {
      const froms = withoutComments(source.text).match(/(?:^|[\s}])from\s+'[^']+'/g) ?? []
      const named = importsOf(source).filter(({ names }) => names.length > 0)
      expect([source.path, named.length]).toEqual([source.path, froms.length])
    }
  })

  it('has no row that no file follows', () => {
    const followed = new Set(sources.map(({ path }) => ruleFor(path)?.from))
    expect(rules.map(({ from }) => from).filter((from) => !followed.has(from))).toEqual([])
  })

  it.each([
    ['server/domain/site.ts', "import { findSite } from '../db/sites.ts'"],
    ['server/domain/site.ts', "import { readFileSync } from 'node:fs'"],
    ['server/domain/site.ts', "import { Temporal } from 'temporal-polyfill'"],
    ['server/db/sites.ts', "import { liveContext } from '../context.ts'"],
    ['server/db/sites.ts', "import { recordExit } from '../actions/record-exit.ts'"],
    ['server/db/sites.ts', "import Sqlite from 'better-sqlite3'"],
    ['server/db/sites.ts', "import { openFile } from './dialect/file.ts'"],
    ['server/serve.ts', "import type { Engine } from './db/dialect/engine.ts'"],
    ['server/actions/record-exit.ts', "import { grantRole } from './grant-role.ts'"],
    ['server/actions/record-exit.ts', "import { engineOf } from '../db/dialect.ts'"],
    ['server/actions/record-exit.ts', "import { wordsFor } from '../i18n/words.ts'"],
    ['server/pages/site-page.ts', "import type { Db } from '../db/database.ts'"],
    ['server/pages/site-page.ts', "import type { Config } from '../config.ts'"],
    ['server/http/calendar.ts', "import ical from 'ical-generator'"],
    ['server/http/sites.ts', "import { engineOf } from '../db/dialect.ts'"],
    ['server/http/sites.ts', "import { databaseAddress } from '../config.ts'"],
    ['server/http/sites.ts', "export * from '../../seeds/story.ts'"],
    ['server/http/sites.ts', "const later = await import('../serve.ts')"],
    ['server/commands/user.ts', "import { demoPeople } from '../../seeds/demo-people.ts'"],
    ['server/app.ts', "import './db/write.ts'"],
    ['seeds/story.ts', "import { transact } from '../server/db/write.ts'"],
    ['migrations/0002-more.ts', "import { auditedTables } from '../server/db/database.ts'"],
    ['server/strange/file.ts', ''],
  ])('would refuse in %s: %s', (path, text) => {
    expect(violations({ path, text })).toHaveLength(1)
  })
})

describe('http never changes a row by itself', () => {
  const written = sourcesIn('server/db', '.ts')

  /** The sessions are the middleware's own record of who is signed in: they belong to no trial and need no audit entry. */
  const sessionUpkeep = ['endSession', 'forgetOldFailures', 'forgetOldSessions', 'keepSession', 'touchSession']
  /** When a calendar was last fetched: no data of a trial either. */
  const feedUpkeep = ['touchFeed']
  /** How often a guest opened their link. */
  const guestUpkeep = ['touchGuestLink']

  /** How `server/db` declares what it exports: the parameters of a function; null for values and types. */
  function parametersOf(file: string, name: string): string | null {
    const code = withoutComments(written.find(({ path }) => path === file)?.text ?? '')
    if (!new RegExp(`^export (?:async )?(?:function|const|type|class) ${name}\\b`, 'm').test(code)) {
      throw new Error(`${file} exports no ${name}`)
    }
    return new RegExp(`^export (?:async )?function ${name}\\b(?:<[^(]*>)?\\(([^)]*)\\)`, 'm').exec(code)?.[1] ?? null
  }

  const taken = sourcesIn('server/http', '.ts').flatMap((source) =>
    importsOf(source)
      .filter(({ from, isTypeOnly }) => from.startsWith('server/db/') && !isTypeOnly)
      .flatMap(({ from, names }) => names.map((name) => ({ by: source.path, from, name }))),
  )

  it('takes nothing out of db/write.ts', () => {
    expect(taken.length).toBeGreaterThan(25)
    expect(taken.filter(({ from }) => from === 'server/db/write.ts')).toEqual([])
  })

  it('takes no function that is handed a Write, and none that inserts or revises', () => {
    const writing = taken.filter(
      ({ from, name }) =>
        /^(insert|revise|transact|migrate)/.test(name) || /\bWrite\b/.test(parametersOf(from, name) ?? ''),
    )
    expect(writing).toEqual([])
    // The same look recognises one that writes.
    expect(parametersOf('server/db/subject-changes.ts', 'insertSubject')).toMatch(/\bWrite\b/)
  })

  /** How far somebody has read is theirs, as a session is: it changes nothing of the trial. */
  const lookUpkeep = ['keepLook']
  /** That somebody read a subject: of all answers, in the one place where they are sent. */
  const readUpkeep = ['keepRead']

  it('takes reading functions only, and the upkeep of its sessions and of who has read how far', () => {
    const reading = /^(find|list|count|last|is|chain|schema|requestInputHash$|newSecret$|remembered(While)?$)/
    const others = taken.filter(({ from, name }) => parametersOf(from, name) !== null && !reading.test(name))
    expect(others.map(({ name }) => name).sort()).toEqual(
      [...sessionUpkeep, ...lookUpkeep, ...feedUpkeep, ...guestUpkeep, ...readUpkeep].sort(),
    )
    expect(new Set(others.map(({ by }) => by))).toEqual(
      new Set([
        'server/http/calendar-feeds.ts',
        'server/http/dashboard.ts',
        'server/http/guest.ts',
        'server/http/middleware/sessions.ts',
        'server/http/mount.ts',
      ]),
    )
  })

  it('has no way round: the writer behind a database is reached in six files of server/db, in one that copies everything elsewhere, and at the seam', () => {
    const reaching = sourcesIn('server', '.ts')
      .filter(({ text }) => /\bwriter\b/.test(withoutComments(text)))
      .map(({ path }) => path)
    const upkeep = ['access-records', 'calendar-feeds', 'guest-links', 'last-looks', 'sessions', 'sign-in-notes'].map(
      (name) => `server/db/${name}.ts`,
    )
    const seam = ['engine', 'file', 'server'].map((name) => `server/db/dialect/${name}.ts`)
    const others = [...seam, 'server/db/copy.ts', 'server/db/schema.ts']
    expect(reaching.sort()).toEqual([...others, ...upkeep].sort())
  })
})
