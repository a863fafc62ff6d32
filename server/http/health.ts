/** For whoever watches the server: is the process alive, and can it serve. */
import type { RequestHandler } from 'express'
import type { Context } from '../context.ts'
import { schemaState } from '../db/schema.ts'

export const healthz: RequestHandler = (_request, response) => {
  response.type('text').send('ok')
}

/** 200 where the database answers and its schema fits this code; 503 otherwise. */
export function readyz(context: Context): RequestHandler {
  return async (request, response) => {
    try {
      const { state } = await schemaState(context.db)
      const isReady = state === 'current'
      response
        .status(isReady ? 200 : 503)
        .type('text')
        .send(isReady ? 'ready' : `schema ${state}`)
    } catch (error) {
      request.log.error({ err: error }, 'not ready')
      response.status(503).type('text').send('database does not answer')
    }
  }
}
