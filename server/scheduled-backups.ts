/** Backups of a database file while it is served: one whenever the newest in the folder is too old. */
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import { backUp, backupName, lastBackupAt, pruneBackups } from './db/backup.ts'

/** How often it is asked whether one is due. */
const lookMinutes = 1

/** Whether the newest backup is so many hours old, or there is none. At 24 hours, one of yesterday noon is due at noon. */
export function isBackupDue(lastAt: string | null, everyHours: number, now: string): boolean {
  return lastAt === null || Date.parse(now) - Date.parse(lastAt) >= everyHours * 3_600_000
}

/** Makes one backup where one is due, and removes what is too old. What goes wrong is logged, and tried again. */
export async function backUpWhereDue(
  { db, files, now }: Pick<Context, 'db' | 'files' | 'now'>,
  { folder, everyHours, keep }: NonNullable<Config['backups']>,
  logger: Logger,
): Promise<void> {
  try {
    const lastAts = [lastBackupAt(folder, 'whole'), lastBackupAt(folder, 'wrong')]
    if (!lastAts.every((at) => isBackupDue(at, everyHours, now()))) return
    const { path, bytes, verification } = await backUp(db, `${folder}/${backupName(now())}`, files)
    if (verification.finding !== null) {
      logger.error(
        { path, finding: verification.finding },
        'a backup was made of a database in which something is wrong',
      )
      pruneBackups(folder, 'wrong', keep)
      return
    }
    logger.info({ path, bytes, entries: verification.entries }, 'backed up and verified')
    for (const removed of pruneBackups(folder, 'whole', keep)) logger.info({ path: removed }, 'old backup removed')
  } catch (error) {
    logger.error({ err: error }, 'the backup failed')
  }
}

/** Begins at once; the function that it returns waits for a backup under way and begins no other. */
export function backUpRegularly(context: Context, logger: Logger): () => Promise<void> {
  const { backups } = context.config
  if (backups === null) return async () => {}
  let underWay: Promise<void> | null = null
  const look = () => {
    underWay ??= backUpWhereDue(context, backups, logger).finally(() => {
      underWay = null
    })
  }
  look()
  const timer = setInterval(look, lookMinutes * 60_000)
  return async () => {
    clearInterval(timer)
    await underWay
  }
}

/** Seconds since the newest whole backup was begun; null where there is none, or none is made by this server. */
export function backupAge({ config, now }: Context): number | null {
  const lastAt = config.backups === null ? null : lastBackupAt(config.backups.folder, 'whole')
  return lastAt === null ? null : (Date.parse(now()) - Date.parse(lastAt)) / 1000
}
