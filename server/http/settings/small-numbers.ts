/** The section about small numbers of single sites: what committees and guests are not shown. */
import { setLeastShown } from '../../actions/set-least-shown.ts'
import { findTrial } from '../../db/trials.ts'
import { smallNumbersForm, smallNumbersShown } from '../../pages/settings/small-numbers-settings.ts'
import { noNames, noOffers, type Section } from './section.ts'

export const smallNumbers: Section = {
  ...noOffers,
  ...noNames,
  can: [],

  // The rule itself, not how it holds for its reader.
  show: async ({ context, trial, words }) => smallNumbersShown(await findTrial(context.db, trial.id), words),

  form: async ({ context, trial }, id) =>
    id === null ? smallNumbersForm(await findTrial(context.db, trial.id)) : null,

  async change({ actor, context, trial }, change) {
    if (change.do !== 'add') throw new Error('the rule about small numbers is set, and set again')
    return setLeastShown(context, actor, trial.id, change.to.number('leastShown'))
  },
}
