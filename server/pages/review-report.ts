/**
 * The report of a periodic review: one page of A4 that says what was frozen, and nothing that would have to be looked up
 * again. A review that is open has room for a signature by hand; a signed one has the signature and the digest.
 */

import type { Completion } from '../domain/projection/what-if.ts'
import type { ReviewComment, ReviewedMeasure, ReviewSignature } from '../domain/review.ts'
import type { ReviewedSite, ReviewFigures } from '../domain/review-figures.ts'
import type { MaturedForecast } from '../domain/review-forecast.ts'
import { type ReviewVerdict, signalChance } from '../domain/review-judgement.ts'
import type { Words } from '../i18n/words.ts'
import { type CumulativeRow, cumulativeFigureOf } from './charts.ts'
import { claimMark, subjectsInWords } from './claims-table.ts'
import { neededRateInWords, rateInWords, timesInWords } from './figures.ts'
import { freeText } from './free-text.ts'
import { type Mark, mark } from './page.ts'
import { completionInWords, pInWords } from './projection-words.ts'
import { type Verdict, verdictInWords } from './verdict.ts'

/** What a report is made from: the frozen content and nothing else. */
export type ReportContent = {
  figures: ReviewFigures
  frozenAt: string
  comments: readonly ReviewComment[]
  measures: readonly ReviewedMeasure[]
  signature: ReviewSignature | null
  /** Of what was signed; before, of the figures. */
  hash: string
}

type Stat = { label: string; value: string; unit: string; notes: string[] }

export type ReviewReport = {
  title: string
  trial: string
  facts: string[]
  kicker: Mark
  headline: string
  lines: string[]
  rulers: Verdict['rulers']
  gap: string
  stats: Stat[]
  details: { label: string; value: string; note: string }[]
  chart: { note: string; json: string; rows: CumulativeRow[] }
  sitesNote: string
  reportsHead: string
  sites: {
    name: string
    treated: string
    reports: Mark
    exposure: string
    screened: string
    registered: string
    rate: string
    interval: string
    lastActivity: string
  }[]
  moreSites: string | null
  whole: {
    label: string
    reports: string
    exposure: string
    screened: string
    registered: string
    rate: string
    interval: string
  }
  claims: {
    note: string
    rows: { name: string; expected: string; record: Mark }[]
    promise: string | null
  } | null
  rules: { when: string; isNow: boolean; promised: string; below: string; chance: string }[]
  rulesNote: string
  measures: { title: string; since: string }[]
  noMeasures: string | null
  forecasts: { by: string; promised: string; range: string; median: string; chance: string }[]
  earlier: { madeOn: string; range: string; median: string; chance: string; came: Mark }[]
  hindsight: string
  comments: { text: string; by: string }[]
  /** Whether so much is to be said that the chart is lower on paper, and fewer of the reviews to come are told. */
  isDense: boolean
  signature: { role: string; meaning: string; name: string; at: string }
  colophon: string[]
}

/** So many sites stand on the report one by one; so many earlier forecasts. */
const mostSites = 6
const mostEarlier = 2

