/** `toroku policy`: the authorization table as a document, made from the tables that the application asks. */
import { policyOf } from '../domain/policy.ts'
import { routes } from '../http/routes.ts'
import { languages, wordsFor } from '../i18n/words.ts'
import { policyDocument } from '../pages/policy-document.ts'
import { productVersion } from '../project-folder.ts'
import { BadInput, type Command } from './command.ts'

export const policyCommand: Command = {
  name: 'policy',
  summary: 'print who may do what: every address with its act, every act with its roles',
  help: `toroku policy [--lang ja|en] [--json]

Prints the authorization table in Markdown: the roles with what they may do, every act with the roles that have it, and
every address of the application with the act that it asks for. It is made from the routes and the role table that the
application itself asks, and needs no database.

  --lang LANGUAGE     ja or en                             (default: ja)
  --json              {"version", "roles": [{"role", "reach", "acts"}], "acts": [{"act", "roles"}],
                       "routes": [{"method", "path", "access", "roles": [...] | null}]}

Exit code 0: printed; 2: no such language.`,
  options: { lang: { type: 'string' }, json: { type: 'boolean' } },
  positionals: { least: 0, most: 0 },
  async run({ values }) {
    const language = languages.find((one) => one === (values.lang ?? 'ja'))
    if (language === undefined) throw new BadInput(`--lang ${values.lang}: one of ${languages.join(', ')}`)
    const policy = policyOf(routes)
    const version = productVersion()
    if (values.json === true) console.log(JSON.stringify({ version, ...policy }, null, 1))
    else console.log(policyDocument(policy, version, wordsFor(language)))
    return 0
  },
}
