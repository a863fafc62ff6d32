import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  base32,
  fromBase32,
  type Hmac,
  inFours,
  stepOfCode,
  totpAddress,
  totpCode,
  totpStep,
} from '../../server/domain/totp.ts'

const hmac: Hmac = (key, message) => createHmac('sha1', key).update(message).digest()
const text = (letters: string) => new TextEncoder().encode(letters)
const secret = text('12345678901234567890')

describe('a one-time code', () => {
  it.each([
    [59, '94287082'],
    [1111111109, '07081804'],
    [1111111111, '14050471'],
    [1234567890, '89005924'],
    [2000000000, '69279037'],
    [20000000000, '65353130'],
  ])('is that of RFC 6238, appendix B, at %i seconds', (seconds, code) => {
    const step = totpStep(new Date(seconds * 1000).toISOString())
    expect(totpCode(secret, step, hmac, 8)).toBe(code)
    expect(totpCode(secret, step, hmac)).toBe(code.slice(2))
  })

  it.each(['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489'])(
    'is that of RFC 4226, appendix D: %s',
    (code) => {
      const codes = Array.from({ length: 10 }, (_, counter) => totpCode(secret, counter, hmac))
      expect(codes).toContain(code)
    },
  )

  it('belongs to this step, the one before or the one after, and to no other', () => {
    const steps = [8, 9, 10, 11, 12].map((step) =>
      stepOfCode(totpCode(secret, step, hmac), secret, { step: 10, usedStep: null }, hmac),
    )
    expect(steps).toEqual([null, 9, 10, 11, null])
  })

  it('is good once, and none before it is good after it', () => {
    const find = (step: number) => stepOfCode(totpCode(secret, step, hmac), secret, { step: 10, usedStep: 10 }, hmac)
    expect([find(9), find(10), find(11)]).toEqual([null, null, 11])
  })

  it('may be typed with a space and in full width, and is not guessed from less', () => {
    const at = { step: 1, usedStep: null }
    expect(stepOfCode('287 082', secret, at, hmac)).toBe(1)
    expect(stepOfCode('２８７０８２', secret, at, hmac)).toBe(1)
    for (const typed of ['', '28708', '2870820', '287083', '0']) {
      expect(stepOfCode(typed, secret, at, hmac)).toBeNull()
    }
  })
})

describe('a secret', () => {
  it('is written in base32 as RFC 4648 has it, and read back', () => {
    expect(base32(text('fooba'))).toBe('MZXW6YTB')
    expect([...fromBase32('MZXW6YTB')]).toEqual([...text('fooba')])
    expect(() => fromBase32('1')).toThrow('base32')
    const bytes = Uint8Array.from({ length: 20 }, (_, index) => (index * 37) % 256)
    expect([...fromBase32(base32(bytes))]).toEqual([...bytes])
  })

  it('is read aloud in fours, and handed to an app as an address', () => {
    expect(inFours('MZXW6YTBOI')).toBe('MZXW 6YTB OI')
    expect(totpAddress('MZXW6YTB', 'm.sato')).toBe(
      'otpauth://totp/Toroku:m.sato?secret=MZXW6YTB&issuer=Toroku&algorithm=SHA1&digits=6&period=30',
    )
  })
})
