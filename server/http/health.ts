/** For whoever watches the server: is the process alive, and can it serve. */
import type { RequestHandler } from 'express'
import type { Context } from '../context.ts'
import { findFreeMegabytes } from '../db/room.ts'
import { schemaState } from '../db/schema.ts'

export const healthz: RequestHandler = (_request, response) => {
  response.type('text').send('ok')
}

/** 200 where the database answers, its schema fits this code and there is room to write; 503 and which part failed otherwise. */
export function readyz(context: Context): RequestHandler {
  return async (request, response) => {
    try {
      const wrong = await whatIsMissing(context)
      response
        .status(wrong === null ? 200 : 503)
        .type('text')
        .send(wrong ?? 'ready')
    } catch (error) {
      request.log.error({ err: error }, 'not ready')
      response.status(503).type('text').send('database does not answer')
    }
  }
}

async function whatIsMissing({ db, config }: Context): Promise<string | null> {
  const { state } = await schemaState(db)
  if (state !== 'current') return `schema ${state}`
  const free = await findFreeMegabytes(db)
  const least = config.leastFreeMegabytes
  return free !== null && free < least ? `disk: ${free} MB free, ${least} needed` : null
}
