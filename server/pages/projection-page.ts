/**
 * The projection of a trial, as a committee reads it: what is needed and how likely that is, the claims term by term
 * with their sum, three answers, the curve, the claims against the record, the sites, and what would change it. A sum
 * of expectations is never worded as a forecast, and its margin never stands alone.
 */
import type { Attainment } from '../domain/attainment.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { ChangeRequest, RequestClaim } from '../domain/claim.ts'
import type { Problem } from '../domain/parsed.ts'
import { type ClaimAboutSites, recordOfClaim } from '../domain/projection/claims-against-record.ts'
import { methodVersion } from '../domain/projection/method.ts'
import type { TargetOutlook, TrialOutlook, TrialRecord } from '../domain/projection/trial-outlook.ts'
import type { Outcome, WhatIf } from '../domain/projection/what-if.ts'
import type { Site } from '../domain/site.ts'
import { maySum, type SmallNumbers } from '../domain/small-numbers.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { type AsOf, type AsOfForm, asOfForm, fixedDay } from './as-of.ts'
import { type CellRow, cellsOf, rulerCells } from './cells.ts'
import type { CumulativeFigure } from './charts.ts'
import { type ClaimsForm, claimsForm } from './claims-form.ts'
import { type ClaimRow, cellKindOf, claimRows, type NamedClaim, subjectsInWords } from './claims-table.ts'
import { neededRateInWords, timesInWords } from './figures.ts'
import { type ChangesFigure, changesFigure, funnelFigure } from './outlook-charts.ts'
import {
  type Answers,
  answersInWords,
  type CheckRow,
  type CompletionRow,
  checkRows,
  completionRows,
  type RequiredRates,
  requiredInWords,
  type SiteRows,
  siteRows,
} from './outlook-tables.ts'
import { errorSummary, type Mark, mark, type Page, type ProblemInWords, problemsInWords, titleOf } from './page.ts'
import { addressOf, isOfClaims, isOfScenarios, type Parameters, type ScenarioName } from './projection-fields.ts'
import { smallNote } from './small-numbers.ts'
import { verdictInWords, verdictMark } from './verdict.ts'
import { type WhatIfPart, whatIfInWords } from './what-if.ts'

export type ProjectionInput = {
  trial: Trial
  asOf: AsOf
  notableDays: readonly CalendarDate[]
  /** What stands in the address. */
  fields: Parameters
  /** What stands in the fields of the claims and of the scenarios. */
  shown: Readonly<Record<string, string>>
  problems: readonly Problem[]
  request: ChangeRequest | null
  /** Whether the request's stored inputs still have the hash they were stored under. */
  isIdentical: boolean
  /** Whether the claims are those of the address, not the request's. */
  isEdited: boolean
  attainment: Attainment
  sites: readonly Site[]
  record: TrialRecord
  outlook: TrialOutlook
  scenarios: Record<ScenarioName, WhatIf>
  outcomes: Record<ScenarioName, Outcome | null>
  figure: CumulativeFigure
  registeredToday: number
  small: SmallNumbers
}

export type ProjectionPage = Page & {
  errors: { title: string; problems: ProblemInWords[] } | null
  subtitle: { parts: string[] }
  /** Where the same stands on one sheet of paper. */
  sheet: string
  asOf: AsOfForm
  verdict: ProjectionVerdict
  states: string[]
  claims: {
    title: string
    rows: ClaimRow[]
    sum: { formula: string; total: string; result: string }
    stated: Mark | null
  } | null
  claimsNote: string | null
  form: ClaimsForm
  answers: Answers | null
  required: RequiredRates | null
  figure: { note: string; chartJson: string; rows: CumulativeFigure['rows'] }
  completion: CompletionRow[]
  checks: CheckRow[]
  sites: SiteRows['rows']
  funnel: { chartJson: string } | null
  changes: ChangesFigure | null
  /** Whether there is either of the two pictures. */
  pictures: boolean
  whatIf: WhatIfPart | null
  since: string | null
  method: string
}

