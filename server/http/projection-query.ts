/**
 * What the projection page is asked for in its address: the day, claims in place of the request's, and two scenarios.
 * An address is a link that can be shared: what it says is written down in one way, and read back as the same.
 */
import type { CalendarDate } from '../domain/calendar-date.ts'
import { dateProblem } from '../domain/date-problem.ts'
import type { Problem } from '../domain/parsed.ts'
import type { Claim } from '../domain/projection/site-per-year.ts'
import type { WhatIf } from '../domain/projection/what-if.ts'
import { readDate } from '../domain/read-date.ts'
import {
  claimFields,
  mostClaims,
  type ScenarioName,
  scenarioFields,
  scenarioNames,
} from '../pages/projection-fields.ts'

/** A claim as somebody typed it, with the codes of the sites that it speaks of. */
export type TypedClaim = { claim: Claim; siteCodes: readonly string[] }

export type ProjectionQuery = {
  /** Null: the day of the newest request, else today. */
  asOf: CalendarDate | null
  /** Null: those of the request. */
  claims: readonly TypedClaim[] | null
  /** Null: as it is, beside what the request claims. */
  scenarios: { A: WhatIf; B: WhatIf } | null
}

/** What was typed, by the field's name, for the form to show again. */
export type Typed = Readonly<Record<string, string>>

/** What could be read, with what could not, and everything as it was typed. */
export type ReadQuery = { query: ProjectionQuery; typed: Typed; problems: readonly Problem[] }

/** What typed values are measured against; `usualDay` is the page's where the address names none. */
export type QueryGround = { today: CalendarDate; usualDay: CalendarDate; siteCodes: readonly string[] }

const longestTyped = 64
const places = Array.from({ length: mostClaims }, (_, index) => index + 1)
const known = new Set([
  'asOf',
  'claims',
  'remove',
  ...places.flatMap((place) => claimFields.map((field) => `${field}${place}`)),
  ...scenarioNames.flatMap((name) => scenarioFields.map((field) => `${field}${name}`)),
])

/** The fields of the address, each at most once; anything else is refused by its name. */
export function readProjectionQuery(parameters: Readonly<Record<string, unknown>>, ground: QueryGround): ReadQuery {
  const problems: Problem[] = []
  const typed: Record<string, string> = {}
  for (const [name, value] of Object.entries(parameters)) {
    if (!known.has(name) || typeof value !== 'string') {
      problems.push({ field: '', code: 'field_unknown', values: { name: name.slice(0, 40) } })
    } else typed[name] = value.trim().slice(0, longestTyped)
  }
  const asOf = readAsOf(typed, ground, problems)
  const claims = 'claims' in typed ? readClaims(typed, ground, problems) : null
  const hasScenario = scenarioNames.some((name) => scenarioFields.some((field) => `${field}${name}` in typed))
  const scenarios = hasScenario
    ? {
        A: readScenario('A', typed, asOf ?? ground.usualDay, problems),
        B: readScenario('B', typed, asOf ?? ground.usualDay, problems),
      }
    : null
  return { query: { asOf, claims, scenarios }, typed, problems }
}

/** The one way to write a query down. Every number is written so that it is read back as the same number. */
export function projectionParameters({ asOf, claims, scenarios }: ProjectionQuery): [string, string][] {
  const fields: [string, string][] = asOf === null ? [] : [['asOf', asOf]]
  if (claims !== null) fields.push(['claims', 'own'], ...claims.flatMap(claimParameters))
  if (scenarios !== null) for (const name of scenarioNames) fields.push(...scenarioParameters(name, scenarios[name]))
  return fields
}

/** A claim's fields: what its kind does not have is left out. */
export function claimParameters({ claim, siteCodes }: TypedClaim, index: number): [string, string][] {
  const place = index + 1
  const fields: [string, string][] = [[`claim${place}`, claim.kind]]
  const add = (field: string, value: number | string) => fields.push([`${field}${place}`, String(value)])
  switch (claim.kind) {
    case 'registered':
      add('number', claim.number)
      break
    case 'pipeline':
      add('number', claim.number)
      add('amount', inPercent(claim.conversion))
      break
    case 'siteRate':
      add('number', claim.sites)
      add('amount', claim.ratePerSiteYear)
      add('years', claim.years)
      break
    case 'siteMinimum':
      add('number', claim.sites)
      add('amount', claim.minimumPerSite)
  }
  if (siteCodes.length > 0) add('sites', siteCodes.join(' '))
  return fields
}

/** A scenario's fields, all of them, so that an empty one says "as it is" and not "as usual". */
function scenarioParameters(name: ScenarioName, scenario: WhatIf): [string, string][] {
  const { until, addedSites, ratePerYear, conversion, planWeight, drift } = scenario
  return [
    [`until${name}`, until ?? ''],
    [`added${name}`, String(addedSites)],
    [`rate${name}`, ratePerYear === null ? '' : String(ratePerYear)],
    [`conversion${name}`, conversion === null ? '' : inPercent(conversion)],
    [`weight${name}`, planWeight === null ? '' : String(planWeight)],
    [`drift${name}`, drift],
  ]
}

/** 0.29 is 29, not 28.999999999999996. */
const inPercent = (share: number) => String(Number((share * 100).toPrecision(12)))

