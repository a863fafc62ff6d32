/** `toroku user`: adds people and gives them roles, where there is no page for it yet. */
import { addPerson } from '../actions/add-person.ts'
import { grantRole } from '../actions/grant-role.ts'
import { parseConfig } from '../config.ts'
import { type Context, commandLine, liveContext } from '../context.ts'
import { engineOf } from '../db/dialect.ts'
import { findPersonId } from '../db/people.ts'
import { listSites } from '../db/sites.ts'
import { findTrialByCode } from '../db/trials.ts'
import { isRefused, type Parsed } from '../domain/parsed.ts'
import { reachOf, roles } from '../domain/permission.ts'
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

export const userCommand: Command = {
  name: 'user',
  summary: 'add a person, or give one a role',
  help: `toroku user add USERNAME --name-ja NAME --name-en NAME   (the password is read from standard input)
toroku user grant USERNAME --role ROLE [--trial CODE] [--site CODE]

Roles: ${roles.map((role) => `${role} (${reachOf[role]})`).join(', ')}.
A role of a site needs --trial and --site, one of a trial --trial, one of the system neither.
Exit code 2: refused, with one line for each reason.

${databaseHelp}
  --json              {"personId": "..."}`,
  options: {
    ...databaseOption,
    'name-ja': { type: 'string' },
    'name-en': { type: 'string' },
    role: { type: 'string' },
    trial: { type: 'string' },
    site: { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: { least: 2, most: 2 },
  async run({ values, positionals }) {
    const [verb, username = ''] = positionals
    if (verb !== 'add' && verb !== 'grant') throw new BadInput(`user ${verb}: only add and grant are known`)
    const context = await openContext(addressFrom(values))
    try {
      const outcome = verb === 'add' ? await add(context, username, values) : await grant(context, username, values)
      if (isRefused(outcome)) {
        throw new BadInput(
          problemsInWords(outcome.problems, wordsFor('en'))
            .map(({ text }) => text)
            .join('\n'),
        )
      }
      console.log(
        values.json === true ? JSON.stringify(outcome.value) : `${verb === 'add' ? 'added' : 'granted'}: ${username}`,
      )
      return 0
    } finally {
      await engineOf(context.db).close()
    }
  },
}

type Values = Parameters<Command['run']>[0]['values']

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

async function add(context: Context, username: string, values: Values): Promise<Parsed<{ personId: string }>> {
  const ja = values['name-ja'] ?? values['name-en']
  const en = values['name-en'] ?? values['name-ja']
  if (typeof ja !== 'string' || typeof en !== 'string') throw new BadInput('a name is missing: --name-ja or --name-en')
  return addPerson(context, commandLine, { username, name: { ja, en }, password: await passwordFromInput() })
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

async function grant(context: Context, username: string, values: Values): Promise<Parsed<{ personId: string }>> {
  const role = roles.find((known) => known === values.role)
  if (role === undefined) throw new BadInput(`--role is one of ${roles.join(', ')}`)
  const personId = await findPersonId(context.db, username)
  if (personId === null) throw new BadInput(`nobody is named ${username}`)
  if (values.trial === undefined && values.site !== undefined) throw new BadInput('--site needs the --trial it is of')
  if (values.trial === undefined)
    return grantRole(context, commandLine, personId, { role, trialId: null, siteId: null })
  const trial = await findTrialByCode(context.db, String(values.trial))
  if (trial === null) throw new BadInput(`no trial ${values.trial}`)
  const sites = await listSites(context.db, trial.id)
  const site = sites.find((known) => known.code === values.site)
  if (values.site !== undefined && site === undefined) throw new BadInput(`no site ${values.site} in ${trial.code}`)
  return grantRole(context, commandLine, personId, { role, trialId: trial.id, siteId: site?.id ?? null })
}
