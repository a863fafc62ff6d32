/** `toroku user`: the people of an installation, at the console, where the pages cannot be reached or are not enough. */
import { addPerson } from '../actions/add-person.ts'
import { endAccess } from '../actions/end-access.ts'
import { endRole } from '../actions/end-role.ts'
import { grantRole } from '../actions/grant-role.ts'
import { invitePerson } from '../actions/invite-person.ts'
import { issueLink } from '../actions/issue-link.ts'
import { parseConfig, settingFromEnvironment } from '../config.ts'
import { type Context, commandLine, liveContext } from '../context.ts'
import { countAccounts, findAccount, type HeldRole, listAccounts } from '../db/accounts.ts'
import { engineOf } from '../db/dialect.ts'
import { findPersonId } from '../db/people.ts'
import { listSites } from '../db/sites.ts'
import { findTrialByCode } from '../db/trials.ts'
import type { Bilingual } from '../domain/bilingual.ts'
import { isRefused, type Parsed } from '../domain/parsed.ts'
import { type Grant, type Role, reachOf, roles } from '../domain/permission.ts'
import { accountState, waysIn } from '../domain/person.ts'
import { wordsFor } from '../i18n/words.ts'
import { problemsInWords } from '../pages/page.ts'
import {
  addressFrom,
  BadInput,
  bringUpToDate,
  type Command,
  databaseHelp,
  databaseOption,
  openAnswering,
} from './command.ts'

type Values = Parameters<Command['run']>[0]['values']
/** What a verb has to say: a sentence for people, and the same as an object. */
type Said = { text: string; json: object }
type Verb = (context: Context, username: string, values: Values) => Promise<Parsed<Said>>

const verbs: Record<string, Verb> = { list, add, invite, reset, disable, grant, end }

