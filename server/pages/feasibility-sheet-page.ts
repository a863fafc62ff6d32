/**
 * The feasibility sheet: what a committee reads about a request, on one page of paper. It says what the projection's
 * page says, in the same words and fewer of them, with chances as decimals, and with how each number is made.
 */
import { type CalendarDate, japaneseYear } from '../domain/calendar-date.ts'
import type { EarlierPromise } from '../domain/earlier-promises.ts'
import { methodVersion } from '../domain/projection/method.ts'
import type { ObservedRate } from '../domain/projection/poisson-interval.ts'
import { driftOfFewSubjects, fewSubjects, usualDrift } from '../domain/projection/pooled-predictive.ts'
import { multipleOfObserved } from '../domain/projection/required-rate.ts'
import type { TargetOutlook } from '../domain/projection/trial-outlook.ts'
import type { Finding } from '../domain/request-check/finding.ts'
import type { TrialTerms } from '../domain/trial-terms.ts'
import { wilsonInterval } from '../domain/wilson-interval.ts'
import type { Words } from '../i18n/words.ts'
import { changesFigure } from './outlook-charts.ts'
import {
  type Answers,
  answersInWords,
  type CompletionRow,
  type RequiredRates,
  requiredInWords,
  siteRows,
} from './outlook-tables.ts'
import type { Mark, Page } from './page.ts'
import { addressOf, scenarioNames } from './projection-fields.ts'
import { type ProjectionInput, type ProjectionPage, projectionPage } from './projection-page.ts'
import { amountInWords, completionInWords, pInWords } from './projection-words.ts'
import { type PromiseRow, promiseRows } from './promise-rows.ts'
import { onSheets } from './sheet-continuation.ts'

export type FeasibilityInput = ProjectionInput & {
  versions: readonly TrialTerms[]
  promises: readonly EarlierPromise[]
  /** Whether the two scenarios were asked for. */
  isCompared: boolean
  inputHash: string
  /** What the checks of the request left open; null where there is no request, or where its claims are not those shown. */
  findings: readonly Finding[] | null
}

type GroupRow = {
  name: string
  about: string | null
  claimed: string
  observed: string
  interval: string
  ratio: string
  count: string
  p: string
  verdict: Mark | null
}

/** The second page, where there are many claims: the later ones, the sum of all, and what was compared. */
type FurtherClaims = {
  title: string
  groups: GroupRow[]
  claims: ProjectionPage['claims']
  scenarios: FeasibilitySheet['scenarios']
  page: string
}

export type FeasibilitySheet = Page & {
  hint: string
  back: string
  figures: string
  trial: string
  facts: string[]
  kicker: Mark
  headline: string
  lines: string[]
  rulers: ProjectionPage['verdict']['rulers']
  states: string[]
  groups: GroupRow[]
  claims: ProjectionPage['claims']
  /** On which page the rest of the claims stands; null where there is none. */
  furtherClaims: string | null
  noClaims: string | null
  /** What the checks of the request left open. */
  checks: string | null
  answersTitle: string
  answersNote: string
  answers: Answers | null
  /** Why more drift stands beside the usual one; null from six subjects on. */
  whyMore: string | null
  required: RequiredRates['rows']
  completion: CompletionRow[]
  oneMore: { rows: { name: string; chance: string; isNow: boolean }[]; sites: string | null } | null
  /** Whether there is anything to reach: a target, and somebody missing. */
  isAhead: boolean
  sites: {
    name: string
    exposure: string
    registered: string
    expected: string
    limits95: string
    limits998: string
    place: Mark | null
  }[]
  moreSites: string | null
  promises: PromiseRow[]
  noRequest: string | null
  scenarios: { name: string; rate: string; until: string; chance: string; median: string }[]
  assumptions: { text: string; source: string }[]
  formulas: { name: string; text: string }[]
  colophon: string[]
  further: FurtherClaims | null
}

/** So many sites stand on the sheet one by one: first those outside their limits, then those open longest. */
const mostSites = 8

