/** Signing in and out, links of access, and the language. */

import { createAccess, newAccess, showAccessAgain } from '../access.ts'
import { showFeed } from '../calendar-feeds.ts'
import { chooseLanguage } from '../language.ts'
import { beginOpenId, finishOpenId } from '../openid.ts'
import { get, post, type Route } from '../route.ts'
import {
  beginSession,
  createCode,
  endSession,
  newCode,
  newSession,
  showCodeAgain,
  showSignInAgain,
} from '../session.ts'

export const sessionRoutes: readonly Route[] = [
  get('/session/new', 'anyone', newSession),
  post('/session', 'anyone', beginSession, showSignInAgain),
  get('/session/code', 'anyone', newCode),
  post('/session/code', 'anyone', createCode, showCodeAgain),
  get('/session/oidc', 'anyone', beginOpenId),
  get('/session/oidc/callback', 'anyone', finishOpenId),
  get('/access', 'anyone', newAccess),
  post('/access', 'anyone', createAccess, showAccessAgain),
  post('/session/end', 'signed_in', endSession, null),
  post('/language', 'anyone', chooseLanguage, null),
  get('/calendar/:token.ics', 'anyone', showFeed),
]
