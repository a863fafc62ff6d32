/** Texts typed by mistake: asked to be taken out, and decided on by another person. */

import {
  createConfirmation,
  createRedaction,
  createRefusal,
  listRedactionsOfTrial,
  newRedaction,
  showRedaction,
  showRedactionAgain,
  showRedactionFormAgain,
} from '../redactions.ts'
import { get, post, type Route } from '../route.ts'

export const redactionsRoutes: readonly Route[] = [
  get('/trials/:trial/redactions', 'see_audit', listRedactionsOfTrial),
  post('/trials/:trial/redactions', 'ask_redaction', createRedaction, showRedactionFormAgain),
  get('/trials/:trial/redactions/new', 'ask_redaction', newRedaction),
  get('/trials/:trial/redactions/:redaction', 'see_audit', showRedaction),
  post(
    '/trials/:trial/redactions/:redaction/confirmation',
    'confirm_redaction',
    createConfirmation,
    showRedactionAgain,
  ),
  post('/trials/:trial/redactions/:redaction/refusal', 'confirm_redaction', createRefusal, showRedactionAgain),
]
