/** What a trial settles beforehand beside its pathway: reasons for exits, caps, and the secret of its candidate keys. */

import { createHmac, randomBytes } from 'node:crypto'
import type { Context } from '../context.ts'
import type { Cap } from '../domain/cap.ts'
import type { ExitReason } from '../domain/exit-reason.ts'
import { plainCode } from '../domain/import-words.ts'
import type { Exit } from '../domain/subject-state.ts'
import type { Db } from './database.ts'
import { named } from './trials.ts'
import type { Write } from './write.ts'

/** The reasons in use, in order. */
export async function listExitReasons(db: Db, trialId: string): Promise<ExitReason[]> {
  const rows = await db
    .selectFrom('exit_reason')
    .selectAll()
    .where('trial_id', '=', trialId)
    .where('retired_at', 'is', null)
    .orderBy('exit')
    .orderBy('position')
    .execute()
  return rows.map((row) => ({
    exit: row.exit as Exit,
    code: row.code,
    label: { ja: row.label_ja, en: row.label_en },
  }))
}

export async function insertExitReasons(
  write: Write,
  context: Context,
  trialId: string,
  reasons: readonly ExitReason[],
): Promise<void> {
  for (const [index, { exit, code, label }] of reasons.entries()) {
    const before = reasons.slice(0, index).filter((other) => other.exit === exit).length
    const row = { exit, code, ...named('label', label), position: before + 1, retired_at: null }
    await write.insert('exit_reason', { id: context.newId(), trial_id: trialId, ...row }, 'exit_reason_configured')
  }
}

export async function listCaps(db: Db, trialId: string): Promise<Cap[]> {
  const rows = await db.selectFrom('cap').selectAll().where('trial_id', '=', trialId).orderBy('id').execute()
  return rows.map((row) => ({
    id: row.id,
    siteId: row.site_id,
    armCode: row.arm_code,
    hardNumber: row.hard_number,
    softNumber: row.soft_number,
  }))
}

/**
 * A digest by which the same person is found at two sites, under the trial's own secret: nothing that was typed can be
 * read from it, and the same text in another trial gives another one. Spaces, signs that
 * nobody sees, widths, kinds of dash and case make no difference.
 */
export async function findCandidateHash(db: Db, trialId: string, typed: string): Promise<string> {
  const row = await db
    .selectFrom('trial_secret')
    .select('secret')
    .where('trial_id', '=', trialId)
    .executeTakeFirstOrThrow()
  const same = plainCode(typed)
    .replace(/[\s\p{C}\p{Default_Ignorable_Code_Point}]/gu, '')
    .toLowerCase()
  return createHmac('sha256', row.secret).update(same).digest('hex')
}

export function newTrialSecret(): string {
  return randomBytes(32).toString('hex')
}