function readAsOf(typed: Typed, { today }: QueryGround, problems: Problem[]): CalendarDate | null {
  const day = readDay('asOf', typed, problems)
  if (day === null || day <= today) return day
  problems.push({ field: 'asOf', code: 'as_of_future', values: { today } })
  return null
}

function readDay(field: string, typed: Typed, problems: Problem[]): CalendarDate | null {
  const value = typed[field] ?? ''
  if (value === '') return null
  const reading = readDate(value)
  if ('date' in reading) return reading.date
  problems.push(dateProblem(field, reading))
  return null
}

/** A row whose kind is empty is left out, and so is the one that a button removes. */
function readClaims(typed: Typed, { siteCodes }: QueryGround, problems: Problem[]): TypedClaim[] {
  return readClaimsInPlace(typed, siteCodes, problems).map(({ claim, siteCodes: named }) => ({
    claim,
    siteCodes: named,
  }))
}

/** Each claim that could be read, with the place of its row. */
export function readClaimsInPlace(
  typed: Typed,
  siteCodes: readonly string[],
  problems: Problem[],
): (TypedClaim & { place: number })[] {
  return places.flatMap((place) => {
    const kind = typed[`claim${place}`] ?? ''
    if (kind === '' || typed.remove === String(place)) return []
    const before = problems.length
    const claim = readClaim(kind, place, typed, problems)
    const codes = (typed[`sites${place}`] ?? '')
      .normalize('NFKC')
      .split(/[\s,\u3001]+/)
      .filter(Boolean)
    const unknown = codes.find((code) => !siteCodes.includes(code))
    if (unknown !== undefined) {
      const values = { code: unknown.slice(0, 40), codes: siteCodes.slice(0, 40).join(' ') }
      problems.push({ field: `sites${place}`, code: 'site_code_unknown', values })
    }
    const isAboutSites = claim?.kind === 'siteRate' || claim?.kind === 'siteMinimum'
    const named = new Set(codes).size
    if (isAboutSites && problems.length === before && named > 0 && named !== claim.sites) {
      problems.push({ field: `sites${place}`, code: 'site_count_differs', values: { sites: claim.sites, named } })
    }
    return claim === null || problems.length > before ? [] : [{ place, claim, siteCodes: [...new Set(codes)] }]
  })
}

function readClaim(kind: string, place: number, typed: Typed, problems: Problem[]): Claim | null {
  const whole = (high: number) => readFigure(`number${place}`, typed, { low: 0, high, whole: true }, problems) ?? 0
  const amount = (high: number) => readFigure(`amount${place}`, typed, { low: 0, high, whole: false }, problems) ?? 0
  switch (kind) {
    case 'registered':
      return { kind, number: whole(100_000) }
    case 'pipeline':
      return { kind, number: whole(1000), conversion: amount(100) / 100 }
    case 'siteRate': {
      const [sites, ratePerSiteYear] = [whole(1000), amount(100)]
      const years = readFigure(`years${place}`, typed, { low: 0, high: 50, whole: false }, problems) ?? 0
      return { kind, sites, ratePerSiteYear, years }
    }
    case 'siteMinimum':
      return { kind, sites: whole(1000), minimumPerSite: amount(1000) }
    default:
      problems.push({ field: `claim${place}`, code: 'choice_unknown' })
      return null
  }
}

function readScenario(name: ScenarioName, typed: Typed, asOf: CalendarDate, problems: Problem[]): WhatIf {
  const optional = (field: string, limits: Limits) =>
    (typed[`${field}${name}`] ?? '') === '' ? null : readFigure(`${field}${name}`, typed, limits, problems)
  const until = readDay(`until${name}`, typed, problems)
  const isInSight = until === null || (until >= asOf && Number(until.slice(0, 4)) <= Number(asOf.slice(0, 4)) + 50)
  if (!isInSight) problems.push({ field: `until${name}`, code: 'end_out_of_sight', values: { asOf } })
  const addedSites = optional('added', { low: 0, high: 100, whole: true }) ?? 0
  const ratePerYear = optional('rate', { low: 0, high: 1000, whole: false })
  const conversion = optional('conversion', { low: 0, high: 100, whole: false })
  const weight = optional('weight', { low: 0, high: 1, whole: false })
  const drift = typed[`drift${name}`] ?? 'on'
  if (drift !== 'on' && drift !== 'off') problems.push({ field: `drift${name}`, code: 'choice_unknown' })
  return {
    until: isInSight ? until : null,
    addedSites,
    ratePerYear,
    conversion: conversion === null ? null : conversion / 100,
    planWeight: weight === 0 ? null : weight,
    drift: drift === 'off' ? 'off' : 'on',
  }
}

type Limits = { low: number; high: number; whole: boolean }

/** A number as people type it, full-width digits too; null and a problem where it is none. */
function readFigure(field: string, typed: Typed, { low, high, whole }: Limits, problems: Problem[]): number | null {
  const value = (typed[field] ?? '').normalize('NFKC').replace(/%$/, '').trim()
  if (value === '') {
    problems.push({ field, code: 'figure_missing' })
    return null
  }
  if (!/^\d{1,9}(\.\d{0,12})?$/.test(value)) {
    problems.push({ field, code: 'figure_unreadable' })
    return null
  }
  const number = Number(value)
  if (whole && !Number.isInteger(number)) {
    problems.push({ field, code: 'figure_not_whole' })
    return null
  }
  if (number >= low && number <= high) return number
  problems.push({ field, code: 'figure_out_of_range', values: { low, high } })
  return null
}
