/** Everything impure that an action may need, handed in from outside; and the person who acts. */
import { v7 as timeOrderedId } from 'uuid'
import { type Config, filesFolder } from './config.ts'
import type { Db } from './db/database.ts'
import type { Bilingual } from './domain/bilingual.ts'
import { type CalendarDate, todayIn } from './domain/calendar-date.ts'
import type { Grant } from './domain/permission.ts'
import { filesIn, type KeptFiles } from './files/kept-files.ts'
import { type OpenIdProvider, openIdProvider } from './openid/provider.ts'

/** A form that was sent: its key, and a digest of what stood in it. */
export type Submission = { key: string; contentHash: string }

export type Context = {
  db: Db
  config: Config
  /** What people attached, by its hash. */
  files: KeptFiles
  /** By whom people may sign in beside their passwords; null: nobody. */
  openId: OpenIdProvider | null
  /** The current instant, UTC with milliseconds: `2026-06-24T01:02:03.004Z`. */
  now(): string
  /** Today's date where the trial is. */
  today(timeZone: string): CalendarDate
  /** A new identifier; later ones sort later. */
  newId(): string
  /** The request this happens in; null in the command line and in seeds. */
  request: { id: string; submission: Submission | null } | null
}

/** The person who acts. `system` acts are those of the command line. */
export type Actor = {
  personId: string
  username: string
  name: Bilingual
  grants: readonly Grant[]
}

/** The command line acts under its own name: whoever can run it owns the installation. */
export const commandLine: Actor = {
  personId: 'command-line',
  username: 'command-line',
  name: { ja: 'コマンドライン', en: 'Command line' },
  grants: [{ role: 'administrator', trialId: null, siteId: null }],
}

/** Who has not signed in: what happens to their tries is recorded all the same. */
export const nobody: Actor = {
  personId: 'nobody',
  username: 'nobody',
  name: { ja: '未サインイン', en: 'Not signed in' },
  grants: [],
}

/** The current instant, for what is done outside of a context. */
export const now = (): string => new Date().toISOString()

export function liveContext(db: Db, config: Config): Context {
  return {
    db,
    config,
    files: filesIn(filesFolder(config)),
    openId: config.openId === null ? null : openIdProvider(config.openId, now),
    now,
    today: (timeZone) => todayIn(timeZone, now()),
    newId: () => timeOrderedId(),
    request: null,
  }
}
