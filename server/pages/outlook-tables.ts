/** The tables of a projection: three answers, required rates, the days of completion, claims against the record, sites. */

import { type FunnelOfSites, funnelOfSites } from '../domain/projection/funnel-of-sites.ts'
import { driftOfFewSubjects, usualDrift } from '../domain/projection/pooled-predictive.ts'
import type { FunnelPlace } from '../domain/projection/site-funnel.ts'
import type { Claim, SitePerYearProjection } from '../domain/projection/site-per-year.ts'
import type { BlendedAnswer, TargetOutlook, TrialOutlook } from '../domain/projection/trial-outlook.ts'
import type { Site } from '../domain/site.ts'
import type { SmallNumbers } from '../domain/small-numbers.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { claimMark, subjectsInWords } from './claims-table.ts'
import { neededRateInWords, rateInWords, timesInWords } from './figures.ts'
import { type Mark, mark } from './page.ts'
import {
  amountInWords,
  type ChanceInWords,
  chanceInWords,
  completionInWords,
  pInWords,
  yearsShort,
} from './projection-words.ts'
import { notSaid, siteCount, siteFigure } from './small-numbers.ts'

type Assumption = ChanceInWords & { text: string }

/** One answer may stand on several assumptions: its name spans their rows. */
type Answer = { name: string; about: string; rows: number; assumptions: Assumption[] }

export type Answers = {
  title: string
  note: string
  /** The heads of the columns with drift; the second only under six subjects. */
  drift: string
  moreDrift: string | null
  fewNote: string | null
  rows: Answer[]
  weights: { weight: string; pseudo: string; rate: string; held: string; drift: string }[]
}

export function answersInWords(
  { deadline, registered, observed, claims, recentOutcomes }: TrialOutlook,
  goal: TargetOutlook,
  words: Words,
): Answers {
  const isFew = [goal.claimed?.certain, goal.observed?.chance, goal.blended?.one.chance].some(
    (chance) => typeof chance?.moreDrift === 'number',
  )
  const answer = (name: string, about: string, assumptions: Assumption[]): Answer => ({
    name,
    about,
    rows: assumptions.length,
    assumptions,
  })
  const rows: Answer[] = []
  if (goal.claimed !== null && claims !== null) {
    const { certain, inside, betaBinomial, inPipeline } = goal.claimed
    const sites = subjectsInWords(claims.projection.sitesExpected, words)
    const counted = { count: inPipeline, sites }
    const outcomes = { converted: recentOutcomes.converted, failed: recentOutcomes.failed }
    rows.push(
      answer(
        words.t('answer.claimed'),
        words.t('answer.claimed_about'),
        inPipeline === 0
          ? [{ text: words.t('answer.sites_alone', { sites }), ...chanceInWords(inside, words) }]
          : [
              { text: pipelineInWords(claims.projection, counted, words), ...chanceInWords(certain, words) },
              { text: words.t('answer.pipeline_inside', counted), ...chanceInWords(inside, words) },
              {
                text: words.t('answer.pipeline_by_record', { count: inPipeline, ...outcomes }),
                ...chanceInWords(betaBinomial, words),
              },
            ],
      ),
    )
  }
  if (goal.observed !== null && observed.kind !== 'noExposure') {
    const years = words.number(observed.exposureYears, 2)
    const text =
      observed.kind === 'rate'
        ? words.t('answer.at_observed_rate', { count: registered, years, rate: words.number(observed.perYear, 2) })
        : words.t('answer.without_rate', { count: registered, years })
    rows.push(
      answer(words.t('answer.observed'), words.t('answer.observed_about'), [
        { text, ...chanceInWords(goal.observed.chance, words) },
        ...(goal.sitesDiffer === null
          ? []
          : [{ text: words.t('answer.sites_differ'), ...chanceInWords(goal.sitesDiffer.chance, words) }]),
      ]),
    )
  }
  if (goal.blended !== null) {
    const blended = (text: string, { chance }: BlendedAnswer) => ({ text, ...chanceInWords(chance, words) })
    const { one, full } = goal.blended
    rows.push(
      answer(words.t('answer.blended'), words.t('answer.blended_about'), [
        blended(words.t('answer.plan_one'), one),
        blended(words.t('answer.plan_full', { count: amountInWords(full.pseudoSubjects, words) }), full),
      ]),
    )
  }
  return {
    title: words.t(rows.length === 3 ? 'projection.answers_title' : 'projection.answers_title_plain', {
      target: goal.target,
    }),
    note: words.t('projection.answers_note', { deadline, drift: usualDrift }),
    drift: words.t('projection.col_drift', { drift: usualDrift }),
    moreDrift: isFew ? words.t('projection.col_drift', { drift: driftOfFewSubjects }) : null,
    fewNote: isFew
      ? words.t('projection.few_note', { count: registered, usual: usualDrift, more: driftOfFewSubjects })
      : null,
    rows,
    weights: (goal.blended?.list ?? []).map(({ weight, pseudoSubjects, ratePerSiteYear, chance }) => ({
      weight: amountInWords(weight, words),
      pseudo: words.number(pseudoSubjects, 1),
      rate: words.number(ratePerSiteYear, 3),
      held: words.percent(chance.held),
      drift: words.percent(chance.drift),
    })),
  }
}