export function feasibilitySheetPage(input: FeasibilityInput, words: Words): FeasibilitySheet {
  const { trial, fields, outlook, request } = input
  const { goal } = outlook
  const page = projectionPage(input, words)
  const decimals = withDecimals(words)
  const isAhead = goal !== null && goal.remaining > 0
  const address = addressOf(fields)
  const { first, further } = onSheets(groupRows(input, page, words), page.claims?.rows ?? [])
  const pages = further === null ? 1 : 2
  const scenarios = scenarioRows(input, decimals)
  return {
    template: 'projection/sheet',
    hint: words.t(further === null ? 'sheet.hint' : 'sheet.hint_two'),
    title: words.t('sheet.title'),
    place: 'projection',
    back: `/trials/${trial.code}/projection${address}`,
    figures: `/trials/${trial.code}/projection.json${address}`,
    trial: `${trial.code}　${words.pick(trial.title)}`,
    facts: [
      words.t('sheet.as_of', { date: inBothCalendars(outlook.asOf, words) }),
      request === null ? words.t('sheet.nobody_asks') : words.t('sheet.asks', { title: words.pick(request.title) }),
      goal === null
        ? words.t('sheet.until', { deadline: outlook.deadline })
        : words.t('sheet.asked', { target: goal.target, deadline: outlook.deadline }),
    ],
    kicker: page.verdict.kicker,
    headline: page.verdict.headline.replaceAll('//', words.t('sheet.on_one_line')),
    lines: page.verdict.lines,
    rulers: page.verdict.rulers,
    states: page.states,
    groups: first.groups,
    claims: page.claims === null ? null : claimsOnFirst(page.claims, first.claims, words),
    furtherClaims:
      further === null
        ? null
        : words.t(scenarios.length === 0 ? 'sheet.further' : 'sheet.further_compared', {
            claims: further.claims.length,
            groups: further.groups.length,
          }),
    noClaims: page.claims === null ? words.t('sheet.no_claims') : input.isEdited ? page.claimsNote : null,
    checks: checksOf(input.findings, words),
    answersTitle: words.t('sheet.answers_title', { target: goal?.target ?? 0 }),
    answersNote: words.t('sheet.answers_note', { deadline: outlook.deadline }),
    answers: isAhead ? answersInWords(outlook, goal, decimals) : null,
    whyMore:
      isAhead && outlook.registered < fewSubjects && goal.observed !== null
        ? words.t('sheet.why_more', { count: outlook.registered, more: driftOfFewSubjects })
        : null,
    required: isAhead ? requiredInWords(outlook, goal, words).rows : [],
    completion: isAhead ? page.completion : [],
    oneMore: isAhead ? oneMoreOf(goal, words) : null,
    isAhead,
    ...sitesOf(input, words),
    promises: promiseRows(input.promises, words),
    noRequest: input.promises.some(({ of }) => of === 'request') ? null : words.t('sheet.no_earlier_request'),
    scenarios: further === null ? scenarios : [],
    assumptions: assumptionsOf(input, words),
    formulas: formulasOf(input, words),
    colophon: [
      words.t('sheet.made_as_of', { asOf: outlook.asOf }),
      words.t('sheet.method', { version: methodVersion }),
      words.t('sheet.hash', { hash: input.inputHash.slice(0, 12).replace(/.{4}(?=.)/g, '$& ') }),
      ...(request === null || input.isEdited
        ? []
        : [words.t(input.isIdentical ? 'sheet.identical' : 'sheet.differs', { hash: request.inputHash.slice(0, 12) })]),
      words.t('sheet.page', { page: 1, pages }),
    ],
    further:
      further === null || page.claims === null
        ? null
        : {
            title: words.t('sheet.title_further'),
            groups: further.groups,
            claims: { ...page.claims, rows: further.claims },
            scenarios,
            page: words.t('sheet.page', { page: 2, pages }),
          },
  }
}

