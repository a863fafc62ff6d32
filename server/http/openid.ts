/** Signing in at the OpenID provider: out by a link, back by its callback; and linking an account to it. */
import { z } from 'zod'
import { linkOpenId } from '../actions/link-openid.ts'
import { signInByOpenId } from '../actions/sign-in-by-openid.ts'
import { unlinkOwnOpenId } from '../actions/unlink-openid.ts'
import { findAccount } from '../db/accounts.ts'
import type { OpenIdIdentity } from '../domain/openid.ts'
import { openIdMinutes } from '../domain/openid.ts'
import { isRefused, type Problem } from '../domain/parsed.ts'
import { openIdEndPage, openIdLinkPage } from '../pages/openid-page.ts'
import { showAccountAgain } from './account.ts'
import { readForm } from './forms.ts'
import { secret } from './passwords.ts'
import { askForCode, showSignInAgain } from './session.ts'
import { beginSignedIn, keepSessionNow, placeOf } from './signed-in.ts'
import { localAddress, type Reply, type SignedInVisit, textOf, type Visit } from './visit.ts'

/** A link, not a form: where forms may lead (`form-action`) is this site, and a redirect does not widen it. */
export async function beginOpenId(visit: Visit): Promise<Reply> {
  const { actor, context, request } = visit
  if (context.openId === null) return { error: 'not_found' }
  const returnTo = localAddress(textOf(request.query.returnTo))
  if (actor !== null) return { seeOther: returnTo }
  // Another site may lead here, but only as far as the button.
  if (isLedByAnotherSite(visit)) return { seeOther: `/session/new?returnTo=${encodeURIComponent(returnTo)}` }
  return leave(visit, { returnTo, purpose: 'sign_in' })
}

function isLedByAnotherSite({ request }: Visit): boolean {
  const site = request.headers['sec-fetch-site']
  return site === 'cross-site' || site === 'same-site'
}

async function leave(
  visit: Visit,
  { returnTo, purpose }: { returnTo: string; purpose: 'sign_in' | 'link' },
): Promise<Reply> {
  const { context, request } = visit
  if (context.openId === null) return { error: 'not_found' }
  const begun = await context.openId.begin()
  if ('failure' in begun) return refuse(visit, { ...problemOf[begun.failure], because: begun.because })
  request.session.openIdFlow = { ...begun.flow, returnTo, purpose, since: context.now() }
  await keepSessionNow(request)
  return { seeOther: begun.address }
}

const problemOf = {
  denied: { code: 'openid_denied' },
  unproven: { code: 'openid_unproven' },
  unavailable: { code: 'openid_unavailable' },
} as const

/** Said on the page that one came from; the log has the reason, and nothing that could be used again. */
function refuse(visit: Visit, { code, because }: { code: string; because: string }): Promise<Reply> {
  const { actor, context, request } = visit
  request.log.warn({ because }, 'sign-in by OpenID Connect failed')
  const problem = { field: '', code, values: { name: context.openId?.name ?? '' } }
  return actor === null ? showSignInAgain(visit, [problem]) : showAccountAgain({ ...visit, actor }, [problem])
}

const isOver = (since: string, now: string) => Date.parse(now) - Date.parse(since) > openIdMinutes * 60_000

/** Whoever comes back has begun in this browser, within ten minutes, and is heard once. */
export async function finishOpenId(visit: Visit): Promise<Reply> {
  const { actor, context, request } = visit
  if (context.openId === null) return { error: 'not_found' }
  const { openIdFlow: flow } = request.session
  if (flow === undefined || flow.state !== request.query.state) {
    // Going back to a page that has done its work is no mistake.
    if (flow === undefined && actor !== null) return { seeOther: '/' }
    return refuse(visit, { code: 'openid_elsewhere', because: flow === undefined ? 'no_flow' : 'state' })
  }
  delete request.session.openIdFlow
  await keepSessionNow(request)
  if (isOver(flow.since, context.now())) return refuse(visit, { code: 'openid_late', because: 'late' })
  const outcome = await context.openId.finish(request.originalUrl.slice(request.path.length), flow)
  if ('failure' in outcome) return refuse(visit, { ...problemOf[outcome.failure], because: outcome.because })
  if (flow.purpose === 'sign_in') return enter(visit, outcome.identity, flow.returnTo)
  const { issuer, subject, name } = outcome.identity
  request.session.openIdFound = { issuer, subject, name, since: context.now() }
  await keepSessionNow(request)
  return { seeOther: '/account/openid' }
}

