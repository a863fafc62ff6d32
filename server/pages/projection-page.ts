/**
 * The site-per-year projection of a change request: term by term, with its sum, target and margin, beside the chance
 * of reaching the target. A sum of expectations is never worded as a forecast, and its margin never stands alone.
 */
import type { Attainment } from '../domain/attainment.ts'
import { type CalendarDate, yearsBetween } from '../domain/calendar-date.ts'
import type { ChangeRequest, RequestClaim } from '../domain/claim.ts'
import { observedRate } from '../domain/projection/poisson-interval.ts'
import { chancePoisson } from '../domain/projection/pooled-predictive.ts'
import { type Claim, sitePerYearProjection } from '../domain/projection/site-per-year.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { type CellKind, type CellRow, cellsOf, rulerCells, smallCells } from './cells.ts'
import { rateInWords, yearsInWords } from './figures.ts'
import { type Mark, mark, type Page } from './page.ts'

export type ProjectionInput = {
  trial: Trial
  today: CalendarDate
  request: ChangeRequest
  /** Whether the stored inputs still have the hash they were stored under. */
  isIdentical: boolean
  /** As of the request's day. */
  attainment: Attainment
  /** Registered, and exposure in site-years, at the sites that each claim speaks of, by the request's day. */
  records: readonly { registered: number; exposureYears: number }[]
  /** Registered since the request's day, by today. */
  registeredSince: number
  registeredToday: number
}

export type ProjectionPage = Page & {
  subtitle: string
  verdict: { kicker: Mark; headline: string; claimed: string; observed: string; rulers: Ruler[] } | null
  claims: {
    name: string
    formula: string
    expected: string
    cells: CellRow | null
    record: Mark
    source: string
  }[]
  sum: { formula: string; total: string; result: string }
  stated: Mark
  /** One answer may stand on several assumptions: its name spans their rows. */
  answers: {
    name: string
    about: string
    rows: number
    assumptions: { text: string; chance: string; drift: string }[]
  }[]
  answersNote: string
  figures: { label: string; value: string }[]
  since: { text: string }
  method: string
}

type Ruler = { label: string; value: string; cells: CellRow; words: string[] }

export type NoProjectionPage = Page & { text: string }

export function noProjectionPage(words: Words): NoProjectionPage {
  return {
    template: 'projection/none',
    title: words.t('projection.title'),
    place: 'projection',
    text: words.t('projection.none'),
  }
}

export function projectionPage(input: ProjectionInput, words: Words): ProjectionPage {
  const { request, attainment, today } = input
  const projection = sitePerYearProjection(
    request.claims.map(({ claim }) => claim),
    request.targetNumber,
  )
  const { total, margin, pipelineExpected, sitesExpected } = projection
  const needed = Math.max(request.targetNumber - request.registeredNumber, 0)
  const claimedChances = {
    pipelineCertain: chancePoisson(Math.max(needed - Math.round(pipelineExpected), 0), sitesExpected),
    pipelineInside: chancePoisson(needed, sitesExpected),
  }
  const forecast = attainment.forecast
  return {
    template: 'projection/show',
    title: words.t('projection.title'),
    place: 'projection',
    subtitle: words.t('projection.subtitle', { title: words.pick(request.title), asOf: request.asOf }),
    fixed: {
      at: words.date(request.asOf),
      note: words.t(input.isIdentical ? 'projection.identical' : 'projection.differs'),
      href: `/trials/${input.trial.code}`,
    },
    verdict: verdictOf(input, total, claimedChances.pipelineCertain, words),
    claims: request.claims.map((claim, index) => claimRow(input, claim, index, words)),
    sum: {
      formula: projection.terms.map(({ expected }) => trimmed(expected, words)).join(words.t('projection.plus')),
      total: trimmed(total, words),
      result: words.t(margin >= 0 ? 'projection.margin' : 'projection.shortfall', {
        target: request.targetNumber,
        margin: trimmed(Math.abs(margin), words),
        chance: words.percent(claimedChances.pipelineCertain),
      }),
    },
    stated:
      Math.abs(total - request.statedTotal) < 1e-9
        ? mark('full', 'is-real', words.t('projection.stated_agrees', { total: request.statedTotal }))
        : mark(
            'cross',
            'is-act',
            words.t('projection.stated_differs', { total: request.statedTotal, sum: trimmed(total, words) }),
          ),
    answers: answersOf(input, claimedChances, sitesExpected, words),
    answersNote: words.t('projection.answers_note', { deadline: request.registrationUntil }),
    figures: [
      figure('projection.observed_rate', rateInWords(attainment.observed, words).value),
      figure('projection.observed_interval', rateInWords(attainment.observed, words).interval),
      figure(
        'projection.required_rate',
        attainment.requiredPerYear === null ? '—' : words.number(attainment.requiredPerYear, 2),
      ),
      figure(
        'projection.required_multiple',
        attainment.requiredMultiple === null ? '—' : words.number(attainment.requiredMultiple, 1),
      ),
      figure('projection.years_to_target', yearsInWords(attainment.yearsAtObservedRate, words)),
      figure(
        'projection.range80',
        forecast === null ? '—' : words.t('format.range', { low: forecast.low80, high: forecast.high80 }),
      ),
    ],
    since: {
      text: words.t('projection.since', {
        asOf: request.asOf,
        today,
        count: input.registeredSince,
        total: input.registeredToday,
      }),
    },
    method: words.t('projection.method', { version: request.methodVersion, hash: request.inputHash.slice(0, 12) }),
  }

  function figure(key: Parameters<Words['t']>[0], value: string) {
    return { label: words.t(key), value }
  }
}

