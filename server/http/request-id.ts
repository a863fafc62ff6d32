/** A request has one identifier, from the log over the answer to the audit entry of what it changed. */
import type { IncomingMessage, ServerResponse } from 'node:http'

const header = 'x-request-id'

/** A proxy's identifier is taken over where it is one: 8 to 64 letters, digits, dashes or underscores. */
const wellFormed = /^[\w-]{8,64}$/

/** Finds or makes the identifier of a request, and says it in the answer. */
export function requestId(newId: () => string) {
  return (request: IncomingMessage, response: ServerResponse): string => {
    const given = request.headers[header]
    const id = typeof given === 'string' && wellFormed.test(given) ? given : newId()
    response.setHeader('X-Request-Id', id)
    return id
  }
}
