/** The page behind a link that was handed over: whoever holds it chooses a password, once. */
import { z } from 'zod'
import { choosePassword } from '../actions/choose-password.ts'
import { setUpAdministrator } from '../actions/set-up-administrator.ts'
import { commandLine } from '../context.ts'
import { findOpenLink, type OpenLink } from '../db/access-links.ts'
import { isAnybodyThere } from '../db/accounts.ts'
import { findActor } from '../db/people.ts'
import { findSecondFactor } from '../db/second-factors.ts'
import { isRefused, type Parsed, type Problem } from '../domain/parsed.ts'
import { leastPasswordLength } from '../domain/password-rule.ts'
import { longestName, longestUsername, nameInBoth } from '../domain/person.ts'
import { accessPage, linkOverPage } from '../pages/access-page.ts'
import { readForm, text } from './forms.ts'
import { repeatedPassword, secret } from './passwords.ts'
import { type Reply, textOf, type Visit } from './visit.ts'

/** The link of a token, while somebody may still use it. */
async function linkOf({ context }: Visit, token: string): Promise<OpenLink | null> {
  const link = token === '' ? null : await findOpenLink(context.db, token.slice(0, 100), context.now())
  if (link === null) return null
  // The link of the first start is over as soon as anybody has an account, however they came by it.
  const isOpen =
    link.personId === null ? !(await isAnybodyThere(context.db)) : (await findActor(context.db, link.personId)) !== null
  return isOpen ? link : null
}

export async function newAccess(visit: Visit): Promise<Reply> {
  const token = textOf(visit.request.query.token)
  return show(visit, token, { username: '', nameJa: '', nameEn: '' }, [], 200)
}

export async function showAccessAgain(visit: Visit, problems: readonly Problem[]): Promise<Reply> {
  const { body } = visit.request
  const typed = { username: textOf(body?.username), nameJa: textOf(body?.nameJa), nameEn: textOf(body?.nameEn) }
  return show(visit, textOf(body?.token), typed, problems, 422)
}

async function show(
  visit: Visit,
  token: string,
  typed: { username: string; nameJa: string; nameEn: string },
  problems: readonly Problem[],
  status: number,
): Promise<Reply> {
  const { context, words } = visit
  const link = await linkOf(visit, token)
  if (link === null) return { page: linkOverPage(words), status: 404 }
  const person = link.personId === null ? null : await findActor(context.db, link.personId)
  const factor = person === null ? null : await findSecondFactor(context.db, person.personId)
  const least = leastPasswordLength(factor === null ? 'none' : 'set_up')
  return { page: accessPage({ kind: link.kind, person, token, typed, least, problems }, words), status }
}

const fields = z.object({
  token: text(100),
  username: text(longestUsername),
  nameJa: text(longestName),
  nameEn: text(longestName),
  password: secret,
  repeated: secret,
})

export async function createAccess(visit: Visit): Promise<Reply> {
  const link = await linkOf(visit, textOf(visit.request.body?.token))
  if (link === null) return { page: linkOverPage(visit.words), status: 404 }
  const read = readForm(fields, visit.request.body)
  if (isRefused(read)) return showAccessAgain(visit, read.problems)
  const typed = repeatedPassword(read.value)
  if (isRefused(typed)) return showAccessAgain(visit, typed.problems)
  const outcome = await use(visit, link, { ...read.value, password: typed.value })
  return isRefused(outcome) ? showAccessAgain(visit, outcome.problems) : { seeOther: '/session/new?done=password' }
}

async function use(
  { context }: Visit,
  link: OpenLink,
  { token, username, nameJa, nameEn, password }: z.infer<typeof fields>,
): Promise<Parsed<unknown>> {
  if (link.kind !== 'set_up') return choosePassword(context, token, password)
  const name = nameInBoth(nameJa, nameEn)
  if (name === null) return { problems: [{ field: 'nameJa', code: 'name_missing' }] }
  return setUpAdministrator(context, commandLine, token, { username, name, password })
}
