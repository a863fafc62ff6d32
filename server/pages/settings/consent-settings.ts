/** Versions of the consent document among the settings, the newest first. */
import type { ConsentVersion } from '../../domain/screening.ts'
import type { Words } from '../../i18n/words.ts'
import { nameFields } from './field-spec.ts'
import type { SectionForm, SectionShown } from './settings-page.ts'

export function consentsShown(versions: readonly ConsentVersion[], words: Words): SectionShown {
  const approved = ({ approvedOn }: ConsentVersion) => approvedOn ?? words.t('terms.date_unknown')
  return {
    columns: [
      words.t('settings.col_consent'),
      words.of('setting_field', 'approvedOn'),
      words.of('setting_field', 'basis'),
    ],
    rows: versions.map((version) => ({
      id: version.id,
      seen: '',
      title: words.pick(version.label),
      cells: [approved(version), words.of('basis', version.basis)],
      place: { isFirst: true, isLast: true },
    })),
    summary: versions.map((version) =>
      words.t('settings.labelled', { label: words.pick(version.label), what: approved(version) }),
    ),
    offers: [],
    seen: '',
  }
}

export function consentForm(): SectionForm {
  return {
    title: null,
    specs: [...nameFields('labelJa', 'labelEn', 100), { id: 'approvedOn', must: 'may', as: 'date' }],
    seen: '',
    typed: {},
    answers: [],
  }
}
