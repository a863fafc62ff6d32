/** The reader's language: what they chose, else what their browser asks for, else Japanese. */
import type { CookieOptions, RequestHandler } from 'express'
import type { Config } from '../../config.ts'
import { type Language, languages, wordsFor } from '../../i18n/words.ts'

const cookieName = 'language'

export const chooseWords: RequestHandler = (request, _response, next) => {
  const chosen = new RegExp(`(?:^|;\\s*)${cookieName}=(\\w+)`).exec(request.headers.cookie ?? '')?.[1]
  const language = languages.find((known) => known === chosen) ?? request.acceptsLanguages(...languages)
  request.words = wordsFor(language === 'en' ? 'en' : 'ja')
  next()
}

export function languageCookie(language: Language, config: Config): [string, string, CookieOptions] {
  const oneYear = 365 * 24 * 3_600_000
  return [cookieName, language, { httpOnly: true, sameSite: 'lax', secure: config.tls === 'proxy', maxAge: oneYear }]
}
