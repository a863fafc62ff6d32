/**
 * The site-per-year projection of a change request: term by term, with its sum, target and margin, beside the chance
 * of reaching the target. A sum of expectations is never worded as a forecast, and its margin never stands alone.
 */
import type { Attainment } from '../domain/attainment.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { ChangeRequest } from '../domain/claim.ts'
import { type ClaimedChances, type ClaimRecord, claimedChances } from '../domain/projection/claim-check.ts'
import { type Claim, type SitePerYearProjection, sitePerYearProjection } from '../domain/projection/site-per-year.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { type CellRow, cellsOf, rulerCells } from './cells.ts'
import { type ClaimRow, cellKindOf, claimRows, subjectsInWords } from './claims-table.ts'
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
  /** What the sites that each claim speaks of did by the request's day, in the order of the claims. */
  records: readonly ClaimRecord[]
  /** Registered since the request's day, by today. */
  registeredSince: number
  registeredToday: number
}

export type ProjectionPage = Page & {
  subtitle: string
  verdict: { kicker: Mark; headline: string; claimed: string; observed: string; rulers: Ruler[] } | null
  claims: ClaimRow[]
  sum: { formula: string; total: string; result: string }
  stated: Mark
  answers: Answer[]
  answersNote: string
  figures: { label: string; value: string }[]
  since: { text: string }
  method: string
}

type Ruler = { label: string; value: string; cells: CellRow; words: string[] }

/** One answer may stand on several assumptions: its name spans their rows. */
type Answer = {
  name: string
  about: string
  rows: number
  assumptions: { text: string; chance: string; drift: string }[]
}

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
  const { request, attainment } = input
  const claims = request.claims.map(({ claim }) => claim)
  const projection = sitePerYearProjection(claims, request.targetNumber)
  const chances = claimedChances(projection)
  const rows = claimRows(request, input.records, attainment, words)
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
    verdict: verdictOf(input, projection, chances, rows, words),
    claims: rows,
    sum: sumOf(projection, chances, words),
    stated: statedMark(request.statedTotal, projection.total, words),
    answers: answersOf(attainment, projection, chances, words),
    answersNote: words.t('projection.answers_note', { deadline: request.registrationUntil }),
    figures: figuresOf(attainment, words),
    since: {
      text: words.t('projection.since', {
        asOf: request.asOf,
        today: input.today,
        count: input.registeredSince,
        total: input.registeredToday,
      }),
    },
    method: words.t('projection.method', { version: request.methodVersion, hash: request.inputHash.slice(0, 12) }),
  }
}

type Projection = SitePerYearProjection<Claim>

function sumOf({ terms, total, target, margin }: Projection, chances: ClaimedChances, words: Words) {
  return {
    formula: terms.map(({ expected }) => subjectsInWords(expected, words)).join(words.t('projection.plus')),
    total: subjectsInWords(total, words),
    result: words.t(margin >= 0 ? 'projection.margin' : 'projection.shortfall', {
      target,
      margin: subjectsInWords(Math.abs(margin), words),
      chance: words.percent(chances.pipelineCertain),
    }),
  }
}

/** The document's own total beside the sum of its claims: where they differ, neither is picked silently. */
function statedMark(stated: number, total: number, words: Words): Mark {
  if (Math.abs(total - stated) < 1e-9) {
    return mark('full', 'is-real', words.t('projection.stated_agrees', { total: stated }))
  }
  const values = { total: stated, sum: subjectsInWords(total, words) }
  return mark('cross', 'is-act', words.t('projection.stated_differs', values))
}

function figuresOf(attainment: Attainment, words: Words): ProjectionPage['figures'] {
  const { forecast, requiredPerYear, requiredMultiple } = attainment
  const rate = rateInWords(attainment.observed, words)
  const range = forecast === null ? '—' : words.t('format.range', { low: forecast.low80, high: forecast.high80 })
  return [
    { label: words.t('projection.observed_rate'), value: rate.value },
    { label: words.t('projection.observed_interval'), value: rate.interval },
    { label: words.t('projection.required_rate'), value: words.numberOr(requiredPerYear, 2) },
    { label: words.t('projection.required_multiple'), value: words.numberOr(requiredMultiple, 1) },
    { label: words.t('projection.years_to_target'), value: yearsInWords(attainment.yearsAtObservedRate, words) },
    { label: words.t('projection.range80'), value: range },
  ]
}

function verdictOf(
  { request, attainment }: ProjectionInput,
  { terms, total, target }: Projection,
  chances: ClaimedChances,
  rows: readonly ClaimRow[],
  words: Words,
): ProjectionPage['verdict'] {
  const { forecast, requiredMultiple } = attainment
  if (forecast === null) return null
  const isContradicted = rows.some(({ verdict }) => verdict === 'contradicted')
  const kinds = terms.flatMap(({ claim, expected }) => cellsOf([expected, cellKindOf(claim)]))
  return {
    kicker: isContradicted
      ? mark('cross', 'is-act', words.t('projection.contradicted'))
      : mark('half', 'is-wait', words.t('projection.not_contradicted')),
    headline:
      requiredMultiple === null
        ? words.t('projection.headline_no_rate', { target })
        : words.t('projection.headline', { target, times: words.number(requiredMultiple, 1) }),
    claimed: words.t('projection.if_claimed', { chance: words.percent(chances.pipelineCertain) }),
    observed: words.t('projection.if_observed', {
      drift: words.percent(forecast.chance.withDrift),
      held: words.percent(forecast.chance.ifRateHeld),
    }),
    rulers: [
      {
        label: words.t('projection.claimed_total', { target }),
        value: subjectsInWords(total, words),
        cells: rulerCells(kinds, kinds.length, total > target ? target : null),
        words: terms.map(
          ({ claim, expected }) => `${words.of('claim_short', claim.kind)} ${subjectsInWords(expected, words)}`,
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

function answersOf(
  attainment: Attainment,
  { terms, sitesExpected }: Projection,
  claimed: ClaimedChances,
  words: Words,
): Answer[] {
  const inPipeline = terms.reduce((sum, { claim }) => (claim.kind === 'pipeline' ? sum + claim.number : sum), 0)
  const sites = subjectsInWords(sitesExpected, words)
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
