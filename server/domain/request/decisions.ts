/** What several bodies decide on one request, item by item, and when that is an approval of the whole. */
import type { Basis, Bilingual } from '../bilingual.ts'
import type { CalendarDate } from '../calendar-date.ts'
import type { RequestStep } from './life-cycle.ts'

/** `needed`: without its approval nothing comes into force. `informed`: it decides too, and nothing waits for it. */
export const necessities = ['needed', 'informed'] as const
export type BodyNecessity = (typeof necessities)[number]

export type DecidingBody = {
  id: string
  position: number
  name: Bilingual
  necessity: BodyNecessity
  /** The numbers of the items that it decides. */
  items: readonly number[]
  basis: Basis
}

export const outcomes = ['approved', 'approved_with_conditions', 'refused'] as const
export type DecisionOutcome = (typeof outcomes)[number]

export type Decision = {
  id: string
  bodyId: string
  position: number
  items: readonly number[]
  outcome: DecisionOutcome
  metOn: CalendarDate | null
  decidedOn: CalendarDate
  notifiedOn: CalendarDate | null
  text: Bilingual | null
  source: Bilingual
  basis: Basis
}

export type Verdict = {
  result: 'pending' | 'approved' | 'approved_with_conditions' | 'refused'
  /** The needed bodies that have not approved all of their items. */
  waitingFor: readonly DecidingBody[]
  /** The decision that came last of those that made the approval; null while there is none. */
  last: Decision | null
}

/**
 * Approved when every needed body has approved each of its items; refused as soon as one of them refuses one. Where a
 * document gives one decision twice, the statement that was recorded first counts.
 *
 * Items 1 to 4 on 2026-01-23 and item 5 on 2026-06-12 by the only needed body: approved, by the decision of June.
 */
export function verdictOf(bodies: readonly DecidingBody[], decisions: readonly Decision[]): Verdict {
  const needed = bodies.filter(({ necessity }) => necessity === 'needed')
  const counted = needed.flatMap((body) => body.items.map((item) => ({ body, first: firstOn(decisions, body, item) })))
  const made = counted.flatMap(({ first }) => (first === null ? [] : [first]))
  const last = made.reduce<Decision | null>((a, b) => (a === null || b.decidedOn > a.decidedOn ? b : a), null)
  const waitingFor = needed.filter((body) =>
    counted.some((one) => one.body === body && (one.first === null || one.first.outcome === 'refused')),
  )
  if (made.some(({ outcome }) => outcome === 'refused')) return { result: 'refused', waitingFor, last }
  if (needed.length === 0 || waitingFor.length > 0) return { result: 'pending', waitingFor, last: null }
  const hasConditions = made.some(({ outcome }) => outcome === 'approved_with_conditions')
  return { result: hasConditions ? 'approved_with_conditions' : 'approved', waitingFor, last }
}

/** The step that a verdict is in the life of its request. */
export function stepOfDecision({ result }: Verdict): RequestStep {
  return stepsOf[result]
}

const stepsOf: Record<Verdict['result'], RequestStep> = {
  pending: 'decide_in_part',
  approved: 'approve',
  approved_with_conditions: 'approve_with_conditions',
  refused: 'refuse',
}

function firstOn(decisions: readonly Decision[], body: DecidingBody, item: number): Decision | null {
  const own = decisions.filter(({ bodyId, items }) => bodyId === body.id && items.includes(item))
  return own.toSorted((a, b) => a.position - b.position)[0] ?? null
}
