/** How fast it would have to go, how fast it went, and the date to which each leads; and how long nothing happened. */
import type { Last, Pace, PaceRate } from '../domain/pace.ts'
import type { Words } from '../i18n/words.ts'
import { neededRateInWords, rateInWords } from './figures.ts'
import { type RowsBehind, rowsHref } from './rows-behind.ts'

export type PaceTable = {
  note: string
  rows: { name: string; rate: string; interval: string; count: string; exposure: string; leadsTo: string }[]
  last: { label: string; value: string; unit: string; note: string; href: string | null }[]
}

export function paceTable(pace: Pace, screened: number, behind: RowsBehind, words: Words): PaceTable {
  const { asOf, required, overall, recent, lastScreening, lastRegistration } = pace
  const registered = overall.rate.kind === 'noExposure' ? 0 : overall.rate.count
  const isOneHistory = recent.since === overall.since
  return {
    note: words.t('pace.note', { asOf }),
    rows: [
      {
        name: words.t('pace.required'),
        rate: neededRateInWords(required.perYear, words),
        interval: '—',
        count: words.t('pace.still_needed', { count: required.count }),
        exposure: words.number(required.exposureYears, 2),
        leadsTo: required.leadsTo === null ? words.t('pace.no_time') : words.t('pace.on', { date: required.leadsTo }),
      },
      observedRow(words.t('pace.overall'), overall, words),
      {
        ...observedRow(words.t('pace.recent'), recent, words),
        ...(isOneHistory ? { leadsTo: words.t('pace.one_history', { count: registered }) } : {}),
      },
    ],
    last: [
      lastOf(words.t('pace.last_screening'), lastScreening, words, rowsHref(behind, { list: 'all', number: screened })),
      lastOf(
        words.t('pace.last_registration'),
        lastRegistration,
        words,
        rowsHref(behind, { list: 'registered', number: registered }),
      ),
    ],
  }
}

function observedRow(name: string, { rate, since, leadsTo }: PaceRate, words: Words): PaceTable['rows'][number] {
  const { value, interval } = rateInWords(rate, words)
  const isSaid = rate.kind !== 'noExposure'
  return {
    name: since === null ? name : words.t('pace.since', { name, since }),
    rate: value,
    interval,
    count: isSaid ? words.t('format.subjects', { count: rate.count }) : '—',
    exposure: isSaid ? words.number(rate.exposureYears, 2) : '—',
    leadsTo:
      leadsTo !== null
        ? words.t('pace.on', { date: leadsTo })
        : rate.kind === 'rate'
          ? words.t('pace.not_in_sight')
          : words.t('pace.no_rate'),
  }
}

function lastOf(label: string, last: Last | null, words: Words, href: string | null): PaceTable['last'][number] {
  return last === null
    ? { label, value: '—', unit: '', note: words.t('pace.never'), href: null }
    : { label, value: words.number(last.daysSince), unit: words.t('pace.days'), note: last.on, href }
}
