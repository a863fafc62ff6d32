/** The trial's dashboard: is the plan being kept, by how much not, where, and since when. */
import type { ScreeningFlow, SiteAccrual } from '../domain/accrual.ts'
import type { Attainment } from '../domain/attainment.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import { exposureYears } from '../domain/projection/exposure.ts'
import { observedRate } from '../domain/projection/poisson-interval.ts'
import { isOpenOn, openPeriods, type Site } from '../domain/site.ts'
import type { Trial } from '../domain/trial.ts'
import type { TrialTerms } from '../domain/trial-terms.ts'
import type { Words } from '../i18n/words.ts'
import { type AsOf, type AsOfForm, asOfForm, fixedDay } from './as-of.ts'
import { type CellKind, type CellRow, cellsOf, rulerCells, smallCells, timeCells } from './cells.ts'
import type { CumulativeFigure } from './charts.ts'
import { rateInWords, yearsInWords } from './figures.ts'
import { type Mark, mark, type Page } from './page.ts'

export type DashboardInput = {
  trial: Trial
  asOf: AsOf
  attainment: Attainment | null
  versions: readonly TrialTerms[]
  sites: readonly Site[]
  accruals: readonly SiteAccrual[]
  flow: ScreeningFlow
  figure: CumulativeFigure | null
  /** Days named by the trial's records, worth looking back from. */
  notableDays: readonly CalendarDate[]
  maySeeSubjects: boolean
}

type Stat = { label: string; value: string; unit: string; notes: { text: string; href: string | null }[] }

export type DashboardPage = Page & {
  subtitle: { parts: string[] }
  asOf: AsOfForm
  verdict: {
    kicker: Mark
    asOf: string
    headline: string
    chance: string
    rulers: { label: string; value: string; of: string; cells: CellRow }[]
    gap: string
    stats: Stat[]
  } | null
  figure: { note: string; chartJson: string; rows: CumulativeFigure['rows'] } | null
  terms: {
    name: string
    state: Mark
    period: string
    effective: string
    study: string
    target: string
    approval: string
    assumption: string | null
  }[]
  sites: {
    note: string
    hasAssumed: boolean
    rows: {
      name: string
      href: string
      experience: string
      state: Mark
      lastActivity: string
      exposure: string
      screened: string
      registered: string
      rate: string
      interval: string
    }[]
    total: { label: string; exposure: string; screened: string; registered: string; rate: string; interval: string }
  }
  flow: { note: string; screened: FlowLine; parts: FlowLine[] }
  unaccounted: { text: string; href: string | null; label: string } | null
}

type FlowLine = { label: string; mark: Mark | null; number: string; cells: CellRow | null; indented: boolean }

export function dashboardPage(input: DashboardInput, words: Words): DashboardPage {
  const { trial, asOf, attainment } = input
  return {
    ...fixedDay(asOf, words),
    template: 'trials/show',
    title: words.t('overview.title'),
    place: 'overview',
    hasChart: true,
    subtitle: {
      parts: [
        words.pick(trial.title),
        words.of('design', trial.design),
        words.t('overview.sites', { count: input.sites.length }),
      ],
    },
    asOf: asOfForm(asOf, input.notableDays, words),
    verdict: attainment === null ? null : verdictOf(input, attainment, words),
    figure:
      input.figure === null
        ? null
        : {
            note: words.t('overview.chart_note', { asOf: asOf.day }),
            chartJson: JSON.stringify(input.figure.chart),
            rows: input.figure.rows,
          },
    terms: termsOf(input, words),
    sites: sitesOf(input, words),
    flow: flowOf(input, words),
    unaccounted: unaccountedOf(input, words),
  }
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
      return mark('open', 'is-wait', text)
  }
}

function verdictOf(input: DashboardInput, attainment: Attainment, words: Words): DashboardPage['verdict'] {
  const { asOf, promised, registered, forecast } = attainment
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
        value: words.number(attainment.elapsedYears, 2),
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
    stats: [
      observedStat(input, attainment, words),
      {
        label: words.t('overview.required_rate'),
        value: attainment.requiredPerYear === null ? '—' : words.number(attainment.requiredPerYear, 2),
        unit: words.t('overview.per_year'),
        notes: plain(
          words.t('overview.remaining', { count: attainment.remaining, years: words.number(attainment.yearsLeft, 2) }),
          words.t('overview.from_until', { from: asOf, until: deadline }),
        ),
      },
      {
        label: words.t('overview.required_multiple'),
        value: attainment.requiredMultiple === null ? '—' : words.number(attainment.requiredMultiple, 1),
        unit: words.t('overview.times'),
        notes: plain(
          words.t('overview.at_observed_rate'),
          words.t('overview.years_to_target', { years: yearsInWords(attainment.yearsAtObservedRate, words) }),
        ),
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
          { text: words.t('overview.how_computed'), href: `/trials/${input.trial.code}/projection` },
        ],
      },
    ],
  }
}

function plain(...texts: string[]): Stat['notes'] {
  return texts.map((text) => ({ text, href: null }))
}

