/** How passwords are kept: scrypt with a salt of their own; at most two are hashed at once, so a rush of sign-ins cannot stop the server. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

const waiting: (() => void)[] = []
let running = 0

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= 2) await new Promise<void>((resolve) => waiting.push(resolve))
  running += 1
  try {
    return await work()
  } finally {
    running -= 1
    waiting.shift()?.()
  }
}

function derive(password: string, salt: Buffer, cost: number): Promise<Buffer> {
  const options: ScryptOptions = { N: cost, r: 8, p: 3, maxmem: 256 * cost * 8 }
  return inTurn(
    () =>
      new Promise((resolve, reject) =>
        scrypt(password.normalize('NFC'), salt, 32, options, (error, key) => (error ? reject(error) : resolve(key))),
      ),
  )
}

/** `scrypt$<cost>$<salt>$<key>`, the last two in base64. */
export async function hashPassword(password: string, cost: number): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, cost)
  return ['scrypt', cost, salt.toString('base64'), key.toString('base64')].join('$')
}

/**
 * Whether a password fits. With no stored hash (an unknown name) it takes the same time and says no,
 * so that the time tells nobody which names exist.
 */
export async function passwordFits(password: string, stored: string | null, cost: number): Promise<boolean> {
  const [, storedCost, salt, key] = (stored ?? `scrypt$${cost}$AAAAAAAAAAAAAAAAAAAAAA==$`).split('$')
  const derived = await derive(password, Buffer.from(salt ?? '', 'base64'), Number(storedCost))
  const expected = Buffer.from(key ?? '', 'base64')
  return stored !== null && expected.length === derived.length && timingSafeEqual(derived, expected)
}