/** A number of subjects without needless decimals: 13, 4.5. */
function trimmed(value: number, words: Words): string {
  return words.number(value, Number.isInteger(value) ? 0 : 1)
}

function verdictOf(
  input: ProjectionInput,
  total: number,
  chanceClaimed: number,
  words: Words,
): ProjectionPage['verdict'] {
  const { request, attainment } = input
  const { forecast, requiredMultiple } = attainment
  if (forecast === null) return null
  const target = request.targetNumber
  const isContradicted = request.claims.some((_, index) => recordVerdict(input, index) === 'contradicted')
  const kinds = request.claims.flatMap(({ claim }) => cellsOf([expectedCells(claim), kindOf(claim)]))
  return {
    kicker: isContradicted
      ? mark('cross', 'is-act', words.t('projection.contradicted'))
      : mark('half', 'is-wait', words.t('projection.not_contradicted')),
    headline:
      requiredMultiple === null
        ? words.t('projection.headline_no_rate', { target })
        : words.t('projection.headline', { target, times: words.number(requiredMultiple, 1) }),
    claimed: words.t('projection.if_claimed', { chance: words.percent(chanceClaimed) }),
    observed: words.t('projection.if_observed', {
      drift: words.percent(forecast.chance.withDrift),
      held: words.percent(forecast.chance.ifRateHeld),
    }),
    rulers: [
      {
        label: words.t('projection.claimed_total', { target }),
        value: trimmed(total, words),
        cells: rulerCells(kinds, kinds.length, total > target ? target : null),
        words: request.claims.map(
          (claim) => `${shortName(claim.claim, words)} ${trimmed(expectedOf(claim.claim), words)}`,
        ),
      },
      {
        label: words.t('projection.record', { years: words.number(attainment.elapsedYears, 2) }),
        value: words.number(request.registeredNumber),
        cells: rulerCells(cellsOf([request.registeredNumber, 'real']), kinds.length, null),
        words: [],
      },
    ],
  }
}

function shortName(claim: Claim, words: Words): string {
  return words.of('claim_short', claim.kind)
}

function expectedOf(claim: Claim): number {
  return sitePerYearProjection([claim], 0).total
}

function expectedCells(claim: Claim): number {
  return Math.round(expectedOf(claim))
}

function kindOf(claim: Claim): CellKind {
  if (claim.kind === 'registered') return 'real'
  return claim.kind === 'pipeline' ? 'half' : 'said'
}

/** The claim's formula in words, as the request states it: 2 sites × 1 a year × 3 years. */
function formulaOf(claim: Claim, words: Words): string {
  switch (claim.kind) {
    case 'registered':
      return words.t('claim.registered', { count: claim.number })
    case 'pipeline':
      return words.t('claim.pipeline', { count: claim.number, conversion: words.percent(claim.conversion) })
    case 'siteRate':
      return words.t('claim.siteRate', { sites: claim.sites, rate: claim.ratePerSiteYear, years: claim.years })
    case 'siteMinimum':
      return words.t('claim.siteMinimum', { sites: claim.sites, minimum: claim.minimumPerSite })
  }
}