/** Each kind of finding once, in the order of the checks: the request's page says the rest. */
function checksOf(findings: FeasibilityInput['findings'], words: Words): string | null {
  if (findings === null) return null
  if (findings.length === 0) return words.t('sheet_checks.none')
  const checks = [...new Set(findings.map(({ check }) => check))].map((check) => words.of('request_check', check))
  return words.t('sheet_checks.found', { count: findings.length, checks: checks.join(words.t('requests.comma')) })
}

/** Where claims go on overleaf, so does the sum term by term: the first page has it as one number. */
function claimsOnFirst(
  claims: NonNullable<ProjectionPage['claims']>,
  rows: NonNullable<ProjectionPage['claims']>['rows'],
  words: Words,
): ProjectionPage['claims'] {
  if (rows.length === claims.rows.length) return claims
  return { ...claims, rows, sum: { ...claims.sum, formula: words.t('sheet.sum_of', { count: claims.rows.length }) } }
}

/** The same words, but for chances, which a committee compares with others: 0.676, 0.0031, never 0 or 1 unless it is. */
function withDecimals(words: Words): Words {
  return { ...words, percent: (chance) => chanceInDecimals(chance, words) }
}

export function chanceInDecimals(chance: number, words: Words): string {
  if (chance === 0 || chance === 1) return words.number(chance)
  if (chance < 0.0001) return words.t('format.under', { value: '0.0001' })
  if (chance >= 0.9995) return words.t('sheet.above', { value: '0.999' })
  return words.number(chance, chance < 0.01 ? 4 : 3)
}

/** 2026-06-24 (Wed), Reiwa 8: a page in English names the era that the documents are dated in. */
function inBothCalendars(day: CalendarDate, words: Words): string {
  const inEra = japaneseYear(day)
  if (words.language === 'ja' || inEra === null) return words.date(day)
  return words.t('sheet.with_era', { date: words.date(day), era: words.of('era', inEra.era), year: inEra.year })
}

/** A rate with the decimals that a small one needs: 0.406, 12.3, 1,234. */
function rateExactly(rate: number, words: Words): string {
  return words.number(rate, rate < 10 ? 3 : rate < 100 ? 2 : 0)
}

function observedExactly(rate: ObservedRate, words: Words): { observed: string; interval: string; count: string } {
  if (rate.kind === 'noExposure') return { observed: '—', interval: '—', count: '—' }
  const { lower, upper } = rate.interval
  return {
    observed: rate.kind === 'rate' ? rateExactly(rate.perYear, words) : '—',
    interval: words.t('format.range', {
      low: lower === 0 ? '0' : rateExactly(lower, words),
      high: rateExactly(upper, words),
    }),
    count: words.t('sheet.n_in_years', { count: rate.count, years: words.number(rate.exposureYears, 2) }),
  }
}

/** The trial as a whole, then each group of sites that a claim speaks of; without claims the record alone. */
function groupRows({ outlook }: ProjectionInput, page: ProjectionPage, words: Words): GroupRow[] {
  const checks = outlook.claims?.checks ?? []
  if (checks.length === 0) {
    const nothingClaimed = { about: null, claimed: '—', ratio: '—', p: '—', verdict: null }
    return [{ name: words.t('check.whole'), ...nothingClaimed, ...observedExactly(outlook.observed, words) }]
  }
  return checks.map((check, place) => {
    const row = page.checks[place]
    const ratio = multipleOfObserved(check.claimedPerYear, check.observed)
    return {
      name: row?.name ?? '',
      about: row === undefined ? null : [row.about, ...(row.conflict === null ? [] : [row.conflict])].join(' / '),
      claimed: words.number(check.claimedPerYear, 2),
      ...observedExactly(check.observed, words),
      ratio: ratio === null ? '—' : words.t('projection.times', { times: words.number(ratio, 1) }),
      p: pInWords(check.chance, words),
      verdict: row?.verdict ?? null,
    }
  })
}

/** Chances as decimals in the rows; what one wants to be sure of stays a percentage, as in the table of rates. */
function oneMoreOf(goal: TargetOutlook, words: Words): FeasibilitySheet['oneMore'] {
  const rows = changesFigure(goal, withDecimals(words))?.rows
  return rows === undefined ? null : { rows, sites: changesFigure(goal, words)?.sites ?? null }
}

