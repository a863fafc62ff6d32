/** A running application for tests, and somebody who uses it over HTTP: cookies and form tokens as a browser keeps them. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { type DemoName, demoPeople } from '../../seeds/demo-people.ts'
import { createApp } from '../../server/app.ts'
import type { Context } from '../../server/context.ts'
import { testConfig } from './context.ts'

export type Running = { url: string; stop(): Promise<void> }

export async function startApp(context: Context): Promise<Running> {
  const server = createServer(createApp(context, pino({ level: testConfig.logLevel })))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export type Answer = { status: number; text: string; location: string | null; headers: Headers }

export class Client {
  readonly url: string
  #cookies = new Map<string, string>()
  #token = ''

  constructor(url: string) {
    this.url = url
  }

  /** The same person, with the same session, at another address. */
  at(url: string): Client {
    const client = new Client(url)
    client.#cookies = new Map(this.#cookies)
    client.#token = this.#token
    return client
  }

  cookies(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  /** One request as it is; redirects are not followed. */
  async send(path: string, init: RequestInit = {}): Promise<Answer> {
    const cookie = this.cookies()
    const headers = { ...(cookie === '' ? {} : { cookie }), ...(init.headers as Record<string, string> | undefined) }
    const response = await fetch(this.url + path, { redirect: 'manual', ...init, headers })
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (name !== undefined && value !== undefined) this.#cookies.set(name, value)
    }
    const text = await response.text()
    this.#token = /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? this.#token
    return { status: response.status, text, location: response.headers.get('location'), headers: response.headers }
  }

  get(path: string): Promise<Answer> {
    return this.send(path)
  }

  /** Posts a form with the token of the last page seen; `token` sends another. */
  post(path: string, fields: Record<string, string>, token: string = this.#token): Promise<Answer> {
    return this.send(path, { method: 'POST', body: new URLSearchParams({ csrf: token, ...fields }) })
  }

  /** Posts a form that takes a file, as a browser does. */
  postWithFile(path: string, fields: Record<string, string>, file: { name: string; content: string }): Promise<Answer> {
    const body = new FormData()
    for (const [name, value] of Object.entries({ csrf: this.#token, ...fields })) body.set(name, value)
    body.set('file', new Blob([file.content]), file.name)
    return this.send(path, { method: 'POST', body })
  }

  async signIn(username: DemoName, language: 'ja' | 'en' = 'ja'): Promise<this> {
    this.#cookies.set('language', language)
    await this.get('/session/new')
    const password = demoPeople.find((person) => person.username === username)?.password ?? ''
    const answer = await this.post('/session', { username, password, returnTo: '/' })
    if (answer.status !== 303) throw new Error(`${username} could not sign in: ${answer.status}`)
    await this.get('/')
    return this
  }
}
