/** The OpenID provider of the installation, through `openid-client`: the one file that knows the protocol. */
import * as client from 'openid-client'
import type { OpenIdSettings } from '../config.ts'
import { nameFromClaims, type OpenIdFailure, type OpenIdIdentity, secondFactorOf } from '../domain/openid.ts'

/** What only this browser's flow knows, kept on our side until the browser is back. */
export type OpenIdFlow = { state: string; nonce: string; verifier: string }

/** What went wrong, and a word of it for the log: never a code, a token or what somebody typed. */
export type OpenIdFailed = { failure: OpenIdFailure; because: string }

export type OpenIdProvider = {
  /** What the sign-in page calls it. */
  name: string
  /** Where a browser is sent to sign in. */
  begin(): Promise<{ address: string; flow: OpenIdFlow } | OpenIdFailed>
  /** Who came back, by the query that they came with. */
  finish(query: string, flow: OpenIdFlow): Promise<{ identity: OpenIdIdentity } | OpenIdFailed>
}

/** What the provider says of itself is asked for again after an hour; where it did not answer, after ten seconds. */
const rememberedMilliseconds = { answer: 3_600_000, failure: 10_000 }
const patienceSeconds = 5
/** OpenID Connect Core, section 2. */
const longestSubject = 255

/** Nothing is asked of the provider before somebody wants to sign in. */
export function openIdProvider(settings: OpenIdSettings, now: () => string): OpenIdProvider {
  const { clientId, clientSecret, redirectUri } = settings
  const issuer = new URL(settings.issuer)
  let remembered: { metadata: Promise<client.Configuration>; until: number } | null = null

  const milliseconds = () => Date.parse(now())

  function discovered(): Promise<client.Configuration> {
    if (remembered !== null && milliseconds() < remembered.until) return remembered.metadata
    // The signature is checked although TLS vouches for the sender: a proxy in between vouches for nothing.
    const execute = [client.enableNonRepudiationChecks]
    if (issuer.protocol === 'http:') execute.push(client.allowInsecureRequests)
    const metadata = client.discovery(issuer, clientId, clientSecret, client.ClientSecretBasic(clientSecret), {
      timeout: patienceSeconds,
      execute,
    })
    const asked = { metadata, until: milliseconds() + rememberedMilliseconds.answer }
    remembered = asked
    metadata.catch(() => {
      asked.until = milliseconds() + rememberedMilliseconds.failure
    })
    return metadata
  }

  return {
    name: settings.name,

    begin: () =>
      told(async () => {
        const flow = {
          state: client.randomState(),
          nonce: client.randomNonce(),
          verifier: client.randomPKCECodeVerifier(),
        }
        const address = client.buildAuthorizationUrl(await discovered(), {
          redirect_uri: redirectUri,
          scope: 'openid profile',
          state: flow.state,
          nonce: flow.nonce,
          code_challenge: await client.calculatePKCECodeChallenge(flow.verifier),
          code_challenge_method: 'S256',
        })
        return { address: address.href, flow }
      }),

    finish: (query, { state, nonce, verifier }) =>
      told(async () => {
        const metadata = await discovered()
        const address = new URL(redirectUri)
        address.search = query
        const tokens = await client.authorizationCodeGrant(metadata, address, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        })
        const claims = tokens.claims()
        if (claims === undefined || claims.sub.length > longestSubject) return unproven('subject')
        const hasMore = metadata.serverMetadata().userinfo_endpoint !== undefined
        const more =
          nameFromClaims(claims) === '' && hasMore
            ? await client.fetchUserInfo(metadata, tokens.access_token, claims.sub)
            : {}
        const { iss, sub } = claims
        const name = nameFromClaims({ ...more, ...claims })
        return { identity: { issuer: iss, subject: sub, name, secondFactor: secondFactorOf(claims) } }
      }),
  }
}

const unproven = (because: string): OpenIdFailed => ({ failure: 'unproven', because })

/** What the provider or somebody in between did wrong is told; what we did wrong is thrown. */
async function told<T>(work: () => Promise<T>): Promise<T | OpenIdFailed> {
  try {
    return await work()
  } catch (error) {
    return failedBy(error)
  }
}

/** Codes of errors, as the specifications and the library write them; anything else may have been written by anybody. */
const wordOf = (code: unknown) => (typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : 'unknown')

/** The provider does not answer, or not as one: it is down, or somebody set it up wrongly. */
const noAnswer = [
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_PARSE_ERROR',
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_MISSING_SERVER_METADATA',
  'OAUTH_INVALID_SERVER_METADATA',
]

function failedBy(error: unknown): OpenIdFailed {
  if (error instanceof client.AuthorizationResponseError) {
    const because = wordOf(error.error)
    if (because === 'access_denied') return { failure: 'denied', because }
    const isDown = because === 'server_error' || because === 'temporarily_unavailable'
    return isDown ? { failure: 'unavailable', because } : unproven(because)
  }
  if (error instanceof client.ResponseBodyError) {
    const because = wordOf(error.error)
    return because === 'invalid_grant' ? unproven(because) : { failure: 'unavailable', because }
  }
  if (error instanceof client.WWWAuthenticateChallengeError) return { failure: 'unavailable', because: 'challenged' }
  if (error instanceof client.ClientError) {
    const because = wordOf(error.code)
    return noAnswer.includes(because) ? { failure: 'unavailable', because } : unproven(because)
  }
  // What `fetch` throws where nobody listens has a cause; a mistake of ours has none.
  if (error instanceof TypeError && error.cause instanceof Error) {
    return { failure: 'unavailable', because: wordOf((error.cause as NodeJS.ErrnoException).code) }
  }
  throw error
}
