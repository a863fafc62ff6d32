/** Facts of a trial's profile as settings, in their versions: a changed fact is a new row that replaces the old one. */
import type { Context } from '../context.ts'
import type { Basis } from '../domain/bilingual.ts'
import type { FactVersion } from '../domain/fact-history.ts'
import type { Setting } from '../domain/setting-change.ts'
import type { ProfileFact } from '../domain/trial.ts'
import type { Db, ProfileFactRow } from './database.ts'
import { settingFrom } from './kept-settings.ts'
import { named } from './trials.ts'
import type { Write } from './write.ts'

function factFrom(row: ProfileFactRow): ProfileFact {
  return {
    kind: row.kind as ProfileFact['kind'],
    label: { ja: row.label_ja, en: row.label_en },
    value: { ja: row.value_ja, en: row.value_en },
    source: { ja: row.source_ja, en: row.source_en },
    basis: row.basis as Basis,
  }
}

function factRows(db: Db, trialId: string) {
  return db
    .selectFrom('profile_fact')
    .selectAll()
    .where('trial_id', '=', trialId)
    .orderBy('kind')
    .orderBy('position')
    .orderBy('id')
    .execute()
}

/** Those that hold now, kind by kind in their order. */
export async function listFactSettings(db: Db, trialId: string): Promise<Setting<ProfileFact>[]> {
  const rows = await factRows(db, trialId)
  return rows.filter((row) => row.replaced_at === null).map((row) => settingFrom(row, factFrom(row)))
}

/** Every version there ever was. */
export async function listFactVersions(db: Db, trialId: string): Promise<FactVersion[]> {
  const rows = await factRows(db, trialId)
  return rows.map((row) => ({
    id: row.id,
    fact: factFrom(row),
    replacesId: row.replaces_id,
    replacedAt: row.replaced_at,
  }))
}

/** Adds a fact at the end, or a new version in the place of the one that it replaces. */
export async function insertFact(
  write: Write,
  context: Context,
  trialId: string,
  fact: ProfileFact,
  replacesId: string | null,
): Promise<void> {
  const rows = await factRows(write, trialId)
  const old = rows.find(({ id }) => id === replacesId)
  const last = Math.max(0, ...rows.map(({ position }) => position))
  const row = {
    id: context.newId(),
    trial_id: trialId,
    kind: fact.kind,
    position: old?.position ?? last + 1,
    ...named('label', fact.label),
    ...named('value', fact.value),
    ...named('source', fact.source),
    basis: fact.basis,
    replaces_id: replacesId,
    replaced_at: null,
  }
  await write.insert('profile_fact', row, 'profile_fact_added')
}

export async function endFact(
  write: Write,
  context: Context,
  id: string,
  { auditAs }: { auditAs: 'profile_fact_replaced' | 'profile_fact_withdrawn' },
): Promise<void> {
  await write.revise('profile_fact', id, { replaced_at: context.now() }, auditAs, null)
}
