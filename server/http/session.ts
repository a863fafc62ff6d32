/** Signing in and out. An unknown name and a wrong password are answered alike, in the same time. */
import { promisify } from 'node:util'
import { signIn } from '../actions/sign-in.ts'
import { signInWithCode } from '../actions/sign-in-with-code.ts'
import { idleMinutes } from '../db/sessions.ts'
import { isRefused, type Problem } from '../domain/parsed.ts'
import type { SignInWay } from '../domain/person.ts'
import { codePage } from '../pages/code-page.ts'
import { signInDoings, signInPage } from '../pages/sign-in-page.ts'
import { isWritable } from './forms.ts'
import { beginSignedIn, keepSessionNow, placeOf } from './signed-in.ts'
import { localAddress, type Reply, type SignedInVisit, textOf, type Visit } from './visit.ts'

export async function newSession({ actor, context, request, words }: Visit): Promise<Reply> {
  const returnTo = localAddress(textOf(request.query.returnTo))
  if (actor !== null) return { seeOther: returnTo }
  const done = signInDoings.find((known) => known === request.query.done) ?? null
  const typed = { username: '', returnTo }
  return { page: signInPage({ typed, problems: [], done, ...about(context) }, words) }
}

const about = ({ config, openId }: Visit['context']) => ({
  people: config.demonstration,
  provider: openId?.name ?? null,
  idleMinutes,
})

export async function showSignInAgain(
  { context, request, words }: Visit,
  problems: readonly Problem[],
): Promise<Reply> {
  const typed = { username: textOf(request.body?.username), returnTo: localAddress(textOf(request.body?.returnTo)) }
  return { page: signInPage({ typed, problems, done: null, ...about(context) }, words), status: 422 }
}

export async function beginSession(visit: Visit): Promise<Reply> {
  const { context, request } = visit
  const username = textOf(request.body.username).trim()
  const password = textOf(request.body.password)
  const problems: Problem[] = []
  if (username === '') problems.push({ field: 'username', code: 'username_missing' })
  if (password === '') problems.push({ field: 'password', code: 'password_missing' })
  if (problems.length > 0) return showSignInAgain(visit, problems)

  // A name that nobody can have is tried like any other, under none.
  const isName = username.length <= 64 && isWritable(username)
  const outcome = await signIn(context, { username: isName ? username : '', password }, placeOf(request))
  if (isRefused(outcome)) return showSignInAgain(visit, outcome.problems)
  const { personId, next, last } = outcome.value
  const returnTo = localAddress(textOf(request.body.returnTo))
  if (next === 'code') return askForCode(visit, { personId, returnTo, way: 'password' })
  await beginSignedIn(request, { personId, secondFactor: 'none', lastTime: last, way: 'password' })
  return { seeOther: returnTo }
}

/** Half of a sign-in is done, under a new identifier; nobody is signed in by it. */
export async function askForCode(
  { context, request }: Visit,
  half: { personId: string; returnTo: string; way: SignInWay },
): Promise<Reply> {
  await promisify(request.session.regenerate.bind(request.session))()
  request.session.half = { ...half, since: context.now() }
  await keepSessionNow(request)
  return { seeOther: '/session/code' }
}

/** The code is asked for within so many minutes of the first half. */
const halfMinutes = 10

function halfOf({ context, request }: Visit) {
  const { half } = request.session
  if (half === undefined) return null
  return Date.parse(context.now()) - Date.parse(half.since) > halfMinutes * 60_000 ? null : half
}

export async function newCode(visit: Visit): Promise<Reply> {
  if (visit.actor !== null) return { seeOther: '/' }
  return halfOf(visit) === null ? { seeOther: '/session/new' } : { page: codePage([], visit.words) }
}

export async function showCodeAgain(visit: Visit, problems: readonly Problem[]): Promise<Reply> {
  if (halfOf(visit) === null) return { seeOther: '/session/new' }
  return { page: codePage(problems, visit.words), status: 422 }
}

export async function createCode(visit: Visit): Promise<Reply> {
  const { context, request } = visit
  const half = halfOf(visit)
  if (half === null) return { seeOther: '/session/new' }
  const code = textOf(request.body.code).trim()
  if (code === '' || code.length > 64 || !isWritable(code)) {
    return showCodeAgain(visit, [{ field: 'code', code: 'code_missing' }])
  }
  const outcome = await signInWithCode(context, half, code, placeOf(request))
  if (isRefused(outcome)) return showCodeAgain(visit, outcome.problems)
  const { personId, way } = half
  await beginSignedIn(request, { personId, secondFactor: 'passed', lastTime: outcome.value.last, way })
  return { seeOther: half.returnTo }
}

export async function endSession({ request }: SignedInVisit): Promise<Reply> {
  const { way } = request.session
  await promisify(request.session.destroy.bind(request.session))()
  // Who sits down next at a shared computer would come in by the same button, while the provider remembers.
  return { seeOther: way === 'openid' ? '/session/new?done=openid_over' : '/session/new', forget: true }
}
