/** Granting a role: which, and where; trials and sites stand there by their codes alone. */
import type { Bilingual } from '../../domain/bilingual.ts'
import type { Problem } from '../../domain/parsed.ts'
import { type Role, reachOf, roles } from '../../domain/permission.ts'
import type { Words } from '../../i18n/words.ts'
import { type Choice, errorSummary, type Field, field, type Page, problemsInWords, titleOf } from '../page.ts'

/** The place of a role that belongs to no trial. */
export const installation = 'installation'

export type RoleFormPage = Page & {
  errors: ReturnType<typeof errorSummary>
  who: string
  action: string
  back: string
  role: Field
  roles: { label: string; choices: Choice[] }[]
  where: Field
  installation: Choice
  places: { label: string; choices: Choice[] }[]
  submissionKey: string
}

export function roleFormPage(
  input: {
    account: { username: string; name: Bilingual }
    places: readonly { trialId: string; code: string; sites: readonly { id: string; code: string }[] }[]
    typed: { role: string; place: string }
    submissionKey: string
    problems: readonly Problem[]
  },
  words: Words,
): RoleFormPage {
  const { account, places, typed } = input
  const problems = problemsInWords(input.problems, words)
  const choice = (value: string, label: string, chosen: string) => ({ value, label, chosen: value === chosen })
  const reaches = ['site', 'trial', 'system'] as const
  const ofReach = (reach: (typeof reaches)[number]) => roles.filter((role: Role) => reachOf[role] === reach)
  return {
    template: 'people/role',
    title: titleOf('people.grant', words, problems.length > 0),
    place: null,
    address: `/people/${account.username}/roles/new`,
    errors: errorSummary(problems, words),
    who: `${words.pick(account.name)}　${account.username}`,
    action: `/people/${account.username}/roles`,
    back: `/people/${account.username}`,
    role: field('role', typed.role, problems),
    roles: reaches.map((reach) => ({
      label: words.t('people.roles_of', { reach: words.of('reach', reach) }),
      choices: ofReach(reach).map((role) => choice(role, words.of('role', role), typed.role)),
    })),
    where: field('place', typed.place, problems),
    installation: choice(installation, words.t('people.installation'), typed.place),
    places: places.map(({ trialId, code, sites }) => ({
      label: code,
      choices: [
        choice(trialId, words.t('people.whole_trial', { code }), typed.place),
        ...sites.map((site) => choice(`${trialId}/${site.id}`, `${code} ${site.code}`, typed.place)),
      ],
    })),
    submissionKey: input.submissionKey,
  }
}
