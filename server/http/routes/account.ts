/** A person’s own account. */

import { createPassword, createSessionEnd, newPassword, showAccount, showPasswordAgain } from '../account.ts'
import { showDateReading } from '../date-reading.ts'
import {
  askOpenIdEnd,
  createOpenIdEnd,
  createOpenIdLink,
  newOpenIdLink,
  showOpenIdEndAgain,
  showOpenIdLinkAgain,
} from '../openid.ts'
import { listTrials } from '../portfolio.ts'
import { get, post, type Route } from '../route.ts'
import {
  askRemoval,
  createRecoveryCodes,
  createRemoval,
  createSecondFactor,
  newRecoveryCodesForm,
  newSecondFactor,
  showRecoveryCodesAgain,
  showRemovalAgain,
  showSecondFactorAgain,
} from '../second-factor.ts'

export const accountRoutes: readonly Route[] = [
  get('/', 'signed_in', listTrials),
  get('/account', 'signed_in', showAccount),
  post('/account/sessions/end', 'signed_in', createSessionEnd, null),
  get('/account/password', 'signed_in', newPassword),
  post('/account/password', 'signed_in', createPassword, showPasswordAgain),
  get('/account/second-factor', 'signed_in', newSecondFactor),
  post('/account/second-factor', 'signed_in', createSecondFactor, showSecondFactorAgain),
  get('/account/second-factor/codes', 'signed_in', newRecoveryCodesForm),
  post('/account/second-factor/codes', 'signed_in', createRecoveryCodes, showRecoveryCodesAgain),
  get('/account/second-factor/end', 'signed_in', askRemoval),
  post('/account/second-factor/end', 'signed_in', createRemoval, showRemovalAgain),
  get('/account/openid', 'signed_in', newOpenIdLink),
  post('/account/openid', 'signed_in', createOpenIdLink, showOpenIdLinkAgain),
  get('/account/openid/end', 'signed_in', askOpenIdEnd),
  post('/account/openid/end', 'signed_in', createOpenIdEnd, showOpenIdEndAgain),
  get('/dates/reading.txt', 'signed_in', showDateReading),
]
