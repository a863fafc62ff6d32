/** The heads of the audit trail, written down outside the database once a day while it is served. */
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import { anchorHeads, anchorsOf, readAnchors } from './db/anchors.ts'

const lookMinutes = 10

/** The file for a configuration's database; null where the data are on a server and no folder was named. */
function placeOf({ anchors: { folder }, database }: Config): string | null {
  if (database.kind === 'file') return folder === null ? anchorsOf(database.path) : anchorsOf(database.path, folder)
  return folder === null ? null : anchorsOf('toroku', folder)
}

/** Writes the heads down where that was not done on this day, in universal time. What goes wrong is logged. */
export async function anchorWhereDue({ config, db, now }: Context, path: string, logger: Logger): Promise<void> {
  const at = now()
  const { key } = config.anchors
  try {
    const { anchors, wrongLine } = await readAnchors(path, key)
    if (wrongLine !== null) logger.error({ path, line: wrongLine }, 'this line is no anchor, or has another seal')
    if (anchors.at(-1)?.at.slice(0, 10) === at.slice(0, 10)) return
    const heads = await anchorHeads(db, path, key, at)
    if (heads > 0) logger.info({ path, heads }, 'anchored')
  } catch (error) {
    logger.error({ err: error }, 'the heads of the audit trail could not be written down')
  }
}

/** Begins at once; the function that it returns waits for what is under way. A demonstration is not anchored. */
export function anchorRegularly(context: Context, logger: Logger): () => Promise<void> {
  const path = placeOf(context.config)
  if (path === null || context.config.demonstration !== null) return async () => {}
  let underWay = anchorWhereDue(context, path, logger)
  const timer = setInterval(() => {
    underWay = underWay.then(() => anchorWhereDue(context, path, logger))
  }, lookMinutes * 60_000)
  return async () => {
    clearInterval(timer)
    await underWay
  }
}
