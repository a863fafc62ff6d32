/**
 * What a request may say before its body. It says once which host it is for: without that, or with two, a proxy in
 * front and this server may differ. It asks for an address, not for all of them, in at most so many headers.
 */
import type { RequestHandler } from 'express'

const mostHeaders = 100

function statusFor({ headers, httpVersion, rawHeaders, url }: Parameters<RequestHandler>[0]): number | null {
  const names = rawHeaders.filter((_, index) => index % 2 === 0)
  if (names.length > mostHeaders) return 431
  const hosts = names.filter((name) => name.toLowerCase() === 'host').length
  if (hosts > 1 || (headers.host === undefined && httpVersion !== '1.0')) return 400
  return /^(\/|https?:\/\/)/.test(url) ? null : 404
}

export const refuseOddHeads: RequestHandler = (request, response, next) => {
  const status = statusFor(request)
  if (status === null) return next()
  response.set('Connection', 'close').set('Cache-Control', 'no-store').sendStatus(status)
}
