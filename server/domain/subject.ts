/**
 * A subject: one person's way through a trial, known by a number and by what happened.
 * Everything here is derived from the subject's events; the row that lists read is a copy of it.
 */
import type { Basis } from './bilingual.ts'
import { type CalendarDate, laterOf } from './calendar-date.ts'
import { type Milestone, milestoneOf, type Pathway } from './milestone.ts'
import {
  type Exit,
  mayExit,
  mayReach,
  type SubjectState,
  stateAfter,
  stateAfterExit,
  type WithdrawalScope,
} from './subject-state.ts'

/** What an event may say beside its day. */
export type EventDetails = {
  /** Codes of the trial's reasons for the exit. */
  reasons: readonly string[]
  /** What was measured, with its unit: `SPP 42 mmHg`. */
  measuredValue: string | null
  /** What a withdrawal takes back. */
  scope: readonly WithdrawalScope[]
  /** Why the principal investigator let a registration happen outside its period. */
  overrideReason: string | null
}
export const noDetails: EventDetails = { reasons: [], measuredValue: null, scope: [], overrideReason: null }

/**
 * A candidate written down before consent, a milestone reached, or an exit; `occurredOn` is when it happened,
 * `recordedAt` when we learnt it, `recordedBy` from whom.
 */
export type SubjectEvent = EventDetails & {
  id: string
  /** The first version of the event: its own identifier, unless it is a correction. Origins sort by their making. */
  originId: string
  what: { kind: 'prescreening' } | { kind: 'milestone'; code: string } | { kind: 'exit'; exit: Exit }
  occurredOn: CalendarDate
  recordedAt: string
  recordedBy: string
  note: string | null
  basis: Basis
}

export type Subject = {
  id: string
  siteId: string
  /** `<trial>-<site>-<nnn>`, or what the site gave: unique in the trial, never reused, never from a person's data. */
  number: string
  /** Gapless per trial; null until the final registration. */
  registrationNumber: number | null
  state: SubjectState
  /** The day of the first entry: pre-screening, or consent. */
  enteredOn: CalendarDate
  /** Null for a candidate who has not been asked. */
  consentedOn: CalendarDate | null
  /** 1, or one more than the attempt that it follows. */
  attempt: number
  earlierAttemptId: string | null
  lastEventOn: CalendarDate
  basis: Basis
}

/** One change to the daily counts: `prescreened`, a milestone's code, or `exit@state` with the state it left. */
export type Tally = { step: string; date: CalendarDate; number: number }

export type Course = {
  state: SubjectState
  /** The day of the entry that opened it. */
  enteredOn: CalendarDate
  lastEventOn: CalendarDate
  tallies: readonly Tally[]
}

/** The name under which an exit is counted: it tells a death during screening from one after registration. */
export function exitStep(exit: Exit, from: SubjectState): string {
  return `${exit}@${from}`
}

/**
 * A subject's course from its events: state, last date, and what it adds to the daily counts. Read in the order in which
 * the events were first recorded, which is how the rules let them follow each other: a correction changes a day, not
 * the order. Consent, then an unknown outcome, then a registration: screening +1, unaccounted +1 and later -1,
 * registration +1. A void takes back everything that was counted, and is counted itself.
 */
