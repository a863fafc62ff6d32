/** The list of everybody with an account. */
import type { Bilingual } from '../../domain/bilingual.ts'
import type { Role } from '../../domain/permission.ts'
import type { Words } from '../../i18n/words.ts'
import { instantWords, rolesTogether } from '../account-words.ts'
import type { Mark, Page } from '../page.ts'
import { type Standing, standingMark } from './person-words.ts'

export type ListedAccount = Standing & {
  username: string
  name: Bilingual
  secondFactorSince: string | null
  lastSignInAt: string | null
  roles: readonly { role: Role; trialCode: string | null; siteCode: string | null }[]
}

export type PeoplePage = Page & {
  note: string
  search: string
  narrowed: string | null
  rows: {
    href: string
    name: string
    username: string
    standing: { mark: Mark; since: string | null }
    roles: { role: string; places: string }[]
    secondFactor: string
    last: string
  }[]
  empty: string
  pager: { range: string; previous: string | null; next: string | null }
}

export function peoplePage(
  input: {
    accounts: readonly ListedAccount[]
    now: string
    search: string
    page: number
    pageSize: number
    total: number
  },
  words: Words,
): PeoplePage {
  const { accounts, now, search, page, pageSize, total } = input
  const query = search === '' ? '' : `search=${encodeURIComponent(search)}&`
  return {
    template: 'people/index',
    title: words.t('people.title'),
    place: null,
    note: words.t('people.count', { count: total }),
    search,
    narrowed: search === '' ? null : words.t('people.narrowed', { search }),
    rows: accounts.map((account) => ({
      href: `/people/${account.username}`,
      name: words.pick(account.name),
      username: account.username,
      standing: standingMark(account, now, words),
      roles: rolesTogether(account.roles, words),
      secondFactor: words.t(account.secondFactorSince === null ? 'people.factor_none' : 'people.factor_there'),
      last: account.lastSignInAt === null ? '—' : instantWords(account.lastSignInAt, words),
    })),
    empty: words.t(search === '' ? 'people.none' : 'people.none_found'),
    pager: {
      range: words.t('format.range_of', {
        first: total === 0 ? 0 : (page - 1) * pageSize + 1,
        last: Math.min(page * pageSize, total),
        total: words.number(total),
      }),
      previous: page > 1 ? `/people?${query}page=${page - 1}` : null,
      next: page * pageSize < total ? `/people?${query}page=${page + 1}` : null,
    },
  }
}
