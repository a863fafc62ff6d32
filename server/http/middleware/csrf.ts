/** Whether a post comes from one of our own forms: the session's token in the form, and a request from this site. */
import { csrfSync } from 'csrf-sync'
import type { Request, RequestHandler } from 'express'

const { generateToken, isRequestValid } = csrfSync({
  getTokenFromRequest: (request) => request.body?.csrf,
  getTokenFromState: (request) => request.session.csrfToken ?? null,
  storeTokenInState: (request, token) => {
    if (typeof token === 'string') request.session.csrfToken = token
  },
})

/** The token that a page's forms carry; the same one for the whole session. */
export function newCsrfToken(request: Request): string {
  return request.session === undefined ? '' : generateToken(request)
}

export const judgeForms: RequestHandler = (request, _response, next) => {
  const site = request.headers['sec-fetch-site']
  const isFromHere = site === undefined || site === 'same-origin' || site === 'none'
  request.isOwnForm = request.method !== 'POST' || (isFromHere && isRequestValid(request))
  if (typeof request.body === 'object' && request.body !== null) delete request.body.csrf
  next()
}
