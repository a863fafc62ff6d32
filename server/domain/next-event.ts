/**
 * What may happen to a subject next: the rules of reaching a milestone, of registering, and of leaving.
 * Each refusal has its own code; the words belong to `i18n`.
 */
import type { Basis } from './bilingual.ts'
import type { CalendarDate } from './calendar-date.ts'
import { type Cap, type Counted, capProblems } from './cap.ts'
import { type ExitReason, exitDetailProblems } from './exit-reason.ts'
import { type Milestone, milestoneOf, type Pathway } from './milestone.ts'
import type { Problem } from './parsed.ts'
import { happeningProblems } from './screening.ts'
import type { Site } from './site.ts'
import { type EventDetails, missingBefore, reachedOn, type Subject, type SubjectEvent } from './subject.ts'
import { type Exit, mayExit, mayReach } from './subject-state.ts'
import { isInRegistrationPeriod, type TrialTerms, termsInForce } from './trial-terms.ts'

export type MilestoneDraft = {
  trialId: string
  subjectId: string
  code: string
  occurredOn: CalendarDate
  note: string | null
  basis: Basis
  /** Why the principal investigator lets a registration happen outside the period; nobody else may. */
  overrideReason?: string | null
  /** The subject's newest event when the person looked; null where nobody looked, as in an import. */
  seenEventId: string | null
}

export type ExitDraft = {
  trialId: string
  subjectId: string
  exit: Exit
  occurredOn: CalendarDate
  /** Why, in words, where the trial's reasons do not say it. */
  note: string | null
  basis: Basis
  seenEventId: string | null
} & Pick<EventDetails, 'reasons' | 'measuredValue' | 'scope'>

/** A subject with everything that decides what may happen to it. */
export type SubjectInTrial = { pathway: Pathway; site: Site; subject: Subject; events: readonly SubjectEvent[] }

/** The newest thing that was written down of a subject: identifiers are in the order of their making. */
export function newestEvent(events: readonly SubjectEvent[]): SubjectEvent | null {
  return events.reduce<SubjectEvent | null>(
    (newest, event) => (newest === null || event.id > newest.id ? event : newest),
    null,
  )
}

/** Somebody else wrote something down since the person looked: they have to see it before they go on. */
export function meanwhileProblems(
  { events }: SubjectInTrial,
  { seenEventId }: { seenEventId: string | null },
): Problem[] {
  const newest = newestEvent(events)
  if (seenEventId === null || newest === null || newest.id === seenEventId) return []
  return [{ field: '', code: 'changed_meanwhile', values: { ...namesOf(newest), on: newest.occurredOn } }]
}

/** What an event was, as the values of a problem. */
function namesOf({ what }: SubjectEvent): Record<string, string> {
  if (what.kind === 'milestone') return { milestone: what.code }
  return { state: what.kind === 'exit' ? what.exit : 'prescreened' }
}

/** Why a milestone may not be recorded: an empty list when it may. Registrations have more rules, below. */
export function milestoneProblems(here: SubjectInTrial, draft: MilestoneDraft, today: CalendarDate): Problem[] {
  const meanwhile = meanwhileProblems(here, draft)
  if (meanwhile.length > 0) return meanwhile
  const milestone = milestoneOf(here.pathway, draft.code)
  if (milestone === null) return [{ field: 'what', code: 'step_unknown' }]
  const notBefore = isIndexDate(here.pathway, milestone.code) ? null : lastStageOn(here)
  return [...orderProblems(here, milestone), ...dateProblems(notBefore, draft.occurredOn, today)]
}

/** An index date (injury, onset) stands before the screening in the pathway, and may lie before the consent. */
export function isIndexDate(pathway: Pathway, milestoneCode: string): boolean {
  const place = pathway.milestones.findIndex(({ code }) => code === milestoneCode)
  return place >= 0 && place < pathway.milestones.indexOf(pathway.screening)
}

/** How many count already, and how many may: decided inside the transaction, so that two at once cannot both pass. */
export type Places = { counted: Counted; caps: readonly Cap[] }

/**
 * Why a registration may not be recorded: as for every milestone, and the site is open, the day lies in the
 * registration period of the terms in force on it, and the target is not yet reached.
 */
