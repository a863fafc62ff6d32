/** Trials and what describes them: identifiers, arms, profile, pathway, consent versions. */
import type { Context } from '../context.ts'
import type { Basis, Bilingual } from '../domain/bilingual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import { type Milestone, type Pathway, pathwayOf } from '../domain/milestone.ts'
import type { Grant } from '../domain/permission.ts'
import type { ConsentVersion } from '../domain/screening.ts'
import type { Arm, ProfileFact, Trial, TrialIdentifier } from '../domain/trial.ts'
import type { TrialAtHand } from '../domain/trial-lock.ts'
import type { Db, MilestoneRow, TrialRow } from './database.ts'
import { prepared } from './prepared.ts'
import type { Write } from './write.ts'

function trialFrom(row: TrialRow): Trial {
  return {
    id: row.id,
    code: row.code,
    name: { ja: row.name_ja, en: row.name_en },
    title: { ja: row.title_ja, en: row.title_en },
    condition: { ja: row.condition_ja, en: row.condition_en },
    design: row.design as Trial['design'],
    riskClass: row.risk_class as Trial['riskClass'],
    phase: row.phase as Trial['phase'],
    timeZone: row.time_zone,
    retentionYears: row.retention_years,
    leastShown: row.least_shown === null ? null : Number(row.least_shown),
  }
}

const atHand = prepared((db, ...ids) =>
  db
    .selectFrom('trial')
    .leftJoin('trial_lock', (join) =>
      join.onRef('trial_lock.trial_id', '=', 'trial.id').on('trial_lock.ended_at', 'is', null),
    )
    .leftJoin('sign_in_rule', 'sign_in_rule.trial_id', 'trial.id')
    .selectAll('trial')
    .select(['trial_lock.id as lock_id', 'locked_at', 'trial_lock.name_ja as lock_name_ja'])
    .select(['trial_lock.name_en as lock_name_en', 'second_factor'])
    .where('trial.id', 'in', ids)
    .orderBy('code'),
)

/** Every trial in which the grants give a role, by code: another trial does not exist for their holder. */
export async function listTrialsFor(db: Db, grants: readonly Grant[]): Promise<TrialAtHand[]> {
  const ids = [...new Set(grants.flatMap(({ trialId }) => (trialId === null ? [] : [trialId])))]
  if (ids.length === 0) return []
  const rows = await atHand(db, ...ids)
  return rows.map((row) => ({
    ...trialFrom(row),
    lock: lockFrom(row),
    asksSecondFactor: row.second_factor === 'required',
  }))
}

function lockFrom(row: {
  lock_id: string | null
  locked_at: string | null
  lock_name_ja: string | null
  lock_name_en: string | null
}): TrialAtHand['lock'] {
  if (row.lock_id === null) return null
  return {
    id: row.lock_id,
    name: { ja: row.lock_name_ja ?? '', en: row.lock_name_en ?? '' },
    lockedAt: row.locked_at ?? '',
  }
}

export async function findTrialByCode(db: Db, code: string): Promise<Trial | null> {
  const row = await db.selectFrom('trial').selectAll().where('code', '=', code).executeTakeFirst()
  return row === undefined ? null : trialFrom(row)
}

export async function findTrial(db: Db, id: string): Promise<Trial> {
  return trialFrom(await db.selectFrom('trial').selectAll().where('id', '=', id).executeTakeFirstOrThrow())
}

export async function insertTrial(write: Write, context: Context, trial: Omit<Trial, 'leastShown'>): Promise<void> {
  await write.insert(
    'trial',
    {
      id: trial.id,
      code: trial.code,
      ...named('name', trial.name),
      ...named('title', trial.title),
      ...named('condition', trial.condition),
      design: trial.design,
      risk_class: trial.riskClass,
      time_zone: trial.timeZone,
      retention_years: trial.retentionYears,
      created_at: context.now(),
      phase: trial.phase,
      least_shown: null,
    },
    'trial_opened',
  )
}

export async function reviseLeastShown(write: Write, trialId: string, leastShown: number | null): Promise<void> {
  await write.revise('trial', trialId, { least_shown: leastShown }, 'small_numbers_set', null)
}

/** A bilingual value as its two columns: `named('name', x)` -> `{ name_ja, name_en }`. */
export function named<N extends string>(name: N, words: Bilingual): Record<`${N}_ja` | `${N}_en`, string> {
  return { [`${name}_ja`]: words.ja, [`${name}_en`]: words.en } as Record<`${N}_ja` | `${N}_en`, string>
}

/* ---------- pathway ---------- */

export function milestoneFrom(row: MilestoneRow): Milestone {
  return {
    code: row.code,
    label: { ja: row.label_ja, en: row.label_en },
    kind: row.kind as Milestone['kind'],
    necessity: row.necessity as Milestone['necessity'],
    counting: row.counting as Milestone['counting'],
    repetition: row.repetition as Milestone['repetition'],
    schedule:
      row.anchor_code === null
        ? null
        : {
            anchorCode: row.anchor_code,
            offsetDays: row.offset_days ?? 0,
            windowBeforeDays: row.window_before_days ?? 0,
            windowAfterDays: row.window_after_days ?? 0,
          },
  }
}

