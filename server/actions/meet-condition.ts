/** The applicant says that a condition was met, and on which day. */
import type { Actor, Context } from '../context.ts'
import { reviseAsMet } from '../db/request-conditions.ts'
import { findWholeRequest } from '../db/request-records.ts'
import { findTrial } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Parsed } from '../domain/parsed.ts'

export function meetCondition(
  context: Context,
  actor: Actor,
  trialId: string,
  number: number,
  conditionId: string,
  { metOn, note }: { metOn: CalendarDate; note: string | null },
): Promise<Parsed<{ conditionId: string }>> {
  return transact(context, actor, trialId, async (write) => {
    const found = await findWholeRequest(write, trialId, number)
    const condition = found?.conditions.find(({ id }) => id === conditionId)
    if (condition === undefined) return { problems: [{ field: '', code: 'condition_unknown' }] }
    if (condition.metOn !== null) return { problems: [{ field: '', code: 'condition_met_already' }] }
    const today = context.today((await findTrial(write, trialId)).timeZone)
    if (metOn > today) return { problems: [{ field: 'metOn', code: 'date_in_future', values: { today } }] }
    await reviseAsMet(write, conditionId, metOn, note)
    return { value: { conditionId } }
  })
}
