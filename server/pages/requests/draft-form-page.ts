/** The form of a draft: what is asked for and since when, what changes and why, the claims, and who decides. */
import type { Problem } from '../../domain/parsed.ts'
import { necessities } from '../../domain/request/decisions.ts'
import type { Trial } from '../../domain/trial.ts'
import type { Words } from '../../i18n/words.ts'
import { type ClaimsForm, claimsForm } from '../claims-form.ts'
import { errorSummary, type Page, type ProblemInWords, problemsInWords } from '../page.ts'
import { isOfClaims, mostClaims } from '../projection-fields.ts'
import { type FieldSpec, type FieldWords, type FormField, formField, optionsFrom } from '../settings/field-spec.ts'
import { type RequestFieldId, type RequestFieldSpec, requestFieldWords } from './request-fields.ts'

/** So many items, bodies and past periods fit into one form. */
export const mostItems = 8
export const mostBodies = 4
export const mostTold = 6

const bearers = ['research_funds', 'patient', 'insurer'] as const
export const standings = ['counted', 'beside_the_sum'] as const

export function factFields(words: Words): RequestFieldSpec[] {
  const count = { must: 'must', as: 'number', least: 0, most: 100_000, decimals: 0 } as const
  return [
    { id: 'title', must: 'must', as: 'line', most: 200 },
    { id: 'asOf', must: 'must', as: 'date' },
    { id: 'writtenOn', must: 'may', as: 'date' },
    { ...count, id: 'registeredNumber' },
    { ...count, id: 'targetNumber' },
    { ...count, id: 'statedTotal' },
    { ...count, id: 'statedSites', must: 'may' },
    { id: 'registrationFrom', must: 'must', as: 'date' },
    { id: 'registrationUntil', must: 'must', as: 'date' },
    { id: 'studyUntil', must: 'may', as: 'date' },
    { id: 'effectiveFrom', must: 'must', as: 'date' },
    {
      id: 'costBearer',
      must: 'must',
      as: 'choice',
      options: optionsFrom(bearers, (bearer) => words.of('cost_bearer', bearer)),
    },
    { ...count, id: 'followUpDays', must: 'may' },
    { id: 'screeningsFrom', must: 'may', as: 'date' },
  ]
}

const placesUpTo = (most: number) => Array.from({ length: most }, (_, index) => index + 1)

export function itemFields(place: number): RequestFieldSpec[] {
  const prose = { must: 'may', as: 'prose', most: 2000 } as const
  return [
    { id: `itemTitle${place}`, must: 'may', as: 'line', most: 200 },
    { ...prose, id: `itemBefore${place}` },
    { ...prose, id: `itemAfter${place}` },
    { ...prose, id: `itemReason${place}` },
  ]
}

export function bodyFields(place: number, words: Words): RequestFieldSpec[] {
  return [
    { id: `bodyName${place}`, must: 'may', as: 'line', most: 200 },
    {
      id: `bodyNecessity${place}`,
      must: 'must',
      as: 'choice',
      options: optionsFrom(necessities, (necessity) => words.of('body_necessity', necessity)),
    },
    { id: `bodyItems${place}`, must: 'may', as: 'line', most: 64 },
  ]
}

export function toldFields(place: number): RequestFieldSpec[] {
  const count = { must: 'may', as: 'number', least: 0, most: 100_000, decimals: 0 } as const
  return [
    { id: `toldText${place}`, must: 'may', as: 'line', most: 200 },
    { id: `toldSource${place}`, must: 'may', as: 'line', most: 200 },
    { id: `toldFrom${place}`, must: 'may', as: 'date' },
    { id: `toldUntil${place}`, must: 'may', as: 'date' },
    { ...count, id: `toldPromised${place}` },
    { ...count, id: `toldRegistered${place}` },
  ]
}

export function claimWordFields(place: number, words: Words): RequestFieldSpec[] {
  return [
    { id: `claimLabel${place}`, must: 'may', as: 'line', most: 200 },
    { id: `claimSource${place}`, must: 'may', as: 'line', most: 200 },
    {
      id: `claimStanding${place}`,
      must: 'must',
      as: 'choice',
      options: optionsFrom(standings, (standing) => words.of('claim_standing', standing)),
    },
  ]
}

