/** The settings of a trial: the overview, the list of each section, the form of an entry, and what asks before an end. */
import type { Problem } from '../../domain/parsed.ts'
import type { Trial } from '../../domain/trial.ts'
import type { Words } from '../../i18n/words.ts'
import type { ConfirmPage } from '../confirm-event-page.ts'
import { errorSummary, type Page, problemsInWords } from '../page.ts'
import { atFields, type FieldSpec, type FormField, formField, type Typed } from './field-spec.ts'

export const sectionNames = [
  'pathway',
  'arms',
  'reasons',
  'caps',
  'sites',
  'statuses',
  'consents',
  'schemes',
  'facts',
  'small_numbers',
] as const
export type SectionName = (typeof sectionNames)[number]

/** Sections whose entries can be taken out of use. */
export const retirableSections = [
  'pathway',
  'arms',
  'reasons',
  'caps',
  'schemes',
  'facts',
] as const satisfies SectionName[]
/** Sections that set several things with one button. */
export const offeringSections = ['pathway', 'reasons'] as const satisfies SectionName[]

/** What may be done with an entry of a section, beside adding one. */
export type Ability = 'change' | 'move' | 'retire'

/** One entry: what it is called, and what is set, column by column. */
export type SettingsRow = {
  id: string
  seen: string
  title: string
  cells: readonly string[]
  /** Where it stands among those that it changes places with. */
  place: { isFirst: boolean; isLast: boolean }
}

export type SectionShown = {
  /** The heads of the title and of each cell. */
  columns: readonly string[]
  rows: readonly SettingsRow[]
  /** What the overview says of it. */
  summary: readonly string[]
  /** What can be set with one button; an empty list offers nothing. */
  offers: readonly { value: string; label: string; note: string }[]
  /** What somebody saw who looked at all of it. */
  seen: string
}

export type SectionForm = {
  /** What the entry is called; null for a new one. */
  title: string | null
  specs: readonly FieldSpec[]
  typed: Typed
  seen: string
  /** What is set now, to be compared and confirmed. */
  answers: readonly { label: string; value: string }[]
}

const rootOf = (trial: Trial) => `/trials/${trial.code}/settings`

export type SettingsOverview = Page & {
  subtitle: string
  sections: { title: string; lines: readonly string[]; empty: string; href: string; about: string }[]
}

export function settingsOverview(
  trial: Trial,
  shown: readonly { name: SectionName; section: SectionShown }[],
  words: Words,
): SettingsOverview {
  return {
    template: 'settings/index',
    title: words.t('settings.title'),
    place: 'settings',
    subtitle: words.t('settings.subtitle'),
    sections: shown.map(({ name, section }) => ({
      title: words.of('setting_section', name),
      lines: section.summary,
      empty: words.of('setting_empty', name),
      href: `${rootOf(trial)}/${name}`,
      about: words.of('setting_section', name),
    })),
  }
}

export const doings = ['added', 'changed', 'moved', 'retired', 'taken'] as const
export type Doing = (typeof doings)[number]

export type SectionPage = Page & {
  heading: string
  note: string
  back: string
  done: string | null
  errors: ReturnType<typeof errorSummary>
  columns: readonly string[]
  hasActions: boolean
  rows: {
    title: string
    cells: { label: string; text: string; isBlank: boolean }[]
    editHref: string | null
    retireHref: string | null
    move: { action: string; seen: string; up: boolean; down: boolean } | null
  }[]
  empty: string
  retireLabel: string
  addHref: string
  addLabel: string
  offers: { action: string; seen: string; title: string; note: string; buttons: SectionShown['offers'] } | null
}

