import { describe, expect, it } from 'vitest'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import { atTheirMeetings, type CalendarEntry, type EntryDraft, entryFrom } from '../../server/domain/calendar-entry.ts'

const day = calendarDate
const words = { ja: '件名', en: 'title' }
const today = day('2026-06-24')
const meeting: CalendarEntry = {
  id: 'm',
  kind: 'committee_meeting',
  title: words,
  body: words,
  dueOn: day('2026-07-31'),
  meetingId: null,
  met: null,
  source: words,
  basis: 'recorded',
}

function draft(differences: Partial<EntryDraft> = {}): EntryDraft {
  const { id: _id, met: _met, ...entry } = meeting
  return { ...entry, kind: 'condition', dueOn: null, met: { on: null, evidence: '' }, ...differences }
}

const codesOf = (asked: EntryDraft) => {
  const outcome = entryFrom(asked, [meeting], today)
  return 'problems' in outcome ? outcome.problems.map(({ code }) => code) : outcome.value.dueOn
}

describe('a condition', () => {
  it('is due on a day of its own, or on that of its meeting', () => {
    expect(codesOf(draft({ dueOn: day('2026-08-10') }))).toBe('2026-08-10')
    expect(codesOf(draft({ meetingId: 'm' }))).toBe('2026-07-31')
    expect(codesOf(draft({ meetingId: 'm', dueOn: day('2026-07-31') }))).toBe('2026-07-31')
  })

  it.each<[string, Partial<EntryDraft>, string[]]>([
    ['neither', {}, ['due_missing']],
    ['both, and they differ', { meetingId: 'm', dueOn: day('2026-08-01') }, ['due_differs_from_meeting']],
    ['a meeting that there is not', { meetingId: 'x', dueOn: day('2026-08-01') }, ['meeting_unknown']],
    ['evidence without a day', { dueOn: today, met: { on: null, evidence: 'x' } }, ['met_day_missing']],
    ['a day without evidence', { dueOn: today, met: { on: today, evidence: '' } }, ['evidence_missing']],
    ['a day of the future', { dueOn: today, met: { on: day('2026-06-25'), evidence: 'x' } }, ['date_in_future']],
  ])('is refused with %s', (_name, differences, codes) => {
    expect(codesOf(draft(differences))).toEqual(codes)
  })

  it('met today keeps what shows it', () => {
    const outcome = entryFrom(draft({ dueOn: today, met: { on: today, evidence: 'minutes' } }), [], today)
    expect('value' in outcome && outcome.value.met).toEqual({ on: '2026-06-24', evidence: 'minutes' })
  })
})

it('a meeting is neither met nor due at another one', () => {
  const held = { kind: 'committee_meeting', dueOn: today } as const
  expect(codesOf(draft({ ...held, met: { on: today, evidence: 'x' } }))).toEqual(['meeting_is_not_met'])
  expect(codesOf(draft({ ...held, meetingId: 'm' }))).toContain('meeting_unknown')
})

it('conditions follow their meeting; one whose meeting is gone keeps the day it had', () => {
  const condition = { ...meeting, id: 'c', kind: 'condition', dueOn: day('2026-01-01') } as const
  const moved = { ...meeting, dueOn: day('2026-10-08') }
  const [, due, lost] = atTheirMeetings([moved, { ...condition, meetingId: 'm' }, { ...condition, meetingId: 'gone' }])
  expect([due?.dueOn, lost?.dueOn]).toEqual(['2026-10-08', '2026-01-01'])
})