export function registrationProblems(
  here: SubjectInTrial,
  draft: MilestoneDraft,
  versions: readonly TrialTerms[],
  places: Places,
  today: CalendarDate,
): Problem[] {
  const problems = milestoneProblems(here, draft, today)
  if (problems.length > 0) return problems
  const ofTheDay = registrationDayProblems(here.site, draft.occurredOn, versions, today)
  const isLetIn = (draft.overrideReason ?? null) !== null
  const isOutside = ofTheDay.some(({ code }) => code === 'outside_registration_period')
  if (isLetIn && !isOutside) problems.push({ field: 'occurredOn', code: 'override_not_needed' })
  problems.push(...ofTheDay.filter(({ code }) => !(isLetIn && code === 'outside_registration_period')))
  // Between the end of one version and the approval of the next, the last version's number still holds.
  const terms = termsInForce(versions, draft.occurredOn) ?? versions[0]
  const target = terms?.targetNumber ?? Number.POSITIVE_INFINITY
  if (draft.code === here.pathway.counting.code && places.counted.inTrial >= target) {
    problems.push({ field: 'what', code: 'target_reached', values: { target } })
  }
  return [...problems, ...capProblems(places.caps, { siteId: here.site.id, armCode: null }, places.counted)]
}

/** Why nobody may be registered at a site on a day: it is not open, or the day lies outside the period in force on it. */
export function registrationDayProblems(
  site: Site,
  on: CalendarDate,
  versions: readonly TrialTerms[],
  today: CalendarDate,
): Problem[] {
  const problems = happeningProblems('occurredOn', site, on, today)
  const terms = termsInForce(versions, on)
  if (terms === null || !isInRegistrationPeriod(terms, on)) {
    const values =
      terms === null ? { from: '—', until: '—' } : { from: terms.registrationFrom, until: terms.registrationUntil }
    problems.push({ field: 'occurredOn', code: 'outside_registration_period', values })
  }
  return problems
}

/** Why an exit may not be recorded: an empty list when it may. */
export function exitProblems(
  here: SubjectInTrial,
  draft: ExitDraft,
  reasons: readonly ExitReason[],
  today: CalendarDate,
): Problem[] {
  const meanwhile = meanwhileProblems(here, draft)
  if (meanwhile.length > 0) return meanwhile
  if (!mayExit(here.subject.state, draft.exit)) {
    return [{ field: 'what', code: 'not_possible_from_state', values: { state: here.subject.state } }]
  }
  return [
    ...dateProblems(lastStageOn(here), draft.occurredOn, today),
    ...exitDetailProblems(here.subject.state, draft, reasons),
  ]
}

function orderProblems({ pathway, subject, events }: SubjectInTrial, milestone: Milestone): Problem[] {
  if (milestone.repetition === 'once' && reachedOn(events, milestone.code) !== null) {
    return [{ field: 'what', code: 'already_recorded', values: { on: reachedOn(events, milestone.code) ?? '' } }]
  }
  const missing = missingBefore(pathway, milestone, events)
  if (missing !== null) return [{ field: 'what', code: 'stage_missing', values: { milestone: missing.code } }]
  if (!mayReach(pathway, subject.state, milestone)) {
    return [{ field: 'what', code: 'not_possible_from_state', values: { state: subject.state } }]
  }
  return []
}

/** Procedures may be entered late, but nothing happens before the stage it follows, or tomorrow. */
function dateProblems(notBefore: CalendarDate | null, on: CalendarDate, today: CalendarDate): Problem[] {
  if (on > today) return [{ field: 'occurredOn', code: 'date_in_future', values: { today } }]
  if (notBefore === null || on >= notBefore) return []
  return [{ field: 'occurredOn', code: 'before_previous_step', values: { previous: notBefore } }]
}

/** The day of the last milestone that is more than a procedure; null before the first. */
function lastStageOn({ pathway, events }: SubjectInTrial): CalendarDate | null {
  const stages = events.filter(({ what }) => {
    if (what.kind === 'prescreening') return true
    const kind = what.kind === 'milestone' ? milestoneOf(pathway, what.code)?.kind : undefined
    return kind !== undefined && kind !== 'procedure'
  })
  return (
    stages
      .map(({ occurredOn }) => occurredOn)
      .sort()
      .at(-1) ?? null
  )
}