async function enter(visit: Visit, identity: OpenIdIdentity, returnTo: string): Promise<Reply> {
  const { context, request } = visit
  const outcome = await signInByOpenId(context, identity, placeOf(request))
  if (isRefused(outcome)) {
    const code = outcome.problems[0]?.code ?? ''
    return refuse(visit, { code, because: code })
  }
  const { personId, next, last } = outcome.value
  if (next === 'code') return askForCode(visit, { personId, returnTo, way: 'openid' })
  const { secondFactor } = identity
  await beginSignedIn(request, { personId, secondFactor, lastTime: last, way: 'openid' })
  return { seeOther: returnTo }
}

/** Who they are there, as they have just proven; null: not yet, or too long ago. */
function foundBy({ context, request }: SignedInVisit) {
  const { openIdFound: found } = request.session
  return found === undefined || isOver(found.since, context.now()) ? null : found
}

/** First to the provider, then back here to say that it is meant, with the password. */
export async function newOpenIdLink(visit: SignedInVisit): Promise<Reply> {
  const { actor, context } = visit
  const account = await findAccount(context.db, actor.username)
  if (context.openId === null || account === null) return { error: 'not_found' }
  if (account.openId !== null || !account.hasPassword) return { seeOther: '/account' }
  if (foundBy(visit) !== null) return showOpenIdLink(visit, [], 200)
  if (isLedByAnotherSite(visit)) return { seeOther: '/account' }
  return leave(visit, { returnTo: '/account/openid', purpose: 'link' })
}

export function showOpenIdLinkAgain(visit: SignedInVisit, problems: readonly Problem[]): Promise<Reply> {
  return showOpenIdLink(visit, problems, 422)
}

async function showOpenIdLink(visit: SignedInVisit, problems: readonly Problem[], status: number): Promise<Reply> {
  const found = foundBy(visit)
  const { context, words } = visit
  if (context.openId === null) return { error: 'not_found' }
  if (found === null) return { seeOther: '/account' }
  const there = found.name === '' ? found.subject : found.name
  return { page: openIdLinkPage({ provider: context.openId.name, there, problems }, words), status }
}

const proof = z.object({ password: secret })

export async function createOpenIdLink(visit: SignedInVisit): Promise<Reply> {
  const { actor, context, request } = visit
  const read = readForm(proof, request.body)
  if (isRefused(read)) return showOpenIdLinkAgain(visit, read.problems)
  const identity = foundBy(visit)
  if (context.openId === null || identity === null) return showOpenIdLinkAgain(visit, [])
  if (read.value.password === '') {
    return showOpenIdLinkAgain(visit, [{ field: 'password', code: 'password_missing' }])
  }
  const outcome = await linkOpenId(context, actor, { identity, password: read.value.password }, placeOf(request))
  if (isRefused(outcome)) return showOpenIdLinkAgain(visit, outcome.problems)
  delete request.session.openIdFound
  return { seeOther: '/account?done=openid_linked' }
}

/** Who has no password keeps their only way in; their account says so. */
async function mayUnlink({ actor, context }: SignedInVisit): Promise<boolean> {
  const account = await findAccount(context.db, actor.username)
  return account !== null && account.openId !== null && account.hasPassword
}

export async function askOpenIdEnd(visit: SignedInVisit): Promise<Reply> {
  if (!(await mayUnlink(visit))) return { seeOther: '/account' }
  return { page: openIdEndPage({ provider: visit.context.openId?.name ?? null, problems: [] }, visit.words) }
}

export async function showOpenIdEndAgain(visit: SignedInVisit, problems: readonly Problem[]): Promise<Reply> {
  if (!(await mayUnlink(visit))) return { seeOther: '/account' }
  return {
    page: openIdEndPage({ provider: visit.context.openId?.name ?? null, problems }, visit.words),
    status: 422,
  }
}

export async function createOpenIdEnd(visit: SignedInVisit): Promise<Reply> {
  const { actor, context, request } = visit
  const read = readForm(proof, request.body)
  if (isRefused(read)) return showOpenIdEndAgain(visit, read.problems)
  if (!(await mayUnlink(visit))) return { seeOther: '/account' }
  if (read.value.password === '') {
    return showOpenIdEndAgain(visit, [{ field: 'password', code: 'password_missing' }])
  }
  const outcome = await unlinkOwnOpenId(context, actor, read.value.password, placeOf(request))
  if (isRefused(outcome)) return showOpenIdEndAgain(visit, outcome.problems)
  const secondFactor = request.session.secondFactor ?? 'none'
  await beginSignedIn(request, {
    personId: actor.personId,
    secondFactor,
    lastTime: null,
    way: request.session.way ?? 'password',
  })
  return { seeOther: '/account?done=openid_unlinked' }
}
