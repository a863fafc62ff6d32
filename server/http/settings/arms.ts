/** The arms' section. */
import { changeArms } from '../../actions/change-arms.ts'
import { listArmSettings } from '../../db/arm-settings.ts'
import { armForm, armsShown } from '../../pages/settings/arm-settings.ts'
import { meant } from './read-fields.ts'
import { noNames, noOffers, type Section } from './section.ts'

export const arms: Section = {
  ...noOffers,
  ...noNames,
  can: ['change', 'move', 'retire'],

  async show({ context, trial, words }) {
    return armsShown(await listArmSettings(context.db, trial.id), words)
  },

  async form({ context, trial, words }, id) {
    const setting = (await listArmSettings(context.db, trial.id)).find((one) => one.id === id) ?? null
    return id !== null && setting === null ? null : armForm(setting, words)
  },

  async change({ actor, context, trial }, change) {
    const settings = await listArmSettings(context.db, trial.id)
    const known = change.do === 'add' ? null : settings.find(({ id }) => id === change.id)
    const draft = meant(change, (read) => ({
      code: known?.value.code ?? read.text('code'),
      label: { ja: read.text('labelJa'), en: read.text('labelEn') },
      ratio: read.number('ratio') ?? 1,
    }))
    return changeArms(context, actor, trial.id, draft)
  },
}
