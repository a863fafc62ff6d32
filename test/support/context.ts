/** Contexts for tests: the clock stands, passwords are cheap, nothing else is different. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { demoPeople } from '../../seeds/demo-people.ts'
import { type Config, usualLimits } from '../../server/config.ts'
import { type Context, liveContext } from '../../server/context.ts'
import type { Db } from '../../server/db/database.ts'
import { todayIn } from '../../server/domain/calendar-date.ts'

export const testConfig: Config = {
  database: { kind: 'file', path: '' },
  host: '127.0.0.1',
  port: 0,
  sessionSecret: 'a secret for tests, long enough to be one',
  tls: 'none',
  logLevel: 'silent',
  demonstration: demoPeople,
  passwordCost: 2 ** 4,
  backups: null,
  anchors: { folder: null, key: '' },
  leastFreeMegabytes: 0,
  metrics: null,
  server: usualLimits,
  openId: null,
  filesFolder: join(tmpdir(), 'toroku-test-files'),
}

/** Noon in Tokyo on the extension request's day. */
export const requestDay = '2026-06-24T03:00:00.000Z'

export function testContext(db: Db, at: string = requestDay): Context {
  const now = () => at
  return { ...liveContext(db, testConfig), now, today: (timeZone) => todayIn(timeZone, at) }
}
