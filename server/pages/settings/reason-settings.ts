/** The reasons for exits among the settings: each exit has a list of its own. */
import type { ExitReason } from '../../domain/exit-reason.ts'
import { explainedExits } from '../../domain/exit-reason-defaults.ts'
import type { Setting } from '../../domain/setting-change.ts'
import type { Words } from '../../i18n/words.ts'
import { type FieldSpec, nameFields, optionsFrom } from './field-spec.ts'
import { bothOf } from './pathway-settings.ts'
import type { SectionForm, SectionShown } from './settings-page.ts'

/** `fresh`: how many of an exit's usual reasons the trial does not have. */
export function reasonsShown(
  settings: readonly Setting<ExitReason>[],
  fresh: readonly { exit: (typeof explainedExits)[number]; labels: readonly string[] }[],
  words: Words,
): SectionShown {
  const byExit = explainedExits.map((exit) => settings.filter(({ value }) => value.exit === exit))
  return {
    columns: [words.t('settings.col_reason'), words.of('setting_field', 'exit'), words.of('setting_field', 'code')],
    rows: byExit.flatMap((own) =>
      own.map(({ id, seen, value }, index) => ({
        id,
        seen,
        title: words.pick(value.label),
        cells: [words.of('state', value.exit), value.code],
        place: { isFirst: index === 0, isLast: index === own.length - 1 },
      })),
    ),
    summary: byExit
      .filter((own) => own.length > 0)
      .map((own) =>
        words.t('settings.labelled', {
          label: words.of('state', own[0]?.value.exit ?? ''),
          what: own.map(({ value }) => words.pick(value.label)).join(words.t('settings.comma')),
        }),
      ),
    offers: fresh
      .filter(({ labels }) => labels.length > 0)
      .map(({ exit, labels }) => ({
        value: exit,
        label: words.t('settings.reasons_of', { exit: words.of('state', exit) }),
        note: labels.join(words.t('settings.comma')),
      })),
    seen: '',
  }
}

export function reasonForm(setting: Setting<ExitReason> | null, words: Words): SectionForm {
  const reason = setting?.value ?? null
  const options = optionsFrom(explainedExits, (exit) => words.of('state', exit))
  const fixed: FieldSpec[] =
    reason === null
      ? [
          { id: 'exit', must: 'must', as: 'choice', options },
          { id: 'code', must: 'must', as: 'code' },
        ]
      : []
  return {
    title: reason === null ? null : words.pick(reason.label),
    specs: [...fixed, ...nameFields('labelJa', 'labelEn', 100)],
    seen: setting?.seen ?? '',
    typed: { labelJa: reason?.label.ja ?? '', labelEn: reason?.label.en ?? '' },
    answers:
      reason === null
        ? []
        : [
            { label: words.t('settings.col_reason'), value: bothOf(reason.label) },
            { label: words.of('setting_field', 'exit'), value: words.of('state', reason.exit) },
            { label: words.of('setting_field', 'code'), value: reason.code },
          ],
  }
}
