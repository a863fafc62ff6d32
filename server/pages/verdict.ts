/** The verdict: the first thing read. A sentence, the chance in one more, two rulers, and four figures with their n. */
import type { Attainment } from '../domain/attainment.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Words } from '../i18n/words.ts'
import { type CellRow, cellsOf, rulerCells, timeCells } from './cells.ts'
import { neededRateInWords, rateInWords, timesInWords, yearsToTargetInWords } from './figures.ts'
import { type Mark, mark } from './page.ts'
import { type RowsBehind, rowsHref } from './rows-behind.ts'

type Stat = { label: string; value: string; unit: string; notes: { text: string; href: string | null }[] }

export type Verdict = {
  kicker: Mark
  asOf: string
  headline: string
  chance: string
  rulers: { label: string; value: string; of: string; cells: CellRow }[]
  gap: string
  stats: Stat[]
}

/** The verdict's mark: trouble is a triangle in the alarm's colour; everything else is quiet. */
export function verdictMark(verdict: Attainment['verdict'], words: Words): Mark {
  const text = words.of('verdict', verdict)
  switch (verdict) {
    case 'below':
    case 'unlikely':
    case 'ended':
      return mark('below', 'is-act', text)
    case 'reached':
      return mark('full', 'is-real', text)
    case 'likely':
    case 'open':
      return mark('half', 'is-wait', text)
    case 'not_started':
    case 'too_early':
      return mark('open', 'is-wait', text)
  }
}

export function verdictInWords(attainment: Attainment, behind: RowsBehind, words: Words): Verdict {
  const { asOf, promised, registered } = attainment
  const target = promised.targetNumber
  const deadline = promised.registrationUntil
  const isExtended = attainment.inForce.version !== promised.version
  return {
    kicker: verdictMark(attainment.verdict, words),
    asOf: words.date(asOf),
    headline: words.of('headline', attainment.verdict, { target }),
    chance: chanceInWords(attainment, deadline, isExtended, words),
    rulers: [
      {
        label: words.t('overview.elapsed'),
        value: words.number(Math.min(attainment.elapsedYears, attainment.periodYears), 2),
        of: words.t('overview.of_years', { years: words.number(attainment.periodYears, 1).replace(/\.0$/, '') }),
        cells: timeCells(attainment.elapsedYears, attainment.periodYears),
      },
      {
        label: words.t('overview.registered'),
        value: words.number(registered),
        of: words.t('overview.of_subjects', { target }),
        cells: rulerCells(cellsOf([registered, 'real'], [target - registered, 'open']), target, null),
      },
    ],
    gap: gapInWords(attainment, words),
    stats: [observedStat(attainment, behind, words), ...(isOver(attainment) ? [] : statsAhead(attainment, words))],
  }
}

/** What lies ahead: the rate that is needed, how many times the observed one it is, and the number by the deadline. */
function statsAhead(attainment: Attainment, words: Words): Stat[] {
  const { asOf, forecast } = attainment
  const deadline = attainment.promised.registrationUntil
  return [
    {
      label: words.t('overview.required_rate'),
      value: neededRateInWords(attainment.requiredPerYear, words),
      unit: words.t('overview.per_year'),
      notes: plain(
        words.t('overview.remaining', {
          count: attainment.remaining,
          years: words.number(attainment.yearsLeft, 2),
        }),
        words.t('overview.from_until', { from: asOf, until: deadline }),
      ),
    },
    {
      label: words.t('overview.required_multiple'),
      value: timesInWords(attainment.requiredMultiple, words),
      unit: words.t('overview.times'),
      notes: plain(words.t('overview.at_observed_rate'), yearsToTargetInWords(attainment.yearsAtObservedRate, words)),
    },
    {
      label: words.t('overview.by_deadline'),
      value: forecast === null ? '—' : words.t('format.range', { low: forecast.low80, high: forecast.high80 }),
      unit: words.t('overview.subjects'),
      notes: [
        {
          text:
            forecast === null
              ? words.t('overview.no_forecast')
              : words.t('overview.range80', { median: forecast.median }),
          href: null,
        },
        { text: words.t('overview.how_computed'), href: '#method' },
      ],
    },
  ]
}

/** Whether there is nothing more to forecast: the target is reached, or the period has ended. */
function isOver({ verdict }: Attainment): boolean {
  return verdict === 'reached' || verdict === 'ended'
}

function plain(...texts: string[]): Stat['notes'] {
  return texts.map((text) => ({ text, href: null }))
}

function observedStat({ observed, registered }: Attainment, behind: RowsBehind, words: Words): Stat {
  const rate = rateInWords(observed, words)
  const href = rowsHref(behind, { list: 'registered', number: registered })
  return {
    label: words.t('overview.observed_rate'),
    value: rate.value,
    unit: words.t('overview.per_year'),
    notes: [
      { text: words.t('overview.interval95', { interval: rate.interval }), href: null },
      { text: words.t('overview.n_registered', { count: registered }), href },
    ],
  }
}

function chanceInWords(
  { promised, forecast, verdict }: Attainment,
  deadline: CalendarDate,
  isExtended: boolean,
  words: Words,
): string {
  if (verdict === 'reached' || verdict === 'ended' || forecast === null)
    return words.of('chance', verdict, { deadline })
  return words.t(isExtended ? 'chance.extended' : 'chance.by_deadline', {
    deadline,
    target: promised.targetNumber,
    drift: words.percent(forecast.chance.withDrift),
    held: words.percent(forecast.chance.ifRateHeld),
  })
}

function gapInWords(
  { elapsedYears, periodYears, registered, promised, againstCalendar }: Attainment,
  words: Words,
): string {
  if (againstCalendar === null) return words.t('overview.gap_not_begun')
  const percent = (share: number) => words.number(Math.round(share * 100))
  return words.t('overview.gap', {
    time: percent(Math.min(elapsedYears / periodYears, 1)),
    subjects: percent(registered / promised.targetNumber),
    gap: `${againstCalendar > 0 ? '+' : ''}${percent(againstCalendar)}`,
  })
}
