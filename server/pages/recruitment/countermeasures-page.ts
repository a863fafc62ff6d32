/** The countermeasures of a trial: running, planned and ended, each with what followed it. */
import type { CalendarDate } from '../../domain/calendar-date.ts'
import { type Countermeasure, isRunningOn } from '../../domain/countermeasure.ts'
import { type Effect, type EffectVerdict, monthsBefore } from '../../domain/countermeasure-effect.ts'
import { observedRate } from '../../domain/projection/poisson-interval.ts'
import type { CountOverTime } from '../../domain/rate-comparison.ts'
import type { Site } from '../../domain/site.ts'
import type { Trial } from '../../domain/trial.ts'
import type { Words } from '../../i18n/words.ts'
import { type AsOf, type AsOfForm, asOfForm, fixedDay } from '../as-of.ts'
import { rateInWords } from '../figures.ts'
import { freeText } from '../free-text.ts'
import { type Mark, type MarkKind, mark, type Page } from '../page.ts'
import { pInWords } from '../projection-words.ts'
import { type Pager, type RecruitmentDoing, type Tab, tabsOf } from './tabs.ts'

export const measureStates = ['running', 'planned', 'ended'] as const
export type MeasureState = (typeof measureStates)[number]

export function measureStateOn(measure: Countermeasure, day: CalendarDate): MeasureState {
  if (measure.startedOn > day) return 'planned'
  return isRunningOn(measure, day) ? 'running' : 'ended'
}

/** Running ones first, then plans, then what has ended; in each the newest start first, as they are listed. */
export function byState(measures: readonly Countermeasure[], day: CalendarDate): Countermeasure[] {
  return measureStates.flatMap((state) => measures.filter((measure) => measureStateOn(measure, day) === state))
}

export type CountermeasuresInput = {
  trial: Trial
  sites: readonly Site[]
  asOf: AsOf
  notableDays: readonly CalendarDate[]
  /** Those of this page of the list, in its order. */
  measures: readonly { measure: Countermeasure; effect: Effect }[]
  pager: Pager | null
  mayPlan: boolean
  done: RecruitmentDoing | null
}

export type MeasureRow = {
  title: string
  assumed: boolean
  about: string[]
  before: RateCell
  since: RateCell
  ratio: string
  /** The interval of the ratio; null where nothing came before. */
  interval: string | null
  verdict: Mark
  notes: string[]
  actions: { label: string; href: string }[]
}
type RateCell = { value: string; rate: string }

export type CountermeasuresPage = Page & {
  heading: string
  tabs: Tab[]
  note: string
  rule: string
  asOf: AsOfForm
  done: string | null
  addHref: string | null
  groups: { id: string; title: string; rows: MeasureRow[] }[]
  pager: Pager | null
}

export function countermeasuresPage(input: CountermeasuresInput, words: Words): CountermeasuresPage {
  const { trial, asOf, measures, mayPlan } = input
  const heading = words.of('recruitment_tab', 'countermeasures')
  return {
    ...fixedDay(asOf, words),
    template: 'recruitment/countermeasures',
    title: asOf.problem === null ? heading : `${words.t('form.error_prefix')}${heading}`,
    place: 'recruitment',
    heading,
    tabs: tabsOf(trial, 'countermeasures', words),
    note: words.t('format.as_of', { asOf: asOf.day }),
    rule: words.t('countermeasures.rule', { months: monthsBefore }),
    asOf: asOfForm(asOf, input.notableDays, words),
    done: input.done === null ? null : words.of('recruitment_done', input.done),
    addHref: mayPlan ? `/trials/${trial.code}/countermeasures/new` : null,
    groups: measureStates.flatMap((state) => {
      const own = measures.filter(({ measure }) => measureStateOn(measure, asOf.day) === state)
      if (own.length === 0) return []
      const rows = own.map(({ measure, effect }) => measureRow(input, measure, effect, words))
      return [{ id: state, title: words.of('measure_state', state), rows }]
    }),
    pager: input.pager,
  }
}

