/** Facts of the trial's profile among the settings, each with its source. */
import type { Setting } from '../../domain/setting-change.ts'
import { factKinds, type ProfileFact } from '../../domain/trial.ts'
import type { Words } from '../../i18n/words.ts'
import { type FieldSpec, nameFields, optionsFrom } from './field-spec.ts'
import { bothOf } from './pathway-settings.ts'
import type { SectionForm, SectionShown } from './settings-page.ts'

export function factsShown(settings: readonly Setting<ProfileFact>[], words: Words): SectionShown {
  const byKind = factKinds.map((kind) => ({ kind, own: settings.filter(({ value }) => value.kind === kind) }))
  return {
    columns: [
      words.t('profile.col_item'),
      words.of('setting_field', 'factKind'),
      words.t('profile.col_value'),
      words.t('profile.col_source'),
    ],
    rows: byKind.flatMap(({ own }) =>
      own.map(({ id, seen, value }) => ({
        id,
        seen,
        title: words.pick(value.label),
        cells: [words.of('fact_kind', value.kind), words.pick(value.value), words.pick(value.source)],
        place: { isFirst: true, isLast: true },
      })),
    ),
    summary: byKind
      .filter(({ own }) => own.length > 0)
      .map(({ kind, own }) => words.t('settings.facts', { kind: words.of('fact_kind', kind), count: own.length })),
    offers: [],
    seen: '',
  }
}

export function factForm(setting: Setting<ProfileFact> | null, words: Words): SectionForm {
  const fact = setting?.value ?? null
  const kinds = optionsFrom(factKinds, (kind) => words.of('fact_kind', kind))
  const kind: FieldSpec[] = fact === null ? [{ id: 'factKind', must: 'must', as: 'choice', options: kinds }] : []
  const bases = optionsFrom(['recorded', 'assumed'] as const, (basis) => words.of('basis', basis))
  return {
    title: fact === null ? null : words.pick(fact.label),
    specs: [
      ...kind,
      ...nameFields('labelJa', 'labelEn'),
      { id: 'valueJa', must: 'must', as: 'prose', most: 500 },
      { id: 'valueEn', must: 'must', as: 'prose', most: 500 },
      ...nameFields('sourceJa', 'sourceEn'),
      { id: 'basis', must: 'must', as: 'choice', options: bases },
    ],
    seen: setting?.seen ?? '',
    typed: {
      labelJa: fact?.label.ja ?? '',
      labelEn: fact?.label.en ?? '',
      valueJa: fact?.value.ja ?? '',
      valueEn: fact?.value.en ?? '',
      sourceJa: fact?.source.ja ?? '',
      sourceEn: fact?.source.en ?? '',
      basis: fact?.basis ?? 'recorded',
    },
    answers:
      fact === null
        ? []
        : [
            { label: words.t('profile.col_item'), value: bothOf(fact.label) },
            { label: words.t('profile.col_value'), value: bothOf(fact.value) },
            { label: words.t('profile.col_source'), value: bothOf(fact.source) },
            { label: words.of('setting_field', 'basis'), value: words.of('basis', fact.basis) },
          ],
  }
}
