/** Visits among the calendar's lines: how many are overdue, and how many are due in each month to come. */
import { type CalendarDate, monthOf } from '../domain/calendar-date.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { type ObligationInWords, obligationMark } from './obligations-list.ts'

export type VisitCounts = {
  scope: 'every' | readonly string[]
  overdue: number
  days: readonly { dueOn: CalendarDate; count: number }[]
}

type VisitInput = { trial: Trial; today: CalendarDate; visits: VisitCounts; maySeeSubjects: boolean }

/** Null where nobody is overdue. */
export function overdueVisits(input: VisitInput, words: Words): ObligationInWords | null {
  const { trial, today, visits, maySeeSubjects } = input
  if (visits.overdue === 0) return null
  return {
    anchor: 'visits-overdue',
    when: today,
    wait: words.t('obligation.now'),
    mark: obligationMark('overdue', words.t('obligation.visits_overdue', { count: visits.overdue })),
    note: scopeInWords(visits, words),
    isAssumed: false,
    href: maySeeSubjects ? `/trials/${trial.code}/subjects?list=overdue` : null,
    actions: [],
  }
}

/** One line for each month in which visits are due, with its days. */
export function visitsByMonth(input: VisitInput, words: Words): { month: string; row: ObligationInWords }[] {
  const { trial, visits, maySeeSubjects } = input
  const months = [...new Set(visits.days.map(({ dueOn }) => monthOf(dueOn)))]
  return months.map((month) => {
    const days = visits.days.filter(({ dueOn }) => monthOf(dueOn) === month)
    const count = days.reduce((sum, day) => sum + day.count, 0)
    const byDay = days.map((day) => words.t('obligation.visits_on', { day: day.dueOn.slice(5), count: day.count }))
    return {
      month,
      row: {
        anchor: `visits-${month}`,
        when: month,
        wait: words.t('obligation.in_month'),
        mark: obligationMark('upcoming', words.t('obligation.visits', { count })),
        note: [byDay.join(words.t('settings.comma')), scopeInWords(visits, words)]
          .filter((part) => part !== '')
          .join('　'),
        isAssumed: false,
        href: maySeeSubjects ? `/trials/${trial.code}/timelines#upcoming` : null,
        actions: [],
      },
    }
  })
}

function scopeInWords({ scope }: VisitCounts, words: Words): string {
  return scope === 'every' ? '' : words.t('obligation.own_sites')
}
