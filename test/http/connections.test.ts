/** What arrives on a connection that is no request, too much of one, two in one, or one that never ends. */
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { everythingIn, serveForFile } from './served.ts'

const served = serveForFile('demo')
const hasty = serveForFile('empty', {
  limits: { headersMs: 300, requestMs: 600, restMs: 300, checkMs: 50, connections: 5 },
})

/** Everything that comes back on a connection until it is closed, or nothing came for a while. */
function exchange({ url }: { url: string }, parts: readonly string[], { everyMs = 0, patienceMs = 5000 } = {}) {
  const { hostname, port } = new URL(url)
  return new Promise<{ said: string; isClosed: boolean; afterMs: number }>((resolve) => {
    const began = performance.now()
    const socket = connect(Number(port), hostname)
    let said = ''
    let isOver = false
    const end = (isClosed: boolean) => {
      if (isOver) return
      isOver = true
      clearTimeout(patience)
      socket.destroy()
      resolve({ said, isClosed, afterMs: performance.now() - began })
    }
    const patience = setTimeout(() => end(false), patienceMs)
    socket.on('data', (chunk) => {
      said += chunk.toString('latin1')
    })
    socket.on('error', () => end(true))
    socket.on('close', () => end(true))
    socket.on('connect', async () => {
      for (const part of parts) {
        if (isOver || !socket.writable) return
        socket.write(part, 'latin1')
        if (everyMs > 0) await new Promise((next) => setTimeout(next, everyMs))
      }
    })
  })
}

const statusesIn = (said: string) => [...said.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status))
const host = 'Host: 127.0.0.1\r\n'
const close = 'Connection: close\r\n'
const form = 'Content-Type: application/x-www-form-urlencoded\r\n'

/** What every answer carries, here as text. */
function expectGuarded(name: string, said: string): void {
  for (const header of [
    "content-security-policy: default-src 'self'",
    'x-content-type-options: nosniff',
    'x-frame-options: deny',
    'referrer-policy: no-referrer',
    'cache-control: no-store',
  ]) {
    expect([name, header, said.toLowerCase().includes(header)]).toEqual([name, header, true])
  }
  expect([name, /\r\n(server|x-powered-by):/i.test(said)]).toEqual([name, false])
}

