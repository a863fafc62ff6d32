import { describe, expect, it } from 'vitest'
import { type CalendarDate, calendarDate } from '../../server/domain/calendar-date.ts'
import type { DueEntry } from '../../server/domain/calendar-entry.ts'
import {
  type Obligation,
  type ObligationSources,
  obligationCounts,
  obligationState,
  obligationsOf,
  openObligations,
} from '../../server/domain/obligation.ts'
import { termsOf } from './protocols.ts'

const day = calendarDate
const both = (text: string) => ({ ja: text, en: text })

function entry(differences: Partial<DueEntry> = {}): DueEntry {
  return {
    id: 'a',
    kind: 'condition',
    title: both('show the data'),
    body: both('the committee'),
    dueOn: day('2026-07-31'),
    meetingId: null,
    metOn: null,
    basis: 'recorded',
    request: null,
    ...differences,
  }
}

/** Registration from 2026-01-01 to 2026-12-31, reviewed every 6 months, study until 2027-12-31. */
function sources(differences: Partial<ObligationSources> = {}): ObligationSources {
  const versions = [{ ...termsOf(), studyUntil: day('2027-12-31') }]
  return { versions, entries: [], rules: [], submitted: [], signed: new Map(), ...differences }
}

const told = (obligations: readonly Obligation[]) => obligations.map(({ kind, dueOn }) => `${dueOn} ${kind}`)

describe('where an obligation stands', () => {
  const condition = { kind: 'condition', dueOn: day('2026-07-31'), metOn: null } as const

  it.each([
    ['2026-06-30', 'upcoming'],
    ['2026-07-01', 'due_soon'],
    ['2026-07-31', 'due_soon'],
    ['2026-08-01', 'overdue'],
  ])('a condition due on 2026-07-31 is on %s %s', (today, state) => {
    expect(obligationState(condition, day(today))).toBe(state)
  })

  it('what is met stays met', () => {
    expect(obligationState({ ...condition, metOn: day('2026-08-15') }, day('2027-01-01'))).toBe('met')
  })

  it.each(['committee_meeting', 'registration_end', 'study_end'] as const)('%s passes by itself', (kind) => {
    expect(obligationState({ ...condition, kind }, day('2026-08-01'))).toBe('met')
    expect(obligationState({ ...condition, kind }, day('2026-07-31'))).toBe('due_soon')
  })
})

describe('what a trial owes', () => {
  it('its reviews, the end of registration and of the study, by day', () => {
    expect(told(obligationsOf(sources(), day('2026-06-24')))).toEqual([
      '2026-07-01 review',
      '2026-12-31 registration_end',
      '2027-01-01 review',
      '2027-12-31 study_end',
    ])
  })

  it('of past reviews the last one, until it is signed', () => {
    const later = obligationsOf(sources(), day('2027-03-01'))
    expect(told(openObligations(later, day('2027-03-01')))).toEqual(['2027-01-01 review', '2027-12-31 study_end'])
    const signed = new Map([[day('2027-01-01'), day('2027-02-01')]])
    const met = obligationsOf(sources({ signed }), day('2027-03-01'))
    expect(told(openObligations(met, day('2027-03-01')))).toEqual(['2027-12-31 study_end'])
    expect(obligationCounts(met, day('2027-03-01'))).toEqual({ overdue: 0, dueSoon: 0 })
  })

  it('no review once the study is over; where its end is not known, a year after registration', () => {
    const reviewsOn = (today: string, studyUntil: CalendarDate | null) => {
      const versions = [{ ...termsOf(), studyUntil }]
      return obligationsOf(sources({ versions }), day(today)).filter(({ kind }) => kind === 'review').length
    }
    expect(reviewsOn('2027-12-31', day('2027-12-31'))).toBe(1)
    expect(reviewsOn('2028-01-01', day('2027-12-31'))).toBe(0)
    expect(reviewsOn('2027-12-31', null)).toBe(1)
    expect(reviewsOn('2028-01-01', null)).toBe(0)
  })

  it('signed earlier reviews stay in sight, as met', () => {
    const signed = new Map([[day('2026-07-01'), day('2026-07-05')]])
    const found = obligationsOf(sources({ signed }), day('2027-03-01')).filter(({ kind }) => kind === 'review')
    expect(found.map(({ dueOn, metOn }) => [dueOn, metOn])).toEqual([
      ['2026-07-01', '2026-07-05'],
      ['2027-01-01', null],
    ])
  })

  it('an end that a later version moved before it came is none', () => {
    const [first] = sources().versions
    if (first === undefined) throw new Error('no terms')
    const second = { ...first, version: 2, registrationUntil: day('2028-12-31'), studyUntil: day('2030-12-31') }
    const ends = (effectiveFrom: string) =>
      told(
        obligationsOf(
          sources({ versions: [first, { ...second, effectiveFrom: day(effectiveFrom) }] }),
          day('2026-06-24'),
        ),
      ).filter((one) => one.includes('end'))
    expect(ends('2026-12-31')).toEqual(['2028-12-31 registration_end', '2030-12-31 study_end'])
    expect(ends('2027-01-01')).toEqual([
      '2026-12-31 registration_end',
      '2028-12-31 registration_end',
      '2030-12-31 study_end',
    ])
  })

  it('a condition due at a meeting moves with it', () => {
    const meeting = entry({ id: 'm', kind: 'committee_meeting', dueOn: day('2026-09-25') })
    const found = obligationsOf(sources({ entries: [meeting, entry({ meetingId: 'm' })] }), day('2026-06-24'))
    expect(told(found)).toContain('2026-09-25 condition')
    expect(told(found)).toContain('2026-09-25 committee_meeting')
  })

  it('what was met later is not met yet, seen from an earlier day', () => {
    const entries = [entry({ metOn: day('2026-08-10') })]
    const on = (today: string) => obligationsOf(sources({ entries }), day(today))
    expect(obligationCounts(on('2026-08-09'), day('2026-08-09')).overdue).toBe(2) // with the review of 2026-07-01
    expect(obligationCounts(on('2026-08-10'), day('2026-08-10')).overdue).toBe(1)
  })

  it('a report of the year that ends with the study, and none after it', () => {
    const rules = [{ scheme: 'advanced_care', startsOn: day('2026-01-01'), basis: 'recorded' } as const]
    const submitted = [
      { scheme: 'advanced_care', from: day('2026-01-01'), submittedOn: day('2026-08-20') } as const,
      { scheme: 'regenerative', from: day('2026-07-01'), submittedOn: day('2027-08-20') } as const,
    ]
    const found = obligationsOf(sources({ rules, submitted }), day('2029-06-24'))
    const reports = found.filter(({ kind }) => kind === 'periodic_report')
    expect(reports.map(({ dueOn, metOn }) => [dueOn, metOn])).toEqual([
      ['2026-08-31', '2026-08-20'],
      ['2027-08-31', null],
      ['2028-08-31', null],
    ])
  })
})