export async function findPathway(db: Db, trialId: string): Promise<Pathway> {
  const rows = await db
    .selectFrom('milestone')
    .selectAll()
    .where('trial_id', '=', trialId)
    .where('retired_at', 'is', null)
    .orderBy('position')
    .execute()
  return pathwayOf(rows.map(milestoneFrom))
}

export async function insertPathway(
  write: Write,
  context: Context,
  trialId: string,
  milestones: readonly Milestone[],
): Promise<void> {
  for (const [index, milestone] of milestones.entries()) {
    const row = { position: index + 1, ...milestoneColumns(milestone), retired_at: null }
    await write.insert('milestone', { id: context.newId(), trial_id: trialId, ...row }, 'milestone_configured')
  }
}

/** A milestone as its columns, but for its place. */
export function milestoneColumns(
  milestone: Milestone,
): Omit<MilestoneRow, 'id' | 'trial_id' | 'position' | 'retired_at'> {
  const { schedule } = milestone
  return {
    code: milestone.code,
    ...named('label', milestone.label),
    kind: milestone.kind,
    necessity: milestone.necessity,
    counting: milestone.counting,
    repetition: milestone.repetition,
    anchor_code: schedule?.anchorCode ?? null,
    offset_days: schedule?.offsetDays ?? null,
    window_before_days: schedule?.windowBeforeDays ?? null,
    window_after_days: schedule?.windowAfterDays ?? null,
  }
}

/* ---------- what describes a trial ---------- */

export async function listConsentVersions(db: Db, trialId: string): Promise<ConsentVersion[]> {
  const rows = await db
    .selectFrom('consent_version')
    .selectAll()
    .where('trial_id', '=', trialId)
    .orderBy('position', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    label: { ja: row.label_ja, en: row.label_en },
    approvedOn: row.approved_on as CalendarDate | null,
    basis: row.basis as Basis,
  }))
}

export async function insertConsentVersions(
  write: Write,
  context: Context,
  trialId: string,
  versions: readonly Omit<ConsentVersion, 'id'>[],
): Promise<void> {
  for (const version of versions) await insertConsentVersion(write, context, trialId, version)
}

/** Adds a version behind those there are. */
export async function insertConsentVersion(
  write: Write,
  context: Context,
  trialId: string,
  version: Omit<ConsentVersion, 'id'>,
): Promise<void> {
  const earlier = await listConsentVersions(write, trialId)
  await write.insert(
    'consent_version',
    {
      id: context.newId(),
      trial_id: trialId,
      position: earlier.length + 1,
      ...named('label', version.label),
      approved_on: version.approvedOn,
      basis: version.basis,
    },
    'consent_version_added',
  )
}

export type TrialProfile = { identifiers: TrialIdentifier[]; arms: Arm[]; facts: ProfileFact[] }

export async function findProfile(db: Db, trialId: string): Promise<TrialProfile> {
  const identifiers = await db
    .selectFrom('trial_identifier')
    .selectAll()
    .where('trial_id', '=', trialId)
    .orderBy('id')
    .execute()
  const arms = await db
    .selectFrom('trial_arm')
    .selectAll()
    .where('trial_id', '=', trialId)
    .where('retired_at', 'is', null)
    .orderBy('position')
    .execute()
  const facts = await db
    .selectFrom('profile_fact')
    .selectAll()
    .where('trial_id', '=', trialId)
    .where('replaced_at', 'is', null)
    .orderBy('position')
    .execute()
  return {
    identifiers: identifiers.map((row) => ({
      kind: row.kind as TrialIdentifier['kind'],
      value: row.value,
      validFrom: row.valid_from,
      validUntil: row.valid_until,
      source: { ja: row.source_ja, en: row.source_en },
    })),
    arms: arms.map((row) => ({ code: row.code, label: { ja: row.label_ja, en: row.label_en }, ratio: row.ratio })),
    facts: facts.map((row) => ({
      kind: row.kind as ProfileFact['kind'],
      label: { ja: row.label_ja, en: row.label_en },
      value: { ja: row.value_ja, en: row.value_en },
      source: { ja: row.source_ja, en: row.source_en },
      basis: row.basis as Basis,
    })),
  }
}

export async function insertProfile(
  write: Write,
  context: Context,
  trialId: string,
  profile: TrialProfile,
): Promise<void> {
  for (const { kind, value, validFrom, validUntil, source } of profile.identifiers) {
    const row = { kind, value, valid_from: validFrom, valid_until: validUntil, ...named('source', source) }
    await write.insert('trial_identifier', { id: context.newId(), trial_id: trialId, ...row }, 'identifier_added')
  }
  for (const [index, { code, label, ratio }] of profile.arms.entries()) {
    const row = { position: index + 1, code, ...named('label', label), ratio, retired_at: null }
    await write.insert('trial_arm', { id: context.newId(), trial_id: trialId, ...row }, 'arm_configured')
  }
  for (const [index, fact] of profile.facts.entries()) {
    const row = {
      kind: fact.kind,
      position: index + 1,
      ...named('label', fact.label),
      ...named('value', fact.value),
      ...named('source', fact.source),
      basis: fact.basis,
      replaces_id: null,
      replaced_at: null,
    }
    await write.insert('profile_fact', { id: context.newId(), trial_id: trialId, ...row }, 'profile_fact_added')
  }
}