function observedStat(input: DashboardInput, { observed, registered }: Attainment, words: Words): Stat {
  const rate = rateInWords(observed, words)
  const href = input.maySeeSubjects ? `/trials/${input.trial.code}/subjects?list=registered` : null
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

function termsOf({ versions, attainment, asOf: { day } }: DashboardInput, words: Words): DashboardPage['terms'] {
  const known = attainment === null ? [] : versions.filter(({ version }) => version <= attainment.promised.version)
  return known.map((terms) => ({
    name: words.t('terms.version', { version: terms.version }),
    state:
      terms.version === attainment?.inForce.version
        ? mark('full', 'is-real', words.t('terms.in_force'))
        : terms.effectiveFrom > day
          ? mark('open', 'is-wait', words.t('terms.to_come'))
          : mark('open', '', words.t('terms.past')),
    period: words.t('terms.registration_until', { date: terms.registrationUntil }),
    effective: words.t('terms.from', { date: terms.effectiveFrom }),
    study:
      terms.studyUntil === null
        ? words.t('terms.study_unknown')
        : words.t('terms.study_until', { date: terms.studyUntil }),
    target: words.t('terms.target', { number: terms.targetNumber, plan: terms.plan.reachesNumber }),
    approval:
      terms.approval === null
        ? words.t('terms.no_approval')
        : words.t('terms.approved', {
            date: terms.approval.approvedOn ?? words.t('terms.date_unknown'),
            body: words.pick(terms.approval.body),
          }),
    assumption: terms.assumption === null ? null : words.pick(terms.assumption),
  }))
}

/** Whether a site has treated anybody yet: what an extension request builds on. */
function experienceOf(treated: number, words: Words): string {
  return treated > 0 ? words.t('sites.experience_some') : words.t('sites.experience_none')
}

export function siteStateMark(site: Site, on: CalendarDate, words: Words): Mark {
  const status = isOpenOn(site, on) ? 'open' : (site.statuses.findLast(({ from }) => from <= on)?.status ?? 'pending')
  const text = words.of('site_status', status)
  if (status === 'open') return mark('full', 'is-real', text)
  return status === 'closed' ? mark('cross', '', text) : mark(status === 'on_hold' ? 'half' : 'open', 'is-wait', text)
}

function sitesOf({ trial, sites, accruals, asOf: { day } }: DashboardInput, words: Words): DashboardPage['sites'] {
  const exposures = sites.map((site) => exposureYears(openPeriods(site), day))
  const rows = sites.map((site, index) => {
    const accrual = accruals[index] ?? { screened: 0, registered: 0, treated: 0, lastActivityOn: null }
    const exposure = exposures[index] ?? 0
    const rate = rateInWords(observedRate(accrual.registered, exposure), words)
    return {
      name: `${site.code}　${words.pick(site.name)}`,
      href: `/trials/${trial.code}/sites#site-${site.code}`,
      experience: experienceOf(accrual.treated, words),
      state: siteStateMark(site, day, words),
      lastActivity: accrual.lastActivityOn ?? words.t('sites.no_activity'),
      exposure: words.number(exposure, 2),
      screened: words.number(accrual.screened),
      registered: words.number(accrual.registered),
      rate: rate.value,
      interval: rate.interval,
    }
  })
  const sum = (of: (accrual: SiteAccrual) => number) => accruals.reduce((total, accrual) => total + of(accrual), 0)
  const exposure = exposures.reduce((total, years) => total + years, 0)
  const registered = sum((accrual) => accrual.registered)
  const whole = rateInWords(observedRate(registered, exposure), words)
  return {
    note: words.t('overview.sites_note', { asOf: day }),
    hasAssumed: sites.some(({ statuses }) => statuses.some(({ basis }) => basis === 'assumed')),
    rows,
    total: {
      label: words.t('overview.total_sites', { count: sites.length }),
      exposure: words.number(exposure, 2),
      screened: words.number(sum((accrual) => accrual.screened)),
      registered: words.number(registered),
      rate: whole.value,
      interval: whole.interval,
    },
  }
}

function flowOf({ flow, sites, asOf: { day } }: DashboardInput, words: Words): DashboardPage['flow'] {
  const line = (label: string, number: number, kind: CellKind, indented = true): FlowLine => ({
    label,
    mark: kind === 'lost' && number > 0 ? mark('silent', 'is-act', label) : null,
    number: words.number(number),
    cells: number === 0 ? null : smallCells(cellsOf([number, kind])),
    indented,
  })
  const { provisional } = flow
  const parts =
    provisional === null
      ? []
      : [
          line(words.t('flow.provisional_waiting'), provisional.waiting, 'half'),
          line(words.t('flow.provisional_excluded'), provisional.excluded, 'open'),
        ]
  const inScreening = provisional === null ? flow.inScreening : flow.inScreening + provisional.waiting
  const ended = flow.notRegistered + (provisional?.excluded ?? 0)
  return {
    note: words.t('flow.note', { count: sites.length, asOf: day }),
    screened: {
      label: words.t('flow.screened'),
      mark: null,
      number: words.number(flow.screened),
      cells:
        flow.screened === 0
          ? null
          : smallCells(
              cellsOf([flow.registered, 'real'], [inScreening, 'half'], [ended, 'open'], [flow.unaccounted, 'lost']),
            ),
      indented: false,
    },
    parts: [
      line(words.t('flow.registered'), flow.registered, 'real'),
      ...parts,
      line(words.t('flow.in_screening'), flow.inScreening, 'half'),
      line(words.t('flow.not_registered'), flow.notRegistered, 'open'),
      line(words.t('flow.unaccounted'), flow.unaccounted, 'lost'),
    ],
  }
}

function unaccountedOf({ trial, flow, maySeeSubjects }: DashboardInput, words: Words): DashboardPage['unaccounted'] {
  if (flow.unaccounted === 0) return null
  const count = flow.unaccounted
  return {
    text: words.t('flow.unaccounted_note', { count, screened: flow.screened }),
    href: maySeeSubjects ? `/trials/${trial.code}/subjects?list=unaccounted` : null,
    label: words.t('flow.unaccounted_open', { count }),
  }
}
