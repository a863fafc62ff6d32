/** An authenticator app, as far as tests need one. */
import { createHmac } from 'node:crypto'
import { fromBase32, totpCode, totpStep } from '../../server/domain/totp.ts'

export function codeAt(secret: string, instant: string): string {
  return totpCode(fromBase32(secret), totpStep(instant), (key, message) =>
    createHmac('sha1', key).update(message).digest(),
  )
}
