/**
 * A committee demands something besides its decision, by a day or at one of its meetings: an obligation of the principal
 * investigator, which the trial's calendar shows and the request keeps.
 */
import type { Actor, Context } from '../context.ts'
import { listCalendarEntries } from '../db/calendar-entries.ts'
import { type ConditionToKeep, insertCondition } from '../db/request-conditions.ts'
import { findWholeRequest } from '../db/request-records.ts'
import { transact } from '../db/write.ts'
import { dueDay, type EntryDraft } from '../domain/calendar-entry.ts'
import type { Parsed } from '../domain/parsed.ts'
import { bodyProblems } from '../domain/request/correspondence-problems.ts'
import { stepProblems } from '../domain/request/life-cycle.ts'

export type ConditionDraft = Omit<ConditionToKeep, 'dueOn'> & Pick<EntryDraft, 'dueOn'>

export function setCondition(
  context: Context,
  actor: Actor,
  trialId: string,
  number: number,
  draft: ConditionDraft,
): Promise<Parsed<{ conditionId: string }>> {
  return transact(context, actor, trialId, async (write) => {
    const found = await findWholeRequest(write, trialId, number)
    if (found === null) return { problems: [{ field: '', code: 'request_unknown' }] }
    const { record, bodies, conditions } = found
    const meetings = (await listCalendarEntries(write, trialId)).map(({ value }) => value)
    const due = dueDay(draft, meetings)
    const problems = [...stepProblems(record.state, 'demand'), ...bodyProblems(bodies, draft.bodyId)]
    if ('problems' in due) return { problems: [...problems, ...due.problems] }
    if (problems.length > 0) return { problems }
    const place = { trialId, requestId: record.id, position: conditions.length + 1 }
    return { value: { conditionId: await insertCondition(write, context, place, { ...draft, dueOn: due.value }) } }
  })
}
