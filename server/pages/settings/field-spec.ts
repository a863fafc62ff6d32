/** What a form of the settings asks: each field by its name, with what may be typed into it. */
import type { Problem } from '../../domain/parsed.ts'
import type { Words } from '../../i18n/words.ts'
import { dateField } from '../date-field.ts'
import { type Field, field, type ProblemInWords } from '../page.ts'

export const settingFields = [
  'code',
  'labelJa',
  'labelEn',
  'nameJa',
  'nameEn',
  'milestoneKind',
  'place',
  'necessity',
  'repetition',
  'counting',
  'anchorCode',
  'offsetDays',
  'windowBeforeDays',
  'windowAfterDays',
  'ratio',
  'exit',
  'capOf',
  'hardNumber',
  'softNumber',
  'plannedPerYear',
  'siteId',
  'status',
  'fromOn',
  'approvedOn',
  'factKind',
  'valueJa',
  'valueEn',
  'sourceJa',
  'sourceEn',
  'basis',
  'category',
  'titleJa',
  'titleEn',
  'siteIds',
  'sources',
  'otherSource',
  'startedOn',
  'endedOn',
  'owner',
  'evidence',
  'placeJa',
  'placeEn',
  'departmentJa',
  'departmentEn',
  'poolSite',
  'partOf',
  'countedOn',
  'size',
  'reviewed',
  'eligibleLow',
  'eligibleHigh',
  'source',
  'scheme',
  'startsOn',
  'whatJa',
  'whatEn',
  'bodyJa',
  'bodyEn',
  'heldOn',
  'meetingId',
  'dueOn',
  'metOn',
  'shownBy',
  'submittedOn',
  'document',
  'reason',
] as const
export type SettingField = (typeof settingFields)[number]

/** Fields whose label is not enough by itself. */
export const hintedFields = [
  'code',
  'place',
  'counting',
  'anchorCode',
  'offsetDays',
  'windowBeforeDays',
  'windowAfterDays',
  'ratio',
  'hardNumber',
  'softNumber',
  'plannedPerYear',
  'fromOn',
  'approvedOn',
  'titleEn',
  'siteIds',
  'sources',
  'otherSource',
  'startedOn',
  'endedOn',
  'evidence',
  'placeEn',
  'departmentJa',
  'poolSite',
  'partOf',
  'countedOn',
  'reviewed',
  'eligibleLow',
  'startsOn',
  'meetingId',
  'dueOn',
  'metOn',
  'shownBy',
  'submittedOn',
  'document',
  'reason',
] as const satisfies readonly SettingField[]

export type Option = { value: string; label: string }
export type Asked =
  | { as: 'line' | 'prose'; most: number }
  | { as: 'code' }
  | { as: 'date' }
  | { as: 'number'; least: number; most: number; decimals: 0 | 1 | 2 }
  | { as: 'choice' | 'several'; options: readonly Option[] }
export type FieldSpec = { id: SettingField; must: 'must' | 'may' } & Asked

/** Between the values of a field with several boxes: a character that nobody can send. */
export const between = '\u001f'

/** What was typed, by field; a field that is missing is empty, one with several boxes has its values with `between`. */
export type Typed = Readonly<Partial<Record<SettingField, string>>>

/** A field as it stands on the page. */
export type FormField = Field & {
  label: string
  need: string
  hint: string | null
  /** Which of the five controls it is. */
  isDate: boolean
  isLong: boolean
  isLine: boolean
  options: (Option & { chosen: boolean })[] | null
  /** Boxes of which any number may be ticked. */
  boxes: (Option & { chosen: boolean })[] | null
  width: string
  most: number
  hintId: string
  /** What describes it: its hint, and the words that mend it. */
  described: string
  echo: string | null
}

export function formField(spec: FieldSpec, typed: Typed, problems: readonly ProblemInWords[], words: Words): FormField {
  const value = typed[spec.id] ?? ''
  const isHinted = (hintedFields as readonly string[]).includes(spec.id)
  const isDate = spec.as === 'date'
  const hintId = isHinted ? `${spec.id}-hint` : ''
  const plain = isDate ? dateField(spec.id, value, problems, words) : { ...field(spec.id, value, problems), echo: null }
  return {
    ...plain,
    // An empty field that may stay empty has nothing to suggest.
    echo: value === '' ? null : plain.echo,
    label: words.of('setting_field', spec.id),
    need: words.t(spec.must === 'must' ? 'form.required' : 'form.optional'),
    hint: isHinted ? words.of('setting_hint', spec.id) : null,
    isDate,
    isLong: spec.as === 'prose',
    isLine: spec.as === 'line' || spec.as === 'code' || spec.as === 'number',
    options: spec.as === 'choice' ? optionsOf(spec.options, value, words) : null,
    boxes: spec.as === 'several' ? boxesOf(spec.options, value) : null,
    width: spec.as === 'line' ? 'w-name' : 'w-code',
    most: spec.as === 'line' || spec.as === 'prose' ? spec.most : 64,
    hintId,
    described: `${hintId} ${plain.error === null ? '' : `${spec.id}-error`}`.trim(),
  }
}

/** What is not chosen yet asks to be; an option that stands for "none" is on the list itself. */
function optionsOf(options: readonly Option[], value: string, words: Words): FormField['options'] {
  const isKnown = options.some((option) => option.value === value)
  const first = isKnown ? [] : [{ value: '', label: words.t('form.choose'), chosen: true }]
  return [...first, ...options.map((option) => ({ ...option, chosen: option.value === value }))]
}

function boxesOf(options: readonly Option[], value: string): FormField['boxes'] {
  const ticked = value.split(between)
  return options.map((option) => ({ ...option, chosen: ticked.includes(option.value) }))
}

/** Problems about a field that this form does not have stand at its top. */
export function atFields(problems: readonly Problem[], specs: readonly FieldSpec[]): Problem[] {
  return problems.map((problem) => (specs.some(({ id }) => id === problem.field) ? problem : { ...problem, field: '' }))
}

/** Options out of a list of names, each by its words. */
export function optionsFrom<T extends string>(values: readonly T[], labelOf: (value: T) => string): Option[] {
  return values.map((value) => ({ value, label: labelOf(value) }))
}

export const nameFields = (ja: SettingField, en: SettingField, most = 200): FieldSpec[] => [
  { id: ja, must: 'must', as: 'line', most },
  { id: en, must: 'must', as: 'line', most },
]
