/** The laws under which a trial reports every year, among the settings. */
import type { Basis } from '../../domain/bilingual.ts'
import { type ReportingRule, reportingSchemes } from '../../domain/periodic-report.ts'
import type { Setting } from '../../domain/setting-change.ts'
import type { Words } from '../../i18n/words.ts'
import { type FieldSpec, optionsFrom } from './field-spec.ts'
import type { SectionForm, SectionShown } from './settings-page.ts'

type Scheme = ReportingRule & { basis: Basis }

export function schemesShown(settings: readonly Setting<Scheme>[], words: Words): SectionShown {
  return {
    columns: [
      words.of('setting_field', 'scheme'),
      words.of('setting_field', 'startsOn'),
      words.t('calendar.rule'),
      words.of('setting_field', 'basis'),
    ],
    rows: settings.map(({ id, seen, value }) => ({
      id,
      seen,
      title: words.of('reporting_scheme', value.scheme),
      cells: [value.startsOn, words.of('reporting_rule', value.scheme), words.of('basis', value.basis)],
      place: { isFirst: true, isLast: true },
    })),
    summary: settings.map(({ value }) =>
      words.t('settings.labelled', { label: words.of('reporting_scheme', value.scheme), what: value.startsOn }),
    ),
    offers: [],
    seen: '',
  }
}

export function schemeForm(setting: Setting<Scheme> | null, words: Words): SectionForm {
  const scheme = setting?.value ?? null
  const schemes = optionsFrom(reportingSchemes, (one) => words.of('reporting_scheme', one))
  const bases = optionsFrom(['recorded', 'assumed'] as const, (basis) => words.of('basis', basis))
  const which: FieldSpec[] = scheme === null ? [{ id: 'scheme', must: 'must', as: 'choice', options: schemes }] : []
  const reason: FieldSpec[] = scheme === null ? [] : [{ id: 'reason', must: 'must', as: 'line', most: 200 }]
  return {
    title: scheme === null ? null : words.of('reporting_scheme', scheme.scheme),
    specs: [
      ...which,
      { id: 'startsOn', must: 'must', as: 'date' },
      { id: 'basis', must: 'must', as: 'choice', options: bases },
      ...reason,
    ],
    seen: setting?.seen ?? '',
    typed: { startsOn: scheme?.startsOn ?? '', basis: scheme?.basis ?? 'recorded' },
    answers:
      scheme === null
        ? []
        : [
            { label: words.of('setting_field', 'scheme'), value: words.of('reporting_scheme', scheme.scheme) },
            { label: words.of('setting_field', 'startsOn'), value: words.date(scheme.startsOn) },
            { label: words.of('setting_field', 'basis'), value: words.of('basis', scheme.basis) },
          ],
  }
}
