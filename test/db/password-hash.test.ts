import { scryptSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hashPassword, passwordFits } from '../../server/db/password-hash.ts'

const cost = 2 ** 4
const password = 'correct horse battery'

describe('a password', () => {
  it('fits the hash that was made of it, and no other does', async () => {
    const stored = await hashPassword(password, cost)
    expect(await passwordFits(password, stored, cost)).toBe(true)
    for (const other of [`${password} `, password.slice(1), password.toUpperCase(), '']) {
      expect(await passwordFits(other, stored, cost)).toBe(false)
    }
  })

  it('is kept as scrypt, its cost, a salt of 16 bytes and a key of 32, and not as itself', async () => {
    const stored = await hashPassword(password, cost)
    const [name, storedCost, salt, key] = stored.split('$')
    expect([name, storedCost]).toEqual(['scrypt', '16'])
    const saltBytes = Buffer.from(salt ?? '', 'base64')
    expect(saltBytes).toHaveLength(16)
    expect(key).toBe(scryptSync(password, saltBytes, 32, { N: 16, r: 8, p: 3 }).toString('base64'))
    expect(stored).not.toContain(password)
  })

  it('has a salt of its own each time: the same password twice is two hashes', async () => {
    const hashes = await Promise.all([1, 2, 3].map(() => hashPassword(password, cost)))
    expect(new Set(hashes).size).toBe(3)
  })

  it('fits however its letters were composed when it was typed', async () => {
    const stored = await hashPassword('Gärtner und Köche'.normalize('NFC'), cost)
    expect(await passwordFits('Gärtner und Köche'.normalize('NFD'), stored, cost)).toBe(true)
  })

  it('keeps letters of every script, and is not cut off at a length', async () => {
    const stored = await hashPassword('合言葉は長いほうがよい、忘れないものがよい', cost)
    expect(await passwordFits('合言葉は長いほうがよい、忘れないものがよい', stored, cost)).toBe(true)
    expect(await passwordFits('合言葉は長いほうがよい、忘れないものがわるい', stored, cost)).toBe(false)
    const long = 'a'.repeat(255)
    expect(await passwordFits(`${long}b`, await hashPassword(`${long}c`, cost), cost)).toBe(false)
  })

  it('fits a hash of an older cost after the cost was raised', async () => {
    const stored = await hashPassword(password, 2 ** 3)
    expect(await passwordFits(password, stored, cost)).toBe(true)
    expect(await passwordFits('another', stored, cost)).toBe(false)
  })
})

describe('an unknown name', () => {
  it('has no password that fits, not even an empty one', async () => {
    expect(await passwordFits(password, null, cost)).toBe(false)
    expect(await passwordFits('', null, cost)).toBe(false)
  })

  it('takes the time that a wrong password takes, so that the time tells nobody which names exist', async () => {
    const dear = 2 ** 13
    const stored = await hashPassword(password, dear)
    const quickest = { known: Number.POSITIVE_INFINITY, unknown: Number.POSITIVE_INFINITY }
    for (let attempt = 0; attempt < 3; attempt++) {
      for (const [name, hash] of [['known', stored] as const, ['unknown', null] as const]) {
        const from = process.hrtime.bigint()
        await passwordFits('wrong', hash, dear)
        quickest[name] = Math.min(quickest[name], Number(process.hrtime.bigint() - from))
      }
    }
    // An answer without hashing would come a thousand times sooner; a busy machine makes no such difference.
    expect(quickest.unknown).toBeGreaterThan(quickest.known / 4)
  })
})

describe('a rush of sign-ins', () => {
  it('is answered in full, each with its own answer', async () => {
    const stored = await hashPassword(password, cost)
    const asked = Array.from({ length: 20 }, (_, index) => (index % 3 === 0 ? password : `wrong ${index}`))
    const answers = await Promise.all(asked.map((typed) => passwordFits(typed, stored, cost)))
    expect(answers).toEqual(asked.map((typed) => typed === password))
  })

  it('goes on after one of them failed', async () => {
    const impossible = Array.from({ length: 5 }, () => hashPassword(password, 3))
    const results = await Promise.allSettled([...impossible, hashPassword(password, cost)])
    expect(results.map(({ status }) => status)).toEqual([...Array(5).fill('rejected'), 'fulfilled'])
    expect(await passwordFits(password, await hashPassword(password, cost), cost)).toBe(true)
  })
})