/** Those in screening as the claims have them: all registered, or each with the conversion that is claimed. */
function pipelineInWords(
  { terms, pipelineExpected }: SitePerYearProjection<Claim>,
  counted: { count: number; sites: string },
  words: Words,
): string {
  const isCertain = terms.every(({ claim }) => claim.kind !== 'pipeline' || claim.conversion === 1)
  if (isCertain) return words.t('answer.pipeline_certain', counted)
  return words.t('answer.pipeline_converted', { ...counted, expected: subjectsInWords(pipelineExpected, words) })
}

export type RequiredRates = { note: string; rows: { name: string; rate: string; multiple: string }[] }

export function requiredInWords(
  { observed, registered }: TrialOutlook,
  { required }: TargetOutlook,
  words: Words,
): RequiredRates {
  const rate = rateInWords(observed, words)
  const about = { rate: rate.value, interval: rate.interval, count: registered }
  return {
    note:
      observed.kind === 'rate'
        ? words.t('projection.required_note', about)
        : words.t('projection.required_note_no_rate', { interval: rate.interval, count: registered }),
    rows: [required.mean, ...required.assured].map(({ assurance, perYear, multiple }) => ({
      name: assurance === null ? words.t('projection.on_average') : words.percent(assurance),
      rate: neededRateInWords(perYear, words),
      multiple: multiple === null ? '—' : words.t('projection.times', { times: timesInWords(multiple, words) }),
    })),
  }
}

export type CompletionRow = { name: string; quantile: string; at: string; isDate: boolean; note: string | null }

export function completionRows(
  { deadline }: TrialOutlook,
  { completion, remaining }: TargetOutlook,
  words: Words,
): CompletionRow[] {
  if (completion === null || remaining === 0) return []
  const [early, median, late] = completion
  return [
    {
      name: words.t('projection.early'),
      quantile: words.t('projection.quantile', { percent: 10 }),
      ...completionInWords(early, deadline, words),
    },
    {
      name: words.t('projection.median'),
      quantile: words.t('projection.quantile', { percent: 50 }),
      ...completionInWords(median, deadline, words),
    },
    {
      name: words.t('projection.late'),
      quantile: words.t('projection.quantile', { percent: 90 }),
      ...completionInWords(late, deadline, words),
    },
  ]
}

export type CheckRow = {
  name: string
  about: string
  claimed: string
  observed: string
  interval: string
  count: string
  p: string
  verdict: Mark
  conflict: string | null
}

