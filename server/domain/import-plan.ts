/**
 * What a row of a spreadsheet asks for, as the events that a person would record by hand; and what is still to do where
 * the subject is known already: nothing, a correction, another event, or a refusal because the two disagree.
 */
import type { Basis } from './bilingual.ts'
import type { CalendarDate } from './calendar-date.ts'
import { type ExitReason, otherReason, reasonsFor } from './exit-reason.ts'
import type { Meaning } from './import-columns.ts'
import type { ReadRow } from './import-row.ts'
import { betweenReasons, fold } from './import-words.ts'
import { type Milestone, milestoneOf, type Pathway } from './milestone.ts'
import { reachedOn, type SubjectEvent } from './subject.ts'
import { type Exit, exits } from './subject-state.ts'

/** An event that a row asks for. `of` is the column that a refusal is shown at. */
export type WantedEvent = {
  what: { kind: 'milestone'; code: string } | { kind: 'exit'; exit: Exit }
  on: CalendarDate
  /** `assumed`: the row has no day for it, and another of its days stands in. */
  basis: Basis
  of: Meaning
}

export type Wanted = { consentedOn: CalendarDate; consentBasis: Basis; consentOf: Meaning; events: WantedEvent[] }

/**
 * The events of a row, in the order of their days; on one day in the order of the pathway, an exit last.
 *
 * - The consent without a column of its own is on the first day that the row has.
 * - An eligible or registered subject was judged eligible: without a day of its own on the day of the first
 *   registration, else on the day of the outcome, else on the row's last day.
 * - A registration without a day, where the outcome says registered, is on the day of the outcome.
 * - A screen failure or a refusal is on the day of the outcome, else on the row's last day.
 *
 * What stands in for a day is marked as assumed. Null where the row has no day for the consent.
 */
export function wantedOf(row: ReadRow, pathway: Pathway): Wanted | null {
  const stated = [...row.days].flatMap(([code, on]) => (on === null ? [] : [{ code, on }]))
  const known = [...stated.map(({ on }) => on), ...(row.outcomeDay === null ? [] : [row.outcomeDay])].sort()
  const [first, last] = [known[0], known.at(-1)]
  const { code: consent } = pathway.screening
  const consentDay = row.days.get(consent) ?? null
  const hasConsentColumn = row.days.has(consent)
  const consentedOn = consentDay ?? (hasConsentColumn ? null : (first ?? null))
  if (consentedOn === null || last === undefined || first === undefined) return null

  const events: WantedEvent[] = stated
    .filter(({ code }) => code !== consent)
    .map(({ code, on }) => ({ what: { kind: 'milestone', code }, on, basis: 'recorded', of: `milestone:${code}` }))
  const has = (code: string) => events.some(({ what }) => what.kind === 'milestone' && what.code === code)

  if (row.outcome === 'registered' && !has(pathway.registration.code) && row.outcomeDay !== null) {
    const what = { kind: 'milestone', code: pathway.registration.code } as const
    events.push({ what, on: row.outcomeDay, basis: 'recorded', of: 'outcome_day' })
  }
  const registrations = events.filter(
    ({ what }) => what.kind === 'milestone' && milestoneOf(pathway, what.code)?.kind === 'registration_stage',
  )
  const registeredOn = registrations.map(({ on }) => on).sort()[0]
  const eligibility = pathway.milestones.find(({ kind }) => kind === 'eligibility')
  const isEligible = row.outcome === 'eligible' || row.outcome === 'registered' || registeredOn !== undefined
  if (eligibility !== undefined && isEligible && !has(eligibility.code)) {
    const on = registeredOn ?? row.outcomeDay ?? last
    const isOwnDay = registeredOn === undefined && row.outcomeDay !== null
    events.push({
      what: { kind: 'milestone', code: eligibility.code },
      on,
      basis: isOwnDay ? 'recorded' : 'assumed',
      of: row.outcome === null ? `milestone:${pathway.registration.code}` : 'outcome',
    })
  }
  const exit = exitMeant(row)
  if (exit !== null) {
    const basis = row.outcomeDay === null ? 'assumed' : 'recorded'
    events.push({ what: { kind: 'exit', exit }, on: row.outcomeDay ?? last, basis, of: 'outcome' })
  }
  return {
    consentedOn,
    consentBasis: consentDay === null ? 'assumed' : 'recorded',
    consentOf: consentDay === null ? 'outcome_day' : `milestone:${consent}`,
    events: events.sort((a, b) => (a.on === b.on ? placeOf(a, pathway) - placeOf(b, pathway) : a.on < b.on ? -1 : 1)),
  }
}

function exitMeant({ outcome }: ReadRow): Exit | null {
  return exits.find((exit) => exit === outcome) ?? null
}

