/** Tells of every request, once it is over, by which route it was answered, how, and how long that took. */
import type { Request, RequestHandler } from 'express'

/** `route` is a pattern such as `/trials/:trial`, `files`, or `none`: never the address itself. */
export type Observed = { route: string; method: string; status: number | 'aborted'; seconds: number }

const methods = ['GET', 'POST', 'HEAD']

function routeOf({ route, path }: Request): string {
  if (typeof route?.path === 'string') return route.path
  return /^\/(css|js)\//.test(path) ? 'files' : 'none'
}

export function observe(tell: (observed: Observed) => void): RequestHandler {
  return (request, response, next) => {
    const from = performance.now()
    const over = (status: number | 'aborted') =>
      tell({
        route: routeOf(request),
        method: methods.includes(request.method) ? request.method : 'other',
        status,
        seconds: (performance.now() - from) / 1000,
      })
    response.once('finish', () => over(response.statusCode))
    response.once('close', () => {
      if (!response.writableFinished) over('aborted')
    })
    next()
  }
}
