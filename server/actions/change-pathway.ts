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
    const refused = await historyProblems(write, trialId, change, before, pathwayOf(next.milestones))
    if (refused.length > 0) return { problems: refused }
    await keepPathway(write, context, trialId, next.milestones)
    return { value: { milestones: next.milestones.length } }
  })
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