/** Whether the row says registered and neither it nor the record has a day for that: it must not be dropped in silence. */
export function lacksRegistration(
  { outcome }: ReadRow,
  { events }: Wanted,
  recorded: readonly SubjectEvent[],
  { registration }: Pathway,
): boolean {
  const isAsked = events.some(({ what }) => what.kind === 'milestone' && what.code === registration.code)
  return outcome === 'registered' && !isAsked && reachedOn(recorded, registration.code) === null
}

/** What the row says of an outcome and no event of it keeps: an eligibility without its step, a day without its outcome. */
export function outcomeWarnings(row: ReadRow, wanted: Wanted, recorded: readonly SubjectEvent[], pathway: Pathway) {
  const warnings: ('outcome_not_kept' | 'outcome_day_not_kept')[] = []
  const kindsOf = (codes: readonly string[]) => codes.map((code) => milestoneOf(pathway, code)?.kind)
  const reached = [...wanted.events, ...recorded].flatMap(({ what }) => (what.kind === 'milestone' ? [what.code] : []))
  const isBeyond = kindsOf(reached).some((kind) => kind === 'eligibility' || kind === 'registration_stage')
  if (row.outcome === 'eligible' && !isBeyond) warnings.push('outcome_not_kept')
  const isUsed = wanted.consentOf === 'outcome_day' || wanted.events.some(({ on }) => on === row.outcomeDay)
  if (row.outcome === null && row.outcomeDay !== null && !isUsed) warnings.push('outcome_day_not_kept')
  return warnings
}

function placeOf({ what }: WantedEvent, pathway: Pathway): number {
  if (what.kind === 'exit') return pathway.milestones.length
  return pathway.milestones.findIndex(({ code }) => code === what.code)
}

/** Whether a candidate before consent is in the log as the row has them: without a day but that of leaving. */
export function isSameCandidate(row: ReadRow, recorded: readonly SubjectEvent[]): boolean {
  const exit = recorded.findLast(({ what }) => what.kind === 'exit') ?? null
  const isCandidate = recorded.every(({ what }) => what.kind !== 'milestone')
  const hasNoDay = [...row.days.values()].every((on) => on === null)
  const isSameExit = (exit?.what.kind === 'exit' ? exit.what.exit : null) === row.outcome
  return isCandidate && hasNoDay && isSameExit && (row.outcomeDay === null || row.outcomeDay === exit?.occurredOn)
}

/** Whether a row says no other reasons than the record: in its own words, or in those of the trial's reasons. */
export function saysTheReasons(
  reason: string | null,
  { what, reasons, note }: SubjectEvent,
  configured: readonly ExitReason[],
): boolean {
  if (reason === null || reason === note || what.kind !== 'exit') return true
  const named = namedReasons(reason, reasonsFor(configured, what.exit))
  return named !== null && named.length === reasons.length && named.every((code) => reasons.includes(code))
}

/** Reasons in words as the trial's: named by their labels or codes, else the one that leaves it to words. */
export function reasonCodes(reason: string | null, exit: Exit, configured: readonly ExitReason[]): string[] {
  const own = reasonsFor(configured, exit)
  const named = namedReasons(reason ?? '', own)
  if (named !== null) return named
  return own.some(({ code }) => code === otherReason) ? [otherReason] : []
}

/** The codes of reasons that are called by their names, one or several side by side as in a file that the product wrote. */
function namedReasons(said: string, own: readonly ExitReason[]): string[] | null {
  const codeOf = (part: string) =>
    own.find(
      ({ code, label }) => fold(part) !== '' && [code, label.ja, label.en].some((one) => fold(one) === fold(part)),
    )?.code
  for (const parts of [[said], said.split(betweenReasons)]) {
    const codes = parts.map(codeOf).filter((code) => code !== undefined)
    if (codes.length === parts.length) return [...new Set(codes)]
  }
  return null
}

export type Correction = { eventId: string; from: CalendarDate; on: CalendarDate; of: Meaning }
export type Disagreement = { of: Meaning; code: string; values: Record<string, string> }

/** What a row asks of a subject that is known: corrections in an order that keeps the steps' own, then what is new. */
export type Differences = {
  corrections: Correction[]
  additions: WantedEvent[]
  disagreements: Disagreement[]
}

/**
 * Compares a row with what is recorded. A day that differs is a correction, a day more is another event. A day that is
 * recorded and stands no longer in its column, or an outcome that became another, is for a person to decide. A judgement
 * that is only derived is not added to a subject that is registered without it.
 */
