/** What a site reported for a month, as a mark with its word: silence is never shown as a zero. */
import type { MonthReport } from '../domain/reporting.ts'
import type { Words } from '../i18n/words.ts'
import { type Mark, mark } from './page.ts'

/** As briefly as a narrow column needs it; the key beside the table says the rest. */
export function shortReportMark(report: MonthReport, isOver: boolean, words: Words): Mark {
  const whole = reportMark(report, isOver, words)
  switch (report.kind) {
    case 'reported':
      return { ...whole, text: words.t('report.short_reported', { events: report.events }) }
    case 'nothing':
      return { ...whole, text: words.t('report.short_nothing') }
    case 'silent':
      return isOver ? { ...whole, text: words.t('report.short_silent') } : whole
    case 'not_open':
      return whole
  }
}

/** What the marks of a table of reports mean. */
export function reportKey(words: Words): Mark[] {
  return [
    mark('full', 'is-real', words.t('report.key_reported')),
    mark('open', 'is-wait', words.t('report.nothing')),
    mark('silent', 'is-act', words.t('report.silent')),
    mark('half', 'is-wait', words.t('report.still_to_come')),
  ]
}

/** A month that is still running is not yet silent: nobody has to act before it is over. */
export function reportMark(report: MonthReport, isOver: boolean, words: Words): Mark {
  switch (report.kind) {
    case 'reported':
      return mark('full', 'is-real', words.t('report.reported', { events: report.events }))
    case 'nothing':
      return mark('open', 'is-wait', words.t('report.nothing'))
    case 'not_open':
      return mark('cross', '', words.t('report.not_open'))
    case 'silent':
      return isOver
        ? mark('silent', 'is-act', words.t('report.silent'))
        : mark('half', 'is-wait', words.t('report.still_to_come'))
  }
}

/** For readers who are not shown small numbers: whether a site reported, not what. */
export function withoutEvents(report: Mark, kind: MonthReport['kind'], words: Words): Mark {
  return kind === 'reported' || kind === 'nothing' ? mark('full', 'is-real', words.t('small.reported')) : report
}
