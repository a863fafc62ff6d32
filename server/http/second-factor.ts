/** Setting up a second factor, renewing its recovery codes, removing it. */
import qrcode from 'qrcode'
import { z } from 'zod'
import { removeOwnSecondFactor } from '../actions/remove-second-factor.ts'
import { renewRecoveryCodes } from '../actions/renew-recovery-codes.ts'
import { setUpSecondFactor } from '../actions/set-up-second-factor.ts'
import { findSecondFactor, newSecret } from '../db/second-factors.ts'
import { isRefused, type Problem } from '../domain/parsed.ts'
import { totpAddress } from '../domain/totp.ts'
import { newSecondFactorPage, recoveryCodesPage, removalPage, renewalPage } from '../pages/second-factor-page.ts'
import { readForm, text } from './forms.ts'
import { secret } from './passwords.ts'
import { beginSignedIn, placeOf } from './signed-in.ts'
import type { Reply, SignedInVisit } from './visit.ts'

export async function newSecondFactor(visit: SignedInVisit): Promise<Reply> {
  return show(visit, [], 200)
}

export function showSecondFactorAgain(visit: SignedInVisit, problems: readonly Problem[]): Promise<Reply> {
  return show(visit, problems, 422)
}

/** The secret stays the same while somebody is at it: they may have scanned it already. */
async function show(
  { actor, context, request, words }: SignedInVisit,
  problems: readonly Problem[],
  status: number,
): Promise<Reply> {
  if ((await findSecondFactor(context.db, actor.personId)) !== null) return { seeOther: '/account' }
  request.session.newSecret ??= newSecret()
  const { newSecret: fresh } = request.session
  const address = totpAddress(fresh, actor.username)
  const { modules } = qrcode.create(address, { errorCorrectionLevel: 'M' })
  const squares = { size: modules.size, isDark: (x: number, y: number) => modules.get(y, x) === 1 }
  const isOwed = request.owesSecondFactor
  return { page: newSecondFactorPage({ secret: fresh, address, squares, isOwed, problems }, words), status }
}

const codes = z.object({ code: text(64) })

export async function createSecondFactor(visit: SignedInVisit): Promise<Reply> {
  const { actor, context, request, words } = visit
  const { newSecret: fresh } = request.session
  const read = readForm(codes, request.body)
  if (isRefused(read)) return showSecondFactorAgain(visit, read.problems)
  if (fresh === undefined) return { seeOther: '/account/second-factor' }
  const outcome = await setUpSecondFactor(context, actor, { secret: fresh, code: read.value.code })
  if (isRefused(outcome)) return showSecondFactorAgain(visit, outcome.problems)
  await beginSignedIn(request, {
    personId: actor.personId,
    secondFactor: 'passed',
    lastTime: null,
    way: request.session.way ?? 'password',
  })
  return { page: recoveryCodesPage(outcome.value.recoveryCodes, words) }
}

export async function newRecoveryCodesForm({ words }: SignedInVisit): Promise<Reply> {
  return { page: renewalPage([], words) }
}

export async function showRecoveryCodesAgain({ words }: SignedInVisit, problems: readonly Problem[]): Promise<Reply> {
  return { page: renewalPage(problems, words), status: 422 }
}

export async function createRecoveryCodes(visit: SignedInVisit): Promise<Reply> {
  const { actor, context, request, words } = visit
  const read = readForm(codes, request.body)
  if (isRefused(read)) return showRecoveryCodesAgain(visit, read.problems)
  const outcome = await renewRecoveryCodes(context, actor, read.value.code, placeOf(request))
  if (isRefused(outcome)) return showRecoveryCodesAgain(visit, outcome.problems)
  return { page: recoveryCodesPage(outcome.value.recoveryCodes, words) }
}

export async function askRemoval({ words }: SignedInVisit): Promise<Reply> {
  return { page: removalPage([], words) }
}

export async function showRemovalAgain({ words }: SignedInVisit, problems: readonly Problem[]): Promise<Reply> {
  return { page: removalPage(problems, words), status: 422 }
}

const removal = z.object({ password: secret })

export async function createRemoval(visit: SignedInVisit): Promise<Reply> {
  const { actor, context, request } = visit
  const read = readForm(removal, request.body)
  if (isRefused(read)) return showRemovalAgain(visit, read.problems)
  const outcome = await removeOwnSecondFactor(context, actor, read.value.password, placeOf(request))
  if (isRefused(outcome)) return showRemovalAgain(visit, outcome.problems)
  await beginSignedIn(request, {
    personId: actor.personId,
    secondFactor: 'none',
    lastTime: null,
    way: request.session.way ?? 'password',
  })
  return { seeOther: '/account?done=second_factor_removed' }
}