export function reviewReport(content: ReportContent, words: Words): ReviewReport {
  const { figures, frozenAt, comments, measures, signature, hash } = content
  const { asOf, attainment, trial, judgement, versions } = figures
  const verdict = verdictInWords(attainment, { trial, sees: [], clocks: [] }, words)
  const terms = versions.find(({ version }) => version === judgement.termsVersion)
  const isDense = figures.sites.length + measures.length + 3 * comments.length > 7
  return {
    title: words.t('review.report_title', { months: terms?.reviewIntervalMonths ?? 6 }),
    trial: `${trial.code}　${words.pick(trial.title)}`,
    facts: [
      words.t('review.as_of', { date: words.date(asOf) }),
      words.t('review.known_on', { at: words.instant(frozenAt, trial.timeZone) }),
      words.t('review.judged_terms', { version: judgement.termsVersion }),
    ],
    kicker: reviewVerdictMark(judgement.verdict, words),
    headline: words.of('review_headline', judgement.verdict),
    lines: [judgementInWords(figures, words), verdict.chance],
    rulers: verdict.rulers,
    gap: verdict.gap,
    stats: statsOf(figures, words),
    details: detailsOf(figures, words),
    chart: chartOf(figures, words),
    sitesNote: words.t('review.sites_note', { asOf }),
    reportsHead: reportsHeadOf(figures, words),
    ...sitesOf(figures, words),
    whole: wholeOf(figures, words),
    claims: claimsOf(figures, words),
    rules: rulesOf(figures, words).slice(0, isDense ? 4 : 5),
    rulesNote: words.t('review.rules_note', { limit: words.number(signalChance, 2) }),
    measures: measures.map(({ title, startedOn, endedOn }) => ({
      title: words.pick(title),
      since: endedOn === null ? words.t('review.since', { from: startedOn }) : `${startedOn} – ${endedOn}`,
    })),
    noMeasures: measures.length > 0 ? null : words.t('review.no_measures'),
    forecasts: figures.forecasts.slice(0, isDense ? 2 : 4).map(({ by, promised, low80, median, high80, chance }) => ({
      by,
      promised: words.number(promised),
      range: rangeOf(low80, high80, words),
      median: words.number(median),
      chance: words.percent(chance),
    })),
    ...hindsightOf(figures, isDense ? 1 : mostEarlier, words),
    comments: comments.map(({ text, name, writtenAt }) => ({
      text: freeText(text, words),
      by: `${words.pick(name)}　${words.instant(writtenAt, trial.timeZone)}`,
    })),
    isDense,
    signature: {
      role: words.of('role', signature?.role ?? 'principal_investigator'),
      meaning: signature === null ? '' : words.of('review_meaning', signature.meaning),
      name: signature === null ? '' : words.pick(signature.name),
      at: signature === null ? '' : words.instant(signature.signedAt, trial.timeZone),
    },
    colophon: [
      words.t('review.made_from', { asOf, at: words.instant(frozenAt, trial.timeZone) }),
      words.t('sheet.method', { version: figures.methodVersion }),
      words.t(signature === null ? 'review.hash_figures' : 'review.hash_signed', { hash: shortHash(hash) }),
      words.t('sheet.page', { page: 1, pages: 1 }),
    ],
  }
}

/** The first digits of a digest, in groups of four. */
export function shortHash(hash: string): string {
  return hash.slice(0, 16).replace(/.{4}(?=.)/g, '$& ')
}

/** Trouble is a triangle; a promise that holds, or that cannot be judged yet, is quiet. */
export function reviewVerdictMark(verdict: ReviewVerdict, words: Words): Mark {
  const text = words.of('review_verdict', verdict)
  if (verdict === 'below') return mark('below', 'is-act', text)
  return verdict === 'not_below' ? mark('full', 'is-real', text) : mark('open', 'is-wait', text)
}

function judgementInWords({ judgement, versions }: ReviewFigures, words: Words): string {
  const { actual, promised, chance, verdict, largestBelow } = judgement
  const since = versions.find(({ version }) => version === judgement.termsVersion)?.plan.startsOn ?? ''
  const values = { since, actual, promised: words.number(promised, 1), p: pInWords(chance, words) }
  if (verdict === 'too_early') return words.t('review.line_too_early', values)
  return words.t('review.line', { ...values, most: largestBelow ?? 0 })
}

function leadsToOf(date: string | null, words: Words): string {
  return date === null ? words.t('review.leads_nowhere') : words.t('review.leads_to', { date })
}

function statsOf({ pace, attainment }: ReviewFigures, words: Words): Stat[] {
  const { required, overall, recent } = pace
  const { forecast, promised } = attainment
  const paced = (label: string, one: typeof overall): Stat => {
    const rate = rateInWords(one.rate, words)
    return {
      label,
      value: rate.value,
      unit: words.t('overview.per_year'),
      notes: [
        one.rate.kind === 'noExposure'
          ? words.t('overview.no_forecast')
          : words.t('review.rate_note', {
              interval: rate.interval,
              count: one.rate.count,
              years: words.number(one.rate.exposureYears, 2),
            }),
        leadsToOf(one.leadsTo, words),
      ],
    }
  }
  const multiple = attainment.requiredMultiple
  return [
    {
      label: words.t('overview.required_rate'),
      value: neededRateInWords(required.perYear, words),
      unit: words.t('overview.per_year'),
      notes: [
        words.t('overview.remaining', { count: required.count, years: words.number(required.exposureYears, 2) }),
        multiple === null
          ? leadsToOf(required.leadsTo, words)
          : words.t('review.times_observed', { times: timesInWords(multiple, words) }),
      ],
    },
    paced(words.t('review.overall_rate'), overall),
    paced(words.t('review.recent_rate', { since: recent.since ?? '—' }), recent),
    {
      label: words.t('review.by_deadline', { deadline: promised.registrationUntil }),
      value: forecast === null ? '—' : rangeOf(forecast.low80, forecast.high80, words),
      unit: words.t('overview.subjects'),
      notes:
        forecast === null
          ? [words.t('overview.no_forecast')]
          : [
              words.t('overview.range80', { median: forecast.median }),
              words.t('review.forecast_from', { n: attainment.registered }),
            ],
    },
  ]
}

