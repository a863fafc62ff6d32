/** A data manager writes down timelines that are known by their days only: all of them, or none. */
import type { Actor, Context } from '../context.ts'
import { insertDayTimeline, listDayTimelines, listNumbersInLog, reviseDayTimeline } from '../db/day-timelines.ts'
import { findPathway } from '../db/trials.ts'
import { inFixedOrder, transact } from '../db/write.ts'
import type { CorrectionReason } from '../domain/correction.ts'
import type { DayTimeline } from '../domain/day-timeline.ts'
import { milestoneOf } from '../domain/milestone.ts'
import type { Parsed, Problem } from '../domain/parsed.ts'

export type DayTimelinesDraft = {
  trialId: string
  timelines: readonly DayTimeline[]
  /** Why days that were written down before were wrong; null where none were. */
  because: CorrectionReason | null
}

export function recordDayTimelines(
  context: Context,
  actor: Actor,
  { trialId, timelines, because }: DayTimelinesDraft,
): Promise<Parsed<{ added: number; changed: number }>> {
  return transact(context, actor, trialId, async (write) => {
    const pathway = await findPathway(write, trialId)
    const unknown = timelines.find(({ anchorCode }) => milestoneOf(pathway, anchorCode) === null)
    if (unknown !== undefined) return { problems: [{ field: 'anchorCode', code: 'day_anchor_unknown' }] }
    const known = new Map((await listDayTimelines(write, trialId)).map((one) => [one.number, one]))
    const inLog = await listNumbersInLog(
      write,
      trialId,
      timelines.map(({ number }) => number),
    )
    const problems: Problem[] = inLog.map((number) => ({
      field: 'rows',
      code: 'day_number_in_log',
      values: { number },
    }))
    const changed = timelines.flatMap((timeline) => {
      const old = known.get(timeline.number)
      return old === undefined || isSame(old, timeline) ? [] : [{ id: old.id, timeline }]
    })
    if (changed.length > 0 && because === null) {
      const numbers = changed.map(({ timeline }) => timeline.number).join(', ')
      problems.push({ field: 'because', code: 'day_reason_missing', values: { numbers } })
    }
    if (problems.length > 0) return { problems }
    const added = timelines.filter(({ number }) => !known.has(number))
    for (const timeline of added) await insertDayTimeline(write, context, trialId, timeline)
    for (const { id, timeline } of changed) await reviseDayTimeline(write, id, timeline, because ?? '')
    return { value: { added: added.length, changed: changed.length } }
  })
}

function isSame(a: DayTimeline, b: DayTimeline): boolean {
  return a.anchorCode === b.anchorCode && inFixedOrder(a.days) === inFixedOrder(b.days)
}
