/** Somebody asks for ten new recovery codes, with a code of their app: the old ones are worth nothing any more. */
import { type Actor, type Context, nobody } from '../context.ts'
import { findSecondFactor, newRecoveryCodes, reviseRecoveryCodes } from '../db/second-factors.ts'
import { forgive, tryCode } from '../db/tries.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'

export async function renewRecoveryCodes(
  context: Context,
  actor: Actor,
  code: string,
  from: { address: string },
): Promise<Parsed<{ recoveryCodes: string[] }>> {
  const who = { personId: actor.personId, username: actor.username, address: from.address }
  const outcome = await tryCode(context, nobody, who, code, actor)
  if (outcome.is === 'too_early') return { problems: [outcome.problem] }
  if (outcome.is === 'wrong') return { problems: [{ field: 'code', code: 'code_wrong' }] }
  await forgive(context, who)
  const recoveryCodes = newRecoveryCodes()
  return transact(context, actor, null, async (write) => {
    const factor = await findSecondFactor(write, actor.personId)
    if (factor === null) return { problems: [{ field: '', code: 'second_factor_none' }] }
    await reviseRecoveryCodes(write, factor, recoveryCodes)
    return { value: { recoveryCodes } }
  })
}
