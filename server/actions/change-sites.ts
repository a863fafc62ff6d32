/** A data manager adds a site to a trial, or changes its names and what is planned of it. */
import type { Actor, Context } from '../context.ts'
import { listSiteSettings, reviseSite, type SiteSetting } from '../db/site-settings.ts'
import { insertSite } from '../db/sites.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import { type SettingChange, settingSeen } from '../domain/setting-change.ts'

export function changeSites(
  context: Context,
  actor: Actor,
  trialId: string,
  change: Extract<SettingChange<SiteSetting>, { do: 'add' | 'change' }>,
): Promise<Parsed<{ siteId: string }>> {
  return transact(context, actor, trialId, async (write) => {
    const settings = await listSiteSettings(write, trialId)
    if (change.do === 'add') {
      if (settings.some(({ value }) => value.code === change.to.code)) {
        return { problems: [{ field: 'code', code: 'code_taken', values: { taken: change.to.code } }] }
      }
      return { value: { siteId: await insertSite(write, context, trialId, { ...change.to, statuses: [] }) } }
    }
    const found = settingSeen(settings, change)
    if ('problems' in found) return found
    await reviseSite(write, change.id, change.to)
    return { value: { siteId: change.id } }
  })
}
