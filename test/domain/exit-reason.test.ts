import { describe, expect, it } from 'vitest'
import { type ExitReason, exitDetailProblems } from '../../server/domain/exit-reason.ts'
import type { Exit, SubjectState } from '../../server/domain/subject-state.ts'

const both = (text: string) => ({ ja: text, en: text })
const configured: readonly ExitReason[] = [
  { exit: 'screen_failed', code: 'I1', label: both('inclusion 1') },
  { exit: 'screen_failed', code: 'E4', label: both('exclusion 4') },
  { exit: 'screen_failed', code: 'other', label: both('other') },
]

const nothing = { reasons: [], measuredValue: null, scope: [], note: null }
const codesOf = (from: SubjectState, exit: Exit, said = {}) =>
  exitDetailProblems(from, { exit, ...nothing, ...said }, configured).map(({ field, code }) => [field, code])

describe('what an exit has to say', () => {
  it('a reason of the list, or several, and then no words are needed', () => {
    expect(codesOf('screening', 'screen_failed')).toEqual([['reasons', 'exit_reason_missing']])
    expect(codesOf('screening', 'screen_failed', { reasons: ['E4'] })).toEqual([])
    expect(codesOf('screening', 'screen_failed', { reasons: ['E4', 'I1'] })).toEqual([])
  })

  it('a reason that the trial does not have for this exit is refused, though another exit has it', () => {
    expect(codesOf('screening', 'screen_failed', { reasons: ['E9'] })).toEqual([['reasons', 'exit_reason_unknown']])
    expect(codesOf('screening', 'declined', { reasons: ['E4'], note: 'why' })).toEqual([
      ['reasons', 'exit_reason_unknown'],
    ])
  })

  it('words, where the trial names no reasons for it, and where the reason is another one', () => {
    expect(codesOf('screening', 'declined')).toEqual([['note', 'note_missing']])
    expect(codesOf('screening', 'declined', { note: 'moved away' })).toEqual([])
    expect(codesOf('screening', 'screen_failed', { reasons: ['other'] })).toEqual([['note', 'note_missing']])
    expect(codesOf('screening', 'screen_failed', { reasons: ['E4', 'other'], note: 'both' })).toEqual([])
  })

  it('what was measured, after a provisional registration', () => {
    const exit = 'excluded_after_provisional'
    expect(codesOf('provisional', exit, { note: 'better' })).toEqual([['measuredValue', 'measured_value_missing']])
    expect(codesOf('provisional', exit, { note: 'better', measuredValue: 'SPP 42 mmHg' })).toEqual([])
  })

  it('what is taken back, after a registration only: before it there is only everything', () => {
    for (const state of ['registered', 'treated', 'follow_up'] as const) {
      expect(codesOf(state, 'withdrawn', { note: 'why' })).toEqual([['scope', 'scope_missing']])
    }
    expect(codesOf('provisional', 'withdrawn', { note: 'why' })).toEqual([])
    expect(codesOf('treated', 'died', { note: 'why' })).toEqual([])
  })
})
