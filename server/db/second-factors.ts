/** Second factors: an authenticator app's secret, and ten codes for the day on which the telephone is lost. */
import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { Context } from '../context.ts'
import { base32, fromBase32, type Hmac, inFours, stepOfCode, totpStep } from '../domain/totp.ts'
import type { TrialAtHand } from '../domain/trial-lock.ts'
import type { Db } from './database.ts'
import type { Write } from './write.ts'

const hmacSha1: Hmac = (key, message) => createHmac('sha1', key).update(message).digest()

/** 160 bits, as RFC 4226 recommends, in base32. */
export function newSecret(): string {
  return base32(randomBytes(20))
}

const recoveryCodeNumber = 10

/** Ten codes of 80 bits, in small letters and fours: `mzxw-6ytb-oi2d-knbv`. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: recoveryCodeNumber }, () => inFours(base32(randomBytes(10)).toLowerCase(), '-'))
}

/** The digest of a recovery code, however it was typed: capitals, spaces and dashes do not matter. */
export function recoveryHash(code: string): string {
  const plain = code
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{Pd}]/gu, '')
  return createHash('sha256').update(plain).digest('hex')
}

/** The step of a code that was typed, between the last one used and one after now; null where it fits none. */
export function stepTyped(typed: string, secret: string, now: string, usedStep: number | null): number | null {
  return stepOfCode(typed, fromBase32(secret), { step: totpStep(now), usedStep }, hmacSha1)
}

export type SecondFactor = { id: string; secret: string; setUpAt: string; recoveryHashes: readonly string[] }

export async function findSecondFactor(db: Db, personId: string): Promise<SecondFactor | null> {
  const row = await findRow(db, personId)
  if (row === null || row.secret === null) return null
  const recoveryHashes = JSON.parse(row.recovery_hashes) as string[]
  return { id: row.id, secret: row.secret, setUpAt: row.set_up_at ?? '', recoveryHashes }
}

async function findRow(db: Db, personId: string) {
  const row = await db.selectFrom('second_factor').selectAll().where('person_id', '=', personId).executeTakeFirst()
  return row ?? null
}

/** Whether one of a person's trials asks for a second factor, and they have none. */
export async function isSecondFactorOwed(
  db: Db,
  personId: string,
  trials: readonly Pick<TrialAtHand, 'asksSecondFactor'>[],
): Promise<boolean> {
  return trials.some(({ asksSecondFactor }) => asksSecondFactor) && (await findSecondFactor(db, personId)) === null
}

export async function insertSecondFactor(
  write: Write,
  context: Context,
  personId: string,
  factor: { secret: string; recoveryCodes: readonly string[] },
): Promise<void> {
  const columns = {
    secret: factor.secret,
    set_up_at: context.now(),
    recovery_hashes: JSON.stringify(factor.recoveryCodes.map(recoveryHash)),
  }
  const earlier = await findRow(write, personId)
  if (earlier === null) {
    const row = { id: context.newId(), person_id: personId, ...columns }
    await write.insert('second_factor', row, 'second_factor_set_up')
    return
  }
  await write.revise('second_factor', earlier.id, columns, 'second_factor_set_up', null)
}

export async function reviseRecoveryCodes(
  write: Write,
  factor: SecondFactor,
  recoveryCodes: readonly string[],
): Promise<void> {
  const changes = { recovery_hashes: JSON.stringify(recoveryCodes.map(recoveryHash)) }
  await write.revise('second_factor', factor.id, changes, 'recovery_codes_renewed', null)
}

export async function reviseRecoveryCodeAsUsed(write: Write, factor: SecondFactor, code: string): Promise<void> {
  const left = factor.recoveryHashes.filter((hash) => hash !== recoveryHash(code))
  const changes = { recovery_hashes: JSON.stringify(left) }
  await write.revise('second_factor', factor.id, changes, 'recovery_code_used', null)
}

export async function reviseSecondFactorAsRemoved(write: Write, factor: SecondFactor): Promise<void> {
  const changes = { secret: null, set_up_at: null, recovery_hashes: '[]' }
  await write.revise('second_factor', factor.id, changes, 'second_factor_removed', null)
}

export type SignInRule = { trialId: string; code: string; secondFactor: 'required' | 'optional' }

/** Every trial by its code, with what it asks of those who sign in. */
export async function listSignInRules(db: Db): Promise<SignInRule[]> {
  const rows = await db
    .selectFrom('trial')
    .leftJoin('sign_in_rule', 'sign_in_rule.trial_id', 'trial.id')
    .select(['trial.id', 'code', 'second_factor'])
    .orderBy('code')
    .execute()
  return rows.map((row) => ({
    trialId: row.id,
    code: row.code,
    secondFactor: row.second_factor === 'required' ? 'required' : 'optional',
  }))
}

export async function insertOrReviseRule(
  write: Write,
  context: Context,
  { trialId, secondFactor }: Pick<SignInRule, 'trialId' | 'secondFactor'>,
): Promise<void> {
  const row = await write.selectFrom('sign_in_rule').select('id').where('trial_id', '=', trialId).executeTakeFirst()
  const changes = { second_factor: secondFactor }
  if (row === undefined) {
    const whole = { id: context.newId(), trial_id: trialId, ...changes }
    await write.insert('sign_in_rule', whole, 'sign_in_rule_set')
    return
  }
  await write.revise('sign_in_rule', row.id, changes, 'sign_in_rule_set', null)
}
