/** A link, shown once to the administrator who hands it over: no mail is sent. */
import type { Bilingual } from '../domain/bilingual.ts'
import type { LinkKind } from '../domain/person.ts'
import type { Words } from '../i18n/words.ts'
import { instantWords } from './account-words.ts'
import type { Page } from './page.ts'

export type LinkPage = Page & { heading: string; note: string; link: string | null; back: string; until: string }

export function linkPage(
  input: {
    account: { username: string; name: Bilingual }
    kind: LinkKind
    expiresAt: string
    /** Null where the same form was sent before: the link was shown then. */
    link: string | null
  },
  words: Words,
): LinkPage {
  const { account, kind, link } = input
  const heading = words.of('link_title', kind, { name: words.pick(account.name) })
  return {
    template: 'people/link',
    title: heading,
    place: null,
    address: `/people/${account.username}`,
    heading,
    note: words.t(link === null ? 'people.link_shown_before' : 'people.link_note'),
    link,
    until: words.t('people.link_until', { at: instantWords(input.expiresAt, words) }),
    back: `/people/${account.username}`,
  }
}
