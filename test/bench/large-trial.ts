/**
 * The rows of a trial that ran for five years: people screened evenly over its sites, two in three registered, most of those
 * treated, some who failed or declined; each row with its entry in the trial's chain, and the counts that follow.
 */

import { entryHash, inTrail } from '../../server/db/audit-trail.ts'
import type { AuditEntryRow, AuditedTable, Tables } from '../../server/db/database.ts'
import { newSalts } from '../../server/db/sealed-texts.ts'
import { addDays, type CalendarDate, calendarDate } from '../../server/domain/calendar-date.ts'
import { subjectNumber, subjectNumberKey } from '../../server/domain/subject-number.ts'
import { overdueStep } from '../../server/domain/whole-tallies.ts'

export const firstDay = calendarDate('2021-06-24')
export const openDays = 5 * 365

export type LargeTrial = {
  id: string
  code: string
  consentVersionId: string
  sites: readonly { id: string; code: string }[]
}

type Row<T extends keyof Tables> = { [K in T]: Tables[K] }[T]
export type TrialRows = {
  [T in
    | 'subject'
    | 'subject_event'
    | 'audit_entry'
    | 'daily_count'
    | 'site_count'
    | 'trial_count'
    | 'state_count'
    | 'month_count']: Row<T>[]
}

/** Treatment is followed by a visit after 84 days, 14 late at most; nine in ten came to it. */
export const weekTwelve = { anchorCode: 'treatment', offsetDays: 84, windowBeforeDays: 14, windowAfterDays: 14 }
const overdueAfter = weekTwelve.offsetDays + weekTwelve.windowAfterDays + 1

type Told = readonly [kind: 'milestone' | 'exit', step: string, daysAfterConsent: number]

/** What became of the n-th person of a trial, who gave consent so many days after its first. */
function storyOf(place: number, consentedAfter: number): readonly Told[] {
  const consented: Told = ['milestone', 'consent', 0]
  if (place % 3 === 2) return [consented, ['exit', place % 2 === 0 ? 'screen_failed' : 'declined', 9]]
  const registered: Told[] = [consented, ['milestone', 'eligibility', 7], ['milestone', 'registration', 14]]
  if (place % 10 === 0) return registered
  const treated: Told[] = [...registered, ['milestone', 'treatment', 28]]
  const visitAfter = 28 + weekTwelve.offsetDays
  const isMissed = place % 10 === 1 || consentedAfter + visitAfter >= openDays
  return isMissed ? treated : [...treated, ['milestone', 'week_12', visitAfter]]
}

const stateAfter: Record<string, string> = { registration: 'registered', treatment: 'treated', week_12: 'follow_up' }

