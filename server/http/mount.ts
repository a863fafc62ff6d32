/** Puts the routes into Express: loads what a route's policy needs, refuses whom it does not let in, answers with the reply. */
import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import type { Express, Request, Response } from 'express'
import type { Context, Submission } from '../context.ts'
import { keepRead } from '../db/access-records.ts'
import { oneShown } from '../domain/access-record.ts'
import { isLockedOut, mayIn, mayInSystem } from '../domain/permission.ts'
import { asShownTo } from '../domain/small-numbers.ts'
import { errorPage } from '../pages/error-page.ts'
import { isWritable } from './forms.ts'
import { frameFor } from './frame.ts'
import { framed, type KeptDocument, keepDocuments } from './kept-documents.ts'
import { lastTimeSaid } from './last-time.ts'
import { languageCookie } from './middleware/language.ts'
import type { Route } from './route.ts'
import { placeOf } from './signed-in.ts'
import type { Render } from './views.ts'
import type { File, Reply, Visit } from './visit.ts'

export function mountRoutes(app: Express, context: Context, render: Render, routes: readonly Route[]): void {
  for (const route of routes) {
    app[route.method](route.path, async (request, response) => {
      const visit = visitOf(context, request)
      const reply = await replyTo(route, visit)
      await recordRead(route, visit, reply)
      await send(context, render, visit, response, reply)
    })
  }
  for (const path of new Set(routes.map((route) => route.path))) {
    const allowed = routes.filter((route) => route.path === path).map(({ method }) => method.toUpperCase())
    app.all(path, async (request, response) => {
      response.set('Allow', allowed.join(', '))
      await send(context, render, visitOf(context, request), response, { error: 'wrong_method' })
    })
  }
}

export function visitOf(context: Context, request: Request): Visit {
  return {
    context: { ...context, request: { id: String(request.id), submission: submissionOf(request) } },
    words: request.words,
    request,
    actor: request.actor,
    trials: request.trials,
  }
}

/** Whoever is shown single subjects leaves a record; a page about one of them does so without saying it. */
async function recordRead({ path }: Route, { actor, context, request, trials }: Visit, reply: Reply): Promise<void> {
  if (!('page' in reply) && !('file' in reply)) return
  const { subject } = request.params
  const isOfOne = subject !== undefined && path.includes('/subjects/:subject')
  const shown = reply.shown ?? (isOfOne ? oneShown('subject_form', 'form', String(subject)) : null)
  const trial = trials.find(({ code }) => code === request.params.trial)
  if (shown === null || shown.number === 0 || actor === null || trial === undefined) return
  const { address } = placeOf(request)
  const reader = { actor, sessionId: request.session.id, address, requestId: context.request?.id ?? null }
  await keepRead(context.db, context, trial.id, reader, shown)
}

/**
 * The form's key with a digest of where it was sent and what stood in it; null for a form without one. A password is no
 * part of it: a digest that is stored must not help anybody to guess one.
 */
function submissionOf({ body, method, path }: Request): Submission | null {
  const key = body?.submissionKey
  if (typeof key !== 'string' || !/^[\w-]{16,64}$/.test(key)) return null
  const { password: _, ...fields } = body
  return {
    key,
    contentHash: createHash('sha256')
      .update(JSON.stringify([method, path, fields]))
      .digest('hex'),
  }
}

/** Open to who still has to set up a second factor: setting it up, and leaving. */
const secondFactorPath = '/account/second-factor'
const openBefore = [secondFactorPath, '/session/end']

async function replyTo(route: Route, visit: Visit): Promise<Reply> {
  const forged = route.method === 'post' && !visit.request.isOwnForm
  if (route.access === 'anyone') return enter(route, visit, forged)
  const { actor, request } = visit
  if (actor === null) {
    const returnTo =
      route.method === 'get' && request.originalUrl !== '/'
        ? `?returnTo=${encodeURIComponent(request.originalUrl)}`
        : ''
    return { seeOther: `/session/new${returnTo}` }
  }
  if (request.owesSecondFactor && !openBefore.includes(route.path)) return { seeOther: secondFactorPath }
  if (route.access === 'signed_in') return enter(route, { ...visit, actor }, forged)
  if (route.access === 'manage_people') {
    return mayInSystem(actor.grants, route.access) ? enter(route, { ...visit, actor }, forged) : { error: 'forbidden' }
  }
  const trial = visit.trials.find(({ code }) => code === request.params.trial)
  const isNamed = Object.values(request.params).every((part) => isWritable(String(part)))
  if (trial === undefined || !isNamed) return { error: 'not_found' }
  if (isLockedOut(actor.grants, route.access, trial.id)) return { error: 'locked' }
  if (!mayIn(actor.grants, route.access, trial.id)) return { error: 'forbidden' }
  return enter(route, { ...visit, actor, trial: asShownTo(actor.grants, trial) }, forged)
}