/** One of each way in which two programs might read two different requests out of the same bytes. */
const refused: readonly [name: string, bytes: string, status: number][] = [
  ['no request', 'hello\r\n\r\n', 400],
  ['the beginning of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ['an unheard-of method', `BREW / HTTP/1.1\r\n${host}${close}\r\n`, 405],
  ['a version that is none', `GET / HTTP/9.9\r\n${host}\r\n`, 400],
  [
    'a length and chunks',
    `POST /session HTTP/1.1\r\n${host}${form}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n${host}\r\n`,
    400,
  ],
  [
    'chunks and a length',
    `POST /session HTTP/1.1\r\n${host}${form}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n`,
    400,
  ],
  ['two lengths', `POST /session HTTP/1.1\r\n${host}${form}Content-Length: 4\r\nContent-Length: 5\r\n\r\na=12`, 400],
  ['two lengths in one', `POST /session HTTP/1.1\r\n${host}${form}Content-Length: 4, 4\r\n\r\na=12`, 400],
  ['a negative length', `POST /session HTTP/1.1\r\n${host}${form}Content-Length: -1\r\n\r\n`, 400],
  ['a length with a sign', `POST /session HTTP/1.1\r\n${host}${form}Content-Length: +4\r\n\r\na=12`, 400],
  ['a length in hexadecimal', `POST /session HTTP/1.1\r\n${host}${form}Content-Length: 0x4\r\n\r\na=12`, 400],
  [
    'chunks that are not last',
    `POST /session HTTP/1.1\r\n${host}${form}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
    400,
  ],
  ['an unknown coding', `POST /session HTTP/1.1\r\n${host}${form}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, 400],
  ['a space before the colon', `GET /session/new HTTP/1.1\r\n${host}Transfer-Encoding : chunked\r\n\r\n`, 400],
  ['a folded header', `GET /session/new HTTP/1.1\r\n${host}X: a\r\n b\r\nTransfer-Encoding:\r\n chunked\r\n\r\n`, 400],
  ['a bare line feed', `GET /session/new HTTP/1.1\n${host}\n\n`, 400],
  ['a bare carriage return', `GET /session/new HTTP/1.1\r\n${host}X: a\rTransfer-Encoding: chunked\r\n\r\n`, 400],
  ['a zero in a header', `GET /session/new HTTP/1.1\r\n${host}X: a\x00b\r\n\r\n`, 400],
  ['a control character in the address', `GET /a\x01b HTTP/1.1\r\n${host}\r\n`, 400],
  ['a chunk of no size', `POST /session HTTP/1.1\r\n${host}${form}Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n`, 400],
  [
    'a chunk without its end',
    `POST /session HTTP/1.1\r\n${host}${form}Transfer-Encoding: chunked\r\n\r\n1\r\naXX0\r\n\r\n`,
    400,
  ],
  [
    'long words behind a chunk',
    `POST /session HTTP/1.1\r\n${host}${form}Transfer-Encoding: chunked\r\n\r\n1;${'a'.repeat(20_000)}\r\na\r\n`,
    413,
  ],
  ['no host', `GET /session/new HTTP/1.1\r\n${close}\r\n`, 400],
  ['two hosts', `GET /session/new HTTP/1.1\r\n${host}Host: example.org\r\n${close}\r\n`, 400],
  ['a header of 20 kB', `GET /session/new HTTP/1.1\r\n${host}X: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ['an address of 20 kB', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`, 431],
  ['a hundred headers too many', `GET /session/new HTTP/1.1\r\n${host}${close}${'X: a\r\n'.repeat(101)}\r\n`, 431],
]

describe('what is no request, or two in one', () => {
  it.each(refused)(
    'is refused, with the headers of every answer, and the connection is over: %s',
    async (name, bytes, status) => {
      const before = await everythingIn(served.db)
      const { said, isClosed } = await exchange(served, [bytes])
      expect([name, statusesIn(said), isClosed]).toEqual([name, [status], true])
      expectGuarded(name, said)
      expect(await everythingIn(served.db)).toEqual(before)
    },
  )

  it('is never an answer to somebody else: what is hidden in a body is not asked for', async () => {
    const hidden = `GET /session/new HTTP/1.1\r\n${host}\r\n`
    const whole = `POST /session HTTP/1.1\r\n${host}${form}Content-Length: ${hidden.length}\r\n\r\n${hidden}`
    const next = `GET /healthz HTTP/1.1\r\n${host}${close}\r\n`
    const { said } = await exchange(served, [whole + next])
    expect(statusesIn(said)).toEqual([403, 200])
  })
})

describe('what is unusual, and right', () => {
  const usual: readonly [name: string, bytes: string, status: number][] = [
    ['an address of 8 kB', `GET /session/new?x=${'a'.repeat(8000)} HTTP/1.1\r\n${host}${close}\r\n`, 200],
    ['the old version without a host', 'GET /session/new HTTP/1.0\r\n\r\n', 200],
    ['an expectation that nobody knows', `GET /session/new HTTP/1.1\r\n${host}Expect: nothing\r\n${close}\r\n`, 200],
    [
      'a wish for another protocol',
      `GET /session/new HTTP/1.1\r\n${host}Upgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n`,
      200,
    ],
    ['an address of another host', `GET http://example.org/session/new HTTP/1.1\r\n${host}${close}\r\n`, 200],
    ['a question to all', `OPTIONS * HTTP/1.1\r\n${host}${close}\r\n`, 404],
    ['a known method', `PURGE /session/new HTTP/1.1\r\n${host}${close}\r\n`, 405],
    ['a file that did not change', `GET /icon.svg HTTP/1.1\r\n${host}If-None-Match: *\r\n${close}\r\n`, 304],
  ]

  it.each(usual)('is answered: %s', async (name, bytes, status) => {
    const { said } = await exchange(served, [bytes])
    expect([name, statusesIn(said)]).toEqual([name, [status]])
    expect(said.toLowerCase()).toContain("content-security-policy: default-src 'self'")
    expect(said.toLowerCase()).toContain('x-content-type-options: nosniff')
    expect(said).not.toMatch(/location: http|example\.org/i)
  })

  it('a hundred requests on one connection are answered in their order', async () => {
    const many = `GET /healthz HTTP/1.1\r\n${host}\r\n`.repeat(99)
    const { said } = await exchange(served, [`${many}GET /no-such HTTP/1.1\r\n${host}${close}\r\n`])
    expect(statusesIn(said)).toEqual([...Array(99).fill(200), 404])
  })
})

describe('who is slow', () => {
  const letters = (text: string) => [...text]

  it('with the headers is told so in time, letter by letter', async () => {
    const slow = letters(`GET /session/new HTTP/1.1\r\n${host}X: ${'a'.repeat(200)}`)
    const { said, isClosed, afterMs } = await exchange(hasty, slow, { everyMs: 20 })
    expect([statusesIn(said), isClosed]).toEqual([[408], true])
    expect(afterMs).toBeLessThan(3000)
    expectGuarded('slow headers', said)
  })

  it('with the body is told so in time', async () => {
    const slow = [`POST /session HTTP/1.1\r\n${host}${form}Content-Length: 1000\r\n\r\n`, ...letters('a'.repeat(200))]
    const { said, isClosed, afterMs } = await exchange(hasty, slow, { everyMs: 20 })
    expect([statusesIn(said), isClosed]).toEqual([[408], true])
    expect(afterMs).toBeLessThan(3000)
    expectGuarded('slow body', said)
  })

  it('to say anything at all is let go', async () => {
    const { isClosed, afterMs } = await exchange(hasty, [])
    expect(isClosed).toBe(true)
    expect(afterMs).toBeLessThan(3000)
  })

  it('to ask again is let go: a connection rests for a while and no longer', async () => {
    const { said, isClosed } = await exchange(hasty, [`GET /healthz HTTP/1.1\r\n${host}\r\n`])
    expect([statusesIn(said), isClosed]).toEqual([[200], true])
  })
})

it('more connections than there may be are turned away, and the others go on', async () => {
  const slow = () => exchange(hasty, [`GET /healthz HTTP/1.1\r\n${host}`, 'X: a\r\n', `${close}\r\n`], { everyMs: 60 })
  const answers = await Promise.all(Array.from({ length: 12 }, slow))
  const served = answers.filter(({ said }) => statusesIn(said)[0] === 200)
  expect(served.length).toBe(5)
  expect(answers.filter(({ said }) => said === '').length).toBe(7)
  expect(statusesIn((await slow()).said)).toEqual([200])
})