type Ruler = { label: string; value: string; of: string; cells: CellRow; words: string[] }

type ProjectionVerdict = { kicker: Mark; headline: string; lines: string[]; rulers: Ruler[] }

export type NoProjectionPage = Page & {
  errors: ProjectionPage['errors']
  asOf: AsOfForm
  text: string
}

type NoProjectionInput = Pick<ProjectionInput, 'asOf' | 'notableDays' | 'problems'>

/** A day on which the trial had no terms yet. */
export function noProjectionPage({ asOf, notableDays, problems }: NoProjectionInput, words: Words): NoProjectionPage {
  return {
    ...fixedDay(asOf, words),
    template: 'projection/none',
    title: titleOf('projection.title', words, problems.length > 0),
    place: 'projection',
    errors: errorSummary(problemsInWords(problems, words), words),
    asOf: asOfForm(asOf, notableDays, words),
    text: words.t('overview.none_yet'),
  }
}

export function projectionPage(input: ProjectionInput, words: Words): ProjectionPage {
  const { trial, asOf, fields, request, outlook, sites, record, small } = input
  const { goal } = outlook
  const problems = problemsInWords(input.problems, words)
  const named = record.claims.map((claim) => namedClaim(claim, request, sites, words))
  const records = record.claims.map((claim) => recordOfClaim(claim, record.sites, record.asOf))
  const mayTell = (place: number) => maySum(small, record.claims[place]?.siteIds ?? [])
  const rows = claimRows(named, records, record.yearsAsked, words, mayTell)
  const names = named.map(({ name }) => name)
  const { rows: ofSites, funnel } = siteRows(trial, sites, outlook, small, words)
  const funnelChart = funnelFigure(funnel, sites, words)
  const changes = goal === null ? null : changesFigure(goal, words)
  const kept = fields.filter(([name]) => name !== 'asOf')
  return {
    ...fixedBar(input, words),
    template: 'projection/show',
    title: titleOf('projection.title', words, problems.length > 0),
    place: 'projection',
    hasChart: true,
    hasWhatIf: true,
    errors: errorSummary(
      problems.map((problem) => ({ ...problem, text: atField(problem, words) })),
      words,
    ),
    subtitle: {
      parts: [
        words.pick(request === null ? trial.title : request.title),
        words.t('format.as_of', { asOf: outlook.asOf }),
      ],
    },
    sheet: `/trials/${trial.code}/projection/sheet${addressOf(fields)}`,
    asOf: asOfForm(asOf, input.notableDays, words, kept),
    verdict: verdictOf(input, goal, rows, words),
    states: [
      ...outlook.states
        .filter((state) => state !== 'few_subjects')
        .map((state) => words.of('outlook_state', state, { years: words.number(outlook.siteYears, 2) })),
      ...[smallNote(small, words)].filter((note) => note !== null),
    ],
    claims: claimsOf(input, rows, words),
    claimsNote: claimsNoteOf(input, words),
    form: claimsForm(
      {
        shown: input.shown,
        fields,
        problems,
        isEdited: input.isEdited,
        siteCodes: sites.map(({ code }) => code),
      },
      words,
    ),
    answers: goal === null || goal.remaining === 0 ? null : answersInWords(outlook, goal, words),
    required: goal === null || goal.remaining === 0 ? null : requiredInWords(outlook, goal, words),
    figure: {
      note: words.t('overview.chart_note', { asOf: outlook.asOf }),
      chartJson: JSON.stringify(input.figure.chart),
      rows: input.figure.rows,
    },
    completion: goal === null ? [] : completionRows(outlook, goal, words),
    checks: checkRows(outlook, names, words),
    sites: ofSites,
    funnel: funnelChart,
    changes,
    pictures: changes !== null || funnelChart !== null,
    whatIf:
      goal === null
        ? null
        : whatIfInWords(
            {
              outlook,
              scenarios: input.scenarios,
              outcomes: input.outcomes,
              shown: input.shown,
              fields,
              problems,
            },
            words,
          ),
    since:
      request === null
        ? null
        : words.t('projection.since', {
            asOf: outlook.asOf,
            today: asOf.today,
            count: input.registeredToday - outlook.registered,
            total: input.registeredToday,
          }),
    method:
      request === null
        ? words.t('projection.method_plain', { version: methodVersion })
        : words.t('projection.method', { version: request.methodVersion, hash: request.inputHash.slice(0, 12) }),
  }
}

