/** One's own account: where one is signed in, the password, the second factor. */
import { z } from 'zod'
import { changePassword } from '../actions/change-password.ts'
import { endSessions } from '../actions/end-sessions.ts'
import { findAccount } from '../db/accounts.ts'
import { findSecondFactor } from '../db/second-factors.ts'
import { listSessionsOf } from '../db/sessions.ts'
import { isRefused, type Problem } from '../domain/parsed.ts'
import { leastPasswordLength } from '../domain/password-rule.ts'
import { accountDoings, accountPage } from '../pages/account-page.ts'
import { passwordPage } from '../pages/password-page.ts'
import { readForm, text } from './forms.ts'
import { repeatedPassword, secret } from './passwords.ts'
import { beginSignedIn, placeOf } from './signed-in.ts'
import type { Reply, SignedInVisit } from './visit.ts'

export async function showAccount(visit: SignedInVisit): Promise<Reply> {
  return show(visit, [], 200)
}

export function showAccountAgain(visit: SignedInVisit, problems: readonly Problem[]): Promise<Reply> {
  return show(visit, problems, 422)
}

async function show(visit: SignedInVisit, problems: readonly Problem[], status: number): Promise<Reply> {
  const { actor, context, request, words } = visit
  const account = await findAccount(context.db, actor.username)
  if (account === null) return { error: 'not_found' }
  const sessions = await listSessionsOf(context.db, actor.personId, request.sessionID, context.now())
  const factor = await findSecondFactor(context.db, actor.personId)
  const input = {
    account,
    sessions: sessions.map(({ content, ...session }) => ({ ...session, ...beginningOf(content) })),
    provider: context.openId?.name ?? null,
    recoveryCodesLeft: factor?.recoveryHashes.length ?? 0,
    done: accountDoings.find((known) => known === request.query.done) ?? null,
    problems,
  }
  return { page: accountPage(input, words), status }
}

function beginningOf(content: string): { address: string; agent: string } {
  const { address = '', agent = '' } = JSON.parse(content) as { address?: string; agent?: string }
  return { address, agent }
}

const ending = z.object({ session: text(64) })

/** One session by its handle, or `others`. */
export async function createSessionEnd(visit: SignedInVisit): Promise<Reply> {
  const { actor, context, request } = visit
  const read = readForm(ending, request.body)
  if (isRefused(read)) return show(visit, read.problems, 422)
  const { session } = read.value
  const outcome = await endSessions(context, actor, request.sessionID, session === 'others' ? null : session)
  return isRefused(outcome) ? show(visit, outcome.problems, 422) : { seeOther: '/account?done=sessions' }
}

export async function newPassword(visit: SignedInVisit): Promise<Reply> {
  return showPassword(visit, [], 200)
}

export function showPasswordAgain(visit: SignedInVisit, problems: readonly Problem[]): Promise<Reply> {
  return showPassword(visit, problems, 422)
}

async function showPassword(
  { actor, context, words }: SignedInVisit,
  problems: readonly Problem[],
  status: number,
): Promise<Reply> {
  const factor = await findSecondFactor(context.db, actor.personId)
  const least = leastPasswordLength(factor === null ? 'none' : 'set_up')
  return { page: passwordPage({ username: actor.username, least, problems }, words), status }
}

const passwords = z.object({ old: secret, password: secret, repeated: secret })

export async function createPassword(visit: SignedInVisit): Promise<Reply> {
  const { actor, context, request } = visit
  const read = readForm(passwords, request.body)
  if (isRefused(read)) return showPasswordAgain(visit, read.problems)
  const { old } = read.value
  if (old === '') return showPasswordAgain(visit, [{ field: 'old', code: 'password_missing' }])
  const typed = repeatedPassword(read.value)
  if (isRefused(typed)) return showPasswordAgain(visit, typed.problems)
  const outcome = await changePassword(context, actor, { old, password: typed.value }, placeOf(request))
  if (isRefused(outcome)) return showPasswordAgain(visit, outcome.problems)
  const secondFactor = request.session.secondFactor ?? 'none'
  await beginSignedIn(request, {
    personId: actor.personId,
    secondFactor,
    lastTime: null,
    way: request.session.way ?? 'password',
  })
  return { seeOther: '/account?done=password' }
}
