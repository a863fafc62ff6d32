/** Sites among the settings, and the dated states that each passes through. */
import type { CalendarDate } from '../../domain/calendar-date.ts'
import type { Setting } from '../../domain/setting-change.ts'
import { type Site, type SiteStatusEntry, siteStatuses, siteStatusOn } from '../../domain/site.ts'
import type { Words } from '../../i18n/words.ts'
import { type FieldSpec, nameFields, optionsFrom } from './field-spec.ts'
import { bothOf } from './pathway-settings.ts'
import type { SectionForm, SectionShown } from './settings-page.ts'

const nowhere = { isFirst: true, isLast: true }

type Named = Pick<Site, 'code' | 'name' | 'plannedPerYear'>

export function sitesShown(
  settings: readonly Setting<Named>[],
  sites: readonly Site[],
  today: CalendarDate,
  words: Words,
): SectionShown {
  const stateOf = (id: string) => {
    const site = sites.find((one) => one.id === id)
    return site === undefined ? '' : words.of('site_status', siteStatusOn(site, today))
  }
  return {
    columns: [words.t('sites.site'), words.of('setting_field', 'plannedPerYear'), words.t('settings.col_state_today')],
    rows: settings.map(({ id, seen, value }) => ({
      id,
      seen,
      title: `${value.code} ${words.pick(value.name)}`,
      cells: [perYear(value, words), stateOf(id)],
      place: nowhere,
    })),
    summary: settings.map(({ id, value }) =>
      words.t('settings.labelled', { label: `${value.code} ${words.pick(value.name)}`, what: stateOf(id) }),
    ),
    offers: [],
    seen: '',
  }
}

function perYear({ plannedPerYear: planned }: Named, words: Words): string {
  return planned === null ? '—' : words.number(planned, Number.isInteger(planned) ? 0 : 2)
}

export function siteForm(setting: Setting<Named> | null, words: Words): SectionForm {
  const site = setting?.value ?? null
  const code: FieldSpec[] = site === null ? [{ id: 'code', must: 'must', as: 'code' }] : []
  return {
    title: site === null ? null : words.pick(site.name),
    specs: [
      ...code,
      ...nameFields('nameJa', 'nameEn'),
      { id: 'plannedPerYear', must: 'may', as: 'number', least: 0, most: 10_000, decimals: 2 },
    ],
    seen: setting?.seen ?? '',
    typed: {
      nameJa: site?.name.ja ?? '',
      nameEn: site?.name.en ?? '',
      plannedPerYear: String(site?.plannedPerYear ?? ''),
    },
    answers:
      site === null
        ? []
        : [
            { label: words.t('sites.site'), value: `${site.code} ${bothOf(site.name)}` },
            { label: words.of('setting_field', 'plannedPerYear'), value: perYear(site, words) },
          ],
  }
}

type Status = SiteStatusEntry & { siteId: string }

export function statusesShown(
  settings: readonly Setting<Status>[],
  sites: readonly Site[],
  words: Words,
): SectionShown {
  const nameOf = siteNames(sites, words)
  return {
    columns: [
      words.t('sites.site'),
      words.of('setting_field', 'fromOn'),
      words.of('setting_field', 'status'),
      words.of('setting_field', 'basis'),
    ],
    rows: settings.map(({ id, seen, value }) => ({
      id,
      seen,
      title: nameOf(value.siteId),
      cells: [value.from, words.of('site_status', value.status), words.of('basis', value.basis)],
      place: nowhere,
    })),
    summary: sites
      .filter(({ statuses }) => statuses.length > 0)
      .map(({ id, statuses }) =>
        words.t('settings.labelled', {
          label: nameOf(id),
          what: statuses
            .map(({ status, from }) => `${from} ${words.of('site_status', status)}`)
            .join(words.t('settings.comma')),
        }),
      ),
    offers: [],
    seen: '',
  }
}

function siteNames(sites: readonly Site[], words: Words): (id: string) => string {
  const names = new Map(sites.map(({ id, code, name }) => [id, `${code} ${words.pick(name)}`]))
  return (id) => names.get(id) ?? id
}

export function statusForm(
  setting: Setting<Status> | null,
  sites: readonly Site[],
  today: CalendarDate,
  words: Words,
): SectionForm {
  const entry = setting?.value ?? null
  const nameOf = siteNames(sites, words)
  const options = sites.map(({ id }) => ({ value: id, label: nameOf(id) }))
  const siteField: FieldSpec[] = entry === null ? [{ id: 'siteId', must: 'must', as: 'choice', options }] : []
  const reason: FieldSpec[] = entry === null ? [] : [{ id: 'reason', must: 'must', as: 'line', most: 200 }]
  const states = optionsFrom(siteStatuses, (status) => words.of('site_status', status))
  return {
    title: entry === null ? null : nameOf(entry.siteId),
    specs: [
      ...siteField,
      { id: 'status', must: 'must', as: 'choice', options: states },
      { id: 'fromOn', must: 'must', as: 'date' },
      ...reason,
    ],
    seen: setting?.seen ?? '',
    typed: { siteId: '', status: entry?.status ?? '', fromOn: entry?.from ?? today },
    answers:
      entry === null
        ? []
        : [
            { label: words.t('sites.site'), value: nameOf(entry.siteId) },
            { label: words.of('setting_field', 'status'), value: words.of('site_status', entry.status) },
            { label: words.of('setting_field', 'fromOn'), value: words.date(entry.from) },
          ],
  }
}
