/** The section of the sites' dated states. */
import { changeSiteStatus } from '../../actions/change-site-status.ts'
import { listStatusSettings } from '../../db/site-settings.ts'
import { listSites } from '../../db/sites.ts'
import type { CalendarDate } from '../../domain/calendar-date.ts'
import type { SiteStatus } from '../../domain/site.ts'
import { statusesShown, statusForm } from '../../pages/settings/site-settings.ts'
import { meant } from './read-fields.ts'
import { noNames, noOffers, type Section } from './section.ts'

export const statuses: Section = {
  ...noOffers,
  ...noNames,
  can: ['change'],

  async show({ context, trial, words }) {
    const settings = await listStatusSettings(context.db, trial.id)
    return statusesShown(settings, await listSites(context.db, trial.id), words)
  },

  async form({ context, trial, words }, id) {
    const setting = (await listStatusSettings(context.db, trial.id)).find((one) => one.id === id) ?? null
    if (id !== null && setting === null) return null
    const known = await listSites(context.db, trial.id)
    return statusForm(setting, known, context.today(trial.timeZone), words)
  },

  async change({ actor, context, trial }, change) {
    const draft = meant(change, (read) => ({
      siteId: read.text('siteId'),
      status: read.text('status') as SiteStatus,
      from: read.date('fromOn') as CalendarDate,
      basis: 'recorded' as const,
    }))
    if (draft.do === 'move' || draft.do === 'retire') throw new Error('states stay, in the order of their days')
    return changeSiteStatus(context, actor, trial.id, draft)
  },
}
