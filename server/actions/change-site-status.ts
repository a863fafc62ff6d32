/** A data manager enters from which day a site is open, on hold or closed, or corrects such an entry with a reason. */
import type { Actor, Context } from '../context.ts'
import {
  insertStatus,
  listBeginningDays,
  listStatusSettings,
  reviseStatus,
  type StatusSetting,
} from '../db/site-settings.ts'
import { findSite } from '../db/sites.ts'
import { findPathway } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { type SettingChange, settingSeen } from '../domain/setting-change.ts'
import { statusProblems } from '../domain/site-status-change.ts'

export function changeSiteStatus(
  context: Context,
  actor: Actor,
  trialId: string,
  change: Extract<SettingChange<StatusSetting>, { do: 'add' | 'change' }>,
): Promise<Parsed<{ siteId: string }>> {
  return transact(context, actor, trialId, async (write) => {
    const found = change.do === 'add' ? null : settingSeen(await listStatusSettings(write, trialId), change)
    if (found !== null && 'problems' in found) return found
    const corrected = found?.setting.value ?? null
    const siteId = corrected?.siteId ?? change.to.siteId
    const site = await findSite(write, trialId, siteId)
    if (site === null) return { problems: [{ field: 'siteId', code: 'choice_missing' }] }
    const { milestones } = await findPathway(write, trialId)
    const beginnings = milestones.filter(({ kind }) => kind === 'screening' || kind === 'registration_stage')
    const days = await listBeginningDays(
      write,
      siteId,
      beginnings.map(({ code }) => code),
    )
    const problems = statusProblems(site, corrected?.from ?? null, change.to, days)
    if (change.do === 'change' && change.reason === null) problems.push({ field: 'reason', code: 'setting_missing' })
    if (problems.length > 0) return { problems }
    if (change.do === 'add') await insertStatus(write, context, trialId, change.to)
    else await reviseStatus(write, change.id, change.to, change.reason ?? '')
    return { value: { siteId } }
  })
}
