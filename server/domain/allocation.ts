/** Allocation: the arm that a registered subject was given. Written down once, never changed, seen by few. */
import type { CalendarDate } from './calendar-date.ts'
import { type Cap, type Counted, capProblems } from './cap.ts'
import { type MilestoneDraft, milestoneProblems, type SubjectInTrial } from './next-event.ts'
import type { Problem } from './parsed.ts'
import { reachedOn } from './subject.ts'
import type { Arm } from './trial.ts'

export type Allocation = { subjectId: string; armCode: string; stratum: string | null }

export type AllocationDraft = Omit<MilestoneDraft, 'code'> & { armCode: string; stratum: string | null }

/** Why an arm may not be written down: the trial allocates nobody, it was done, nobody is registered, the arm is full. */
export function allocationProblems(
  here: SubjectInTrial,
  draft: AllocationDraft,
  arms: readonly Arm[],
  { caps, counted }: { caps: readonly Cap[]; counted: Counted },
  today: CalendarDate,
): Problem[] {
  const { pathway, events, site } = here
  const milestone = pathway.milestones.find(({ kind }) => kind === 'allocation')
  if (milestone === undefined) return [{ field: '', code: 'no_allocation' }]
  const done = reachedOn(events, milestone.code)
  if (done !== null) return [{ field: 'armCode', code: 'arm_never_changes', values: { on: done } }]
  if (reachedOn(events, pathway.registration.code) === null)
    return [{ field: '', code: 'allocation_before_registration' }]
  const problems = milestoneProblems(here, { ...draft, code: milestone.code }, today)
  if (!arms.some(({ code }) => code === draft.armCode)) problems.push({ field: 'armCode', code: 'arm_unknown' })
  const ofArm = caps.filter(({ armCode }) => armCode !== null)
  const full = capProblems(ofArm, { siteId: site.id, armCode: draft.armCode }, counted)
  return [...problems, ...full.map((problem) => ({ ...problem, field: 'armCode' }))]
}
