/**
 * A real OpenID provider for tests, on this machine: it signs in whoever the test says without asking. What it is told
 * and what it answers can be tampered with, as a proxy in front of it would.
 */
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import type { OpenIdSettings } from '../../server/config.ts'
import type { Client } from './client.ts'

/** Who sits before the provider's own sign-in page; null: somebody who turns back. */
export type There = { sub: string; name?: string; amr?: string[]; acr?: string }

export type Tampering = {
  /** The token endpoint answers so. */
  tokenStatus?: number
  /** The request for authorization arrives with another nonce. */
  nonce?: string
  /** The token for the application is exchanged on its way. */
  idToken?: (token: string) => string
  /** Keys of somebody else, under the names of the provider's own. */
  keys?: 'of_another'
  /** Nobody answers at all. */
  silent?: true
}

export type RunningProvider = {
  settings: OpenIdSettings
  there: There | null
  tampering: Tampering
  /** The paths that were asked for, in order. */
  asked: string[]
  stop(): Promise<void>
}

const keyId = 'the-key'
const newKey = () => ({
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }),
  kid: keyId,
  alg: 'RS256',
  use: 'sig',
})

export async function startProvider(
  redirectUri = 'http://127.0.0.1:4103/session/oidc/callback',
): Promise<RunningProvider> {
  let answer: (request: IncomingMessage, response: ServerResponse) => void = () => {}
  const server = createServer((request, response) => answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const settings = {
    issuer,
    clientId: 'toroku',
    clientSecret: randomUUID(),
    name: '大学の認証基盤',
    redirectUri,
  }
  const running: RunningProvider = {
    settings,
    there: null,
    tampering: {},
    asked: [],
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  const provider = newProvider(running)
  const answers = provider.callback()
  const { n: otherModulus, e: exponent } = newKey()

  answer = (request, response) => {
    const { tampering } = running
    const { pathname, searchParams } = new URL(request.url ?? '/', issuer)
    running.asked.push(pathname)
    if (tampering.silent === true) {
      request.socket.destroy()
      return
    }
    if (pathname.startsWith('/asks/')) {
      void signInThere(provider, running, request, response)
      return
    }
    if (pathname === '/token' && tampering.idToken !== undefined) exchangeIdToken(response, tampering.idToken)
    if (pathname === '/token' && tampering.tokenStatus !== undefined) {
      response.writeHead(tampering.tokenStatus, { 'content-type': 'text/html' }).end('<h1>Out of order</h1>')
      return
    }
    if (pathname === '/jwks' && tampering.keys === 'of_another') {
      const key = { kty: 'RSA', n: otherModulus, e: exponent, kid: keyId, alg: 'RS256', use: 'sig' }
      response.writeHead(200, { 'content-type': 'application/jwk-set+json' }).end(JSON.stringify({ keys: [key] }))
      return
    }
    if (pathname === '/auth' && tampering.nonce !== undefined) {
      searchParams.set('nonce', tampering.nonce)
      request.url = `/auth?${searchParams}`
    }
    answers(request, response)
  }
  return running
}

function newProvider(running: RunningProvider): Provider {
  const { issuer, clientId, clientSecret, redirectUri } = running.settings
  const provider: Provider = new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    jwks: { keys: [newKey()] },
    cookies: { keys: [randomUUID()] },
    // Names come from the userinfo endpoint, as the specification has it; how one signed in stands in the token.
    claims: { openid: ['sub', 'amr', 'acr'], profile: ['name'] },
    acrValues: ['phr', 'https://refeds.org/profile/mfa'],
    pkce: { required: () => true },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/asks/${uid}` },
    findAccount: (_context: unknown, sub: string) => ({
      accountId: sub,
      claims: async () => ({ sub, name: running.there?.name }),
    }),
    loadExistingGrant: async () => {
      const grant = new provider.Grant({ accountId: running.there?.sub ?? '', clientId })
      grant.addOIDCScope('openid profile')
      await grant.save()
      return grant
    },
  })
  return provider
}

async function signInThere(
  provider: Provider,
  { there }: RunningProvider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const denied = { error: 'access_denied', error_description: 'the person turned back' }
  const result = there === null ? denied : { login: { accountId: there.sub, amr: there.amr, acr: there.acr } }
  await provider.interactionFinished(request, response, result)
}

function exchangeIdToken(response: ServerResponse, exchange: (token: string) => string): void {
  const end = response.end.bind(response)
  response.end = ((body: unknown) => {
    const tokens = JSON.parse(String(body))
    const text = JSON.stringify({ ...tokens, id_token: exchange(tokens.id_token) })
    response.setHeader('content-length', Buffer.byteLength(text))
    return end(text)
  }) as typeof response.end
}

/** What comes back to the application after the provider: path and query of the callback. */
export async function cameBack(client: Client, start: string, { settings }: RunningProvider): Promise<string> {
  const begun = await client.get(start)
  let address = begun.location ?? ''
  if (!address.startsWith(settings.issuer)) throw new Error(`${start} leads to ${begun.status} ${address}`)
  const cookies = new Map<string, string>()
  for (let redirects = 0; redirects < 6; redirects += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(address, { redirect: 'manual', headers: { cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    const next = response.headers.get('location')
    if (next === null) throw new Error(`the provider says ${response.status}: ${await response.text()}`)
    const { href, pathname, search } = new URL(next, address)
    if (href.startsWith(settings.redirectUri)) return pathname + search
    address = href
  }
  throw new Error('the provider leads nowhere')
}
