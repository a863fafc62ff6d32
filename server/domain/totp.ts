/**
 * One-time codes by the clock (TOTP, RFC 6238 over RFC 4226): HMAC-SHA-1, steps of 30 seconds, six digits, as every
 * authenticator app computes them. The keyed digest is handed in; nothing here knows the clock or chance.
 */

/** HMAC-SHA-1: 20 bytes. */
export type Hmac = (key: Uint8Array, message: Uint8Array) => Uint8Array

export const totpSeconds = 30
export const totpDigits = 6
/** A phone's clock may be this many steps early or late. */
const window = 1

/** The number of whole steps since 1970: `1970-01-01T00:00:59.000Z` -> 1. */
export function totpStep(instant: string): number {
  return Math.floor(Date.parse(instant) / 1000 / totpSeconds)
}

/**
 * The code of a step. RFC 6238, appendix B: the secret `12345678901234567890` at 59 seconds (step 1) gives, in eight
 * digits, 94287082; the usual six are its last ones, 287082.
 */
export function totpCode(secret: Uint8Array, step: number, hmac: Hmac, digits = totpDigits): string {
  const message = new Uint8Array(8)
  new DataView(message.buffer).setBigUint64(0, BigInt(step))
  const digest = hmac(secret, message)
  // RFC 4226, 5.3: the last four bits say where the four bytes begin; their first bit is dropped.
  const offset = (digest.at(-1) ?? 0) & 15
  const number = new DataView(digest.buffer, digest.byteOffset).getUint32(offset) & 0x7fffffff
  return String(number % 10 ** digits).padStart(digits, '0')
}

/**
 * The step that a typed code belongs to: this one, the one before or the one after; null where it fits none of them.
 * A step up to `usedStep` is over: whoever looked over a shoulder cannot use the same code again.
 */
export function stepOfCode(
  typed: string,
  secret: Uint8Array,
  at: { step: number; usedStep: number | null },
  hmac: Hmac,
): number | null {
  const code = typed.normalize('NFKC').replace(/\s/g, '')
  let found: number | null = null
  for (let step = at.step - window; step <= at.step + window; step += 1) {
    const isOver = at.usedStep !== null && step <= at.usedStep
    if (totpCode(secret, step, hmac) === code && !isOver) found = step
  }
  return found
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Base32 (RFC 4648) without padding, for bytes in fives: `foo` + `ba` -> `MZXW6YTB`. */
export function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{5}/g) ?? []).map((five) => alphabet[Number.parseInt(five, 2)]).join('')
}

/** The bytes of a text in base32: `MZXW6YTB` -> `fooba`. Other letters throw: only what `base32` wrote is read. */
export function fromBase32(text: string): Uint8Array {
  const bits = [...text].map((letter) => {
    const value = alphabet.indexOf(letter)
    if (value === -1) throw new Error('this is no base32')
    return value.toString(2).padStart(5, '0')
  })
  return Uint8Array.from((bits.join('').match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)))
}

/** For reading aloud and typing: `MZXW6YTB` -> `MZXW 6YTB`. */
export function inFours(text: string, between = ' '): string {
  return (text.match(/.{1,4}/g) ?? []).join(between)
}

/** What an authenticator app reads from the picture: the secret, whose it is and where. */
export function totpAddress(secret: string, username: string): string {
  const query = new URLSearchParams({ secret, issuer: 'Toroku', algorithm: 'SHA1', digits: '6', period: '30' })
  return `otpauth://totp/Toroku:${encodeURIComponent(username)}?${query}`
}