/** What is wrong, with the name of its field in front: a summary has several that say the same. */
function atField({ field, text }: ProblemInWords, words: Words): string {
  const [, name = '', at = ''] = /^([a-z]+)(\d+|[AB])$/.exec(field) ?? []
  if (isOfScenarios(field)) {
    const label = words.t('what_if.field_of', { field: words.of('scenario', name), scenario: at })
    return words.t('projection.problem_at', { field: label, text })
  }
  if (!isOfClaims(field)) return text
  const label = words.t('claims_form.field_of', { field: words.of('claim_field', name), place: at })
  return words.t('projection.problem_at', { field: label, text })
}

/** The bar above a page about a past day; on the request's own day it says whether its inputs are as they were. */
function fixedBar({ asOf, fields, request, isIdentical }: ProjectionInput, words: Words): Pick<Page, 'fixed'> {
  const href = addressOf([...fields.filter(([name]) => name !== 'asOf'), ['asOf', asOf.today]])
  if (request === null || request.asOf !== asOf.day) {
    const { fixed } = fixedDay(asOf, words)
    return fixed === undefined ? {} : { fixed: { ...fixed, href } }
  }
  const note = words.t(isIdentical ? 'projection.identical' : 'projection.differs')
  return { fixed: { at: words.date(asOf.day), note, href } }
}

/** The request's own claim keeps its name and source; one from the address is named by what it says. */
function namedClaim(
  { claim, siteIds }: ClaimAboutSites,
  request: ChangeRequest | null,
  sites: readonly Site[],
  words: Words,
): NamedClaim {
  const stated = request?.claims.find((own) => isSameClaim(own, { claim, siteIds }))
  if (stated !== undefined) return { claim, name: words.pick(stated.label), source: words.pick(stated.source) }
  const codes = sites.filter(({ id }) => siteIds.includes(id)).map(({ code }) => code)
  const kind = words.of('claim_kind', claim.kind)
  const name = codes.length === 0 ? kind : words.t('claims_form.at_sites', { kind, sites: codes.join(' ') })
  return { claim, name, source: words.t('claims_form.source') }
}

function isSameClaim(own: RequestClaim, { claim, siteIds }: ClaimAboutSites): boolean {
  const inOrder = (value: object) => JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
  const isAboutSame = own.siteIds.length === siteIds.length && own.siteIds.every((id) => siteIds.includes(id))
  return isAboutSame && inOrder(own.claim) === inOrder(claim)
}