export const userCommand: Command = {
  name: 'user',
  summary: 'list, add, invite and disable people, and grant and end roles',
  help: `toroku user list
toroku user add USERNAME --name-ja NAME --name-en NAME      (the password is read from standard input)
toroku user invite USERNAME --name-ja NAME --name-en NAME   (prints a link, with which the person chooses one)
toroku user reset USERNAME                                  (prints a link for a new password)
toroku user disable USERNAME                                (signed out at once, and let in no more)
toroku user grant USERNAME --role ROLE [--trial CODE] [--site CODE]
toroku user end USERNAME --role ROLE [--trial CODE] [--site CODE]

Roles: ${roles.map((role) => `${role} (${reachOf[role]})`).join(', ')}.
A role of a site needs --trial and --site, one of a trial --trial, one of the system neither.
A link works once: an invitation within 7 days, a reset within 24 hours.
Exit code 2: refused, with one line for each reason.

${databaseHelp}
  --url ADDRESS       how the server is reached, for links   (default: http://127.0.0.1:PORT)
  --json              {"personId": "..."}; of list: [{"username", "state", "ways", "roles", ...}]`,
  options: {
    ...databaseOption,
    'name-ja': { type: 'string' },
    'name-en': { type: 'string' },
    role: { type: 'string' },
    trial: { type: 'string' },
    site: { type: 'string' },
    url: { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: { least: 1, most: 2 },
  async run({ values, positionals }) {
    const [name = '', username] = positionals
    const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined
    if (verb === undefined) throw new BadInput(`user ${name}: only ${Object.keys(verbs).join(', ')} are known`)
    if ((username === undefined) !== (name === 'list')) throw new BadInput(userCommand.help)
    const context = await openContext(addressFrom(values))
    try {
      const outcome = await verb(context, username ?? '', values)
      if (isRefused(outcome)) {
        throw new BadInput(
          problemsInWords(outcome.problems, wordsFor('en'))
            .map(({ text }) => text)
            .join('\n'),
        )
      }
      console.log(values.json === true ? JSON.stringify(outcome.value.json) : outcome.value.text)
      return 0
    } finally {
      await engineOf(context.db).close()
    }
  },
}

/** The command line needs no session secret: it serves nobody. */
export async function openContext(database: string): Promise<Context> {
  const config = parseConfig({ SESSION_SECRET: '-'.repeat(32), DATABASE_URL: database })
  if ('problems' in config)
    throw new BadInput(config.problems.map(({ name, reason }) => `${name} ${reason}`).join('\n'))
  const { db } = await openAnswering(database)
  try {
    await bringUpToDate(db)
  } catch (error) {
    await engineOf(db).close()
    throw error
  }
  return liveContext(db, config.value)
}

async function list(context: Context): Promise<Parsed<Said>> {
  const { db } = context
  const accounts = await listAccounts(db, { search: '', limit: await countAccounts(db, ''), offset: 0 })
  const now = context.now()
  const shown = accounts.map((account) => ({
    username: account.username,
    name: account.name,
    state: accountState({ ...account, openLinkUntil: account.link?.expiresAt ?? null }, now),
    ways: waysIn(account),
    secondFactor: account.secondFactorSince !== null,
    lastSignInAt: account.lastSignInAt,
    roles: account.roles.map(({ role, trialCode, siteCode }) => ({ role, trial: trialCode, site: siteCode })),
  }))
  const width = Math.max(0, ...shown.map(({ username }) => username.length))
  const lines = shown.map(({ username, state, ways, name, roles: held }) =>
    [username.padEnd(width), state.padEnd(9), (ways.join('+') || '-').padEnd(15), name.en, ...held.map(rolePlace)].join(
      '  ',
    ),
  )
  return { value: { text: lines.length === 0 ? 'nobody' : lines.join('\n'), json: shown } }
}

function rolePlace({ role, trial, site }: { role: Role; trial: string | null; site: string | null }): string {
  const place = [trial, site].filter((code) => code !== null).join(' ')
  return place === '' ? `[${role}]` : `[${role} ${place}]`
}

function nameIn(values: Values): Bilingual {
  const ja = values['name-ja'] ?? values['name-en']
  const en = values['name-en'] ?? values['name-ja']
  if (typeof ja !== 'string' || typeof en !== 'string') throw new BadInput('a name is missing: --name-ja or --name-en')
  return { ja, en }
}

async function add(context: Context, username: string, values: Values): Promise<Parsed<Said>> {
  const name = nameIn(values)
  const outcome = await addPerson(context, commandLine, { username, name, password: await passwordFromInput() })
  return isRefused(outcome) ? outcome : { value: { text: `added: ${username}`, json: outcome.value } }
}

async function passwordFromInput(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('Password (shown as typed): ')
  let text = ''
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += chunk
    if (text.includes('\n')) break
  }
  return text.split(/\r?\n/)[0] ?? ''
}

async function invite(context: Context, username: string, values: Values): Promise<Parsed<Said>> {
  const outcome = await invitePerson(context, commandLine, { username, name: nameIn(values) })
  return isRefused(outcome) ? outcome : linkSaid(context, username, outcome.value.token, values)
}

async function reset(context: Context, username: string, values: Values): Promise<Parsed<Said>> {
  const outcome = await issueLink(context, commandLine, username)
  return isRefused(outcome) ? outcome : linkSaid(context, username, outcome.value.token, values)
}

async function linkSaid(
  context: Context,
  username: string,
  token: string | null,
  values: Values,
): Promise<Parsed<Said>> {
  const start =
    typeof values.url === 'string' ? values.url : `http://127.0.0.1:${settingFromEnvironment('PORT') ?? 3000}`
  const link = `${start.replace(/\/$/, '')}/access?token=${token}`
  const until = (await findAccount(context.db, username))?.link?.expiresAt ?? ''
  return { value: { text: `${link}\nIt works once, until ${until}.`, json: { link, until } } }
}

async function disable(context: Context, username: string): Promise<Parsed<Said>> {
  const outcome = await endAccess(context, commandLine, username)
  return isRefused(outcome) ? outcome : { value: { text: `disabled: ${username}`, json: outcome.value } }
}

async function grant(context: Context, username: string, values: Values): Promise<Parsed<Said>> {
  const role = roleIn(values)
  const personId = await personNamed(context, username)
  const outcome = await grantRole(context, commandLine, personId, { role, ...(await placeIn(context, values)) })
  return isRefused(outcome) ? outcome : { value: { text: `granted: ${username}`, json: outcome.value } }
}

async function end(context: Context, username: string, values: Values): Promise<Parsed<Said>> {
  const role = roleIn(values)
  const personId = await personNamed(context, username)
  const { trialId } = await placeIn(context, values)
  const isMeant = (held: HeldRole) =>
    held.role === role && held.trialCode === (values.trial ?? null) && held.siteCode === (values.site ?? null)
  const held = (await findAccount(context.db, username))?.roles.find(isMeant)
  if (held === undefined) throw new BadInput(`${username} does not hold this role there`)
  const outcome = await endRole(context, commandLine, { personId, grantId: held.id, trialId })
  return isRefused(outcome) ? outcome : { value: { text: `ended: ${username}`, json: { personId } } }
}

function roleIn(values: Values): Role {
  const role = roles.find((known) => known === values.role)
  if (role === undefined) throw new BadInput(`--role is one of ${roles.join(', ')}`)
  return role
}

async function personNamed(context: Context, username: string): Promise<string> {
  const personId = await findPersonId(context.db, username)
  if (personId === null) throw new BadInput(`nobody is named ${username}`)
  return personId
}

async function placeIn(context: Context, values: Values): Promise<Omit<Grant, 'role'>> {
  if (values.trial === undefined && values.site !== undefined) throw new BadInput('--site needs the --trial it is of')
  if (values.trial === undefined) return { trialId: null, siteId: null }
  const trial = await findTrialByCode(context.db, String(values.trial))
  if (trial === null) throw new BadInput(`no trial ${values.trial}`)
  const sites = await listSites(context.db, trial.id)
  const site = sites.find((known) => known.code === values.site)
  if (values.site !== undefined && site === undefined) throw new BadInput(`no site ${values.site} in ${trial.code}`)
  return { trialId: trial.id, siteId: site?.id ?? null }
}
