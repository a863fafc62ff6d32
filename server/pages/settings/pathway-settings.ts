/** The pathway among the settings: its milestones in order, the form of one, and templates to begin with. */
import { type Milestone, milestoneKinds } from '../../domain/milestone.ts'
import { pathwayTemplates } from '../../domain/pathway-template.ts'
import type { Setting } from '../../domain/setting-change.ts'
import type { Words } from '../../i18n/words.ts'
import { type FieldSpec, nameFields, optionsFrom } from './field-spec.ts'
import type { SectionForm, SectionShown } from './settings-page.ts'

/** First in the order: an option's value may not be empty, and no code is so. */
export const firstPlace = '-'
/** No anchor, so no schedule. */
export const noAnchor = '-'

export function pathwayShown(
  settings: readonly Setting<Milestone>[],
  offered: { templates: 'offered' | 'too_late'; seen: string },
  words: Words,
): SectionShown {
  return {
    columns: [
      words.t('settings.col_milestone'),
      words.of('setting_field', 'code'),
      words.of('setting_field', 'milestoneKind'),
      words.of('setting_field', 'necessity'),
      words.of('setting_field', 'repetition'),
      words.t('settings.col_schedule'),
      words.of('setting_field', 'counting'),
    ],
    rows: settings.map(({ id, seen, value }, index) => ({
      id,
      seen,
      title: words.pick(value.label),
      cells: [
        value.code,
        words.of('milestone_kind', value.kind),
        words.of('necessity', value.necessity),
        words.of('repetition', value.repetition),
        scheduleInWords(settings, value, words),
        value.counting === 'target' ? words.of('counting', 'target') : '—',
      ],
      place: { isFirst: index === 0, isLast: index === settings.length - 1 },
    })),
    summary: settings.map(({ value }) => summaryOf(settings, value, words)),
    offers:
      offered.templates === 'too_late'
        ? []
        : pathwayTemplates.map((template) => ({
            value: template,
            label: words.of('pathway_template', template),
            note: words.of('pathway_template_note', template),
          })),
    seen: offered.seen,
  }
}

function labelOf(settings: readonly Setting<Milestone>[], code: string, words: Words): string {
  const label = settings.find(({ value }) => value.code === code)?.value.label
  return label === undefined ? code : words.pick(label)
}

function scheduleInWords(settings: readonly Setting<Milestone>[], { schedule }: Milestone, words: Words): string {
  if (schedule === null) return '—'
  return words.t('settings.schedule', {
    anchor: labelOf(settings, schedule.anchorCode, words),
    days: words.number(schedule.offsetDays),
    before: schedule.windowBeforeDays,
    after: schedule.windowAfterDays,
  })
}

function summaryOf(settings: readonly Setting<Milestone>[], milestone: Milestone, words: Words): string {
  const label = words.pick(milestone.label)
  if (milestone.counting === 'target') return words.t('settings.counts', { label })
  if (milestone.schedule === null) return label
  return words.t('settings.labelled', { label, what: scheduleInWords(settings, milestone, words) })
}

export function milestoneForm(
  settings: readonly Setting<Milestone>[],
  setting: Setting<Milestone> | null,
  words: Words,
): SectionForm {
  const others = settings.filter((other) => other !== setting).map(({ value }) => value)
  const named = others.map(({ code, label }) => ({ value: code, label: words.pick(label) }))
  const first = { value: firstPlace, label: words.t('settings.place_first') }
  const behind = named.map(({ value, label }) => ({ value, label: words.t('settings.place_after', { label }) }))
  const unscheduled = { value: noAnchor, label: words.t('settings.no_schedule') }
  const count = { least: 0, most: 3650, decimals: 0 } as const
  const code: FieldSpec[] = setting === null ? [{ id: 'code', must: 'must', as: 'code' }] : []
  const specs: FieldSpec[] = [
    ...nameFields('labelJa', 'labelEn', 100),
    ...code,
    choice('milestoneKind', milestoneKinds, (kind) => words.of('milestone_kind', kind)),
    { id: 'place', must: 'must', as: 'choice', options: [first, ...behind] },
    choice('necessity', ['required', 'optional'], (necessity) => words.of('necessity', necessity)),
    choice('repetition', ['once', 'repeatable'], (repetition) => words.of('repetition', repetition)),
    choice('counting', ['none', 'target'], (counting) => words.of('counting', counting)),
    { id: 'anchorCode', must: 'must', as: 'choice', options: [unscheduled, ...named] },
    { id: 'offsetDays', must: 'may', as: 'number', least: -3650, most: 3650, decimals: 0 },
    { id: 'windowBeforeDays', must: 'may', as: 'number', ...count },
    { id: 'windowAfterDays', must: 'may', as: 'number', ...count },
  ]
  const milestone = setting?.value ?? null
  const place = setting === null ? settings.at(-1) : settings[settings.indexOf(setting) - 1]
  const { schedule } = milestone ?? { schedule: null }
  return {
    title: milestone === null ? null : words.pick(milestone.label),
    specs,
    seen: setting?.seen ?? '',
    typed: {
      labelJa: milestone?.label.ja ?? '',
      labelEn: milestone?.label.en ?? '',
      milestoneKind: milestone?.kind ?? 'visit',
      place: place?.value.code ?? firstPlace,
      necessity: milestone?.necessity ?? 'optional',
      repetition: milestone?.repetition ?? 'once',
      counting: milestone?.counting ?? 'none',
      anchorCode: schedule?.anchorCode ?? noAnchor,
      offsetDays: schedule === null ? '' : String(schedule.offsetDays),
      windowBeforeDays: schedule === null ? '' : String(schedule.windowBeforeDays),
      windowAfterDays: schedule === null ? '' : String(schedule.windowAfterDays),
    },
    answers:
      milestone === null
        ? []
        : [
            { label: words.t('settings.col_milestone'), value: bothOf(milestone.label) },
            { label: words.of('setting_field', 'code'), value: milestone.code },
            { label: words.of('setting_field', 'milestoneKind'), value: words.of('milestone_kind', milestone.kind) },
            { label: words.of('setting_field', 'necessity'), value: words.of('necessity', milestone.necessity) },
            { label: words.of('setting_field', 'repetition'), value: words.of('repetition', milestone.repetition) },
            { label: words.t('settings.col_schedule'), value: scheduleInWords(settings, milestone, words) },
            { label: words.of('setting_field', 'counting'), value: words.of('counting', milestone.counting) },
          ],
  }
}

function choice<T extends string>(id: FieldSpec['id'], values: readonly T[], labelOf: (value: T) => string): FieldSpec {
  return { id, must: 'must', as: 'choice', options: optionsFrom(values, labelOf) }
}

/** A name in both of the trial's languages, whichever the reader's is. */
export function bothOf({ ja, en }: { ja: string; en: string }): string {
  return `${ja} / ${en}`
}