function claimsOf(
  { outlook, request, isEdited }: ProjectionInput,
  rows: ClaimRow[],
  words: Words,
): ProjectionPage['claims'] {
  const { claims, goal } = outlook
  if (claims === null) return null
  const { terms, total, margin } = claims.projection
  const values = {
    target: goal?.target ?? 0,
    margin: subjectsInWords(Math.abs(margin), words),
    chance: goal?.claimed == null ? '—' : words.percent(goal.claimed.certain.held),
  }
  return {
    title: words.t(request === null || isEdited ? 'projection.claims_title_own' : 'projection.claims_title'),
    rows,
    sum: {
      formula: terms.map(({ expected }) => subjectsInWords(expected, words)).join(words.t('projection.plus')),
      total: subjectsInWords(total, words),
      result: goal === null ? '' : words.t(margin >= 0 ? 'projection.margin' : 'projection.shortfall', values),
    },
    stated: request === null || isEdited ? null : statedMark(request.statedTotal, total, words),
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

/** Where the claims are the reader's own, or where there are none. */
function claimsNoteOf({ isEdited, request, record }: ProjectionInput, words: Words): string | null {
  if (isEdited && request !== null) {
    const same =
      record.claims.length === request.claims.length &&
      record.claims.every((claim, place) => {
        const own = request.claims[place]
        return own !== undefined && isSameClaim(own, claim)
      })
    return words.t(same ? 'claims_form.same' : 'claims_form.different')
  }
  if (isEdited) return words.t('claims_form.own')
  return record.claims.length === 0 ? words.t('claims_form.none') : null
}

function verdictOf(
  input: ProjectionInput,
  goal: TargetOutlook | null,
  rows: readonly ClaimRow[],
  words: Words,
): ProjectionVerdict {
  const { attainment, outlook, trial } = input
  // Each of many small claims may stand beside its record while their sum does not.
  const verdicts = [...rows, ...(outlook.claims?.checks ?? [])].map(({ verdict }) => verdict)
  const isContradicted = verdicts.includes('contradicted')
  const kicker =
    outlook.claims === null || goal === null || goal.remaining === 0
      ? verdictMark(attainment.verdict, words)
      : isContradicted
        ? mark('cross', 'is-act', words.t('projection.contradicted'))
        : mark('half', 'is-wait', words.t('projection.not_contradicted'))
  const plain = verdictInWords(attainment, { trial, sees: [], clocks: [] }, words)
  return {
    kicker,
    headline: headlineOf(outlook, goal, words),
    lines: linesOf(goal, words),
    rulers:
      outlook.claims === null || goal === null
        ? plain.rulers.map((ruler) => ({ ...ruler, words: [] }))
        : rulersOf(input, goal.target, words),
  }
}

function headlineOf({ deadline, registered }: TrialOutlook, goal: TargetOutlook | null, words: Words): string {
  if (goal === null) return words.t('projection.headline_no_target', { count: registered })
  const { target, remaining, required } = goal
  if (remaining === 0) return words.t('projection.headline_reached', { target, count: registered })
  if (required.mean.perYear === null) return words.t('projection.headline_no_time', { target, deadline, remaining })
  return required.mean.multiple === null
    ? words.t('projection.headline_no_rate', { target, rate: neededRateInWords(required.mean.perYear, words) })
    : words.t('projection.headline', { target, times: timesInWords(required.mean.multiple, words) })
}

function linesOf(goal: TargetOutlook | null, words: Words): string[] {
  if (goal === null || goal.remaining === 0) return []
  const { claimed, observed } = goal
  const lines: string[] = []
  if (claimed !== null) lines.push(words.t('projection.if_claimed', { chance: words.percent(claimed.certain.held) }))
  if (observed !== null) {
    const { drift, held } = observed.chance
    lines.push(words.t('projection.if_observed', { drift: words.percent(drift), held: words.percent(held) }))
  }
  return lines
}

/** What is claimed over what is recorded, as two rulers of one length. */
function rulersOf({ outlook, attainment }: ProjectionInput, target: number, words: Words): Ruler[] {
  const { terms, total } = outlook.claims?.projection ?? { terms: [], total: 0 }
  const kinds = terms.flatMap(({ claim, expected }) => cellsOf([expected, cellKindOf(claim)]))
  const room = Math.max(kinds.length, target, outlook.registered)
  const of = words.t('overview.subjects')
  return [
    {
      label: words.t('projection.claimed_total', { target }),
      value: subjectsInWords(total, words),
      of,
      cells: rulerCells(kinds, room, total > target ? target : null),
      words: terms.map(
        ({ claim, expected }) => `${words.of('claim_short', claim.kind)} ${subjectsInWords(expected, words)}`,
      ),
    },
    {
      label: words.t('projection.record', { years: words.number(attainment.elapsedYears, 2) }),
      value: words.number(outlook.registered),
      of,
      cells: rulerCells(cellsOf([outlook.registered, 'real']), room, null),
      words: [],
    },
  ]
}