export function differencesOf(
  row: ReadRow,
  wanted: Wanted,
  recorded: readonly SubjectEvent[],
  pathway: Pathway,
  hasOutcomeColumn: boolean,
): Differences {
  const corrections: Correction[] = []
  const additions: WantedEvent[] = []
  const disagreements: Disagreement[] = []
  const eventsOf = (code: string) => recorded.filter(({ what }) => what.kind === 'milestone' && what.code === code)
  const recordedAs = (exit: Exit) => recorded.findLast(({ what }) => what.kind === 'exit' && what.exit === exit)
  // An outcome that nobody knew leaves it open; a void says nothing of the subject's own way.
  const exit = recorded.findLast(({ what }) => what.kind === 'exit' && !['unaccounted', 'void'].includes(what.exit))
  const kindOf = ({ what }: Pick<SubjectEvent, 'what'>) =>
    what.kind === 'milestone' ? milestoneOf(pathway, what.code)?.kind : undefined
  const isRegistered = recorded.some((event) => kindOf(event) === 'registration_stage')
  const followsRegistration = wanted.events.some((event) => kindOf(event) === 'registration_stage')
  // A judgement without a column of its own only stands in: a registration that went without one needs none now, and
  // one that it has moves with the day of the registration only.
  const isPassed = (what: WantedEvent['what'], of: Meaning, same: readonly SubjectEvent[]) => {
    const isDerived = what.kind === 'milestone' && kindOf({ what }) === 'eligibility' && of !== `milestone:${what.code}`
    return isRegistered && isDerived && (same.length === 0 || !followsRegistration)
  }

  const compare = (event: SubjectEvent, on: CalendarDate, basis: Basis, of: Meaning) => {
    if (event.occurredOn === on) return
    // A day that only stands in never corrects one that somebody recorded.
    if (basis === 'assumed' && event.basis === 'recorded') return
    corrections.push({ eventId: event.id, from: event.occurredOn, on, of })
  }

  const consent = { what: { kind: 'milestone', code: pathway.screening.code }, on: wanted.consentedOn } as const
  for (const one of [{ ...consent, basis: wanted.consentBasis, of: wanted.consentOf }, ...wanted.events]) {
    const { what, on, basis, of } = one
    if (what.kind === 'exit') {
      const same = recordedAs(what.exit)
      if (same !== undefined) compare(same, on, basis, of)
      else if (exit === undefined) additions.push(one)
      else disagreements.push({ of, code: 'import_outcome_differs', values: { recorded: stateOf(exit) } })
      continue
    }
    const same = eventsOf(what.code)
    if (same.some(({ occurredOn }) => occurredOn === on)) continue
    if (isPassed(what, of, same)) continue
    if (same.length === 0) additions.push(one)
    else if (same.length === 1 && same[0] !== undefined) compare(same[0], on, basis, of)
    else disagreements.push({ of, code: 'import_several_recorded', values: { count: String(same.length) } })
  }

  for (const [code, on] of row.days) {
    if (on !== null || wanted.events.some(({ what }) => what.kind === 'milestone' && what.code === code)) continue
    const [lost] = eventsOf(code)
    if (lost === undefined) continue
    const of: Meaning = `milestone:${code}`
    disagreements.push({ of, code: 'import_date_removed', values: { recorded: lost.occurredOn } })
  }
  const isRuledOut = exit?.what.kind === 'exit' && ['screen_failed', 'declined'].includes(exit.what.exit)
  if (hasOutcomeColumn && exitMeant(row) === null && exit !== undefined && isRuledOut) {
    disagreements.push({ of: 'outcome', code: 'import_outcome_differs', values: { recorded: stateOf(exit) } })
  }
  return { corrections: inSafeOrder(corrections), additions, disagreements }
}

function stateOf({ what }: SubjectEvent): string {
  return what.kind === 'exit' ? what.exit : ''
}

/** Days that move back, the earliest first; then those that move on, the latest first: no step ever passes another. */
function inSafeOrder(corrections: readonly Correction[]): Correction[] {
  const back = corrections.filter(({ from, on }) => on < from).sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))
  const onward = corrections
    .filter(({ from, on }) => on > from)
    .reverse()
    .sort((a, b) => (a.on < b.on ? 1 : a.on > b.on ? -1 : 0))
  return [...back, ...onward]
}

/** The milestones of a pathway whose day a table's summary names: the screening's begin, the treatment. */
export function summaryMilestones(pathway: Pathway, codes: readonly string[]) {
  const inTable = (milestone: Milestone) => codes.includes(milestone.code)
  return {
    screen: pathway.milestones.find((milestone) => milestone.kind === 'procedure' && inTable(milestone)) ?? null,
    treated: pathway.milestones.find((milestone) => milestone.kind === 'treatment' && inTable(milestone)) ?? null,
  }
}
