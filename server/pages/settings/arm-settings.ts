/** The arms among the settings: how many are allocated to each for one of another. */
import type { Setting } from '../../domain/setting-change.ts'
import type { Arm } from '../../domain/trial.ts'
import type { Words } from '../../i18n/words.ts'
import { type FieldSpec, nameFields } from './field-spec.ts'
import { bothOf } from './pathway-settings.ts'
import type { SectionForm, SectionShown } from './settings-page.ts'

export function armsShown(settings: readonly Setting<Arm>[], words: Words): SectionShown {
  return {
    columns: [words.t('settings.col_arm'), words.of('setting_field', 'code'), words.of('setting_field', 'ratio')],
    rows: settings.map(({ id, seen, value }, index) => ({
      id,
      seen,
      title: words.pick(value.label),
      cells: [value.code, words.number(value.ratio)],
      place: { isFirst: index === 0, isLast: index === settings.length - 1 },
    })),
    summary: settings.map(({ value }) =>
      words.t('settings.arm', { code: value.code, label: words.pick(value.label), ratio: value.ratio }),
    ),
    offers: [],
    seen: '',
  }
}

export function armForm(setting: Setting<Arm> | null, words: Words): SectionForm {
  const arm = setting?.value ?? null
  const code: FieldSpec[] = arm === null ? [{ id: 'code', must: 'must', as: 'code' }] : []
  const reason: FieldSpec[] = arm === null ? [] : [{ id: 'reason', must: 'may', as: 'line', most: 200 }]
  return {
    title: arm === null ? null : words.pick(arm.label),
    specs: [
      ...nameFields('labelJa', 'labelEn', 100),
      ...code,
      { id: 'ratio', must: 'must', as: 'number', least: 1, most: 100, decimals: 0 },
      ...reason,
    ],
    seen: setting?.seen ?? '',
    typed: { labelJa: arm?.label.ja ?? '', labelEn: arm?.label.en ?? '', ratio: String(arm?.ratio ?? 1) },
    answers:
      arm === null
        ? []
        : [
            { label: words.t('settings.col_arm'), value: bothOf(arm.label) },
            { label: words.of('setting_field', 'code'), value: arm.code },
            { label: words.of('setting_field', 'ratio'), value: words.number(arm.ratio) },
          ],
  }
}
