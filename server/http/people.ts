/** The administrator's people: who has an account, who is invited, which roles they hold. No trial's data, only codes. */
import { z } from 'zod'
import { grantRole } from '../actions/grant-role.ts'
import { invitePerson } from '../actions/invite-person.ts'
import { setSignInRule } from '../actions/set-sign-in-rule.ts'
import { countAccounts, findAccount, listAccounts, listPlaces } from '../db/accounts.ts'
import { listSignInRules } from '../db/second-factors.ts'
import { isRefused, type Parsed, type Problem } from '../domain/parsed.ts'
import { type Grant, type Role, roles } from '../domain/permission.ts'
import { longestName, longestUsername, nameInBoth } from '../domain/person.ts'
import { linkPage } from '../pages/link-page.ts'
import { invitationPage } from '../pages/people/invitation-page.ts'
import { peoplePage } from '../pages/people/people-page.ts'
import { personDoings, personPage } from '../pages/people/person-page.ts'
import { installation, roleFormPage } from '../pages/people/role-form-page.ts'
import { signInRulesPage } from '../pages/people/sign-in-rules-page.ts'
import { isWritable, readForm, text } from './forms.ts'
import { type Reply, type SignedInVisit, textOf } from './visit.ts'

const pageSize = 50

export async function listPeople({ context, request, words }: SignedInVisit): Promise<Reply> {
  const typed = textOf(request.query.search).trim().slice(0, longestName)
  const search = isWritable(typed) ? typed : ''
  const total = await countAccounts(context.db, search)
  const last = Math.max(1, Math.ceil(total / pageSize))
  const asked = /^[1-9]\d{0,5}$/.test(textOf(request.query.page)) ? Number(request.query.page) : 1
  const page = Math.min(asked, last)
  const accounts = await listAccounts(context.db, { search, limit: pageSize, offset: (page - 1) * pageSize })
  return { page: peoplePage({ accounts, now: context.now(), search, page, pageSize, total }, words) }
}

export async function showPerson({ actor, context, request, words }: SignedInVisit): Promise<Reply> {
  const account = await findAccount(context.db, usernameIn(request.params.person))
  if (account === null) return { error: 'not_found' }
  const done = personDoings.find((known) => known === request.query.done) ?? null
  const isSelf = account.personId === actor.personId
  return { page: personPage({ account, now: context.now(), isSelf, done }, words) }
}

/** Part of an address: what nobody can be called names nobody. */
export function usernameIn(part: unknown): string {
  const username = textOf(part)
  return username.length <= longestUsername && isWritable(username) ? username : ''
}

type Typed = { username: string; nameJa: string; nameEn: string }

export function newInvitation(visit: SignedInVisit): Promise<Reply> {
  return showInvitation(visit, { username: '', nameJa: '', nameEn: '' }, [], 200)
}

export function showInvitationAgain(visit: SignedInVisit, problems: readonly Problem[]): Promise<Reply> {
  const { body } = visit.request
  const typed = { username: textOf(body?.username), nameJa: textOf(body?.nameJa), nameEn: textOf(body?.nameEn) }
  return showInvitation(visit, typed, problems, 422)
}

async function showInvitation(
  { context, words }: SignedInVisit,
  typed: Typed,
  problems: readonly Problem[],
  status: number,
): Promise<Reply> {
  return { page: invitationPage({ typed, submissionKey: context.newId(), problems }, words), status }
}

const invitation = z.object({
  username: text(longestUsername),
  nameJa: text(longestName),
  nameEn: text(longestName),
  submissionKey: text(64),
})

export async function createInvitation(visit: SignedInVisit): Promise<Reply> {
  const { actor, context, request } = visit
  const read = readForm(invitation, request.body)
  if (isRefused(read)) return showInvitationAgain(visit, read.problems)
  const { username, nameJa, nameEn } = read.value
  const name = nameInBoth(nameJa, nameEn)
  const missing: Problem[] = []
  if (username === '') missing.push({ field: 'username', code: 'username_missing' })
  if (name === null) missing.push({ field: 'nameJa', code: 'name_missing' })
  if (name === null || missing.length > 0) return showInvitationAgain(visit, missing)
  const outcome = await invitePerson(context, actor, { username, name })
  if (isRefused(outcome)) return showInvitationAgain(visit, outcome.problems)
  return handOver(visit, username, outcome.value.token)
}

