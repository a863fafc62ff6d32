/** A data manager sets under which laws the trial reports every year, and since when. */
import type { Actor, Context } from '../context.ts'
import {
  insertReportingScheme,
  listReportingSchemes,
  reviseReportingScheme,
  reviseRetiredScheme,
  type SchemeOfTrial,
} from '../db/reporting-schemes.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { type SettingChange, settingSeen } from '../domain/setting-change.ts'

export function changeReportingSchemes(
  context: Context,
  actor: Actor,
  trialId: string,
  change: Exclude<SettingChange<SchemeOfTrial>, { do: 'move' }>,
): Promise<Parsed<{ scheme: string }>> {
  return transact(context, actor, trialId, async (write) => {
    const settings = await listReportingSchemes(write, trialId)
    if (change.do === 'add') {
      const { scheme } = change.to
      if (settings.some(({ value }) => value.scheme === scheme)) {
        return { problems: [{ field: 'scheme', code: 'scheme_taken' }] }
      }
      await insertReportingScheme(write, context, trialId, change.to)
      return { value: { scheme } }
    }
    const found = settingSeen(settings, change)
    if ('problems' in found) return found
    const { scheme } = found.setting.value
    if (change.do === 'retire') await reviseRetiredScheme(write, context, change.id)
    else await reviseReportingScheme(write, change.id, change.to, change.reason)
    return { value: { scheme } }
  })
}
