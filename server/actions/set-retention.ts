/** A data manager states how long a trial's records are kept, by which rule, and when the trial ended. */
import type { Actor, Context } from '../context.ts'
import { findRetention, insertRetention, reviseRetention } from '../db/retention.ts'
import { findTrial } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import type { Retention } from '../domain/retention.ts'

/** `seen` is the digest of what was changed; null where nothing was set yet. A later change gives its reason. */
export function setRetention(
  context: Context,
  actor: Actor,
  trialId: string,
  { seen, reason, ...retention }: Retention & { seen: string | null; reason: string },
): Promise<Parsed<{ years: number }>> {
  return transact(context, actor, trialId, async (write) => {
    const known = await findRetention(write, trialId)
    if ((known?.seen ?? null) !== seen) return { problems: [{ field: '', code: 'setting_changed_meanwhile' }] }
    const { endedOn } = retention
    const { timeZone } = await findTrial(write, trialId)
    const today = context.today(timeZone)
    if (endedOn !== null && endedOn > today) {
      return { problems: [{ field: 'retentionEnd', code: 'date_in_future', values: { today } }] }
    }
    if (known === null) await insertRetention(write, context, trialId, retention)
    else if (reason === '') return { problems: [{ field: 'why', code: 'note_missing' }] }
    else await reviseRetention(write, known.id, retention, reason)
    return { value: { years: retention.years } }
  })
}
