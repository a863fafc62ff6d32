/** What a trial's calendar holds: under which laws it reports, and which reports were handed in. */
import { changeReportingSchemes } from '../server/actions/change-reporting-schemes.ts'
import { recordReportSubmission } from '../server/actions/record-report-submission.ts'
import { setRetention } from '../server/actions/set-retention.ts'
import type { Actor } from '../server/context.ts'
import { addDays, type CalendarDate } from '../server/domain/calendar-date.ts'
import { periodicReports, type ReportingScheme } from '../server/domain/periodic-report.ts'
import { day, done, type Story } from './story.ts'
import type { Moment } from './subject-story.ts'

/**
 * The scheme from its first day, and every report that was due by a day, each handed in eleven days before it was due.
 * No document speaks of reports: all of it is assumed.
 */
export function reportMoments(
  told: Story,
  keeper: Actor,
  trialId: string,
  { scheme, startsOn, dueBy }: { scheme: ReportingScheme; startsOn: CalendarDate; dueBy: string },
): Moment[] {
  const rule = { scheme, startsOn, basis: 'assumed' as const }
  const adopt = () => changeReportingSchemes(told.on(startsOn), keeper, trialId, { do: 'add', to: rule })
  const reports = periodicReports(rule, day(dueBy), null).map(({ from, dueOn }): Moment => {
    const on = addDays(dueOn, -11)
    const draft = {
      scheme,
      from,
      seen: '',
      submittedOn: on,
      document: '定期報告書',
      basis: 'assumed' as const,
      reason: null,
    }
    return { on, tell: async () => void (await done(recordReportSubmission(told.on(on), keeper, trialId, draft))) }
  })
  return [{ on: startsOn, tell: async () => void (await done(adopt())) }, ...reports]
}

/** How long records are kept. No document says it of these trials: the law's years are assumed. */
export function retentionMoment(told: Story, keeper: Actor, trialId: string, on: CalendarDate): Moment {
  const rule = {
    ja: '臨床研究法施行規則 第53条（研究終了の日から5年間）',
    en: 'Clinical Trials Act, Enforcement Regulations Art. 53 (five years after the end)',
  }
  const retention = { years: 5, rule, endedOn: null, basis: 'assumed' as const, seen: null, reason: '' }
  return { on, tell: async () => void (await done(setRetention(told.on(on), keeper, trialId, retention))) }
}