function sitesOf(
  { trial, sites, outlook, small }: ProjectionInput,
  words: Words,
): Pick<FeasibilitySheet, 'sites' | 'moreSites'> {
  const { rows, funnel } = siteRows(trial, sites, outlook, small, words)
  const ranked = rows
    .map((row, place) => {
      const { id, exposureYears } = outlook.sites[place] ?? { id: '', exposureYears: 0 }
      const inFunnel = funnel?.sites.find((site) => site.id === id)
      const isOutside = inFunnel !== undefined && inFunnel.place !== 'within'
      return { row, place, isOutside, exposureYears }
    })
    .toSorted((a, b) => Number(b.isOutside) - Number(a.isOutside) || b.exposureYears - a.exposureYears)
  const shown = ranked.slice(0, mostSites).toSorted((a, b) => a.place - b.place)
  const rest = ranked.slice(mostSites)
  const outside = rest.filter(({ isOutside }) => isOutside).length
  return {
    sites: shown.map(({ row }) => row),
    moreSites: rest.length === 0 ? null : words.t('sheet.more_sites', { count: rest.length, outside }),
  }
}

function scenarioRows({ outlook, scenarios, outcomes, isCompared }: FeasibilityInput, words: Words) {
  if (!isCompared) return []
  return scenarioNames.flatMap((name) => {
    const outcome = outcomes[name]
    if (outcome === null) return []
    const { ratePerYear, planWeight, addedSites, conversion, drift } = scenarios[name]
    const rate =
      ratePerYear !== null
        ? words.t('text.if_rate', { rate: amountInWords(ratePerYear, words) })
        : planWeight !== null && outlook.plan !== null
          ? words.t('text.if_plan', { weight: amountInWords(planWeight, words) })
          : words.t('text.if_observed')
    const conditions = [
      rate,
      ...(addedSites > 0 ? [words.t('text.if_sites', { count: addedSites })] : []),
      ...(conversion === null ? [] : [words.t('text.if_conversion', { percent: words.share(conversion, 1) })]),
      ...(drift === 'on' ? [] : [words.t('sheet.without_drift')]),
    ]
    return [
      {
        name,
        rate: conditions.join(words.t('text.and')),
        until: outcome.until,
        chance: words.percent(outcome.chance),
        median: completionInWords(outcome.completion[1], outlook.deadline, words).at,
      },
    ]
  })
}

/** What is taken for granted, each with where it comes from. The claims stand in the sum, with their own sources. */
function assumptionsOf(input: FeasibilityInput, words: Words): FeasibilitySheet['assumptions'] {
  const { outlook, request, attainment, versions } = input
  const { goal, plan, inScreening, recentOutcomes, observed } = outlook
  const assume = (text: string, source: string) => ({ text, source })
  const list: FeasibilitySheet['assumptions'] = []
  const { promised } = attainment
  const approvedBy = promised.approval === null ? '' : words.pick(promised.approval.document)
  if (goal !== null) {
    list.push(
      assume(
        words.t('assume.target', { target: goal.target, deadline: outlook.deadline }),
        request === null
          ? [words.t('sheet.promise_terms', { number: promised.version }), approvedBy].filter(Boolean).join(' / ')
          : words.pick(request.title),
      ),
    )
  }
  const years = { past: words.number(outlook.siteYears, 2), future: words.number(outlook.futureSiteYears, 2) }
  list.push(assume(words.t('assume.sites', years), words.t('assume.sites_source', { asOf: outlook.asOf })))
  if (goal === null || goal.remaining === 0) return list
  if (observed.kind !== 'noExposure') {
    list.push(assume(words.t('assume.rate', { count: outlook.registered }), words.t('assume.rate_source')))
    const isFew = typeof goal.observed?.chance.moreDrift === 'number'
    list.push(
      assume(
        isFew
          ? words.t('assume.drift_few', { usual: usualDrift, more: driftOfFewSubjects })
          : words.t('assume.drift', { usual: usualDrift }),
        words.t('assume.drift_source'),
      ),
    )
  }
  if (plan !== null) {
    const first = versions.toSorted((a, b) => a.version - b.version)[0]?.version ?? 1
    const values = { subjects: words.number(plan.subjects), years: words.number(plan.siteYears, 1) }
    list.push(assume(words.t('assume.plan', values), words.t('sheet.promise_terms', { number: first })))
  }
  const { converted, failed } = recentOutcomes
  const left = converted + failed
  const interval = left === 0 ? null : wilsonInterval(converted, left)
  list.push(
    assume(
      words.t('assume.screening', { count: inScreening }),
      interval === null
        ? words.t('assume.screening_none')
        : words.t('assume.screening_source', {
            converted,
            left,
            low: words.number(100 * interval.lower, 1),
            high: words.number(100 * interval.upper, 1),
          }),
    ),
  )
  return list
}