function measureRow(
  { trial, sites, mayPlan }: CountermeasuresInput,
  measure: Countermeasure,
  effect: Effect,
  words: Words,
): MeasureRow {
  const { ratio = null } = effect.comparison ?? {}
  const isSaid = effect.verdict === 'rose' || effect.verdict === 'fell' || effect.verdict === 'unchanged'
  const times = (value: number) => words.number(value, value < 0.095 ? 2 : 1)
  return {
    title: freeText(words.pick(measure.title), words),
    assumed: measure.basis === 'assumed',
    about: [
      periodInWords(measure, words),
      words.of('measure_category', measure.category),
      scopeInWords(measure, sites, words),
      words.t('countermeasures.owner', { owner: freeText(measure.owner, words) }),
      words.t('countermeasures.evidence', { evidence: freeText(measure.evidence, words) }),
    ],
    before: rateCell(effect, effect.before, words),
    since: rateCell(effect, effect.since, words),
    ratio: ratio === null || !isSaid ? '—' : words.t('countermeasures.times', { times: times(ratio.value) }),
    interval:
      ratio === null || effect.verdict === 'no_baseline'
        ? null
        : words.t('format.range', { low: times(ratio.lower), high: times(ratio.upper) }),
    verdict: effectMark(effect.verdict, words),
    notes: effectNotes(effect, words),
    actions: mayPlan ? actionsOf(trial, measure, words) : [],
  }
}

function periodInWords({ startedOn, endedOn }: Countermeasure, words: Words): string {
  if (endedOn === null) return words.t('countermeasures.since_day', { from: startedOn })
  return words.t('format.from_until', { from: startedOn, until: endedOn })
}

/** The sites and the sources that a measure is directed at. */
export function scopeInWords({ siteIds, sources }: Countermeasure, sites: readonly Site[], words: Words): string {
  const named = sites.filter(({ id }) => siteIds.includes(id)).map(({ code, name }) => `${code} ${words.pick(name)}`)
  const where = named.length === 0 ? words.t('countermeasures.all_sites') : named.join(words.t('format.and'))
  if (sources.length === 0) return where
  return words.t('countermeasures.scope', { sites: where, sources: sources.join(words.t('format.and')) })
}

function rateCell(effect: Effect, { count, years }: CountOverTime, words: Words): RateCell {
  if (effect.verdict === 'not_started') return { value: '—', rate: '' }
  const { value } = rateInWords(observedRate(count, years), words)
  return {
    value: words.t('countermeasures.count_over', { count, years: words.number(years, 2) }),
    rate: value === '—' ? '' : words.t('countermeasures.per_year', { rate: value }),
  }
}

const marks: Record<EffectVerdict, [MarkKind, Mark['tone']]> = {
  not_started: ['open', ''],
  not_open: ['silent', ''],
  no_baseline: ['silent', 'is-wait'],
  not_enough: ['half', 'is-wait'],
  unchanged: ['full', ''],
  rose: ['full', 'is-real'],
  fell: ['below', 'is-act'],
}

function effectMark(verdict: EffectVerdict, words: Words): Mark {
  const [kind, tone] = marks[verdict]
  return mark(kind, tone, words.of('effect', verdict))
}

function effectNotes({ verdict, comparison, power, leftOut }: Effect, words: Words): string[] {
  const notes: string[] = []
  if (comparison !== null) notes.push(words.t('countermeasures.p', { p: pInWords(comparison.chance, words) }))
  if (verdict === 'not_enough') notes.push(words.t('countermeasures.power', { power: words.percent(power ?? 0) }))
  if (leftOut > 0) notes.push(words.t('countermeasures.left_out', { count: leftOut }))
  return notes
}

function actionsOf(trial: Trial, { id, endedOn }: Countermeasure, words: Words): MeasureRow['actions'] {
  const here = `/trials/${trial.code}/countermeasures/${id}`
  return [
    { label: words.t('recruitment.correct'), href: here },
    ...(endedOn === null ? [{ label: words.t('countermeasures.end'), href: `${here}/end/new` }] : []),
    { label: words.t('recruitment.void'), href: `${here}/void/new` },
  ]
}