/** `names`: of the claims, in their order. */
export function checkRows({ claims }: TrialOutlook, names: readonly string[], words: Words): CheckRow[] {
  if (claims === null) return []
  const years = yearsShort(claims.yearsAsked, words)
  return claims.checks.map((check) => {
    const claim = check.place === null ? undefined : claims.projection.terms[check.place]?.claim
    const expected = subjectsInWords(claims.projection.sitesExpected, words)
    const rate = rateInWords(check.observed, words)
    const about =
      claim?.kind === 'siteRate'
        ? words.t('check.about_rate', { sites: claim.sites, rate: amountInWords(claim.ratePerSiteYear, words) })
        : claim?.kind === 'siteMinimum'
          ? words.t('check.about_minimum', {
              sites: claim.sites,
              years,
              minimum: amountInWords(claim.minimumPerSite, words),
            })
          : words.t('check.about_whole', { years, count: expected })
    return {
      name: check.place === null ? words.t('check.whole') : (names[check.place] ?? ''),
      about,
      claimed: words.number(check.claimedPerYear, 2),
      observed: rate.value,
      interval: rate.interval,
      count: words.numberOr(check.registered),
      p: pInWords(check.chance, words),
      verdict: claimMark(check.verdict, words.of('check_verdict', check.verdict)),
      conflict: check.conflict === 'none' ? null : words.of('conflict', check.conflict),
    }
  })
}

export type SiteRows = {
  rows: {
    name: string
    href: string
    exposure: string
    future: string
    registered: string
    rate: string
    interval: string
    posterior: string
    expected: string
    limits95: string
    limits998: string
    place: Mark | null
  }[]
  funnel: FunnelOfSites | null
}

/** A site that is withheld stands in the table with its exposure alone, and not in the funnel. */
export function siteRows(
  trial: Trial,
  sites: readonly Site[],
  outlook: TrialOutlook,
  small: SmallNumbers,
  words: Words,
): SiteRows {
  const funnel = funnelShown(outlook, small)
  const rows = outlook.sites.map((standing, index) => {
    const site = sites[index]
    const rate = rateInWords(standing.observed, words)
    const shown = (figure: string) => siteFigure(small, standing.id, figure, notSaid)
    const inFunnel = funnel?.sites.find(({ id }) => id === standing.id)
    const limits = inFunnel?.limits
    const posterior = outlook.goal?.sitesDiffer?.ratesPerYear[index]
    return {
      name: site === undefined ? '' : `${site.code}　${words.pick(site.name)}`,
      href: `/trials/${trial.code}/sites/${site?.code ?? ''}`,
      exposure: words.number(standing.exposureYears, 2),
      future: words.number(standing.futureYears, 2),
      registered: siteCount(small, standing.id, standing.registered, words),
      rate: shown(rate.value),
      interval: shown(rate.interval),
      posterior: posterior === undefined ? '—' : shown(words.number(posterior, 2)),
      expected: limits === undefined ? '—' : words.number(limits.expected, 1),
      limits95: limits === undefined ? '—' : words.t('format.range', { low: limits.low95, high: limits.high95 }),
      limits998: limits === undefined ? '—' : words.t('format.range', { low: limits.low998, high: limits.high998 }),
      place: inFunnel === undefined ? null : placeMark(inFunnel.place, words),
    }
  })
  return { rows, funnel }
}

/** The funnel around the rate of all sites, without those that are withheld. */
export function funnelShown({ sites }: TrialOutlook, { withheld }: SmallNumbers): FunnelOfSites | null {
  const funnel = funnelOfSites(sites)
  return funnel === null ? null : { ...funnel, sites: funnel.sites.filter(({ id }) => !withheld.has(id)) }
}

function placeMark(place: FunnelPlace, words: Words): Mark {
  const text = words.of('funnel_place', place)
  if (place === 'within') return mark('full', 'is-real', text)
  return place === 'beyond95' ? mark('half', 'is-wait', text) : mark('over', 'is-act', text)
}
