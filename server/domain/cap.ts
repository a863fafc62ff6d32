/**
 * Caps: how many registrations a trial, one of its sites or one of its arms takes. A hard cap refuses the next one,
 * a soft cap warns. Decided inside the trial's turn, so that two at once cannot both take the last place.
 */
import type { Problem } from './parsed.ts'

export type Cap = {
  id: string
  /** Of one site; null for the whole trial or an arm. */
  siteId: string | null
  /** Of one arm; null for the whole trial or a site. */
  armCode: string | null
  /** The most there may be; null for no such limit. */
  hardNumber: number | null
  /** From here on people are warned; null for no warning. */
  softNumber: number | null
}

/** How many count already: in the trial, at the subject's site, and in the arm that is about to be given. */
export type Counted = { inTrial: number; atSite: number; inArm: number | null }

type Where = { siteId: string; armCode: string | null }

function countedFor(cap: Cap, { siteId, armCode }: Where, counted: Counted): number | null {
  if (cap.armCode !== null) return cap.armCode === armCode ? counted.inArm : null
  if (cap.siteId !== null) return cap.siteId === siteId ? counted.atSite : null
  return counted.inTrial
}

type Coded = { code: string }

/** Which of three codes a cap's problem has, by what it caps. */
function codeOf(cap: Cap, [trial, site, arm]: readonly [Coded, Coded, Coded]): Coded {
  return cap.armCode !== null ? arm : cap.siteId !== null ? site : trial
}

const reached = [{ code: 'cap_reached_trial' }, { code: 'cap_reached_site' }, { code: 'cap_reached_arm' }] as const
const passed = [{ code: 'cap_passed_trial' }, { code: 'cap_passed_site' }, { code: 'cap_passed_arm' }] as const

/** One problem for each hard cap that is reached: a cap of 3 at the site with 3 registered refuses the fourth. */
export function capProblems(caps: readonly Cap[], where: Where, counted: Counted): Problem[] {
  return caps.flatMap((cap) => {
    const number = countedFor(cap, where, counted)
    if (number === null || cap.hardNumber === null || number < cap.hardNumber) return []
    return [{ field: 'what', ...codeOf(cap, reached), values: { cap: cap.hardNumber, number } }]
  })
}

/** The soft caps that one more registration would pass, as the warnings of the page that asks before it. */
export function capWarnings(caps: readonly Cap[], where: Where, counted: Counted): Problem[] {
  return caps.flatMap((cap) => {
    const number = countedFor(cap, where, counted)
    if (number === null || cap.softNumber === null || number < cap.softNumber) return []
    return [{ field: 'what', ...codeOf(cap, passed), values: { cap: cap.softNumber, number } }]
  })
}

/** Whether those waiting for their final registration could take the trial past its target: 10 of 12, with 3 waiting. */
export function couldExceedTarget(registered: number, waiting: number, target: number): boolean {
  return waiting > 0 && registered + waiting > target
}
