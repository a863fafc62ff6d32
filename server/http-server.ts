/**
 * The server that listens, with its limits: how long a request may take to arrive, how much may stand before its body,
 * how many may be connected. What cannot be read as a request is answered here, with the headers of every answer.
 */
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { headersOfNothing } from './http/security-headers.ts'

export type HttpLimits = {
  /** The line and the headers of a request must be here within so long; then the body as well. */
  headersMs: number
  requestMs: number
  /**
   * A connection that nobody uses is closed after so long: later than a proxy (nginx: 60 s) or a browser closes its own,
   * so that no request is on its way into a connection that is just being closed.
   */
  restMs: number
  /** How often the two above are looked at. */
  checkMs: number
  /** More than so many at once are turned away at the door. */
  connections: number
  /** The line and the headers together; an address may be half as long. */
  headerBytes: number
}

/** A form with a file of 5 MB in half a minute, which is 1.4 Mbit/s. */
export const usualHttpLimits: HttpLimits = {
  headersMs: 10_000,
  requestMs: 30_000,
  restMs: 65_000,
  checkMs: 1_000,
  connections: 2_000,
  headerBytes: 16_384,
}

export function newHttpServer(answer: RequestListener, limits: Partial<HttpLimits> = {}): Server {
  const { headersMs, requestMs, restMs, checkMs, connections, headerBytes } = { ...usualHttpLimits, ...limits }
  const server = createServer(
    {
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      keepAliveTimeout: restMs,
      connectionsCheckingInterval: checkMs,
      maxHeaderSize: headerBytes,
      insecureHTTPParser: false,
      // Refused by the application, with the headers of every answer.
      requireHostHeader: false,
    },
    answer,
  )
  server.maxConnections = connections
  // Counted by the application, which refuses what would be left out here.
  server.maxHeadersCount = 0
  // Somebody who expects what we do not know gets the answer that they would have got.
  server.on('checkExpectation', answer)
  const answering = new WeakMap<object, ServerResponse>()
  server.on('request', (request, response) => answering.set(request.socket, response))
  server.on('clientError', (error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket: Socket) => {
    const begun = answering.get(socket)
    const isUnderWay = begun?.headersSent === true && !begun.writableFinished
    if (error.code === 'ECONNRESET' || !socket.writable || isUnderWay) return void socket.destroy()
    const [status, ...more] = statusFor(error)
    const head = [`HTTP/1.1 ${status}`, ...headersOfNothing, ...more, 'Content-Length: 0', 'Connection: close']
    socket.end(`${head.join('\r\n')}\r\n\r\n`, () => socket.destroy())
  })
  return server
}

/** The status line of what is no request, and what belongs to it. */
function statusFor({ code, rawPacket }: { code?: string | undefined; rawPacket?: Buffer }): [string, ...string[]] {
  if (code === 'HPE_HEADER_OVERFLOW') return ['431 Request Header Fields Too Large']
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return ['408 Request Timeout']
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return ['413 Content Too Large']
  const isWord = /^[A-Z-]{1,32} \S+ HTTP\//.test(rawPacket?.subarray(0, 200).toString('latin1') ?? '')
  if (code === 'HPE_INVALID_METHOD' && isWord) return ['405 Method Not Allowed', 'Allow: GET, HEAD, POST']
  return ['400 Bad Request']
}
