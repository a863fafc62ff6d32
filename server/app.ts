/** The application: its middleware in order, its routes, and what is said when nothing fits. */
import { join } from 'node:path'
import express, { type Express } from 'express'
import type { Logger } from 'pino'
import { pinoHttp } from 'pino-http'
import './http/request-types.ts'
import type { Context } from './context.ts'
import { failed, notFound } from './http/errors.ts'
import { healthz, readyz } from './http/health.ts'
import { readForms } from './http/middleware/bodies.ts'
import { judgeForms } from './http/middleware/csrf.ts'
import { chooseWords } from './http/middleware/language.ts'
import { type Observed, observe } from './http/middleware/observe.ts'
import { refuseOddHeads } from './http/middleware/odd-heads.ts'
import { sessions } from './http/middleware/sessions.ts'
import { takeTurns } from './http/middleware/turns.ts'
import { readUploads } from './http/middleware/uploads.ts'
import { findWho } from './http/middleware/who.ts'
import { mountRoutes } from './http/mount.ts'
import { requestId } from './http/request-id.ts'
import type { Route } from './http/route.ts'
import { routes } from './http/routes.ts'
import { securityHeaders } from './http/security-headers.ts'
import { compileViews } from './http/views.ts'
import { projectFolder } from './project-folder.ts'

/** Without the query, and without the token that is somebody's right to a calendar or to a guest's page. */
function loggedPath(url: string): string {
  const path = url.split('?')[0]?.replace(/^https?:\/\/[^/]*/i, '') ?? ''
  const [, secret] = /^\/+(calendar|guest)\//i.exec(path) ?? []
  return secret === undefined ? path : `/${secret.toLowerCase()}/…`
}

/** With more, who records what is read falls behind who does not; with fewer, the process answers fewer in all. */
const requestsInOneTurn = 16

/**
 * `more` routes are mounted behind the same middleware: the benchmark measures its constant page there. `tell` hears of
 * every request when it is over.
 */
export function createApp(
  context: Context,
  logger: Logger,
  more: readonly Route[] = [],
  tell: ((observed: Observed) => void) | null = null,
): Express {
  const app = express()
  const render = compileViews(join(projectFolder, 'views'))
  const file = (...path: string[]) => join(projectFolder, ...path)

  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  // What may be asked for again has a tag of its own; everything else is never kept by a browser.
  app.disable('etag')
  // One address, one spelling: what is decided or logged by an address is decided for all of its spellings.
  app.set('case sensitive routing', true)
  if (context.config.tls === 'proxy') app.set('trust proxy', 1)

  if (tell !== null) app.use(observe(tell))
  app.use(securityHeaders(context.config.tls))
  app.use(refuseOddHeads)
  app.get('/healthz', healthz)
  app.use(
    pinoHttp({
      logger,
      genReqId: requestId(context.newId),
      // Never headers, cookies, bodies or query strings: they may hold tokens and what somebody typed.
      serializers: {
        req: (request) => ({ id: request.id, method: request.method, path: loggedPath(String(request.url)) }),
        res: (response) => ({ status: response.statusCode }),
      },
    }),
  )
  app.get('/readyz', readyz(context))

  app.use('/css', express.static(file('public', 'css'), { index: false, redirect: false }))
  app.use('/js', express.static(file('public', 'js'), { index: false, redirect: false }))
  app.get('/icon.svg', (_request, response) => response.sendFile(file('public', 'icon.svg')))
  app.get('/vendor/chart.js/chart.umd.js', (_request, response) =>
    response.sendFile(file('node_modules', 'chart.js', 'dist', 'chart.umd.js')),
  )

  app.use(takeTurns(requestsInOneTurn))
  app.use(chooseWords)
  app.use(sessions(context))
  app.use(findWho(context))
  app.use(readForms)
  app.use(readUploads)
  app.use(judgeForms)
  mountRoutes(app, context, render, [...routes, ...more])

  app.use(notFound(context, render))
  app.use(failed(context, render))
  return app
}
