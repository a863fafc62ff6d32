/** The record of the extension request's trial on 2026-06-24, and smaller ones made from it. */
import { calendarDate } from '../../../server/domain/calendar-date.ts'
import type { OpenPeriod } from '../../../server/domain/projection/exposure.ts'
import type { TrialRecord } from '../../../server/domain/projection/trial-outlook.ts'

export const day = calendarDate

export function site(id: string, registered: number, from = '2021-07-19', until: string | null = null) {
  const open: OpenPeriod[] = [{ from: day(from), until: until === null ? null : day(until) }]
  return { id, registered, open }
}

export const sscBmc: TrialRecord = {
  asOf: day('2026-06-24'),
  target: 12,
  deadline: day('2029-07-18'),
  sites: [site('01', 1), site('02', 1), site('03', 0), site('04', 0), site('05', 0)],
  plan: { subjects: 12, siteYears: 15 },
  inScreening: 2,
  recentOutcomes: { converted: 0, failed: 2 },
  claims: [
    { claim: { kind: 'registered', number: 2 }, siteIds: [] },
    { claim: { kind: 'pipeline', number: 2, conversion: 1 }, siteIds: [] },
    { claim: { kind: 'siteRate', sites: 2, ratePerSiteYear: 1, years: 3 }, siteIds: ['01', '02'] },
    { claim: { kind: 'siteMinimum', sites: 3, minimumPerSite: 1 }, siteIds: ['03', '04', '05'] },
  ],
  yearsAsked: 1096 / 365.25,
}
