/** The last word: what nobody answered is not found; what failed is logged under a number and said without its stack. */
import type { ErrorRequestHandler, RequestHandler } from 'express'
import type { Context } from '../context.ts'
import { isUnavailable } from '../db/unavailable.ts'
import { wordsFor } from '../i18n/words.ts'
import type { ErrorKind } from '../pages/error-page.ts'
import { send, visitOf } from './mount.ts'
import type { Render } from './views.ts'

export function notFound(context: Context, render: Render): RequestHandler {
  return (request, response) => send(context, render, visitOf(context, request), response, { error: 'not_found' })
}

/** Errors that the request itself caused, by the status that Express and its parsers give them. */
const kindOfStatus: Record<number, ErrorKind> = {
  400: 'unprocessable',
  413: 'too_large',
  415: 'unprocessable',
  422: 'unprocessable',
}

export function failed(context: Context, render: Render): ErrorRequestHandler {
  return async (error, request, response, next) => {
    if (response.headersSent) return next(error)
    const status = Number(error?.status)
    const isMalformedAddress = error instanceof URIError
    const kind = isMalformedAddress
      ? 'not_found'
      : (kindOfStatus[status] ?? (isUnavailable(error) ? 'unavailable' : 'failed'))
    // What else a request can get wrong about a file, a range or a condition, needs no page.
    if (kind === 'failed' && status >= 400 && status < 500) return void response.sendStatus(status)
    if (kind === 'failed' || kind === 'unavailable') request.log.error({ err: withoutValues(error) }, 'request failed')
    // An error may come before the middleware that would have set these.
    request.words ??= wordsFor('ja')
    request.actor ??= null
    request.trials ??= []
    request.owesSecondFactor ??= false
    if (kind === 'too_large') response.set('Connection', 'close')
    try {
      await send(context, render, visitOf(context, request), response, { error: kind })
    } catch (worse) {
      request.log.error({ err: withoutValues(worse) }, 'the error page failed')
      response.status(500).type('text').send(String(request.id))
    }
  }
}

/** An error for the log: where it happened and why, without what hangs on it, which may be what somebody typed. */
function withoutValues(error: unknown): { name: string; message: string; stack?: string; code?: string } {
  if (!(error instanceof Error)) return { name: typeof error, message: 'no error was thrown, but this' }
  const { name, message, stack = '' } = error
  return 'code' in error ? { name, message, stack, code: String(error.code) } : { name, message, stack }
}
