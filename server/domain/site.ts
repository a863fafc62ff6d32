/** A hospital that takes part in a trial, and the dated states it passes through. */
import type { Basis, Bilingual } from './bilingual.ts'
import type { CalendarDate } from './calendar-date.ts'

export const siteStatuses = ['pending', 'open', 'on_hold', 'closed'] as const
export type SiteStatus = (typeof siteStatuses)[number]

/** From this day on the site has this status, until its next entry. */
export type SiteStatusEntry = { status: SiteStatus; from: CalendarDate; basis: Basis }

export type Site = {
  id: string
  /** SITEID: `01`; unique in the trial. */
  code: string
  name: Bilingual
  /** Registrations expected in a year; null where nothing was said. */
  plannedPerYear: number | null
  /** In order of their dates. */
  statuses: readonly SiteStatusEntry[]
}

/** The status on a day; `pending` before the first entry. */
export function siteStatusOn(site: Site, date: CalendarDate): SiteStatus {
  return site.statuses.findLast((entry) => entry.from <= date)?.status ?? 'pending'
}

/** A site registers subjects only while open: not before activation, not on hold, not once closed. */
export function isOpenOn(site: Site, date: CalendarDate): boolean {
  return siteStatusOn(site, date) === 'open'
}

/** The first day the site was open; null while it never was. */
export function openedOn(site: Site): CalendarDate | null {
  return site.statuses.find((entry) => entry.status === 'open')?.from ?? null
}

/**
 * The periods in which the site is open, half-open (`until` is the first day it is not), null while it lasts.
 * Open from 2021-07-19, on hold from 2022-01-01, open again from 2022-02-01: two periods.
 */
export function openPeriods(site: Site): { from: CalendarDate; until: CalendarDate | null }[] {
  return site.statuses.flatMap((entry, index) =>
    entry.status === 'open' ? [{ from: entry.from, until: site.statuses[index + 1]?.from ?? null }] : [],
  )
}

const asCounted = new Intl.Collator('en', { numeric: true })

/** The order of sites as people count them: 2 before 10, and `A-2` before `A-10`; `2` and `02` as they are written. */
export function bySiteCode(a: { code: string }, b: { code: string }): number {
  return asCounted.compare(a.code, b.code) || (a.code < b.code ? -1 : 1)
}