export function largeTrialRows(
  trial: LargeTrial,
  subjectCount: number,
  head: { sequence: number; hash: string },
  newId: () => string,
): TrialRows {
  const rows: TrialRows = {
    subject: [],
    subject_event: [],
    audit_entry: [],
    daily_count: [],
    site_count: [],
    trial_count: [],
    state_count: [],
    month_count: [],
  }
  let { sequence, hash } = head
  const keep = <T extends 'subject' | 'subject_event'>(table: T, row: Tables[T], event: string, recordedAt: string) => {
    const entry: Omit<AuditEntryRow, 'hash'> = {
      chain: trial.id,
      sequence: sequence + 1,
      event,
      record_table: table,
      record_id: row.id,
      before: null,
      after: inTrail(table as AuditedTable, row),
      reason: null,
      salts: newSalts(table, null, row, null),
      actor_id: 'bench',
      actor_name: 'bench',
      actor_role: null,
      recorded_at: recordedAt,
      request_id: null,
      previous_hash: hash,
    }
    sequence += 1
    hash = entryHash(entry)
    rows.audit_entry.push({ ...entry, hash })
    ;(rows[table] as Tables[T][]).push(row)
  }
  const counted = new Map<string, Tables['daily_count']>()
  /** The days on which a visit that nobody made was overdue. */
  const overdue: CalendarDate[] = []
  const numbers = new Map<string, number>()
  let registrations = 0
  for (let place = 0; place < subjectCount; place++) {
    // Fixed steps, without a common measure with the sites or the days: everybody lands somewhere else.
    const site = trial.sites[(place * 73) % trial.sites.length]
    if (site === undefined) throw new Error(`${trial.code} has no sites`)
    const consentedAfter = 90 + Math.floor(((place * 0.618034) % 1) * (openDays - 160))
    const consentedOn = addDays(firstDay, consentedAfter)
    const story = storyOf(place, consentedAfter)
    const [, lastStep, lastAfter] = story.at(-1) as Told
    const ownNumber = (numbers.get(site.id) ?? 0) + 1
    numbers.set(site.id, ownNumber)
    const number = subjectNumber(trial.code, site.code, ownNumber)
    const isRegistered = place % 3 !== 2
    if (isRegistered) registrations += 1
    const id = newId()
    const subject = {
      id,
      trial_id: trial.id,
      site_id: site.id,
      number,
      number_key: subjectNumberKey(number),
      site_sequence: ownNumber,
      registration_number: isRegistered ? registrations : null,
      entered_on: consentedOn,
      consented_on: consentedOn,
      consent_version_id: trial.consentVersionId,
      referral_source: null,
      candidate_hash: null,
      attempt: 1,
      earlier_attempt_id: null,
      basis: 'recorded',
      state: stateAfter[lastStep] ?? lastStep,
      last_event_on: addDays(consentedOn, lastAfter),
    }
    keep('subject', subject, 'screening_recorded', `${consentedOn}T03:00:00.000Z`)
    for (const [kind, step, after] of story) {
      const date = addDays(consentedOn, after)
      const event = {
        id: newId(),
        trial_id: trial.id,
        subject_id: id,
        kind,
        step,
        occurred_on: date,
        recorded_at: `${date}T03:00:00.000Z`,
        recorded_by: 'bench',
        reasons: null,
        measured_value: null,
        scope: null,
        override_reason: null,
        note: null,
        basis: 'recorded',
        corrects_id: null,
        withdrawn_at: null,
        withdrawn_because: null,
        withdrawn_note: null,
      }
      keep('subject_event', event, kind === 'exit' ? 'exit_recorded' : 'milestone_recorded', event.recorded_at)
      const what = kind === 'exit' ? `${step}@screening` : step
      const key = `${site.id} ${what} ${date}`
      const row = counted.get(key)
      if (row === undefined) {
        counted.set(key, { trial_id: trial.id, site_id: site.id, step: what, date, number: 1 })
      } else row.number += 1
    }
    if (lastStep === 'treatment') overdue.push(addDays(consentedOn, lastAfter + overdueAfter))
  }
  rows.daily_count = [...counted.values()]
  rows.site_count = sitesFrom(rows.daily_count)
  rows.trial_count = wholeFrom(trial.id, rows.daily_count, overdue)
  rows.state_count = standingOf(rows.subject)
  rows.month_count = monthsFrom(rows.daily_count)
  return rows
}

function sitesFrom(days: readonly Tables['daily_count'][]): Tables['site_count'][] {
  const sums = new Map<string, Tables['site_count']>()
  for (const { trial_id, site_id, step, date, number } of days) {
    const key = `${site_id} ${step}`
    const sum = sums.get(key) ?? { trial_id, site_id, step, number: 0, last_on: '' }
    sums.set(key, sum)
    sum.number += number
    if (date > sum.last_on) sum.last_on = date
  }
  return [...sums.values()]
}

function wholeFrom(
  trialId: string,
  days: readonly Tables['daily_count'][],
  overdue: readonly CalendarDate[],
): Tables['trial_count'][] {
  const sums = new Map<string, Tables['trial_count']>()
  const add = (step: string, date: string, number: number) => {
    const key = `${step} ${date}`
    sums.set(key, { trial_id: trialId, step, date, number: (sums.get(key)?.number ?? 0) + number })
  }
  for (const { step, date, number } of days) add(step, date, number)
  for (const date of overdue) add(overdueStep, date, 1)
  return [...sums.values()]
}

function standingOf(subjects: readonly Tables['subject'][]): Tables['state_count'][] {
  const sums = new Map<string, Tables['state_count']>()
  for (const { trial_id, site_id, state, registration_number } of subjects) {
    const key = `${site_id} ${state}`
    const sum = sums.get(key) ?? { trial_id, site_id, state, number: 0, registered: 0 }
    sums.set(key, sum)
    sum.number += 1
    if (registration_number !== null) sum.registered += 1
  }
  return [...sums.values()]
}

function monthsFrom(days: readonly Tables['daily_count'][]): Tables['month_count'][] {
  const sums = new Map<string, Tables['month_count']>()
  for (const { trial_id, site_id, date, number } of days) {
    const month = date.slice(0, 7)
    const key = `${site_id} ${month}`
    const sum = sums.get(key) ?? { trial_id, site_id, month, number: 0 }
    sums.set(key, sum)
    sum.number += number
  }
  return [...sums.values()]
}