/** Every field of the form but the figures of the claims, which the projection's form has too. */
export function draftFields(words: Words): RequestFieldSpec[] {
  return [
    ...factFields(words),
    ...placesUpTo(mostItems).flatMap(itemFields),
    ...placesUpTo(mostClaims).flatMap((place) => claimWordFields(place, words)),
    ...placesUpTo(mostBodies).flatMap((place) => bodyFields(place, words)),
    ...placesUpTo(mostTold).flatMap(toldFields),
  ]
}

export type DraftFormPage = Page & {
  heading: string
  action: string
  back: string
  errors: ReturnType<typeof errorSummary>
  facts: FormField[]
  items: { legend: string; fields: FormField[] }[]
  claims: (ClaimsForm['rows'][number] & { fields: FormField[] })[]
  heads: string[]
  siteCodes: string
  bodies: { legend: string; fields: FormField[] }[]
  told: { legend: string; fields: FormField[] }[]
  seen: string
  submissionKey: string
}

export function draftFormPage(
  input: {
    trial: Trial
    /** The number of the draft that is changed; null for a new one. */
    number: number | null
    typed: Readonly<Record<string, string>>
    siteCodes: readonly string[]
    seen: string
    submissionKey: string
    problems: readonly Problem[]
  },
  words: Words,
): DraftFormPage {
  const { trial, number, typed, siteCodes } = input
  const specs = draftFields(words)
  const known = (id: string) => specs.some((spec) => spec.id === id) || isOfClaims(id)
  const problems = problemsInWords(
    input.problems.map((problem) => (known(problem.field) ? problem : { ...problem, field: '' })),
    words,
  )
  const said = requestFieldWords(words)
  const fieldsOf = (of: readonly FieldSpec<RequestFieldId>[]) =>
    of.map((spec) => formField(spec, typed, problems, words, said))
  const heading = words.t(number === null ? 'requests.new' : 'requests.change_draft')
  const root = `/trials/${trial.code}/requests`
  const claims = claimsForm({ shown: typed, fields: [], problems, isEdited: false, siteCodes }, words)
  /** Two rows more than are filled in. */
  const shown = (most: number, filled: (place: number) => boolean) =>
    placesUpTo(Math.min((placesUpTo(most).findLast(filled) ?? 0) + 2, most))
  const isFilled = (id: string) => (typed[id] ?? '') !== ''
  return {
    template: 'requests/draft',
    title: problems.length > 0 ? `${words.t('form.error_prefix')}${heading}` : heading,
    place: 'requests',
    hasDates: true,
    address: number === null ? `${root}/new` : `${root}/${number}/draft`,
    heading,
    action: number === null ? root : `${root}/${number}/draft`,
    back: number === null ? root : `${root}/${number}`,
    errors: errorSummary(
      problems.map((problem) => ({ ...problem, text: atRow(problem, said, words) })),
      words,
    ),
    facts: fieldsOf(factFields(words)),
    items: shown(mostItems, (place) => isFilled(`itemTitle${place}`)).map((place) => ({
      legend: words.t('requests.item_at', { place }),
      fields: fieldsOf(itemFields(place)),
    })),
    heads: claims.heads,
    claims: claims.rows.map((row) => ({ ...row, fields: fieldsOf(claimWordFields(row.place, words)) })),
    siteCodes: claims.siteCodes,
    bodies: shown(mostBodies, (place) => isFilled(`bodyName${place}`)).map((place) => ({
      legend: words.t('requests.body_at', { place }),
      fields: fieldsOf(bodyFields(place, words)),
    })),
    told: shown(mostTold, (place) => toldFields(place).some(({ id }) => isFilled(id))).map((place) => ({
      legend: words.t('requests.told_at', { place }),
      fields: fieldsOf(toldFields(place)),
    })),
    seen: input.seen,
    submissionKey: input.submissionKey,
  }
}

/** What is wrong, with the name and the row of its field in front: a summary has several that say the same. */
function atRow({ field: id, text }: ProblemInWords, said: FieldWords, words: Words): string {
  if (id === '') return text
  const [, name = '', place = ''] = /^([A-Za-z]+?)(\d*)$/.exec(id) ?? []
  const field = isOfClaims(id) ? words.of('claim_field', name) : said.label(id)
  const at = place === '' ? field : words.t('requests.field_at', { place, field })
  return words.t('projection.problem_at', { field: at, text })
}
