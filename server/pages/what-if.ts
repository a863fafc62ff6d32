/** What if: two scenarios beside each other, as fields of a form and as results; and the text that can be copied. */

import type { TrialOutlook } from '../domain/projection/trial-outlook.ts'
import type { Outcome, WhatIf } from '../domain/projection/what-if.ts'
import { type Language, languages, type Words, wordsFor } from '../i18n/words.ts'
import { neededRateInWords, rateInWords, timesInWords } from './figures.ts'
import type { ProblemInWords } from './page.ts'
import {
  type FigureField,
  isOfScenarios,
  type Parameters,
  type ScenarioField,
  type ScenarioName,
  type Slider,
  scenarioFields,
  scenarioNames,
} from './projection-fields.ts'
import { amountInWords, completionInWords } from './projection-words.ts'

/** Each sentence of the text stands on a line of its own. */
const lineEnd = '\n'

export type WhatIfPart = {
  hidden: { name: string; value: string }[]
  rows: { name: string; hint: string; cells: FigureField[] }[]
  results: { name: string; values: string[]; isStrong: boolean }[]
  problems: string[]
  resetHref: string
  texts: { language: Language; id: string; label: string; text: string }[]
}

export type WhatIfInput = {
  outlook: TrialOutlook
  scenarios: Record<ScenarioName, WhatIf>
  outcomes: Record<ScenarioName, Outcome | null>
  /** What stands in the scenarios' fields. */
  shown: Readonly<Record<string, string>>
  /** What stands in the address. */
  fields: Parameters
  problems: readonly ProblemInWords[]
}

export function whatIfInWords(input: WhatIfInput, words: Words): WhatIfPart {
  const { outlook, scenarios, shown, fields } = input
  const others = fields.filter(([name]) => !isOfScenarios(name))
  const highest = Math.max(scenarios.A.ratePerYear ?? 0, scenarios.B.ratePerYear ?? 0, neededRate(outlook) * 1.5, 1)
  const sliders: Record<ScenarioField, Slider | null> = {
    until: null,
    added: { min: 0, max: Math.max(10, scenarios.A.addedSites, scenarios.B.addedSites), step: 1, rest: 0 },
    rate: {
      min: 0,
      max: Math.ceil(highest),
      step: highest > 20 ? 1 : highest > 4 ? 0.1 : 0.05,
      rest: outlook.observed.kind === 'rate' ? outlook.observed.perYear : 0,
    },
    conversion: { min: 0, max: 100, step: 5, rest: 0 },
    weight: { min: 0, max: 1, step: 0.05, rest: 0 },
    drift: null,
  }
  const ofScenarios = input.problems.filter(({ field }) => isOfScenarios(field))
  return {
    hidden: others.map(([name, value]) => ({ name, value })),
    rows: scenarioFields.map((field) => ({
      name: words.of('scenario', field),
      hint: words.of('scenario_hint', field),
      cells: scenarioNames.map((scenario) => {
        const id = `${field}${scenario}`
        const value = shown[id] ?? ''
        return {
          id,
          label: words.t('what_if.field_of', { field: words.of('scenario', field), scenario }),
          value,
          error: input.problems.find((problem) => problem.field === id)?.text ?? null,
          options:
            field === 'drift'
              ? (['on', 'off'] as const).map((each) => ({
                  value: each,
                  label: words.of('drift_choice', each),
                  chosen: each === value,
                }))
              : null,
          slider: sliders[field],
        }
      }),
    })),
    results: resultRows(input, words),
    problems: ofScenarios.map(({ field, text }) => {
      const scenario = field.slice(-1)
      const label = words.t('what_if.field_of', { field: words.of('scenario', field.slice(0, -1)), scenario })
      return words.t('projection.problem_at', { field: label, text })
    }),
    resetHref: `?${new URLSearchParams(others.map(([name, value]): [string, string] => [name, value]))}#what-if`,
    texts: languages.map((language) => ({
      language,
      id: `text-${language}`,
      label: words.of('text_in', language),
      text: textOf(input, wordsFor(language)),
    })),
  }
}

function neededRate({ goal }: TrialOutlook): number {
  return goal?.required.mean.perYear ?? 0
}

function resultRows({ outlook, outcomes, scenarios, problems }: WhatIfInput, words: Words): WhatIfPart['results'] {
  const isWrong = (name: ScenarioName) => problems.some(({ field }) => isOfScenarios(field) && field.endsWith(name))
  const both = scenarioNames.map((name) => outcomes[name])
  const row = (name: string, value: (outcome: Outcome) => string, isStrong = false) => ({
    name,
    values: both.map((outcome) => (outcome === null ? '—' : value(outcome))),
    isStrong,
  })
  const completion = (place: 0 | 1 | 2) => (outcome: Outcome) =>
    completionInWords(outcome.completion[place], outlook.deadline, words).at
  const target = outlook.goal?.target ?? 0
  return [
    {
      name: words.t('what_if.rate'),
      values: scenarioNames.map((name) => (isWrong(name) ? '—' : rateOf(scenarios[name], outlook, words))),
      isStrong: false,
    },
    row(words.t('what_if.until'), ({ until }) => until),
    row(words.t('what_if.expected'), ({ expectedNew }) => words.number(expectedNew, 1)),
    row(words.t('what_if.chance', { target }), ({ chance }) => words.percent(chance), true),
    row(words.t('what_if.range'), ({ low80, high80, median }) =>
      words.t('what_if.range_of', { low: low80, high: high80, median }),
    ),
    row(words.t('what_if.completion', { percent: 10 }), completion(0)),
    row(words.t('what_if.completion', { percent: 50 }), completion(1)),
    row(words.t('what_if.completion', { percent: 90 }), completion(2)),
    row(words.t('what_if.required'), ({ requiredPerYear }) => neededRateInWords(requiredPerYear, words)),
  ]
}

