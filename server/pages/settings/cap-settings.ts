/** The caps among the settings: what each limits, its numbers, and how many count already. */
import type { CapDraft } from '../../domain/cap-change.ts'
import type { Setting } from '../../domain/setting-change.ts'
import type { Site } from '../../domain/site.ts'
import type { Arm } from '../../domain/trial.ts'
import type { Words } from '../../i18n/words.ts'
import type { FieldSpec, Option } from './field-spec.ts'
import type { SectionForm, SectionShown } from './settings-page.ts'

export type CapSurroundings = {
  sites: readonly Site[]
  arms: readonly Arm[]
  /** How many count already; null where the reader may not know, as of an arm. */
  counted(cap: CapDraft): number | null
}

/** `trial`, `site:` and its identifier, `arm:` and its code. */
export function capOf({ siteId, armCode }: CapDraft): string {
  if (armCode !== null) return `arm:${armCode}`
  return siteId === null ? 'trial' : `site:${siteId}`
}

function capOptions({ sites, arms }: CapSurroundings, words: Words): Option[] {
  return [
    { value: 'trial', label: words.t('settings.cap_trial') },
    ...sites.map(({ id, code, name }) => ({
      value: `site:${id}`,
      label: words.t('settings.cap_site', { site: `${code} ${words.pick(name)}` }),
    })),
    ...arms.map(({ code, label }) => ({
      value: `arm:${code}`,
      label: words.t('settings.cap_arm', { arm: `${code} ${words.pick(label)}` }),
    })),
  ]
}

function titleOf(cap: CapDraft, around: CapSurroundings, words: Words): string {
  return capOptions(around, words).find(({ value }) => value === capOf(cap))?.label ?? capOf(cap)
}

/** Whether the numbers are passed already; that is allowed, and has to be seen. */
function standing(cap: CapDraft, around: CapSurroundings, words: Words): string {
  const number = around.counted(cap)
  if (number === null) return words.t('settings.cap_hidden')
  if (cap.hardNumber !== null && number > cap.hardNumber) return words.t('settings.cap_over', { number })
  if (cap.hardNumber === number) return words.t('settings.cap_full', { number })
  if (cap.softNumber !== null && number >= cap.softNumber) return words.t('settings.cap_warns', { number })
  return words.t('settings.cap_below', { number })
}

export function capsShown(settings: readonly Setting<CapDraft>[], around: CapSurroundings, words: Words): SectionShown {
  const rows = settings.map(({ id, seen, value }) => ({
    id,
    seen,
    title: titleOf(value, around, words),
    cells: [words.numberOr(value.hardNumber), words.numberOr(value.softNumber), standing(value, around, words)],
    place: { isFirst: true, isLast: true },
  }))
  return {
    columns: [
      words.of('setting_field', 'capOf'),
      words.of('setting_field', 'hardNumber'),
      words.of('setting_field', 'softNumber'),
      words.t('settings.col_now'),
    ],
    rows,
    summary: settings.map(({ value }) =>
      words.t('settings.cap', {
        what: titleOf(value, around, words),
        hard: words.numberOr(value.hardNumber),
        soft: words.numberOr(value.softNumber),
      }),
    ),
    offers: [],
    seen: '',
  }
}

export function capForm(setting: Setting<CapDraft> | null, around: CapSurroundings, words: Words): SectionForm {
  const cap = setting?.value ?? null
  const number = { must: 'may', as: 'number', least: 1, most: 100_000, decimals: 0 } as const
  const of: FieldSpec[] =
    cap === null ? [{ id: 'capOf', must: 'must', as: 'choice', options: capOptions(around, words) }] : []
  return {
    title: cap === null ? null : titleOf(cap, around, words),
    specs: [...of, { id: 'hardNumber', ...number }, { id: 'softNumber', ...number }],
    seen: setting?.seen ?? '',
    typed: {
      capOf: 'trial',
      hardNumber: String(cap?.hardNumber ?? ''),
      softNumber: String(cap?.softNumber ?? ''),
    },
    answers:
      cap === null
        ? []
        : [
            { label: words.of('setting_field', 'capOf'), value: titleOf(cap, around, words) },
            { label: words.of('setting_field', 'hardNumber'), value: words.numberOr(cap.hardNumber) },
            { label: words.of('setting_field', 'softNumber'), value: words.numberOr(cap.softNumber) },
            { label: words.t('settings.col_now'), value: standing(cap, around, words) },
          ],
  }
}
