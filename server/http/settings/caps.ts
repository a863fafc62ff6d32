/** The caps' section: of the trial, of a site, of an arm. */
import { changeCaps } from '../../actions/change-caps.ts'
import { listArmSettings } from '../../db/arm-settings.ts'
import { listCapSettings } from '../../db/cap-settings.ts'
import { countBySite } from '../../db/daily-counts.ts'
import { listSites } from '../../db/sites.ts'
import { findPathway } from '../../db/trials.ts'
import { accrualBySite } from '../../domain/accrual.ts'
import { type CapDraft, isLifted } from '../../domain/cap-change.ts'
import type { Setting } from '../../domain/setting-change.ts'
import { type CapSurroundings, capForm, capsShown } from '../../pages/settings/cap-settings.ts'
import type { TrialVisit } from '../visit.ts'
import { meant, type Read } from './read-fields.ts'
import { noNames, noOffers, type Section } from './section.ts'

async function listInForce({ context, trial }: TrialVisit): Promise<Setting<CapDraft>[]> {
  return (await listCapSettings(context.db, trial.id)).filter(({ value }) => !isLifted(value))
}

/** How many an arm has is not said here: it would tell who sees no allocation how they are spread. */
async function surroundings({ context, trial }: TrialVisit): Promise<CapSurroundings> {
  const { db } = context
  const sites = await listSites(db, trial.id)
  const counts = await countBySite(db, trial.id, context.today(trial.timeZone))
  const siteIds = sites.map(({ id }) => id)
  const accruals = accrualBySite(await findPathway(db, trial.id), siteIds, counts)
  return {
    sites,
    arms: (await listArmSettings(db, trial.id)).map(({ value }) => value),
    counted({ siteId, armCode }) {
      if (armCode !== null) return null
      const own = siteId === null ? accruals : accruals.filter((accrual) => accrual.siteId === siteId)
      return own.reduce((sum, { registered }) => sum + registered, 0)
    },
  }
}

function draftFrom(read: Read): CapDraft {
  const [, of, which = ''] = /^(trial|site|arm):?(.*)$/.exec(read.text('capOf')) ?? []
  return {
    siteId: of === 'site' ? which : null,
    armCode: of === 'arm' ? which : null,
    hardNumber: read.number('hardNumber'),
    softNumber: read.number('softNumber'),
  }
}

export const caps: Section = {
  ...noOffers,
  ...noNames,
  can: ['change', 'retire'],

  async show(visit) {
    return capsShown(await listInForce(visit), await surroundings(visit), visit.words)
  },

  async form(visit, id) {
    const setting = (await listInForce(visit)).find((one) => one.id === id) ?? null
    return id !== null && setting === null ? null : capForm(setting, await surroundings(visit), visit.words)
  },

  async change({ actor, context, trial }, change) {
    const draft = meant(change, draftFrom)
    if (draft.do === 'move') throw new Error('caps have no order')
    return changeCaps(context, actor, trial.id, draft)
  },
}
