/** What somebody sees who has an account and no role: that they are in, that nothing is theirs yet, and whom to ask. */
import type { Bilingual } from '../domain/bilingual.ts'
import type { Words } from '../i18n/words.ts'
import type { Page } from './page.ts'

export type NoRolePage = Page & { heading: string; note: string; username: string; administrators: string[] }

export function noRolePage(
  { username, administrators }: { username: string; administrators: readonly Bilingual[] },
  words: Words,
): NoRolePage {
  return {
    template: 'account/no-role',
    title: words.t('no_role.title'),
    place: null,
    heading: words.t('no_role.title'),
    note: words.t('no_role.note'),
    username,
    administrators: administrators.map((name) => words.pick(name)),
  }
}
