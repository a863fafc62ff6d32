/** What every answer tells the browser: what a page may load, and that nothing is guessed, framed or referred from. */
import type { RequestHandler } from 'express'
import helmet from 'helmet'

const directives = {
  'default-src': "'self'",
  'script-src': "'self'",
  'object-src': "'none'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
  'form-action': "'self'",
}
const policy = Object.entries(directives).map((directive) => directive.join(' '))

export function securityHeaders(tls: 'proxy' | 'none'): RequestHandler {
  const protect = helmet({
    contentSecurityPolicy: { useDefaults: false, directives },
    xFrameOptions: { action: 'deny' },
    strictTransportSecurity: tls === 'proxy',
  })
  return (request, response, next) => {
    // Nothing of it is for search engines, a guest's page least of all.
    response.set('X-Robots-Tag', 'noindex, nofollow')
    protect(request, response, next)
  }
}

/** The same, for an answer that is written where nobody could read a request. */
export const headersOfNothing: readonly string[] = [
  `Content-Security-Policy: ${policy.join(';')}`,
  'Referrer-Policy: no-referrer',
  'X-Content-Type-Options: nosniff',
  'X-Frame-Options: DENY',
  'Cache-Control: no-store',
]
