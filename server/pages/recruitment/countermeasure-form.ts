/** What the forms about a countermeasure ask: to write it down, to correct it, to end it, to void it. */
import type { CalendarDate } from '../../domain/calendar-date.ts'
import { type Countermeasure, countermeasureCategories, sourceKey } from '../../domain/countermeasure.ts'
import type { Setting } from '../../domain/setting-change.ts'
import type { Site } from '../../domain/site.ts'
import type { Trial } from '../../domain/trial.ts'
import type { Words } from '../../i18n/words.ts'
import { between, type FieldSpec, optionsFrom } from '../settings/field-spec.ts'
import { scopeInWords } from './countermeasures-page.ts'
import type { Asked } from './form-page.ts'

export type MeasureFormInput = {
  trial: Trial
  sites: readonly Site[]
  /** The sources of referral that the log names, by their keys. */
  knownSources: readonly string[]
  today: CalendarDate
  /** Null for a new one. */
  setting: Setting<Countermeasure> | null
}

export const reasonField: FieldSpec = { id: 'reason', must: 'must', as: 'line', most: 200 }
export const basisField = (words: Words): FieldSpec => ({
  id: 'basis',
  must: 'must',
  as: 'choice',
  options: optionsFrom(['recorded', 'assumed'] as const, (basis) => words.of('basis', basis)),
})

/** The form of a new measure, or of one as it stands. */
export function measureAsked(input: MeasureFormInput, words: Words): Asked {
  const { trial, sites, setting, today } = input
  const measure = setting?.value ?? null
  const list = `/trials/${trial.code}/countermeasures`
  const sources = [...new Set([...input.knownSources, ...(measure?.sources ?? []).map(sourceKey)])]
  const siteOptions = sites.map(({ id, code, name }) => ({ value: id, label: `${code} ${words.pick(name)}` }))
  const known: FieldSpec = {
    id: 'sources',
    must: 'may',
    as: 'several',
    options: sources.map((source) => ({ value: source, label: source })),
  }
  return {
    heading: measure === null ? words.t('countermeasures.add') : words.t('countermeasures.correct'),
    note: words.t('countermeasures.form_note'),
    warning: null,
    button: words.t('recruitment.save'),
    specs: [
      {
        id: 'category',
        must: 'must',
        as: 'choice',
        options: optionsFrom(countermeasureCategories, (category) => words.of('measure_category', category)),
      },
      { id: 'titleJa', must: 'must', as: 'line', most: 200 },
      { id: 'titleEn', must: 'may', as: 'line', most: 200 },
      { id: 'siteIds', must: 'may', as: 'several', options: siteOptions },
      ...(sources.length === 0 ? [] : [known]),
      { id: 'otherSource', must: 'may', as: 'line', most: 200 },
      { id: 'startedOn', must: 'must', as: 'date' },
      { id: 'endedOn', must: 'may', as: 'date' },
      { id: 'owner', must: 'must', as: 'line', most: 200 },
      { id: 'evidence', must: 'must', as: 'prose', most: 500 },
      basisField(words),
      ...(measure === null ? [] : [reasonField]),
    ],
    typed: {
      category: measure?.category ?? '',
      titleJa: measure?.title.ja ?? '',
      titleEn: measure?.title.en ?? '',
      siteIds: (measure?.siteIds ?? []).join(between),
      sources: (measure?.sources ?? []).map(sourceKey).join(between),
      startedOn: measure?.startedOn ?? today,
      endedOn: measure?.endedOn ?? '',
      owner: measure?.owner ?? '',
      evidence: measure?.evidence ?? '',
      basis: measure?.basis ?? 'recorded',
    },
    seen: setting?.seen ?? '',
    address: measure === null ? `${list}/new` : `${list}/${measure.id}`,
    action: measure === null ? list : `${list}/${measure.id}`,
    back: list,
    answers: measure === null ? [] : answersOf(measure, sites, words),
  }
}

type About = { trial: Trial; sites: readonly Site[]; setting: Setting<Countermeasure> }

/** The form that ends a measure. */
export function endAsked({ trial, sites, setting, today }: About & { today: CalendarDate }, words: Words): Asked {
  return {
    ...aboutOne({ trial, sites, setting }, 'end', words),
    heading: words.t('countermeasures.end_title', { title: words.pick(setting.value.title) }),
    note: words.t('countermeasures.end_note'),
    warning: words.t('countermeasures.end_warning'),
    button: words.t('countermeasures.end_button'),
    specs: [{ id: 'endedOn', must: 'must', as: 'date' }],
    typed: { endedOn: today },
  }
}

/** The form that voids a measure, which asks once. */
export function voidMeasureAsked(about: About, words: Words): Asked {
  return {
    ...aboutOne(about, 'void', words),
    heading: words.t('countermeasures.void_title', { title: words.pick(about.setting.value.title) }),
    note: words.t('countermeasures.void_note'),
    warning: words.t('countermeasures.void_warning'),
    button: words.t('recruitment.void_button'),
    specs: [reasonField],
    typed: {},
  }
}

function aboutOne({ trial, sites, setting: { value, seen } }: About, way: 'end' | 'void', words: Words) {
  const list = `/trials/${trial.code}/countermeasures`
  const action = `${list}/${value.id}/${way}`
  return { seen, address: `${action}/new`, action, back: list, answers: answersOf(value, sites, words) }
}

function answersOf(measure: Countermeasure, sites: readonly Site[], words: Words): Asked['answers'] {
  const { title, startedOn, endedOn } = measure
  const until = endedOn === null ? [] : [{ label: words.of('setting_field', 'endedOn'), value: words.date(endedOn) }]
  return [
    { label: words.t('countermeasures.measure'), value: words.pick(title) },
    { label: words.of('setting_field', 'category'), value: words.of('measure_category', measure.category) },
    { label: words.t('countermeasures.scope_label'), value: scopeInWords(measure, sites, words) },
    { label: words.of('setting_field', 'startedOn'), value: words.date(startedOn) },
    ...until,
    { label: words.of('setting_field', 'owner'), value: measure.owner },
    { label: words.of('setting_field', 'evidence'), value: measure.evidence },
  ]
}
