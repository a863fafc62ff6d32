/** The section of consent versions: they are added, and stay as subjects signed them. */
import { addConsentVersion } from '../../actions/add-consent-version.ts'
import { listConsentVersions } from '../../db/trials.ts'
import { consentForm, consentsShown } from '../../pages/settings/consent-settings.ts'
import { noNames, noOffers, type Section } from './section.ts'

export const consents: Section = {
  ...noOffers,
  ...noNames,
  can: [],

  async show({ context, trial, words }) {
    return consentsShown(await listConsentVersions(context.db, trial.id), words)
  },

  form: async (_visit, id) => (id === null ? consentForm() : null),

  async change({ actor, context, trial }, change) {
    if (change.do !== 'add') throw new Error('a version that somebody signed is not changed')
    const { to: read } = change
    return addConsentVersion(context, actor, trial.id, {
      label: { ja: read.text('labelJa'), en: read.text('labelEn') },
      approvedOn: read.date('approvedOn'),
      basis: 'recorded',
    })
  },
}