/** The rate that a scenario stands on: typed, blended with the plan, or observed. */
function rateOf({ ratePerYear, planWeight }: WhatIf, { observed, plan }: TrialOutlook, words: Words): string {
  if (ratePerYear !== null) return amountInWords(ratePerYear, words)
  if (planWeight !== null && plan !== null) {
    return words.t('what_if.rate_blended', { weight: amountInWords(planWeight, words) })
  }
  return observed.kind === 'rate'
    ? words.t('what_if.rate_observed', { rate: words.number(observed.perYear, 2) })
    : words.t('what_if.rate_unknown')
}

/** The paragraph made from the numbers, in one language whatever the page's is. */
function textOf(input: WhatIfInput, words: Words): string {
  const { outlook } = input
  const { goal, claims } = outlook
  if (goal === null) {
    return words.t('text.no_target', { asOf: words.day(outlook.asOf), registered: outlook.registered })
  }
  const sentences = [factsOf(outlook, words), chancesOf(outlook, words)]
  if (goal.claimed !== null && claims !== null && goal.remaining > 0) {
    const { certain, inside, betaBinomial, inPipeline } = goal.claimed
    sentences.push(
      words.t('text.claimed', {
        total: amountInWords(claims.projection.total, words),
        chance: words.percent(certain.held),
        drift: words.percent(certain.drift),
      }),
    )
    if (inPipeline > 0) {
      const chances = { inside: words.percent(inside.held), byRecord: words.percent(betaBinomial.held) }
      sentences.push(words.t('text.pipeline', { count: inPipeline, ...chances }))
    }
  }
  if (goal.remaining > 0) for (const name of scenarioNames) sentences.push(scenarioText(input, name, words))
  return sentences.filter((sentence) => sentence !== '').join(lineEnd)
}

function factsOf({ asOf, registered, observed, goal }: TrialOutlook, words: Words): string {
  const at = { asOf: words.day(asOf), registered, target: goal?.target ?? '—' }
  if (observed.kind === 'noExposure') return words.t('text.facts_no_exposure', at)
  const { interval } = rateInWords(observed, words)
  const years = words.number(observed.exposureYears, 2)
  return observed.kind === 'rate'
    ? words.t('text.facts', { ...at, years, rate: words.number(observed.perYear, 2), interval })
    : words.t('text.facts_no_rate', { ...at, years, interval })
}

function chancesOf({ deadline, goal }: TrialOutlook, words: Words): string {
  if (goal === null) return ''
  if (goal.remaining === 0) return words.t('text.reached', { target: goal.target })
  const { perYear, multiple } = goal.required.mean
  const until = { deadline: words.day(deadline), remaining: goal.remaining, target: goal.target }
  if (perYear === null) return words.t('text.no_time', until)
  const needed =
    multiple === null
      ? words.t('text.needed_no_rate', { ...until, rate: neededRateInWords(perYear, words) })
      : words.t('text.needed', {
          ...until,
          rate: neededRateInWords(perYear, words),
          multiple: timesInWords(multiple, words),
        })
  if (goal.observed === null) return needed
  const { held, drift } = goal.observed.chance
  const chances = words.t('text.observed', { drift: words.percent(drift), held: words.percent(held) })
  return `${needed}${lineEnd}${chances}`
}

function scenarioText({ outlook, scenarios, outcomes }: WhatIfInput, name: ScenarioName, words: Words): string {
  const outcome = outcomes[name]
  const { ratePerYear, planWeight, addedSites, conversion, drift } = scenarios[name]
  if (outcome === null) return ''
  const assumptions = [
    ratePerYear !== null
      ? words.t('text.if_rate', { rate: amountInWords(ratePerYear, words) })
      : planWeight !== null && outlook.plan !== null
        ? words.t('text.if_plan', { weight: amountInWords(planWeight, words) })
        : words.t('text.if_observed'),
    ...(addedSites > 0 ? [words.t('text.if_sites', { count: addedSites })] : []),
    ...(conversion !== null ? [words.t('text.if_conversion', { percent: words.percent(conversion) })] : []),
  ]
  return words.t(drift === 'on' ? 'text.scenario' : 'text.scenario_held', {
    name,
    until: words.day(outcome.until),
    assumptions: assumptions.join(words.t('text.and')),
    expected: words.number(outcome.expectedNew, 1),
    chance: words.percent(outcome.chance),
    target: outlook.goal?.target ?? 0,
  })
}