export function sectionPage(
  input: {
    trial: Trial
    name: SectionName
    can: readonly Ability[]
    shown: SectionShown
    done: Doing | null
    problems: readonly Problem[]
  },
  words: Words,
): SectionPage {
  const { trial, name, can, shown } = input
  const here = `${rootOf(trial)}/${name}`
  const problems = problemsInWords(atFields(input.problems, []), words)
  const heading = words.of('setting_section', name)
  return {
    template: 'settings/section',
    title: problems.length > 0 ? `${words.t('form.error_prefix')}${heading}` : heading,
    place: 'settings',
    address: here,
    heading,
    note: words.of('setting_note', name),
    back: rootOf(trial),
    done: input.done === null ? null : words.of('setting_done', input.done),
    errors: errorSummary(problems, words),
    columns: shown.columns,
    hasActions: can.length > 0,
    rows: shown.rows.map((row) => ({
      title: row.title,
      cells: row.cells.map((text, index) => ({ label: shown.columns[index + 1] ?? '', text, isBlank: text === '—' })),
      editHref: can.includes('change') ? `${here}/entries/${row.id}` : null,
      retireHref: can.includes('retire') ? `${here}/entries/${row.id}/retirement` : null,
      move: can.includes('move')
        ? { action: `${here}/entries/${row.id}/place`, seen: row.seen, up: !row.place.isFirst, down: !row.place.isLast }
        : null,
    })),
    empty: words.of('setting_empty', name),
    retireLabel: can.includes('retire') ? words.of('setting_retire', name) : '',
    addHref: `${here}/new`,
    addLabel: words.of('setting_add', name),
    offers:
      shown.offers.length === 0
        ? null
        : {
            action: `${here}/offers`,
            seen: shown.seen,
            title: words.t('settings.offers'),
            note: words.of('setting_offers', name),
            buttons: shown.offers,
          },
  }
}

export type SettingFormPage = Page & {
  heading: string
  note: string
  action: string
  back: string
  errors: ReturnType<typeof errorSummary>
  /** What is set now, where somebody else changed it since the form was opened. */
  now: SectionForm['answers'] | null
  fields: FormField[]
  seen: string
  submissionKey: string
}

export function settingFormPage(
  input: {
    trial: Trial
    name: SectionName
    id: string | null
    form: SectionForm
    typed: Typed
    seen: string
    submissionKey: string
    isChangedMeanwhile: boolean
    problems: readonly Problem[]
  },
  words: Words,
): SettingFormPage {
  const { trial, name, id, form } = input
  const problems = problemsInWords(atFields(input.problems, form.specs), words)
  const section = `${rootOf(trial)}/${name}`
  const heading = form.title === null ? words.of('setting_add', name) : words.t('settings.change', { what: form.title })
  return {
    template: 'settings/form',
    title: problems.length > 0 ? `${words.t('form.error_prefix')}${heading}` : heading,
    place: 'settings',
    hasDates: true,
    address: id === null ? `${section}/new` : `${section}/entries/${id}`,
    heading,
    note: words.of('setting_form_note', name),
    action: id === null ? section : `${section}/entries/${id}`,
    back: section,
    errors: errorSummary(problems, words),
    now: input.isChangedMeanwhile ? form.answers : null,
    fields: form.specs.map((spec) => formField(spec, input.typed, problems, words)),
    seen: input.seen,
    submissionKey: input.submissionKey,
  }
}

type SettingConfirmPage = ConfirmPage & { back: string }

/** Before a template takes the place of what is set: both, and one button. */
export function offerPage(
  input: { trial: Trial; name: SectionName; shown: SectionShown; offer: SectionShown['offers'][number] },
  words: Words,
): SettingConfirmPage {
  const { trial, name, shown, offer } = input
  const section = `${rootOf(trial)}/${name}`
  const question = words.t('settings.template_question', { template: offer.label })
  return {
    template: 'settings/retire',
    title: question,
    place: 'settings',
    address: section,
    question,
    warnings: [words.t('settings.template_warning')],
    action: `${section}/offers`,
    back: section,
    button: words.t('settings.template_take'),
    answers: [
      { label: words.t('settings.now'), value: shown.rows.map(({ title }) => title).join(words.t('settings.comma')) },
      { label: offer.label, value: offer.note },
    ],
    hidden: [
      { name: 'offer', value: offer.value },
      { name: 'seen', value: shown.seen },
      { name: 'confirmed', value: 'yes' },
    ],
  }
}

/** Before an entry is taken out of use: what it is, what that means, and one button. */
export function retirementPage(
  input: { trial: Trial; name: SectionName; id: string; form: SectionForm },
  words: Words,
): SettingConfirmPage {
  const { trial, name, id, form } = input
  const section = `${rootOf(trial)}/${name}`
  const question = words.of('setting_retire_question', name, { what: form.title ?? '' })
  return {
    template: 'settings/retire',
    title: question,
    place: 'settings',
    question,
    warnings: [words.of('setting_retire_warning', name)],
    action: `${section}/entries/${id}/retirement`,
    back: section,
    button: words.of('setting_retire', name),
    answers: [...form.answers],
    hidden: [{ name: 'seen', value: form.seen }],
  }
}
