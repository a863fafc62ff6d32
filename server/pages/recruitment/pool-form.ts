/** What the forms about candidate pools ask: a first count, a later one, a correction, and voiding. */
import type { CalendarDate } from '../../domain/calendar-date.ts'
import type { PoolCount } from '../../domain/eligibility-pool.ts'
import type { Setting } from '../../domain/setting-change.ts'
import type { Site } from '../../domain/site.ts'
import type { Trial } from '../../domain/trial.ts'
import type { Words } from '../../i18n/words.ts'
import type { FieldSpec, Typed } from '../settings/field-spec.ts'
import { basisField, reasonField } from './countermeasure-form.ts'
import type { Asked } from './form-page.ts'
import { poolName } from './pools-page.ts'

/** Stands for a choice of none. */
export const none = '-'

export type PoolFormInput = {
  trial: Trial
  sites: readonly Site[]
  /** The pools that this one may be part of: the latest count of each other one. */
  others: readonly PoolCount[]
  today: CalendarDate
}

/** The form of a pool that was never counted, or of a later count: its place is known, its numbers and source are new. */
export function countAsked(input: PoolFormInput, last: PoolCount | null, words: Words): Asked {
  const list = `/trials/${input.trial.code}/pools`
  const counts = last === null ? list : `${list}/${last.poolId}/counts`
  const kept = last === null ? {} : { ...typedOf(last), size: '', reviewed: '', source: '' }
  return {
    heading: last === null ? words.t('pools.add') : words.t('pools.count_again_title', { pool: poolName(last, words) }),
    note: words.t(last === null ? 'pools.form_note' : 'pools.count_again_note'),
    warning: null,
    button: words.t('recruitment.save'),
    specs: specsOf(input, words),
    typed: { basis: 'recorded', poolSite: none, partOf: none, ...kept, countedOn: input.today },
    seen: '',
    address: `${counts}/new`,
    action: counts,
    back: list,
    answers: [],
  }
}

/** The form that corrects one count. */
export function correctionAsked(input: PoolFormInput, { value, seen }: Setting<PoolCount>, words: Words): Asked {
  const list = `/trials/${input.trial.code}/pools`
  const here = `${list}/${value.poolId}/counts/${value.id}`
  return {
    heading: words.t('pools.correct_title', { pool: poolName(value, words) }),
    note: words.t('pools.form_note'),
    warning: null,
    button: words.t('recruitment.save'),
    specs: [...specsOf(input, words), reasonField],
    typed: typedOf(value),
    seen,
    address: here,
    action: here,
    back: list,
    answers: answersOf(value, words),
  }
}

/** The form that voids one count, which asks once. */
export function voidCountAsked(trial: Trial, { value, seen }: Setting<PoolCount>, words: Words): Asked {
  const list = `/trials/${trial.code}/pools`
  const action = `${list}/${value.poolId}/counts/${value.id}/void`
  return {
    heading: words.t('pools.void_title', { pool: poolName(value, words) }),
    note: words.t('pools.void_note'),
    warning: words.t('pools.void_warning'),
    button: words.t('recruitment.void_button'),
    specs: [reasonField],
    typed: {},
    seen,
    address: `${action}/new`,
    action,
    back: list,
    answers: answersOf(value, words),
  }
}

function specsOf({ sites, others }: PoolFormInput, words: Words): FieldSpec[] {
  const count = { as: 'number', least: 0, most: 10_000_000, decimals: 0 } as const
  const siteOptions = sites.map(({ id, code, name }) => ({ value: id, label: `${code} ${words.pick(name)}` }))
  const pools = others.map((pool) => ({ value: pool.poolId, label: poolName(pool, words) }))
  return [
    { id: 'placeJa', must: 'must', as: 'line', most: 200 },
    { id: 'placeEn', must: 'may', as: 'line', most: 200 },
    { id: 'departmentJa', must: 'may', as: 'line', most: 200 },
    { id: 'departmentEn', must: 'may', as: 'line', most: 200 },
    {
      id: 'poolSite',
      must: 'must',
      as: 'choice',
      options: [{ value: none, label: words.t('pools.no_site') }, ...siteOptions],
    },
    {
      id: 'partOf',
      must: 'must',
      as: 'choice',
      options: [{ value: none, label: words.t('pools.no_whole') }, ...pools],
    },
    { id: 'countedOn', must: 'must', as: 'date' },
    { id: 'size', must: 'must', ...count },
    { id: 'reviewed', must: 'may', ...count },
    { id: 'eligibleLow', must: 'may', ...count },
    { id: 'eligibleHigh', must: 'may', ...count },
    { id: 'source', must: 'must', as: 'line', most: 500 },
    basisField(words),
  ]
}

function typedOf({ place, department, eligible, ...pool }: PoolCount): Typed {
  return {
    placeJa: place.ja,
    placeEn: place.en,
    departmentJa: department.ja,
    departmentEn: department.en,
    poolSite: pool.siteId ?? none,
    partOf: pool.partOf ?? none,
    countedOn: pool.countedOn,
    size: String(pool.size),
    reviewed: pool.reviewed === null ? '' : String(pool.reviewed),
    eligibleLow: eligible === null ? '' : String(eligible.low),
    eligibleHigh: eligible === null ? '' : String(eligible.high),
    source: pool.source,
    basis: pool.basis,
  }
}

function answersOf(pool: PoolCount, words: Words): Asked['answers'] {
  const { eligible, reviewed } = pool
  const range = eligible === null ? '—' : words.t('format.range', { low: eligible.low, high: eligible.high })
  return [
    { label: words.t('pools.pool'), value: poolName(pool, words) },
    { label: words.of('setting_field', 'countedOn'), value: words.date(pool.countedOn) },
    { label: words.of('setting_field', 'size'), value: words.number(pool.size) },
    { label: words.of('setting_field', 'reviewed'), value: words.numberOr(reviewed) },
    { label: words.t('pools.eligible'), value: range },
    { label: words.of('setting_field', 'source'), value: pool.source === '' ? '—' : pool.source },
  ]
}
