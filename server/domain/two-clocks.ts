/**
 * A log read with both clocks: what had happened by a day, of what was known at an instant. An event that was recorded
 * later, or a correction made later, is not part of what was known; the date that stood there before it is.
 */

import type { DayCount, SiteCount } from './accrual.ts'
import { addDays, type CalendarDate, laterOf, monthOf, todayIn } from './calendar-date.ts'
import type { Pathway } from './milestone.ts'
import type { MonthActivity } from './reporting.ts'
import type { ListRule, StateCount } from './saved-list.ts'
import { courseOf, eventsBy, reachedOn, type Subject, type SubjectEvent, type Tally } from './subject.ts'
import type { DueKind } from './timeline.ts'
import { overdueStep, overrideStep } from './whole-tallies.ts'

/** One version of an event: believed from `recordedAt` until `withdrawnAt`, or still. */
export type EventVersion = SubjectEvent & { withdrawnAt: string | null }

/** `asOf` is inclusive; `knownBefore` is the first instant that no longer belongs to what was known, or null for all. */
export type Clocks = { asOf: CalendarDate; knownBefore: string | null }

/**
 * The first instant after a day, where the trial is: 2026-06-24 in Asia/Tokyo ends at 2026-06-24T15:00:00.000Z. Looked
 * for between the ends of that day in the easternmost and the westernmost zone, so that every change of clocks is right.
 */
export function endOfDay(timeZone: string, day: CalendarDate): string {
  const hour = 3_600_000
  let before = Date.parse(`${day}T00:00:00.000Z`) - 15 * hour
  let after = Date.parse(`${addDays(day, 1)}T00:00:00.000Z`) + 15 * hour
  while (after - before > 1) {
    const between = Math.floor((before + after) / 2)
    if (todayIn(timeZone, new Date(between).toISOString()) > day) after = between
    else before = between
  }
  return new Date(after).toISOString()
}

/** The versions that were believed just before an instant: recorded by then, and not yet withdrawn. */
export function believedBefore(versions: readonly EventVersion[], knownBefore: string | null): EventVersion[] {
  if (knownBefore === null) return versions.filter(({ withdrawnAt }) => withdrawnAt === null)
  return versions.filter(
    ({ recordedAt, withdrawnAt }) => recordedAt < knownBefore && (withdrawnAt === null || withdrawnAt >= knownBefore),
  )
}

/**
 * What had happened by a day, of what was known at an instant: consent on 02-10, recorded 02-11; registration on 03-02,
 * recorded 04-01 -> with both clocks on 03-31 only the consent. That an entry was a mistake is a matter of knowledge: a
 * void that was known holds on every day.
 */
export function eventsKnownAt(versions: readonly EventVersion[], { asOf, knownBefore }: Clocks): SubjectEvent[] {
  const known = believedBefore(versions, knownBefore)
  const happened = eventsBy(known, asOf)
  if (happened.length === 0) return []
  const isLaterVoid = ({ what, occurredOn }: SubjectEvent) =>
    what.kind === 'exit' && what.exit === 'void' && occurredOn > asOf
  return [...happened, ...known.filter(isLaterVoid)]
}

/** The subject as its visible events make it; null where nothing of it had happened or was known. */
export function subjectUnder(pathway: Pathway, subject: Subject, events: readonly SubjectEvent[]): Subject | null {
  if (events.length === 0) return null
  const { state, enteredOn, lastEventOn } = courseOf(pathway, events)
  const isNumbered = reachedOn(events, pathway.registration.code) !== null
  return {
    ...subject,
    state,
    enteredOn,
    lastEventOn,
    consentedOn: reachedOn(events, pathway.screening.code),
    registrationNumber: isNumbered ? subject.registrationNumber : null,
  }
}

/** Whether a subject, for whom this is due, stands on a saved list; an entry that was a mistake is no registration. */
export function isOnList(
  rule: ListRule,
  { state, registrationNumber }: Subject,
  due: readonly DueKind[] = [],
): boolean {
  switch (rule.by) {
    case 'every':
      return true
    case 'states':
      return rule.states.includes(state)
    case 'registration':
      return registrationNumber !== null && state !== 'void'
    case 'unregistered':
      return registrationNumber === null && rule.states.includes(state)
    case 'due':
      return due.includes(rule.kind)
  }
}

/** How many subjects are in each state, and how many of them were registered. */
export function stateCounts(subjects: readonly Subject[]): StateCount[] {
  const counts = new Map<string, StateCount>()
  for (const { state, registrationNumber } of subjects) {
    const count = counts.get(state) ?? { state, number: 0, registered: 0 }
    counts.set(state, count)
    count.number += 1
    if (registrationNumber !== null && state !== 'void') count.registered += 1
  }
  return [...counts.values()]
}

export type KnownCounts = {
  bySite: SiteCount[]
  byMonth: MonthActivity[]
  /** Of the whole trial: the counting step by its days, and how many are overdue or were let in by an override. */
  whole: { days: DayCount[]; overdue: number; overrides: number }
}

/**
 * The sums of the roll-up from tallies instead of from its table, of the days up to one: per site and step, per day
 * of one step, and per site and month. A day on which everything was taken back does not count as a day.
 */
export function countsFrom(
  tallied: readonly { siteId: string; tallies: readonly Tally[]; whole: readonly Tally[] }[],
  countingStep: string,
  by: CalendarDate,
): KnownCounts {
  const days = new Map<string, SiteCount>()
  for (const { siteId, tallies } of tallied) {
    for (const { step, date, number } of tallies) {
      if (date > by) continue
      const place = `${siteId} ${step} ${date}`
      const day = days.get(place) ?? { siteId, step, number: 0, lastOn: date }
      days.set(place, { ...day, number: day.number + number })
    }
  }
  const sites = new Map<string, SiteCount>()
  const byDay = new Map<CalendarDate, number>()
  const months = new Map<string, MonthActivity>()
  for (const { siteId, step, number, lastOn } of days.values()) {
    if (number === 0) continue
    const place = `${siteId} ${step}`
    const sum = sites.get(place) ?? { siteId, step, number: 0, lastOn }
    sites.set(place, { ...sum, number: sum.number + number, lastOn: laterOf(lastOn, sum.lastOn) })
    // That nobody knows an outcome, or that one was taken back, is no activity of the site.
    if (number > 0 && !step.startsWith('unaccounted@')) {
      const month = monthOf(lastOn)
      const known = months.get(`${siteId} ${month}`) ?? { siteId, month, events: 0 }
      months.set(`${siteId} ${month}`, { ...known, events: known.events + number })
    }
    if (step === countingStep) byDay.set(lastOn, (byDay.get(lastOn) ?? 0) + number)
  }
  const wholeBy = (name: string) =>
    tallied
      .flatMap(({ whole }) => whole)
      .reduce((sum, { step, date, number }) => (step === name && date <= by ? sum + number : sum), 0)
  return {
    bySite: [...sites.values()],
    byMonth: [...months.values()],
    whole: {
      days: [...byDay].map(([date, number]) => ({ date, number })).sort((a, b) => (a.date < b.date ? -1 : 1)),
      overdue: wholeBy(overdueStep),
      overrides: wholeBy(overrideStep),
    },
  }
}
