/**
 * A scenario: everything that a projection is computed from, in one JSON object that anybody can keep, send and run
 * again. Read strictly: what is missing, broken or unknown is named with its JSON path, and nothing is guessed.
 */
import { type CalendarDate, calendarDate } from '../calendar-date.ts'
import type { Parsed, Problem } from '../parsed.ts'
import { exposureYears, type OpenPeriod } from './exposure.ts'
import type { Screening } from './pipeline.ts'
import type { Plan } from './rate-heterogeneity.ts'
import type { UncertainOpening } from './uncertain-opening.ts'

export type ScenarioSite = {
  id: string
  open: CalendarDate
  /** The first day on which it is closed; null while it stays open. */
  close: CalendarDate | null
  /** From its first day on hold to the first day on which it is open again. */
  holds: { from: CalendarDate; until: CalendarDate }[]
  n: number
  /** The most that it may register in all. */
  cap: number | null
}

/** A site that is planned: when it opens, and whether it ever does, is uncertain. It has registered nobody. */
export type PlannedSite = { id: string; opening: UncertainOpening }

export type Scenario = {
  id: string
  asOf: CalendarDate
  /** The first day after the registration period: "until 2029-07-18" is 2029-07-19. */
  deadline: CalendarDate
  /** Null, as 0, where there is none. */
  target: number | null
  plan: Plan
  sites: ScenarioSite[]
  plannedSites: PlannedSite[]
  screening: Screening | null
  /** The days after which a site would open that were added on top. */
  addedSiteDelayDays: number
  /** The largest number of new subjects whose chance is computed; null for the usual one. */
  largestCount: number | null
}

/** Of more sites none is read. */
export const mostSites = 20_000
/** Each planned site is a mixture of its own, worked out for every spread of rates. */
const mostPlannedSites = 20
const mostDelayDays = 36_525
const mostSubjects = 1_000_000
const mostProblems = 100

/**
 * The scenario that a JSON value holds, or up to 100 problems, each with its JSON path as its field: `$.sites[0].n`.
 * Keys `note` and `big` are read over. A close before the opening, an as-of date after the deadline, a subject at a
 * site that has not been open yet, a cap below what is registered, and one id for two sites are problems as well. Of
 * more than a million sites none is looked at.
 */
export function parseScenario(value: unknown): Parsed<Scenario> {
  const problems: Problem[] = []
  let more = 0
  const scenario = readScenario((problem) => {
    if (problems.length < mostProblems) problems.push(problem)
    else more++
    return null
  }, value)
  if (problems.length === 0 && scenario !== null) return { value: scenario }
  return {
    problems: more === 0 ? problems : [...problems, { field: '$', code: 'scenario_more', values: { count: more } }],
  }
}

type Fields = Readonly<Record<string, unknown>>

/** Takes note of a problem and hands back null, as every function here does where it left one. */
type Say = (problem: Problem) => null

function readScenario(say: Say, value: unknown): Scenario | null {
  const known = [
    'id',
    'note',
    'big',
    'K',
    'asOf',
    'deadline',
    'target',
    'plan',
    'sites',
    'screening',
    'addedSiteDelayDays',
  ]
  const fields = readObject(say, '$', value, known)
  if (fields === null) return null
  const id = readText(say, '$.id', fields.id)
  if (fields.note !== undefined) readText(say, '$.note', fields.note, 10_000)
  if (fields.big !== undefined && typeof fields.big !== 'boolean') say({ field: '$.big', code: 'scenario_yes_no' })
  const asOf = readDate(say, '$.asOf', fields.asOf)
  const deadline = readDate(say, '$.deadline', fields.deadline)
  const target = fields.target === null ? null : readCount(say, '$.target', fields.target)
  const plan = readPlan(say, fields.plan)
  const screening = fields.screening == null ? null : readScreening(say, fields.screening)
  const largestCount = fields.K === undefined ? null : readCount(say, '$.K', fields.K, 20_000)
  const addedSiteDelayDays =
    fields.addedSiteDelayDays === undefined
      ? 0
      : readCount(say, '$.addedSiteDelayDays', fields.addedSiteDelayDays, mostDelayDays)
  if (asOf !== null && deadline !== null && asOf > deadline) {
    say({ field: '$.asOf', code: 'scenario_after_deadline', values: { deadline } })
  }
  const sites = readSites(say, fields.sites, asOf)
  if (id === null || asOf === null || deadline === null || plan === null || sites === null) return null
  if (addedSiteDelayDays === null) return null
  return { id, asOf, deadline, target, plan, ...sites, screening, addedSiteDelayDays, largestCount }
}

