/** The authorization table as a document in Markdown, for whoever reviews who may do what. */
import type { Policy } from '../domain/policy.ts'
import type { Words } from '../i18n/words.ts'

const yes = '●'

/** A cell of a table: what would end it is written so that it does not. */
const cell = (text: string) => text.replaceAll('|', '\\|')

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** `version` is the product's: the table belongs to it, and to no installation. */
export function policyDocument(policy: Policy, version: string, words: Words): string {
  const { t } = words
  const separator = t('policy.and')
  const roleNames = policy.roles.map(({ role }) => words.of('role', role))
  return [
    `# ${t('policy.title')}`,
    t('policy.intro', { version, routes: policy.routes.length, acts: policy.acts.length, roles: policy.roles.length }),
    `## ${t('policy.roles_title')}`,
    table(
      [t('policy.col_role'), t('policy.col_reach'), t('policy.col_acts')],
      policy.roles.map(({ role, reach, acts }) => [
        `${words.of('role', role)} (${role})`,
        words.of('reach', reach),
        acts.map((act) => words.of('act', act)).join(separator),
      ]),
    ),
    `## ${t('policy.acts_title')}`,
    t('policy.acts_note', { yes }),
    table(
      [t('policy.col_act'), ...roleNames],
      policy.acts.map(({ act, roles }) => [
        `${words.of('act', act)} (${act})`,
        ...policy.roles.map(({ role }) => (roles.includes(role) ? yes : '')),
      ]),
    ),
    `## ${t('policy.routes_title')}`,
    t('policy.routes_note'),
    table(
      [t('policy.col_method'), t('policy.col_path'), t('policy.col_act'), t('policy.col_who')],
      policy.routes.map(({ method, path, access, roles }) => [
        words.of('policy_method', method),
        `\`${path}\``,
        words.of('act', access),
        roles === null ? words.of('act', access) : roles.map((role) => words.of('role', role)).join(separator),
      ]),
    ),
    '',
  ].join('\n\n')
}