/** How each number is made, with the trial's own figures in it. */
function formulasOf({ outlook, promises }: FeasibilityInput, words: Words): FeasibilitySheet['formulas'] {
  const { goal, observed, claims, plan, registered, siteYears, futureSiteYears, yearsLeft } = outlook
  const formula = (name: string, text: string) => ({ name, text })
  const list: FeasibilitySheet['formulas'] = []
  const two = (value: number) => words.number(value, 2)
  if (observed.kind !== 'noExposure') {
    const values = { count: registered, years: two(observed.exposureYears) }
    list.push(formula(words.t('formula.rate_name'), words.t('formula.rate', values)))
  }
  const whole = claims?.checks[0]
  if (whole !== undefined && whole.observed.kind !== 'noExposure') {
    const expected = two(whole.claimedPerYear * whole.observed.exposureYears)
    list.push(
      formula(words.t('formula.p_name'), words.t('formula.p', { expected, count: whole.registered ?? registered })),
    )
  } else if (promises.length > 0) list.push(formula(words.t('formula.p_name'), words.t('formula.p_promise')))
  if (goal === null || goal.remaining === 0) return list
  const { remaining, claimed, blended } = goal
  list.push(
    formula(words.t('formula.required_name'), words.t('formula.required', { remaining, years: two(yearsLeft) })),
  )
  if (claimed !== null && claims !== null) {
    const { sitesExpected, pipelineExpected, alreadyRegistered } = claims.projection
    const needed = Math.max(goal.target - alreadyRegistered, 0)
    list.push(
      formula(
        words.t('formula.claimed_name'),
        words.t('formula.claimed', {
          expected: amountInWords(sitesExpected, words),
          certain: Math.max(needed - Math.round(pipelineExpected), 0),
          inside: needed,
        }),
      ),
    )
  }
  if (goal.observed !== null) {
    const years = { past: two(siteYears), future: two(futureSiteYears), remaining, count: registered }
    list.push(
      formula(words.t('formula.observed_name'), words.t('formula.observed', years)),
      formula(words.t('formula.drift_name'), words.t('formula.drift', { a: words.number(registered + 0.5, 1) })),
    )
  }
  if (blended !== null && plan !== null) {
    const values = { subjects: words.number(plan.subjects), years: words.number(plan.siteYears, 1) }
    list.push(formula(words.t('formula.blended_name'), words.t('formula.blended', values)))
  }
  if (goal.completion !== null) {
    list.push(formula(words.t('formula.completion_name'), words.t('formula.completion', { remaining })))
  }
  if (goal.sitesDiffer !== null) list.push(formula(words.t('formula.sites_name'), words.t('formula.sites')))
  // Under a site-year no rate is printed, and this one neither.
  if (observed.kind === 'rate' && siteYears > 0) {
    const values = { rate: words.number(registered / siteYears, 3), count: registered, years: two(siteYears) }
    list.push(formula(words.t('formula.limits_name'), words.t('formula.limits', values)))
  }
  return list
}