function readPlan(say: Say, value: unknown): Plan | null {
  const fields = readObject(say, '$.plan', value, ['subjects', 'siteYears'])
  if (fields === null) return null
  const subjects = readAmountAboveZero(say, '$.plan.subjects', fields.subjects)
  const siteYears = readAmountAboveZero(say, '$.plan.siteYears', fields.siteYears)
  return subjects === null || siteYears === null ? null : { subjects, siteYears }
}

function readScreening(say: Say, value: unknown): Screening | null {
  const path = '$.screening'
  const fields = readObject(say, path, value, ['inScreening', 'converted', 'failed', 'priorA', 'priorB'])
  if (fields === null) return null
  const inScreening = readCount(say, `${path}.inScreening`, fields.inScreening, 10_000)
  const converted = readCount(say, `${path}.converted`, fields.converted)
  const failed = readCount(say, `${path}.failed`, fields.failed)
  const priorA = readAmountAboveZero(say, `${path}.priorA`, fields.priorA)
  const priorB = readAmountAboveZero(say, `${path}.priorB`, fields.priorB)
  if (inScreening === null || converted === null || failed === null || priorA === null || priorB === null) return null
  return { inScreening, converted, failed, priorA, priorB }
}

type Sites = Pick<Scenario, 'sites' | 'plannedSites'>

function readSites(say: Say, value: unknown, asOf: CalendarDate | null): Sites | null {
  if (value === undefined) return say({ field: '$.sites', code: 'scenario_missing' })
  if (!Array.isArray(value)) return say({ field: '$.sites', code: 'scenario_no_list' })
  if (value.length > mostSites) return say(tooManySites())
  const ids = new Set<string>()
  const sites: ScenarioSite[] = []
  const plannedSites: PlannedSite[] = []
  for (let place = 0; place < value.length; place++) {
    const path = `$.sites[${place}]`
    const fields = readObject(say, path, value[place], ['id', 'open', 'opening', 'close', 'holds', 'n', 'cap'])
    if (fields === null) continue
    const id = readText(say, `${path}.id`, fields.id)
    if (id !== null && ids.has(id)) say({ field: `${path}.id`, code: 'scenario_id_twice', values: { id } })
    if (id !== null) ids.add(id)
    if (fields.opening === undefined) {
      const site = readSite(say, path, fields, asOf)
      if (site !== null && id !== null) sites.push({ id, ...site })
    } else {
      const opening = readPlannedSite(say, path, fields)
      if (opening !== null && id !== null) plannedSites.push({ id, opening })
    }
  }
  if (plannedSites.length > mostPlannedSites) {
    const values = { count: plannedSites.length, most: mostPlannedSites }
    say({ field: '$.sites', code: 'scenario_too_many_openings', values })
  }
  return { sites, plannedSites }
}

function readSite(say: Say, path: string, fields: Fields, asOf: CalendarDate | null): Omit<ScenarioSite, 'id'> | null {
  const open = readDate(say, `${path}.open`, fields.open)
  const close = fields.close == null ? null : readDate(say, `${path}.close`, fields.close)
  const n = readCount(say, `${path}.n`, fields.n)
  const cap = fields.cap == null ? null : readCount(say, `${path}.cap`, fields.cap)
  const holds = fields.holds === undefined ? [] : readHolds(say, `${path}.holds`, fields.holds)
  if (open !== null && close !== null && close < open) {
    say({ field: `${path}.close`, code: 'scenario_closes_before_opening', values: { opening: open } })
  }
  if (n !== null && cap !== null && cap < n) {
    say({ field: `${path}.cap`, code: 'scenario_cap_below', values: { count: n } })
  }
  if (open === null || n === null || holds === null) return null
  const site = { open, close, holds, n, cap }
  if (n > 0 && asOf !== null && (close === null || close >= open) && exposureYears(openPeriodsOf(site), asOf) === 0) {
    return say({ field: `${path}.n`, code: 'scenario_never_open', values: { count: n, asOf } })
  }
  return site
}