export function courseOf(pathway: Pathway, events: readonly SubjectEvent[]): Course {
  let state: SubjectState = 'screening'
  let unknown: { step: string; since: CalendarDate } | null = null
  const tallies: Tally[] = []
  const inOrder = [...events].sort(byRecording)
  for (const { what, occurredOn, scope } of inOrder) {
    if (what.kind === 'prescreening') {
      tallies.push({ step: 'prescreened', date: occurredOn, number: 1 })
      state = 'prescreened'
      continue
    }
    if (what.kind === 'exit' && what.exit === 'void') {
      tallies.splice(0, tallies.length, { step: exitStep('void', state), date: occurredOn, number: 1 })
      state = 'void'
      break
    }
    const milestone = what.kind === 'milestone' ? milestoneOf(pathway, what.code) : null
    // A procedure done meanwhile leaves the outcome unknown; an answer ends that, at the earliest when it began.
    if (unknown !== null && milestone?.kind !== 'procedure') {
      tallies.push({ step: unknown.step, date: laterOf(occurredOn, unknown.since), number: -1 })
      unknown = null
    }
    if (what.kind === 'exit') {
      const step = exitStep(what.exit, state)
      tallies.push({ step, date: occurredOn, number: 1 })
      if (what.exit === 'unaccounted') unknown = { step, since: occurredOn }
      state = stateAfterExit(what.exit, scope)
    } else {
      tallies.push({ step: what.code, date: occurredOn, number: 1 })
      if (milestone === null) throw new Error(`no milestone ${what.code} in the pathway`)
      state = stateAfter(pathway, state, milestone)
    }
  }
  const lastEventOn = events
    .map(({ occurredOn }) => occurredOn)
    .sort()
    .at(-1)
  const enteredOn = inOrder[0]?.occurredOn
  if (lastEventOn === undefined || enteredOn === undefined) {
    throw new Error('a subject has at least the event that opened it')
  }
  return { state, enteredOn, lastEventOn, tallies }
}

/** Whether each event may follow the ones recorded before it, by the table of states. */
export function isPossible(pathway: Pathway, events: readonly SubjectEvent[]): boolean {
  const inOrder = [...events].sort(byRecording)
  return inOrder.every(({ what }, index) => {
    if (index === 0) return true
    const { state } = courseOf(pathway, inOrder.slice(0, index))
    if (what.kind === 'prescreening') return false
    if (what.kind === 'exit') return what.exit === 'void' || mayExit(state, what.exit)
    const milestone = milestoneOf(pathway, what.code)
    return milestone !== null && mayReach(pathway, state, milestone)
  })
}

function byRecording(a: SubjectEvent, b: SubjectEvent): number {
  return a.originId < b.originId ? -1 : a.originId > b.originId ? 1 : 0
}

/** In the order in which things happened; on the same day, in the order in which they were first recorded. */
export function byDateThenRecording(a: SubjectEvent, b: SubjectEvent): number {
  if (a.occurredOn !== b.occurredOn) return a.occurredOn < b.occurredOn ? -1 : 1
  return byRecording(a, b)
}

/** The events that had happened by a day. */
export function eventsBy(events: readonly SubjectEvent[], day: CalendarDate): SubjectEvent[] {
  return events.filter((event) => event.occurredOn <= day)
}

export function reachedOn(events: readonly SubjectEvent[], code: string): CalendarDate | null {
  return events.find(({ what }) => what.kind === 'milestone' && what.code === code)?.occurredOn ?? null
}

/**
 * The milestones that may come next, in the pathway's order: allowed by the state, not yet reached unless repeatable,
 * and with no required milestone before them still missing.
 */
export function nextMilestones(pathway: Pathway, state: SubjectState, events: readonly SubjectEvent[]): Milestone[] {
  return pathway.milestones.filter(
    (milestone) =>
      mayReach(pathway, state, milestone) &&
      (milestone.repetition === 'repeatable' || reachedOn(events, milestone.code) === null) &&
      missingBefore(pathway, milestone, events) === null,
  )
}

/** The milestones that the subject's own site may record next: an arm is the statistician's to write down. */
export function nextAtSite(pathway: Pathway, state: SubjectState, events: readonly SubjectEvent[]): Milestone[] {
  return nextMilestones(pathway, state, events).filter(({ kind }) => kind !== 'allocation')
}

/**
 * The first milestone that has to come before this one and has not been reached: a required one before it in the
 * pathway, or the anchor that a visit is counted from. Null where none is missing.
 */
export function missingBefore(
  pathway: Pathway,
  milestone: Milestone,
  events: readonly SubjectEvent[],
): Milestone | null {
  const anchorCode = milestone.kind === 'visit' ? milestone.schedule?.anchorCode : undefined
  const earlier = pathway.milestones.slice(0, pathway.milestones.indexOf(milestone))
  return (
    earlier.find(
      ({ code, necessity }) => (necessity === 'required' || code === anchorCode) && reachedOn(events, code) === null,
    ) ?? null
  )
}