function detailsOf(figures: ReviewFigures, words: Words): ReviewReport['details'] {
  const { pace, conversion, completion, attainment, whole, months } = figures
  const lastOf = (last: typeof pace.lastScreening) =>
    last === null
      ? { value: '—', note: words.t('review.never_yet') }
      : { value: words.t('review.days', { count: last.daysSince }), note: last.on }
  const { registered, screened, interval } = conversion
  const deadline = attainment.promised.registrationUntil
  const [, median] = (completion ?? []).map((one) => completionInWords(one, deadline, words).at)
  const [early, , late] = (completion ?? []).map((one) => briefly(one, words))
  return [
    { label: words.t('review.since_screening'), ...lastOf(pace.lastScreening) },
    { label: words.t('review.since_registration'), ...lastOf(pace.lastRegistration) },
    {
      label: words.t('review.conversion'),
      value: words.t('review.of', { part: registered, whole: screened }),
      note:
        interval === null
          ? words.t('review.none_screened')
          : words.t('review.wilson', {
              low: words.number(100 * interval.lower, 1),
              high: words.number(100 * interval.upper, 1),
            }),
    },
    {
      label: words.t('review.reporting'),
      value: words.t('review.of', { part: whole.reported, whole: whole.open }),
      note:
        whole.open === 0
          ? words.t('review.no_month')
          : words.t('review.site_months', { count: months.length, silent: whole.open - whole.reported }),
    },
    {
      label: words.t('review.completion'),
      value: median ?? '—',
      note:
        completion === null
          ? words.t('overview.no_forecast')
          : words.t('review.completion_range', { early: early ?? '—', late: late ?? '—' }),
    },
  ]
}

/** A day of completion in a few letters. */
function briefly(completion: Completion, words: Words): string {
  if (completion.kind === 'on') return completion.date
  return words.t(completion.kind === 'beyond' ? 'review.beyond_short' : 'review.never_short')
}

function chartOf({ attainment, versions, steps, openings, fan }: ReviewFigures, words: Words): ReviewReport['chart'] {
  const { chart, rows } = cumulativeFigureOf({ attainment, versions, steps, openings, fan }, words)
  // On a page that is full, what stands under the axis stands in the table alone.
  const brief = { ...chart, y: { ...chart.y, title: '' }, changes: [], sites: [] }
  return { note: words.t('review.chart_note'), json: JSON.stringify(brief), rows }
}

function reportsHeadOf({ months }: ReviewFigures, words: Words): string {
  return months.length === 0 ? words.t('review.reports') : words.t('review.reports_of', { count: months.length })
}

/** First those that registered most, then those open longest; shown in the order of the trial. */
function sitesOf({ sites }: ReviewFigures, words: Words): Pick<ReviewReport, 'sites' | 'moreSites'> {
  const shown = new Set(
    sites
      .toSorted((a, b) => b.registered - a.registered || b.screened - a.screened || b.exposureYears - a.exposureYears)
      .slice(0, mostSites)
      .map(({ code }) => code),
  )
  const rest = sites.filter(({ code }) => !shown.has(code))
  const more = {
    count: rest.length,
    registered: rest.reduce((sum, site) => sum + site.registered, 0),
    screened: rest.reduce((sum, site) => sum + site.screened, 0),
  }
  return {
    sites: sites.filter(({ code }) => shown.has(code)).map((site) => siteRow(site, words)),
    moreSites: rest.length === 0 ? null : words.t('review.more_sites', more),
  }
}

