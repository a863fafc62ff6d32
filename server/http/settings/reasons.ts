/** The section of reasons for exits, with the usual ones of each exit on a button. */
import { changeExitReasons } from '../../actions/change-exit-reasons.ts'
import { listEveryReason, listReasonSettings } from '../../db/exit-reason-settings.ts'
import { type DefaultReasonLabel, defaultReasons, explainedExits } from '../../domain/exit-reason-defaults.ts'
import type { Exit } from '../../domain/subject-state.ts'
import { inBoth } from '../../i18n/words.ts'
import { reasonForm, reasonsShown } from '../../pages/settings/reason-settings.ts'
import { meant } from './read-fields.ts'
import { noNames, type Section } from './section.ts'

const labelOf = (label: DefaultReasonLabel) => inBoth((words) => words.of('reason_label', label))

export const reasons: Section = {
  ...noNames,
  can: ['change', 'move', 'retire'],

  async show({ context, trial, words }) {
    const settings = await listReasonSettings(context.db, trial.id)
    const every = await listEveryReason(context.db, trial.id)
    const fresh = explainedExits.map((exit) => {
      const missing = defaultReasons(exit, every, labelOf)
      // An exit that the trial explains in its own way is left alone.
      const isBegun = every.some((reason) => reason.exit === exit)
      return { exit, labels: isBegun ? [] : missing.map(({ label }) => words.pick(label)) }
    })
    return reasonsShown(settings, fresh, words)
  },

  async form({ context, trial, words }, id) {
    const setting = (await listReasonSettings(context.db, trial.id)).find((one) => one.id === id) ?? null
    return id !== null && setting === null ? null : reasonForm(setting, words)
  },

  async change({ actor, context, trial }, change) {
    const settings = await listReasonSettings(context.db, trial.id)
    const known = change.do === 'add' ? null : settings.find(({ id }) => id === change.id)
    const draft = meant(change, (read) => ({
      exit: known?.value.exit ?? (read.text('exit') as Exit),
      code: known?.value.code ?? read.text('code'),
      label: { ja: read.text('labelJa'), en: read.text('labelEn') },
    }))
    return changeExitReasons(context, actor, trial.id, draft)
  },

  async take({ actor, context, trial }, offer) {
    const exit = explainedExits.find((known) => known === offer)
    if (exit === undefined) return { problems: [{ field: '', code: 'choice_missing' }] }
    const to = defaultReasons(exit, [], labelOf)
    return changeExitReasons(context, actor, trial.id, { do: 'addAll', to })
  },
}
