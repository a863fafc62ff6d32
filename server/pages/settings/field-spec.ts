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
  'leastShown',
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
  'leastShown',
  'reason',
] as const satisfies readonly SettingField[]

export type Option = { value: string; label: string }
export type Asked =
  | { as: 'line' | 'prose'; most: number }
  | { as: 'code' }
  | { as: 'date' }
  | { as: 'number'; least: number; most: number; decimals: 0 | 1 | 2 }
  | { as: 'choice' | 'several'; options: readonly Option[] }
/** One field of a form; forms of other things than settings have names of their own. */
export type FieldSpec<I extends string = SettingField> = { id: I; must: 'must' | 'may' } & Asked

/** Between the values of a field with several boxes: a character that nobody can send. */
export const between = '\u001f'

/** What was typed, by field; a field that is missing is empty, one with several boxes has its values with `between`. */
export type Typed<I extends string = SettingField> = Readonly<Partial<Record<I, string>>>

/** What a field is called, and what is said besides where that is not enough. */
export type FieldWords = { label(id: string): string; hint(id: string): string | null }

function settingWords(words: Words): FieldWords {
  const isHinted = (id: string) => (hintedFields as readonly string[]).includes(id)
  return {
    label: (id) => words.of('setting_field', id),
    hint: (id) => (isHinted(id) ? words.of('setting_hint', id) : null),
  }
}

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

export function formField<I extends string = SettingField>(
  spec: FieldSpec<I>,
  typed: Typed<I>,
  problems: readonly ProblemInWords[],
  words: Words,
  said: FieldWords = settingWords(words),
): FormField {
  const value = typed[spec.id] ?? ''
  const hint = said.hint(spec.id)
  const isDate = spec.as === 'date'
  const hintId = hint === null ? '' : `${spec.id}-hint`
  const plain = isDate ? dateField(spec.id, value, problems, words) : { ...field(spec.id, value, problems), echo: null }
  return {
    ...plain,
    // An empty field that may stay empty has nothing to suggest.
    echo: value === '' ? null : plain.echo,
    label: said.label(spec.id),
    need: words.t(spec.must === 'must' ? 'form.required' : 'form.optional'),
    hint,
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
export function atFields(problems: readonly Problem[], specs: readonly { id: string }[]): Problem[] {
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