type RecordVerdict = 'agrees' | 'differs' | 'contradicted' | 'optimistic' | 'consistent' | 'unsupported' | 'open'

/**
 * A claimed rate against what the same sites did: P(so few or fewer | the claim), exact and one-sided;
 * contradicted under 0.01, optimistic under 0.05.
 */
function recordVerdict(input: ProjectionInput, index: number): RecordVerdict {
  const claim = input.request.claims[index]?.claim
  const record = input.records[index]
  if (claim === undefined || record === undefined) return 'unsupported'
  if (claim.kind === 'registered') return claim.number === input.attainment.registered ? 'agrees' : 'differs'
  if (claim.kind === 'pipeline') return 'open'
  if (record.exposureYears === 0) return 'unsupported'
  const p = 1 - chancePoisson(record.registered + 1, claimedRate(claim, input) * record.exposureYears)
  if (p < 0.01) return 'contradicted'
  return p < 0.05 ? 'optimistic' : 'consistent'
}

/** Per site and year; a minimum for a period is spread over the years that the request asks for. */
function claimedRate(claim: Claim & { kind: 'siteRate' | 'siteMinimum' }, input: ProjectionInput): number {
  if (claim.kind === 'siteRate') return claim.ratePerSiteYear
  const { inForce } = input.attainment
  const yearsAsked = yearsBetween(inForce.registrationUntil, input.request.registrationUntil)
  return yearsAsked <= 0 ? 0 : claim.minimumPerSite / yearsAsked
}

function claimRow(input: ProjectionInput, { claim, label, source }: RequestClaim, index: number, words: Words) {
  const verdict = recordVerdict(input, index)
  const record = input.records[index] ?? { registered: 0, exposureYears: 0 }
  return {
    name: words.pick(label),
    formula: formulaOf(claim, words),
    expected: trimmed(expectedOf(claim), words),
    cells: expectedCells(claim) === 0 ? null : smallCells(cellsOf([expectedCells(claim), kindOf(claim)])),
    record: recordMark(verdict, record, words),
    source: words.pick(source),
  }
}

function recordMark(verdict: RecordVerdict, record: { registered: number; exposureYears: number }, words: Words): Mark {
  const observed = observedRate(record.registered, record.exposureYears)
  const text = words.of('record', verdict, {
    count: record.registered,
    years: observed.kind === 'noExposure' ? '0' : words.number(record.exposureYears, 2),
  })
  switch (verdict) {
    case 'agrees':
    case 'consistent':
      return mark('full', 'is-real', text)
    case 'open':
    case 'optimistic':
      return mark('half', 'is-wait', text)
    case 'contradicted':
    case 'differs':
      return mark('cross', 'is-act', text)
    case 'unsupported':
      return mark('silent', 'is-act', text)
  }
}

function answersOf(
  { request, attainment }: ProjectionInput,
  claimed: { pipelineCertain: number; pipelineInside: number },
  sitesExpected: number,
  words: Words,
): ProjectionPage['answers'] {
  const inPipeline = request.claims.reduce(
    (sum, { claim }) => (claim.kind === 'pipeline' ? sum + claim.number : sum),
    0,
  )
  const sites = trimmed(sitesExpected, words)
  const claimedAnswer = {
    name: words.t('answer.claimed'),
    about: words.t('answer.claimed_about'),
    rows: 2,
    assumptions: [
      {
        text: words.t('answer.pipeline_certain', { count: inPipeline, sites }),
        chance: words.percent(claimed.pipelineCertain),
        drift: '—',
      },
      {
        text: words.t('answer.pipeline_inside', { count: inPipeline, sites }),
        chance: words.percent(claimed.pipelineInside),
        drift: '—',
      },
    ],
  }
  const { forecast, observed, registered } = attainment
  if (forecast === null || observed.kind === 'noExposure') return [claimedAnswer]
  const years = words.number(observed.exposureYears, 2)
  const observedAnswer = {
    name: words.t('answer.observed'),
    about: words.t('answer.observed_about'),
    rows: 1,
    assumptions: [
      {
        text: words.t('answer.at_observed_rate', { count: registered, years }),
        chance: words.percent(forecast.chance.ifRateHeld),
        drift: words.percent(forecast.chance.withDrift),
      },
    ],
  }
  return [claimedAnswer, observedAnswer]
}
