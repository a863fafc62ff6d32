/** The rule about small numbers among the settings: one row where there is one. */
import { leastOfLeastShown, mostOfLeastShown } from '../../domain/small-numbers.ts'
import type { Trial } from '../../domain/trial.ts'
import type { Words } from '../../i18n/words.ts'
import type { SectionForm, SectionShown } from './settings-page.ts'

export function smallNumbersShown({ id, leastShown: least }: Trial, words: Words): SectionShown {
  const title = words.of('setting_field', 'leastShown')
  const rule = least === null ? null : words.t('small.rule', { least })
  return {
    columns: [title, words.t('small.col_rule')],
    rows:
      least === null || rule === null
        ? []
        : [{ id, seen: '', title: words.number(least), cells: [rule], place: { isFirst: true, isLast: true } }],
    summary: rule === null ? [] : [rule],
    offers: [],
    seen: '',
  }
}

export function smallNumbersForm({ leastShown }: Trial): SectionForm {
  return {
    title: null,
    specs: [
      { id: 'leastShown', must: 'may', as: 'number', least: leastOfLeastShown, most: mostOfLeastShown, decimals: 0 },
    ],
    seen: '',
    typed: { leastShown: leastShown === null ? '' : String(leastShown) },
    answers: [],
  }
}
