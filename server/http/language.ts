/** Choosing the language: the address stays the same. */
import { languages } from '../i18n/words.ts'
import { localAddress, type Reply, textOf, type Visit } from './visit.ts'

export async function chooseLanguage({ request }: Visit): Promise<Reply> {
  const language = languages.find((known) => known === request.body?.language)
  if (language === undefined) return { error: 'unprocessable' }
  return { seeOther: localAddress(textOf(request.body.returnTo)), language }
}
