/** Linking an account to the OpenID provider, and unlinking it: each for the password. */
import type { Problem } from '../domain/parsed.ts'
import type { Words } from '../i18n/words.ts'
import { errorSummary, field, problemsInWords } from './page.ts'
import type { ProofPage } from './second-factor-page.ts'

export function openIdLinkPage(
  /** `there`: who they are to the provider. */
  { provider, there, problems }: { provider: string; there: string; problems: readonly Problem[] },
  words: Words,
): ProofPage {
  const heading = words.t('openid.link_title', { name: provider })
  const note = words.t('openid.link_note', { name: provider, there })
  return proofPage({ heading, note, action: '/account/openid', button: words.t('openid.link_button'), problems }, words)
}

/** `provider` is null where it is not set up any more. */
export function openIdEndPage(
  { provider, problems }: { provider: string | null; problems: readonly Problem[] },
  words: Words,
): ProofPage {
  const name = provider ?? words.t('openid.nameless')
  const heading = words.t('openid.end_title', { name })
  const note = words.t('openid.end_note', { name })
  return proofPage(
    { heading, note, action: '/account/openid/end', button: words.t('openid.end_button'), problems },
    words,
  )
}

function proofPage(
  { problems, ...said }: Pick<ProofPage, 'heading' | 'note' | 'action' | 'button'> & { problems: readonly Problem[] },
  words: Words,
): ProofPage {
  const inWords = problemsInWords(problems, words)
  return {
    template: 'account/proof',
    title: inWords.length > 0 ? `${words.t('form.error_prefix')}${said.heading}` : said.heading,
    place: null,
    address: said.action,
    errors: errorSummary(inWords, words),
    heading: said.heading,
    note: said.note,
    action: said.action,
    code: null,
    password: field('password', '', inWords),
    button: said.button,
  }
}
