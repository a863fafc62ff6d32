/** The sites' section: names, and what is planned of each. */
import { changeSites } from '../../actions/change-sites.ts'
import { listSiteSettings } from '../../db/site-settings.ts'
import { listSites } from '../../db/sites.ts'
import { siteForm, sitesShown } from '../../pages/settings/site-settings.ts'
import { meant } from './read-fields.ts'
import { noNames, noOffers, type Section } from './section.ts'

export const sites: Section = {
  ...noOffers,
  ...noNames,
  can: ['change'],

  async show({ context, trial, words }) {
    const { db } = context
    const settings = await listSiteSettings(db, trial.id)
    return sitesShown(settings, await listSites(db, trial.id), context.today(trial.timeZone), words)
  },

  async form({ context, trial, words }, id) {
    const setting = (await listSiteSettings(context.db, trial.id)).find((one) => one.id === id) ?? null
    return id !== null && setting === null ? null : siteForm(setting, words)
  },

  async change({ actor, context, trial }, change) {
    const draft = meant(change, (read) => ({
      code: read.text('code'),
      name: { ja: read.text('nameJa'), en: read.text('nameEn') },
      plannedPerYear: read.number('plannedPerYear'),
    }))
    if (draft.do === 'move' || draft.do === 'retire') throw new Error('sites stay, in the order of their codes')
    return changeSites(context, actor, trial.id, draft)
  },
}
