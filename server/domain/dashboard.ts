/** What a dashboard says of a trial as of a day: counts, rates and dates, and nothing of single subjects. */
import type { AfterRegistration, DayCount, ScreeningFlow } from './accrual.ts'
import type { Attainment } from './attainment.ts'
import type { CalendarDate } from './calendar-date.ts'
import type { Pathway } from './milestone.ts'
import type { Obligation } from './obligation.ts'
import type { Pace } from './pace.ts'
import type { Month } from './reporting.ts'
import type { SiteStanding } from './site-order.ts'
import type { TrialTerms } from './trial-terms.ts'

export type DashboardFigures = {
  asOf: CalendarDate
  /** The day by whose end things were known; null for all that is known now. */
  known: CalendarDate | null
  /** The place of the last entry of the trial's audit trail when it was read. */
  sequence: number
  pathway: Pathway
  versions: readonly TrialTerms[]
  /** Null where the trial had no terms yet on the day; so is the pace. */
  attainment: Attainment | null
  pace: Pace | null
  /** Registered in all after each day on which somebody was. */
  steps: readonly DayCount[]
  /** By their codes, as people count. */
  sites: readonly (SiteStanding & { treated: number })[]
  /** The last month that is over. */
  lastMonth: Month
  flow: ScreeningFlow
  after: AfterRegistration
  candidates: number
  /** Subjects for whom a scheduled step is overdue. */
  overdue: number
  overrides: readonly { subjectId: string; siteId: string; occurredOn: CalendarDate; reason: string }[]
  /** What the trial owes and what awaits it. */
  obligations: readonly Obligation[]
  /** Days whose counts a change request states. */
  requestDays: readonly CalendarDate[]
}