/** A planned site has an opening in place of its dates, and nobody registered. */
function readPlannedSite(say: Say, path: string, fields: Fields): UncertainOpening | null {
  for (const key of ['open', 'close', 'holds', 'cap']) {
    if (fields[key] != null) say({ field: `${path}.${key}`, code: 'scenario_beside_opening' })
  }
  if (fields.n !== undefined && fields.n !== 0) say({ field: `${path}.n`, code: 'scenario_beside_opening' })
  const here = `${path}.opening`
  const opening = readObject(say, here, fields.opening, ['delayShape', 'delayMeanDays', 'chanceOpens'])
  if (opening === null) return null
  const delayShape = readBetween(say, `${here}.delayShape`, opening.delayShape, 0.5, 1000)
  const delayMeanDays = readBetween(say, `${here}.delayMeanDays`, opening.delayMeanDays, 0.1, mostDelayDays)
  const chanceOpens = readBetween(say, `${here}.chanceOpens`, opening.chanceOpens, 0, 1)
  if (delayShape === null || delayMeanDays === null || chanceOpens === null) return null
  return { delayShape, delayMeanDays, chanceOpens }
}

function readHolds(say: Say, path: string, value: unknown): ScenarioSite['holds'] | null {
  if (!Array.isArray(value)) return say({ field: path, code: 'scenario_no_list' })
  return value.flatMap((each, place) => {
    const here = `${path}[${place}]`
    const fields = readObject(say, here, each, ['from', 'until'])
    if (fields === null) return []
    const from = readDate(say, `${here}.from`, fields.from)
    const until = readDate(say, `${here}.until`, fields.until)
    if (from === null || until === null) return []
    if (until < from) say({ field: `${here}.until`, code: 'scenario_hold_reversed', values: { from } })
    return [{ from, until }]
  })
}

function readObject(say: Say, path: string, value: unknown, known: readonly string[]): Fields | null {
  if (value === undefined) return say({ field: path, code: 'scenario_missing' })
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return say({ field: path, code: 'scenario_no_object' })
  }
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) say({ field: memberPath(path, key), code: 'scenario_key_unknown' })
  }
  return value as Fields
}

function readText(say: Say, path: string, value: unknown, most = 200): string | null {
  if (value === undefined) return say({ field: path, code: 'scenario_missing' })
  if (typeof value !== 'string' || value.length > most) {
    return say({ field: path, code: 'scenario_no_text', values: { most } })
  }
  return value
}

function readDate(say: Say, path: string, value: unknown): CalendarDate | null {
  if (value === undefined) return say({ field: path, code: 'scenario_missing' })
  try {
    return calendarDate(typeof value === 'string' ? value : '')
  } catch {
    return say({ field: path, code: 'scenario_no_date' })
  }
}

function readCount(say: Say, path: string, value: unknown, most = mostSubjects): number | null {
  if (value === undefined) return say({ field: path, code: 'scenario_missing' })
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) return value
  return say({ field: path, code: 'scenario_no_count', values: { most } })
}

function readBetween(say: Say, path: string, value: unknown, low: number, high: number): number | null {
  if (value === undefined) return say({ field: path, code: 'scenario_missing' })
  if (typeof value === 'number' && value >= low && value <= high) return value
  return say({ field: path, code: 'scenario_not_between', values: { low, high } })
}

function readAmountAboveZero(say: Say, path: string, value: unknown): number | null {
  if (value === undefined) return say({ field: path, code: 'scenario_missing' })
  if (typeof value === 'number' && value >= 1e-6 && value <= 1e9) return value
  return say({ field: path, code: 'scenario_no_amount' })
}

/** The periods in which a site is open: from its opening to its close, without its holds. */
export function openPeriodsOf({ open, close, holds }: Omit<ScenarioSite, 'id' | 'n' | 'cap'>): OpenPeriod[] {
  const periods: OpenPeriod[] = []
  let from = open
  for (const hold of holds.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    if (hold.from > from) periods.push({ from, until: close === null || hold.from < close ? hold.from : close })
    if (hold.until > from) from = hold.until
    if (close !== null && from >= close) return periods
  }
  return [...periods, { from, until: close }]
}

/** Said of the list as a whole, without a look at the sites. */
export function tooManySites(): Problem {
  return { field: '$.sites', code: 'scenario_too_many_sites', values: { most: mostSites } }
}

/** `$.plan` and `subjects` are `$.plan.subjects`; a key that is no plain name is quoted. */
export function memberPath(path: string, key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) && key.length <= 100
    ? `${path}.${key}`
    : `${path}[${JSON.stringify(key.slice(0, 100))}]`
}
