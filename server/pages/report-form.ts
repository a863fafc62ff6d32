/** The form that says that a periodic report was handed in; once said, it can be corrected with a reason. */
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { PeriodicReport } from '../domain/periodic-report.ts'
import type { Setting } from '../domain/setting-change.ts'
import type { Words } from '../i18n/words.ts'
import type { CalendarForm } from './calendar-form-page.ts'

export function reportForm(
  report: PeriodicReport,
  submission: Setting<{ submittedOn: CalendarDate; document: string }> | null,
  words: Words,
): CalendarForm {
  const said = submission?.value ?? null
  const path = `reports/${report.scheme}/${report.from}`
  const must = said === null ? 'must' : 'may'
  return {
    opens: path,
    sendsTo: path,
    heading: words.t('obligation.report', { scheme: words.of('reporting_scheme', report.scheme) }),
    note: words.of('reporting_rule', report.scheme),
    warning: said === null ? null : words.t('calendar.report_again'),
    button: words.t(said === null ? 'calendar.report_button' : 'calendar.save'),
    facts: [
      {
        label: words.t('calendar.report_year'),
        value: words.t('format.from_until', { from: report.from, until: report.until }),
      },
      { label: words.t('calendar.due'), value: words.date(report.dueOn) },
    ],
    specs: [
      { id: 'submittedOn', must, as: 'date' },
      { id: 'document', must, as: 'line', most: 300 },
      ...(said === null ? [] : [{ id: 'reason', must: 'must', as: 'line', most: 200 } as const]),
    ],
    typed: { submittedOn: said?.submittedOn ?? '', document: said?.document ?? '' },
    seen: submission?.seen ?? '',
  }
}
