/** The section of the laws under which a trial reports every year. */
import { changeReportingSchemes } from '../../actions/change-reporting-schemes.ts'
import { listReportingSchemes } from '../../db/reporting-schemes.ts'
import type { Basis } from '../../domain/bilingual.ts'
import type { CalendarDate } from '../../domain/calendar-date.ts'
import type { ReportingScheme } from '../../domain/periodic-report.ts'
import { schemeForm, schemesShown } from '../../pages/settings/scheme-settings.ts'
import { meant } from './read-fields.ts'
import { noNames, noOffers, type Section } from './section.ts'

export const schemes: Section = {
  ...noOffers,
  ...noNames,
  can: ['change', 'retire'],

  async show({ context, trial, words }) {
    return schemesShown(await listReportingSchemes(context.db, trial.id), words)
  },

  async form({ context, trial, words }, id) {
    const settings = await listReportingSchemes(context.db, trial.id)
    const setting = settings.find((one) => one.id === id) ?? null
    return id !== null && setting === null ? null : schemeForm(setting, words)
  },

  async change({ actor, context, trial }, change) {
    const settings = await listReportingSchemes(context.db, trial.id)
    const known = change.do === 'add' ? null : settings.find(({ id }) => id === change.id)
    const draft = meant(change, (read) => ({
      scheme: known?.value.scheme ?? (read.text('scheme') as ReportingScheme),
      startsOn: read.date('startsOn') as CalendarDate,
      basis: read.text('basis') as Basis,
    }))
    if (draft.do === 'move') throw new Error('laws have no order')
    return changeReportingSchemes(context, actor, trial.id, draft)
  },
}
