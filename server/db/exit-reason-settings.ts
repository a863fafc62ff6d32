/** A trial's coded reasons for exits as settings. */
import type { Context } from '../context.ts'
import type { ExitReason } from '../domain/exit-reason.ts'
import type { Setting } from '../domain/setting-change.ts'
import type { Exit } from '../domain/subject-state.ts'
import type { Db, ExitReasonRow } from './database.ts'
import { keepList, settingFrom } from './kept-settings.ts'
import { named } from './trials.ts'
import type { Write } from './write.ts'

function reasonRows(db: Db, trialId: string) {
  return db
    .selectFrom('exit_reason')
    .selectAll()
    .where('trial_id', '=', trialId)
    .orderBy('exit')
    .orderBy('position')
    .execute()
}

function reasonFrom(row: ExitReasonRow): ExitReason {
  return { exit: row.exit as Exit, code: row.code, label: { ja: row.label_ja, en: row.label_en } }
}

/** Those in use, exit by exit in their order. */
export async function listReasonSettings(db: Db, trialId: string): Promise<Setting<ExitReason>[]> {
  const rows = await reasonRows(db, trialId)
  return rows.filter((row) => row.retired_at === null).map((row) => settingFrom(row, reasonFrom(row)))
}

/** Every reason that the trial ever had: what was said of a subject stays readable. */
export async function listEveryReason(db: Db, trialId: string): Promise<ExitReason[]> {
  return (await reasonRows(db, trialId)).map(reasonFrom)
}

export async function keepReasons(
  write: Write,
  context: Context,
  trialId: string,
  reasons: readonly ExitReason[],
): Promise<void> {
  await keepList(write, context, trialId, {
    table: 'exit_reason',
    rows: await reasonRows(write, trialId),
    wanted: reasons.map(({ exit, code, label }) => ({ exit, code, ...named('label', label) })),
    isSame: (row, wanted) => row.exit === wanted.exit && row.code === wanted.code,
    groupOf: ({ exit }) => exit,
    auditAs: ['exit_reason_configured', 'exit_reason_changed', 'exit_reason_retired'],
    reason: null,
  })
}
