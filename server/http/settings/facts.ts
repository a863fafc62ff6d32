/** The section of profile facts: a fact stated anew is a new version, the old one stays readable. */
import { changeProfileFacts } from '../../actions/change-profile-facts.ts'
import { listFactSettings } from '../../db/fact-settings.ts'
import type { ProfileFact } from '../../domain/trial.ts'
import { factForm, factsShown } from '../../pages/settings/fact-settings.ts'
import { meant } from './read-fields.ts'
import { noNames, noOffers, type Section } from './section.ts'

export const facts: Section = {
  ...noOffers,
  ...noNames,
  can: ['change', 'retire'],

  async show({ context, trial, words }) {
    return factsShown(await listFactSettings(context.db, trial.id), words)
  },

  async form({ context, trial, words }, id) {
    const setting = (await listFactSettings(context.db, trial.id)).find((one) => one.id === id) ?? null
    return id !== null && setting === null ? null : factForm(setting, words)
  },

  async change({ actor, context, trial }, change) {
    const draft = meant(change, (read) => ({
      kind: read.text('factKind') as ProfileFact['kind'],
      label: { ja: read.text('labelJa'), en: read.text('labelEn') },
      value: { ja: read.text('valueJa'), en: read.text('valueEn') },
      source: { ja: read.text('sourceJa'), en: read.text('sourceEn') },
      basis: read.text('basis') as ProfileFact['basis'],
    }))
    if (draft.do === 'move') throw new Error('facts stand in the order in which they were first stated')
    return changeProfileFacts(context, actor, trial.id, draft)
  },
}