/** The page with the link, which is shown this once; an address in full, as it is handed over. */
export async function handOver(
  { context, request, words }: SignedInVisit,
  username: string,
  token: string | null,
): Promise<Reply> {
  const account = await findAccount(context.db, username)
  if (account === null || account.link === null) return { seeOther: `/people/${username}` }
  const start = `${request.protocol}://${request.get('host') ?? ''}`
  const link = token === null ? null : `${start}/access?token=${token}`
  return { page: linkPage({ account, kind: account.link.kind, expiresAt: account.link.expiresAt, link }, words) }
}

export function newRole(visit: SignedInVisit): Promise<Reply> {
  return showRole(visit, { role: '', place: '' }, [], 200)
}

export function showRoleAgain(visit: SignedInVisit, problems: readonly Problem[]): Promise<Reply> {
  const { body } = visit.request
  return showRole(visit, { role: textOf(body?.role), place: textOf(body?.place) }, problems, 422)
}

async function showRole(
  { context, request, words }: SignedInVisit,
  typed: { role: string; place: string },
  problems: readonly Problem[],
  status: number,
): Promise<Reply> {
  const account = await findAccount(context.db, usernameIn(request.params.person))
  if (account === null) return { error: 'not_found' }
  const places = await listPlaces(context.db)
  return { page: roleFormPage({ account, places, typed, submissionKey: context.newId(), problems }, words), status }
}

const role = z.object({ role: text(64), place: text(128), submissionKey: text(64) })

export async function createRole(visit: SignedInVisit): Promise<Reply> {
  const { actor, context, request } = visit
  const account = await findAccount(context.db, usernameIn(request.params.person))
  if (account === null) return { error: 'not_found' }
  const read = readForm(role, request.body)
  if (isRefused(read)) return showRoleAgain(visit, read.problems)
  const grant = grantFrom(read.value, await listPlaces(context.db))
  if (isRefused(grant)) return showRoleAgain(visit, grant.problems)
  const outcome = await grantRole(context, actor, account.personId, grant.value)
  if (isRefused(outcome)) return showRoleAgain(visit, outcome.problems)
  return { seeOther: `/people/${account.username}?done=role` }
}

/** A place is the installation, a trial, or a trial and one of its sites: `trialId`, `trialId/siteId`. */
function grantFrom(
  typed: { role: string; place: string },
  places: Awaited<ReturnType<typeof listPlaces>>,
): Parsed<Grant> {
  const known: Role | undefined = roles.find((one) => one === typed.role)
  const [first = '', siteId = null] = typed.place.split('/')
  const trialId = places.find((place) => place.trialId === first)?.trialId ?? null
  const problems: Problem[] = []
  if (known === undefined) problems.push({ field: 'role', code: 'role_missing' })
  if (typed.place === '') problems.push({ field: 'place', code: 'choice_missing' })
  else if (trialId === null && typed.place !== installation) problems.push({ field: 'place', code: 'choice_unknown' })
  if (known === undefined || problems.length > 0) return { problems }
  return { value: { role: known, trialId, siteId } }
}

export function showSignInRules(visit: SignedInVisit): Promise<Reply> {
  return showRules(visit, [], 200)
}

export function showSignInRulesAgain(visit: SignedInVisit, problems: readonly Problem[]): Promise<Reply> {
  return showRules(visit, problems, 422)
}

async function showRules(
  { context, request, words }: SignedInVisit,
  problems: readonly Problem[],
  status: number,
): Promise<Reply> {
  const rules = await listSignInRules(context.db)
  const isDone = request.method === 'GET' && request.query.done === 'rule'
  return { page: signInRulesPage({ rules, isDone, submissionKey: context.newId(), problems }, words), status }
}

const rule = z.object({ trial: text(64), secondFactor: z.enum(['required', 'optional']), submissionKey: text(64) })

export async function createSignInRule(visit: SignedInVisit): Promise<Reply> {
  const { actor, context, request } = visit
  const read = readForm(rule, request.body)
  if (isRefused(read)) return showSignInRulesAgain(visit, read.problems)
  const { trial, secondFactor } = read.value
  const known = (await listSignInRules(context.db)).find(({ code }) => code === trial)
  if (known === undefined) return showSignInRulesAgain(visit, [{ field: '', code: 'choice_unknown' }])
  const outcome = await setSignInRule(context, actor, { trialId: known.trialId, secondFactor })
  return isRefused(outcome) ? showSignInRulesAgain(visit, outcome.problems) : { seeOther: '/sign-in-rules?done=rule' }
}
