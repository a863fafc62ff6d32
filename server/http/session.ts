/** Signing in and out. An unknown name and a wrong password are answered alike, in the same time. */
import { promisify } from 'node:util'
import { passwordFits } from '../db/password-hash.ts'
import { findCredentials } from '../db/people.ts'
import { idleMinutes } from '../db/sessions.ts'
import type { Problem } from '../domain/parsed.ts'
import { signInPage } from '../pages/sign-in-page.ts'
import { isWritable } from './forms.ts'
import { localAddress, type Reply, type SignedInVisit, textOf, type Visit } from './visit.ts'

export async function newSession({ actor, context, request, words }: Visit): Promise<Reply> {
  const returnTo = localAddress(textOf(request.query.returnTo))
  if (actor !== null) return { seeOther: returnTo }
  return { page: signInPage({ username: '', returnTo }, [], context.config.demonstration, idleMinutes, words) }
}

export async function showSignInAgain(
  { context, request, words }: Visit,
  problems: readonly Problem[],
): Promise<Reply> {
  const typed = { username: textOf(request.body?.username), returnTo: localAddress(textOf(request.body?.returnTo)) }
  return { page: signInPage(typed, problems, context.config.demonstration, idleMinutes, words), status: 422 }
}

export async function beginSession(visit: Visit): Promise<Reply> {
  const { context, request } = visit
  const username = textOf(request.body.username).trim()
  const password = textOf(request.body.password)
  const problems: Problem[] = []
  if (username === '') problems.push({ field: 'username', code: 'username_missing' })
  if (password === '') problems.push({ field: 'password', code: 'password_missing' })
  if (problems.length > 0) return showSignInAgain(visit, problems)

  const isName = username.length <= 64 && isWritable(username)
  const credentials = isName ? await findCredentials(context.db, username) : null
  const fits = await passwordFits(
    password.slice(0, 256),
    credentials?.passwordHash ?? null,
    context.config.passwordCost,
  )
  if (credentials === null || !fits) return showSignInAgain(visit, [{ field: 'username', code: 'sign_in_failed' }])

  // A new identifier at sign-in: one that somebody planted before is worth nothing after.
  await promisify(request.session.regenerate.bind(request.session))()
  request.session.personId = credentials.personId
  // Kept before the answer begins: a browser may follow it sooner than it ends.
  await promisify(request.session.save.bind(request.session))()
  return { seeOther: localAddress(textOf(request.body.returnTo)) }
}

export async function endSession({ request }: SignedInVisit): Promise<Reply> {
  await promisify(request.session.destroy.bind(request.session))()
  return { seeOther: '/session/new' }
}