function siteRow(site: ReviewedSite, words: Words): ReviewReport['sites'][number] {
  const rate = rateInWords(site.rate, words)
  return {
    name: `${site.code}　${words.pick(site.name)}`,
    treated: words.t(site.treated > 0 ? 'sites.experience_some' : 'sites.experience_none'),
    reports: reportsMark(site, words),
    exposure: words.number(site.exposureYears, 2),
    screened: words.number(site.screened),
    registered: words.number(site.registered),
    rate: rate.value,
    interval: rate.interval,
    lastActivity: site.lastActivityOn ?? words.t('sites.no_activity'),
  }
}

function reportsMark({ reported, open }: ReviewedSite, words: Words): Mark {
  if (open === 0) return mark('open', '', words.t('review.not_open'))
  const text = words.t('review.months_of', { reported, open })
  return reported === open ? mark('full', 'is-real', text) : mark('silent', 'is-act', text)
}

function wholeOf({ whole, sites }: ReviewFigures, words: Words): ReviewReport['whole'] {
  const rate = rateInWords(whole.rate, words)
  return {
    label: words.t('overview.total_sites', { count: sites.length }),
    reports: whole.open === 0 ? '—' : words.t('review.months_of', { reported: whole.reported, open: whole.open }),
    exposure: words.number(whole.exposureYears, 2),
    screened: words.number(whole.screened),
    registered: words.number(whole.registered),
    rate: rate.value,
    interval: rate.interval,
  }
}

function claimsOf({ claims }: ReviewFigures, words: Words): ReviewReport['claims'] {
  if (claims === null) return null
  const { promise } = claims
  return {
    note: words.t('review.claims_note', { number: claims.requestNumber, asOf: claims.asOf }),
    rows: claims.terms.map(({ label, expected, record, verdict }) => ({
      name: words.pick(label),
      expected: subjectsInWords(expected, words),
      record: claimMark(
        verdict,
        words.of('record', verdict, {
          count: record?.registered ?? 0,
          years: words.number(record?.exposureYears ?? 0, 2),
        }),
      ),
    })),
    promise:
      promise === null
        ? null
        : words.t('review.claims_promise', {
            promised: words.number(promise.promised, 1),
            total: subjectsInWords(claims.statedTotal, words),
            registered: promise.registered,
          }),
  }
}

function rulesOf({ asOf, judgement, rules }: ReviewFigures, words: Words): ReviewReport['rules'] {
  const belowOf = (largest: number | null) =>
    largest === null ? words.t('review.rule_none') : words.t('review.rule_at_most', { count: largest })
  return [
    {
      when: words.t('review.rule_now', { asOf }),
      isNow: true,
      promised: words.number(judgement.promised, 1),
      below: words.t('review.rule_came', { rule: belowOf(judgement.largestBelow), count: judgement.actual }),
      chance: pInWords(judgement.chance, words),
    },
    ...rules.map(({ on, promised, largestBelow, chance }) => ({
      when: on,
      isNow: false,
      promised: words.number(promised, 1),
      below: belowOf(largestBelow),
      chance: pInWords(chance, words),
    })),
  ]
}

function hindsightOf(
  { asOf, hindsight }: ReviewFigures,
  most: number,
  words: Words,
): Pick<ReviewReport, 'earlier' | 'hindsight'> {
  const { matured, score } = hindsight
  const forThisDay = matured.filter(({ by }) => by === asOf)
  const shown = (forThisDay.length > 0 ? forThisDay : matured).slice(0, most)
  return {
    earlier: shown.map((forecast) => ({
      madeOn: words.t('review.made_for', { madeOn: forecast.madeOn, by: forecast.by }),
      range: rangeOf(forecast.low80, forecast.high80, words),
      median: words.number(forecast.median),
      chance: words.percent(forecast.chance),
      came: cameMark(forecast, words),
    })),
    hindsight:
      score === null
        ? words.t('review.no_earlier_forecast')
        : words.t('review.hindsight', {
            n: score.n,
            covered: score.covered,
            bias: `${score.bias > 0 ? '+' : ''}${words.number(score.bias, 1)}`,
            brier: words.number(score.brier, 3),
          }),
  }
}

function cameMark({ low80, high80, actual }: MaturedForecast, words: Words): Mark {
  const isWithin = low80 <= actual && actual <= high80
  const text = words.t(isWithin ? 'review.came_within' : 'review.came_outside', { count: actual })
  return isWithin ? mark('full', 'is-real', text) : mark('cross', 'is-act', text)
}

function rangeOf(low: number, high: number, words: Words): string {
  return words.t('format.range', { low: words.number(low), high: words.number(high) })
}
