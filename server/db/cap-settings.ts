/** A trial's caps as settings: one that was lifted stays as a row without numbers. */
import type { Context } from '../context.ts'
import { type CapDraft, isOfTheSame } from '../domain/cap-change.ts'
import type { Setting } from '../domain/setting-change.ts'
import type { CapRow, Db } from './database.ts'
import { settingFrom } from './kept-settings.ts'
import type { Write } from './write.ts'

function capFrom(row: CapRow): CapDraft {
  return { siteId: row.site_id, armCode: row.arm_code, hardNumber: row.hard_number, softNumber: row.soft_number }
}

/** Lifted ones too. */
export async function listCapSettings(db: Db, trialId: string): Promise<Setting<CapDraft>[]> {
  const rows = await db.selectFrom('cap').selectAll().where('trial_id', '=', trialId).orderBy('id').execute()
  return rows.map((row) => settingFrom(row, capFrom(row)))
}

/** Sets a cap; one that was lifted is set again in its own row. */
export async function insertCap(
  write: Write,
  context: Context,
  trialId: string,
  draft: CapDraft,
  known: readonly Setting<CapDraft>[],
): Promise<void> {
  const lifted = known.find(({ value }) => isOfTheSame(value, draft))
  const numbers = { hard_number: draft.hardNumber, soft_number: draft.softNumber }
  if (lifted !== undefined) return write.revise('cap', lifted.id, numbers, 'cap_set', null)
  const row = { id: context.newId(), trial_id: trialId, site_id: draft.siteId, arm_code: draft.armCode, ...numbers }
  await write.insert('cap', row, 'cap_set')
}

export async function reviseCap(write: Write, id: string, { hardNumber, softNumber }: CapDraft): Promise<void> {
  await write.revise('cap', id, { hard_number: hardNumber, soft_number: softNumber }, 'cap_changed', null)
}

export async function liftCap(write: Write, id: string): Promise<void> {
  await write.revise('cap', id, { hard_number: null, soft_number: null }, 'cap_lifted', null)
}
