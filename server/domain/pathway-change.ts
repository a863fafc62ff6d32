/**
 * Which changes of a pathway are refused: those that would change what happened. That is decided by replay: with the
 * new pathway every subject must stand where it stands and have been counted as it was. Labels may always change, and
 * so may the days of a window, which say only how a day is judged.
 */
import { type Milestone, milestoneOf, type Pathway } from './milestone.ts'
import type { Problem } from './parsed.ts'
import { moved, type Setting, type SettingChange, settingSeen } from './setting-change.ts'
import { courseOf, missingBefore, type SubjectEvent } from './subject.ts'

/**
 * Why a pathway may not become another one, by the events of some subjects; each reason once. Asked for page after page
 * of a trial's subjects, `toldOnce` brings the answers together.
 */
export function pathwayChangeProblems(
  before: Pathway,
  after: Pathway,
  subjects: readonly (readonly SubjectEvent[])[],
): Problem[] {
  return toldOnce(subjects.flatMap((events) => problemsOfOne(before, after, events)))
}

export function toldOnce(problems: readonly Problem[]): Problem[] {
  const known = new Map(problems.map((problem) => [`${problem.code} ${problem.values?.milestone ?? ''}`, problem]))
  return [...known.values()]
}

function problemsOfOne(before: Pathway, after: Pathway, events: readonly SubjectEvent[]): Problem[] {
  if (events.length === 0) return []
  const reached = events.flatMap(({ what }) => (what.kind === 'milestone' ? [what.code] : []))
  const problems = [...new Set(reached)].flatMap((code) => problemsOfMilestone(before, after, code, reached, events))
  const touches = (...milestones: readonly Milestone[]) => milestones.some(({ code }) => reached.includes(code))
  if (before.counting.code !== after.counting.code && touches(before.counting, after.counting)) {
    problems.push({ field: 'counting', code: 'counting_has_events', values: { milestone: before.counting.code } })
  }
  if (before.registration.code !== after.registration.code && touches(before.registration, after.registration)) {
    const values = { milestone: before.registration.code }
    problems.push({ field: 'place', code: 'registration_has_events', values })
  }
  if (problems.length > 0) return problems
  const [was, would] = [courseOf(before, events), courseOf(after, events)]
  const isSame = was.state === would.state && JSON.stringify(was.tallies) === JSON.stringify(would.tallies)
  return isSame ? [] : [{ field: '', code: 'course_would_change' }]
}

function problemsOfMilestone(
  before: Pathway,
  after: Pathway,
  code: string,
  reached: readonly string[],
  events: readonly SubjectEvent[],
): Problem[] {
  const values = { milestone: code }
  const [was, would] = [milestoneOf(before, code), milestoneOf(after, code)]
  if (would === null) return [{ field: '', code: 'milestone_has_events', values }]
  const problems: Problem[] = []
  if (was !== null && was.kind !== would.kind) {
    problems.push({ field: 'milestoneKind', code: 'milestone_kind_has_events', values })
  }
  if (would.repetition === 'once' && reached.indexOf(code) !== reached.lastIndexOf(code)) {
    problems.push({ field: 'repetition', code: 'milestone_repeated', values })
  }
  const lacking = missingBefore(after, would, events)
  const lacked = was === null ? null : missingBefore(before, was, events)
  if (lacking !== null && lacked?.code !== lacking.code) {
    problems.push({ field: 'necessity', code: 'milestone_lacking', values: { milestone: lacking.code, reached: code } })
  }
  return problems
}

/** A milestone and where it stands: behind the one with this code, or first. */
export type PlacedMilestone = { milestone: Milestone; after: string | null }

export type PathwayChange =
  | SettingChange<PlacedMilestone>
  /** Everything anew, as long as nobody is in the log. */
  | { do: 'template'; milestones: readonly Milestone[]; seen: string }

/** What somebody saw who looked at the whole pathway. */
export function seenWhole(settings: readonly Setting<unknown>[]): string {
  return settings.map(({ seen }) => seen).join('.')
}

/** The milestones after a change, in order; whether they make a pathway is `pathwayProblems`'s matter. */
export function milestonesAfter(
  settings: readonly Setting<Milestone>[],
  change: PathwayChange,
): { milestones: readonly Milestone[] } | { problems: Problem[] } {
  if (change.do === 'template') {
    if (change.seen === seenWhole(settings)) return { milestones: change.milestones }
    return { problems: [{ field: '', code: 'setting_changed_meanwhile' }] }
  }
  const milestones = settings.map(({ value }) => value)
  if (change.do === 'add') return placed(milestones, change.to)
  const found = settingSeen(settings, change)
  if ('problems' in found) return found
  const was = found.setting.value
  if (change.do === 'move') return { milestones: moved(milestones, was, change.direction) }
  const others = milestones.filter((milestone) => milestone !== was)
  return change.do === 'retire' ? { milestones: others } : placed(others, change.to)
}

function placed(others: readonly Milestone[], { milestone, after }: PlacedMilestone) {
  const index = others.findIndex(({ code }) => code === after)
  if (after !== null && index < 0) return { problems: [{ field: 'place', code: 'choice_missing' }] }
  // One milestone counts: where another one is to, it takes that over.
  const counted = milestone.counting === 'target' ? others.map(uncounted) : others
  return { milestones: counted.toSpliced(index + 1, 0, milestone) }
}

function uncounted(milestone: Milestone): Milestone {
  return milestone.counting === 'none' ? milestone : { ...milestone, counting: 'none' }
}
