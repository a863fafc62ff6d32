/** One account: where it stands, its roles, and what may be done to it. */
import { isStepOpen, type PersonStep, personSteps } from '../../domain/person-step.ts'
import type { Words } from '../../i18n/words.ts'
import { instantWords, roleWords } from '../account-words.ts'
import type { Mark, Page } from '../page.ts'
import type { ListedAccount } from './people-page.ts'
import { standingMark, waysWords } from './person-words.ts'

/** What was just done, for the line above the page. */
export const personDoings = [
  'role',
  'role_end',
  'link_end',
  'second_factor_end',
  'openid_end',
  'end',
  'reopening',
] as const
export type PersonDoing = (typeof personDoings)[number]

export type ShownAccount = Omit<ListedAccount, 'roles'> & {
  addedAt: string
  openId: { issuer: string; subject: string; linkedAt: string } | null
  roles: readonly (ListedAccount['roles'][number] & { id: string; grantedAt: string })[]
}

export type PersonPage = Page & {
  done: string | null
  heading: string
  username: string
  standing: { mark: Mark; since: string | null }
  facts: { label: string; value: string }[]
  roles: { role: string; place: string; since: string; endHref: string }[]
  noRoles: string
  /** Null where their access has ended: a role would not let them in. */
  grantHref: string | null
  isSelf: boolean
  steps: { href: string; label: string; note: string }[]
}

export function personPage(
  input: { account: ShownAccount; now: string; isSelf: boolean; done: PersonDoing | null },
  words: Words,
): PersonPage {
  const { account, now, done } = input
  const here = `/people/${account.username}`
  const factor = account.secondFactorSince
  const standing = {
    isEnded: account.endedAt !== null,
    hasPassword: account.hasPassword,
    hasLink: account.link !== null,
    hasSecondFactor: factor !== null,
    hasOpenId: account.openId !== null,
  }
  const steps = personSteps.filter((step) => isStepOpen(step, standing))
  return {
    template: 'people/show',
    title: words.pick(account.name),
    place: null,
    done: done === null ? null : words.of('person_done', done),
    heading: words.pick(account.name),
    username: account.username,
    standing: standingMark(account, now, words),
    facts: [
      { label: words.t('people.added'), value: instantWords(account.addedAt, words) },
      {
        label: words.t('people.col_last'),
        value: account.lastSignInAt === null ? '—' : instantWords(account.lastSignInAt, words),
      },
      { label: words.t('people.ways'), value: waysWords(account, words) },
      ...openIdFacts(account, words),
      {
        label: words.t('people.col_factor'),
        value:
          factor === null
            ? words.t('people.factor_none')
            : words.t('account.factor_since', { at: instantWords(factor, words) }),
      },
    ],
    roles: account.roles.map((held) => ({
      ...roleWords(held, words),
      since: instantWords(held.grantedAt, words),
      endHref: `${here}/roles/${held.id}/end`,
    })),
    noRoles: words.t(standing.isEnded ? 'people.no_roles_ended' : 'people.no_roles'),
    grantHref: standing.isEnded ? null : `${here}/roles/new`,
    isSelf: input.isSelf,
    steps: steps.map((step: PersonStep) => ({
      href: `${here}/steps/${step.replaceAll('_', '-')}`,
      label: words.of('person_step', step),
      note: words.of('person_step_note', step),
    })),
  }
}

/** By these two an administrator finds the same person in the provider's own list. */
function openIdFacts({ openId }: ShownAccount, words: Words): PersonPage['facts'] {
  if (openId === null) return []
  return [
    { label: words.t('people.openid_subject'), value: openId.subject },
    { label: words.t('people.openid_issuer'), value: openId.issuer },
  ]
}