/** A post whose token is not ours changes nothing; where it came from a form, the form is shown again as typed. */
async function enter<V extends Visit>(
  route: {
    method: string
    handler(visit: V): Promise<Reply>
    again?: ((visit: V, problems: { field: string; code: string }[]) => Promise<Reply>) | null
  },
  visit: V,
  forged: boolean,
): Promise<Reply> {
  if (!forged) return route.handler(visit)
  if (route.again === undefined || route.again === null) return { error: 'form_expired' }
  const again = await route.again(visit, [{ field: '', code: 'form_expired' }])
  return 'page' in again ? { ...again, status: 403 } : again
}

const statusOf = {
  not_found: 404,
  forbidden: 403,
  conflict: 409,
  locked: 409,
  unprocessable: 422,
  too_large: 413,
  wrong_method: 405,
  form_expired: 403,
  unavailable: 503,
  failed: 500,
} as const

export async function send(
  context: Context,
  render: Render,
  visit: Visit,
  response: Response,
  reply: Reply,
): Promise<void> {
  const { words, request } = visit
  response.set('Cache-Control', 'no-store')
  if ('text' in reply) {
    response.status(reply.status).type('text').send(reply.text)
  } else if ('file' in reply) {
    await sendFile(response, reply.file)
  } else if ('calendar' in reply) {
    response.set('Cache-Control', 'private, no-store').type('text/calendar').send(reply.calendar)
  } else if ('json' in reply) {
    // What people typed may stand in it: shown as a page by mistake, it would still be text.
    const text = JSON.stringify(reply.json).replace(/</g, '\\u003c')
    response.status(reply.status).type('json').send(text)
  } else if ('jsonText' in reply) {
    response.status(reply.status).type('json').send(reply.jsonText)
  } else if ('seeOther' in reply) {
    if (reply.language !== undefined) response.cookie(...languageCookie(reply.language, context.config))
    if (reply.forget !== undefined) response.set('Clear-Site-Data', '"cache"')
    response.redirect(303, reply.seeOther)
  } else {
    const isError = 'error' in reply
    const isOurs = isError && (reply.error === 'failed' || reply.error === 'unavailable')
    const reference = isOurs ? String(request.id) : null
    if (isError && reply.error === 'unavailable') response.set('Retry-After', '10')
    const page = isError ? errorPage(reply.error, reference, words) : reply.page
    const status = isError ? statusOf[reply.error] : (reply.status ?? 200)
    const frame = { ...frameFor(visit, page), lastTime: lastTimeSaid(visit) }
    if (page.refreshSeconds !== undefined) response.set('Refresh', String(page.refreshSeconds))
    const layout = page.layout ?? 'main'
    const around = () => render.around(layout, frame, words)
    const body = (values: object) => render.body(page.template, values, words)
    response.status(status).type('html')
    if (isError || reply.lasting === undefined || status !== 200) {
      response.send(framed(around(), body({ ...page, frame })))
    } else {
      sendLasting(response, documentOf(page, layout, frame, { body: () => body(page), around }))
    }
  }
}

const documentOf = keepDocuments()

/**
 * A browser may keep it, and asks each time whether it still stands: by its tag, answered with 304. The cookies say whose
 * it is and in which language. Whoever signs out has it forgotten.
 */
function sendLasting(response: Response, { html, tag }: KeptDocument): void {
  response.set({ 'Cache-Control': 'private, no-cache', Vary: 'Cookie, Accept-Language', ETag: tag }).send(html)
}

/** What streams say where whoever asked has closed the window in the middle of a file, or before it began. */
const closedByReader = ['ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_UNABLE_TO_PIPE']

/** An attachment is kept, never shown: its name goes out in both spellings, and its type is what we say. */
async function sendFile(response: Response, { name, type, content }: File): Promise<void> {
  response.status(200).attachment(name).type(type).set('X-Content-Type-Options', 'nosniff')
  try {
    await pipeline(content, response)
  } catch (error) {
    content.destroy()
    if (!closedByReader.includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}
