/** What an administrator does to an account: each step is asked about once, and done with one button. */
import { endAccess } from '../actions/end-access.ts'
import { endRole } from '../actions/end-role.ts'
import { issueLink } from '../actions/issue-link.ts'
import { removeSecondFactorOf } from '../actions/remove-second-factor.ts'
import { reopenAccess } from '../actions/reopen-access.ts'
import { revokeLink } from '../actions/revoke-link.ts'
import { unlinkOpenIdOf } from '../actions/unlink-openid.ts'
import { type Account, findAccount, findGrant } from '../db/accounts.ts'
import { isRecordedAlready } from '../db/submissions.ts'
import { isRefused, type Parsed, type Problem } from '../domain/parsed.ts'
import { isStepOpen, type PersonStep, personSteps } from '../domain/person-step.ts'
import { roleEndPage, stepPage } from '../pages/people/step-page.ts'
import { button, readForm } from './forms.ts'
import { handOver, usernameIn } from './people.ts'
import type { Reply, SignedInVisit } from './visit.ts'

type Here = { account: Account; step: PersonStep }

async function stepHere({ context, request }: SignedInVisit): Promise<Here | null> {
  const account = await findAccount(context.db, usernameIn(request.params.person))
  const step = personSteps.find((known) => known.replaceAll('_', '-') === request.params.step)
  return account === null || step === undefined ? null : { account, step }
}

/** A step that is not open, because somebody took it meanwhile, is not there to be asked about. */
export async function askStep(visit: SignedInVisit): Promise<Reply> {
  const here = await stepHere(visit)
  if (here === null || !isStepOpen(here.step, standingOf(here.account))) return { error: 'not_found' }
  return show(visit, here, [], 200)
}

function standingOf(account: Account) {
  return {
    isEnded: account.endedAt !== null,
    hasPassword: account.hasPassword,
    hasLink: account.link !== null,
    hasSecondFactor: account.secondFactorSince !== null,
    hasOpenId: account.openId !== null,
  }
}

export async function showStepAgain(visit: SignedInVisit, problems: readonly Problem[]): Promise<Reply> {
  const here = await stepHere(visit)
  return here === null ? { error: 'not_found' } : show(visit, here, problems, 422)
}

async function show(
  { context, words }: SignedInVisit,
  here: Here,
  problems: readonly Problem[],
  status: number,
): Promise<Reply> {
  return { page: stepPage({ ...here, submissionKey: context.newId(), problems }, words), status }
}

export async function takeStep(visit: SignedInVisit): Promise<Reply> {
  const { actor, context } = visit
  const here = await stepHere(visit)
  if (here === null) return { error: 'not_found' }
  const read = readForm(button, visit.request.body)
  if (isRefused(read)) return showStepAgain(visit, read.problems)
  const { step, account } = here
  if (step === 'invitation' || step === 'first_password' || step === 'reset') {
    const issued = await issueLink(context, actor, account.username)
    if (isRefused(issued)) return showStepAgain(visit, issued.problems)
    return handOver(visit, account.username, issued.value.token)
  }
  const outcome = await does[step](context, actor, account.username)
  if (isRefused(outcome)) return showStepAgain(visit, outcome.problems)
  return { seeOther: `/people/${account.username}?done=${step}` }
}

type Deed = (...of: Parameters<typeof endAccess>) => Promise<Parsed<unknown>>
const does: Record<Exclude<PersonStep, 'invitation' | 'first_password' | 'reset'>, Deed> = {
  link_end: revokeLink,
  end: endAccess,
  reopening: reopenAccess,
  second_factor_end: removeSecondFactorOf,
  openid_end: unlinkOpenIdOf,
}

async function roleHere({ context, request }: SignedInVisit) {
  const account = await findAccount(context.db, usernameIn(request.params.person))
  const held = account?.roles.find(({ id }) => id === request.params.role)
  if (account === null || held === undefined) return null
  const grant = await findGrant(context.db, account.personId, held.id)
  return grant === null ? null : { account, held, trialId: grant.trialId }
}

export async function askRoleEnd(visit: SignedInVisit): Promise<Reply> {
  return showRoleEnd(visit, [], 200)
}

export function showRoleEndAgain(visit: SignedInVisit, problems: readonly Problem[]): Promise<Reply> {
  return showRoleEnd(visit, problems, 422)
}

async function showRoleEnd(visit: SignedInVisit, problems: readonly Problem[], status: number): Promise<Reply> {
  const here = await roleHere(visit)
  if (here === null) return { error: 'not_found' }
  const { account, held } = here
  const submissionKey = visit.context.newId()
  return { page: roleEndPage({ account, held, submissionKey, problems }, visit.words), status }
}

export async function createRoleEnd(visit: SignedInVisit): Promise<Reply> {
  const { actor, context, request } = visit
  const here = await roleHere(visit)
  if (here === null) {
    // Ended by this very form, it is held no more.
    const isHeard = await isRecordedAlready(context, actor)
    return isHeard ? { seeOther: `/people/${request.params.person}?done=role_end` } : { error: 'not_found' }
  }
  const read = readForm(button, request.body)
  if (isRefused(read)) return showRoleEndAgain(visit, read.problems)
  const { account, held, trialId } = here
  const ending = { personId: account.personId, grantId: held.id, trialId }
  const outcome = await endRole(context, actor, ending)
  if (isRefused(outcome)) return showRoleEndAgain(visit, outcome.problems)
  return { seeOther: `/people/${account.username}?done=role_end` }
}
