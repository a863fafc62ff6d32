/** A data manager changes the trial's pathway. What already happened to its subjects stays as it was, or it is refused. */
import type { Actor, Context } from '../context.ts'
import {
  eventsInPages,
  isAnybodyInLog,
  keepPathway,
  listMilestoneSettings,
  listWithdrawnSteps,
} from '../db/pathway-settings.ts'
import { transact, type Write } from '../db/write.ts'
import { type Pathway, pathwayOf } from '../domain/milestone.ts'
import type { Parsed, Problem } from '../domain/parsed.ts'
import { milestonesAfter, type PathwayChange, pathwayChangeProblems, toldOnce } from '../domain/pathway-change.ts'
import { pathwayProblems } from '../domain/pathway-problems.ts'
import { tallyDifference } from '../domain/tally-difference.ts'
import { wholeTallies } from '../domain/whole-tallies.ts'

export function changePathway(
  context: Context,
  actor: Actor,
  trialId: string,
  change: PathwayChange,
): Promise<Parsed<{ milestones: number }>> {
  return transact(context, actor, trialId, async (write) => {
    const settings = await listMilestoneSettings(write, trialId)
    const next = milestonesAfter(settings, change)
    if ('problems' in next) return next
    const problems = pathwayProblems(next.milestones)
    if (problems.length > 0) return { problems }
    const before = pathwayOf(settings.map(({ value }) => value))
    const after = pathwayOf(next.milestones)
    const refused = await historyProblems(write, trialId, change, before, after)
    if (refused.length > 0) return { problems: refused }
    await keepPathway(write, context, trialId, next.milestones)
    await recountWhole(write, trialId, before, after)
    return { value: { milestones: next.milestones.length } }
  })
}

/** Other windows, other steps that are overdue. */
async function recountWhole(write: Write, trialId: string, before: Pathway, after: Pathway): Promise<void> {
  if (JSON.stringify(schedulesOf(before)) === JSON.stringify(schedulesOf(after))) return
  for await (const subjects of eventsInPages(write, trialId)) {
    const was = subjects.flatMap((events) => wholeTallies(before, events))
    const is = subjects.flatMap((events) => wholeTallies(after, events))
    await write.tallyOfTrial(tallyDifference(was, is))
  }
}

/** In order, for a later step that was reached ends the waiting for an earlier one. */
function schedulesOf({ milestones }: Pathway) {
  return milestones.map(({ code, kind, schedule }) => [code, kind, schedule])
}

async function historyProblems(
  write: Write,
  trialId: string,
  change: PathwayChange,
  before: Pathway,
  after: Pathway,
): Promise<Problem[]> {
  if (change.do === 'template') {
    return (await isAnybodyInLog(write, trialId)) ? [{ field: '', code: 'template_too_late' }] : []
  }
  const problems: Problem[] = []
  for await (const subjects of eventsInPages(write, trialId)) {
    problems.push(...pathwayChangeProblems(before, after, subjects))
  }
  // A version that is no longer believed is still shown, and needs its milestone's name.
  const kept = new Set(after.milestones.map(({ code }) => code))
  for (const code of await listWithdrawnSteps(write, trialId)) {
    if (kept.has(code)) continue
    problems.push({ field: '', code: 'milestone_has_events', values: { milestone: code } })
  }
  return toldOnce(problems)
}
