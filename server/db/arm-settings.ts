/** A trial's arms as settings, and which of them somebody was given. */
import type { Context } from '../context.ts'
import type { Setting } from '../domain/setting-change.ts'
import type { Arm } from '../domain/trial.ts'
import type { Db } from './database.ts'
import { keepList, settingFrom } from './kept-settings.ts'
import { named } from './trials.ts'
import type { Write } from './write.ts'

function armRows(db: Db, trialId: string) {
  return db.selectFrom('trial_arm').selectAll().where('trial_id', '=', trialId).orderBy('position').execute()
}

export async function listArmSettings(db: Db, trialId: string): Promise<Setting<Arm>[]> {
  const rows = await armRows(db, trialId)
  return rows
    .filter((row) => row.retired_at === null)
    .map((row) => settingFrom(row, { code: row.code, label: { ja: row.label_ja, en: row.label_en }, ratio: row.ratio }))
}

export async function keepArms(
  write: Write,
  context: Context,
  trialId: string,
  arms: readonly Arm[],
  reason: string | null,
): Promise<void> {
  await keepList(write, context, trialId, {
    table: 'trial_arm',
    rows: await armRows(write, trialId),
    wanted: arms.map(({ code, label, ratio }) => ({ code, ...named('label', label), ratio })),
    isSame: (row, wanted) => row.code === wanted.code,
    auditAs: ['arm_configured', 'arm_changed', 'arm_retired'],
    reason,
  })
}

/** The arms that somebody was ever given. */
export async function isAnybodyAllocated(db: Db, trialId: string): Promise<boolean> {
  const row = await db.selectFrom('allocation').select('subject_id').where('trial_id', '=', trialId).executeTakeFirst()
  return row !== undefined
}
