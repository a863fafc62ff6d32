/** The small rules of the settings: arms, reasons, caps, states of sites, terms, and a fact's earlier versions. */
import { describe, expect, it } from 'vitest'
import { armProblems } from '../../server/domain/arm-change.ts'
import { capDraftProblems } from '../../server/domain/cap-change.ts'
import type { ExitReason } from '../../server/domain/exit-reason.ts'
import { reasonsAfter } from '../../server/domain/exit-reason-change.ts'
import { defaultReasons, explainedExits } from '../../server/domain/exit-reason-defaults.ts'
import { factHistories } from '../../server/domain/fact-history.ts'
import { moved, type Setting } from '../../server/domain/setting-change.ts'
import { statusProblems } from '../../server/domain/site-status-change.ts'
import { termsProblems } from '../../server/domain/trial-opening.ts'
import { day, site, termsOf } from './protocols.ts'

const both = (text: string) => ({ ja: text, en: text })
const codesOf = (problems: readonly { code: string }[]) => problems.map(({ code }) => code)

describe('arms', () => {
  const arms = [
    { code: 'A', label: both('treatment'), ratio: 2 },
    { code: 'B', label: both('control'), ratio: 1 },
  ]
  const [a, b] = arms as [(typeof arms)[0], (typeof arms)[0]]
  const nobody = { isAllocated: false, capped: [] }
  const seen = { id: 'id', seen: 'seen' }

  it('have a code each', () => {
    expect(codesOf(armProblems(arms, null, { do: 'add', to: { ...a } }, nobody))).toEqual(['code_taken'])
    expect(armProblems(arms, null, { do: 'add', to: { ...a, code: 'C' } }, nobody)).toEqual([])
  })

  it('that somebody was given, or that a cap speaks of, stay', () => {
    const retire = { do: 'retire', ...seen } as const
    expect(codesOf(armProblems(arms, a, retire, { isAllocated: true, capped: ['A'] }))).toEqual([
      'arms_allocated',
      'arm_capped',
    ])
    // Whoever was given which arm, the answer is the same for both.
    expect(codesOf(armProblems(arms, b, retire, { isAllocated: true, capped: [] }))).toEqual(['arms_allocated'])
    expect(armProblems(arms, b, retire, nobody)).toEqual([])
  })

  it('take another ratio with a reason only, another label without', () => {
    const to = { ...a, ratio: 1 }
    expect(codesOf(armProblems(arms, a, { do: 'change', ...seen, to, reason: null }, nobody))).toEqual([
      'ratio_reason_missing',
    ])
    expect(armProblems(arms, a, { do: 'change', ...seen, to, reason: 'amendment 2' }, nobody)).toEqual([])
    const renamed = { ...a, label: both('cells') }
    expect(armProblems(arms, a, { do: 'change', ...seen, to: renamed, reason: null }, nobody)).toEqual([])
  })
})

describe('reasons for exits', () => {
  const reason = (exit: ExitReason['exit'], code: string): ExitReason => ({ exit, code, label: both(code) })
  const every = [reason('declined', 'E01'), reason('screen_failed', 'E01'), reason('screen_failed', 'E02')]
  const settings: Setting<ExitReason>[] = every.map((value, index) => ({ id: `${index}`, seen: `${index}`, value }))
  const listOf = (outcome: ReturnType<typeof reasonsAfter>) =>
    'problems' in outcome ? codesOf(outcome.problems) : outcome.list.map(({ exit, code }) => `${exit} ${code}`)

  it('have codes of their own within an exit, also those out of use', () => {
    const add = (to: ExitReason) => listOf(reasonsAfter(settings.slice(0, 2), every, { do: 'add', to }))
    expect(add(reason('screen_failed', 'E02'))).toEqual(['code_taken'])
    expect(add(reason('declined', 'E02'))).toContain('declined E02')
  })

  it('change places within their exit only', () => {
    const up = { do: 'move', id: '1', seen: '1', direction: 'up' } as const
    expect(listOf(reasonsAfter(settings, every, up))).toEqual([
      'declined E01',
      'screen_failed E01',
      'screen_failed E02',
    ])
    const down = { ...up, direction: 'down' } as const
    expect(listOf(reasonsAfter(settings, every, down))).toEqual([
      'declined E01',
      'screen_failed E02',
      'screen_failed E01',
    ])
  })

  it('that are usual end with `other`, which asks for words, and leave out what the trial has', () => {
    for (const exit of explainedExits) {
      const usual = defaultReasons(exit, [], both)
      expect(usual.length).toBeGreaterThan(2)
      expect(usual.at(-1)?.code).toBe('other')
      expect(defaultReasons(exit, usual, both)).toEqual([])
    }
  })
})

describe('caps', () => {
  const whole = { siteId: null, armCode: null, hardNumber: 10, softNumber: 8 }

  it('warn before they end, and say something', () => {
    expect(capDraftProblems(whole, [])).toEqual([])
    expect(capDraftProblems({ ...whole, softNumber: 10 }, [])).toEqual([])
    expect(codesOf(capDraftProblems({ ...whole, softNumber: 11 }, []))).toEqual(['cap_soft_above_hard'])
    expect(codesOf(capDraftProblems({ ...whole, hardNumber: null, softNumber: null }, []))).toEqual(['cap_empty'])
  })

  it('are one for each of trial, site and arm', () => {
    expect(codesOf(capDraftProblems({ ...whole, hardNumber: 12 }, [whole]))).toEqual(['cap_exists'])
    expect(capDraftProblems({ ...whole, siteId: '01' }, [whole, { ...whole, siteId: '02' }])).toEqual([])
  })
})

describe('states of a site', () => {
  const open = site('01', ['open', '2026-01-01'])
  const entry = (status: 'open' | 'on_hold', from: string) => ({ status, from: day(from), basis: 'recorded' as const })

  it('put it on hold behind the last day on which somebody began, not before', () => {
    const days = [day('2026-02-10'), day('2026-03-02')]
    expect(statusProblems(open, null, entry('on_hold', '2026-03-03'), days)).toEqual([])
    expect(statusProblems(open, null, entry('on_hold', '2026-03-02'), days)).toEqual([
      { field: 'fromOn', code: 'status_has_events', values: { first: '2026-03-02', days: 1 } },
    ])
    expect(statusProblems(open, null, entry('on_hold', '2026-01-15'), days)[0]?.values?.days).toBe(2)
  })

  it('open later by a correction only where nobody had begun by then', () => {
    const at = day('2026-01-01')
    expect(statusProblems(open, at, entry('open', '2026-02-01'), [day('2026-02-10')])).toEqual([])
    expect(codesOf(statusProblems(open, at, entry('open', '2026-02-11'), [day('2026-02-10')]))).toEqual([
      'status_has_events',
    ])
  })

  it('a day that lay outside before is no matter of this change', () => {
    expect(statusProblems(open, null, entry('on_hold', '2026-05-01'), [day('2025-12-01')])).toEqual([])
  })

  it('have one entry a day', () => {
    expect(codesOf(statusProblems(open, null, entry('on_hold', '2026-01-01'), []))).toEqual(['status_day_taken'])
  })
})

describe('terms that nobody can promise', () => {
  it.each([
    ['target_of_nobody', { targetNumber: 0 }],
    [
      'period_ends_first',
      { registrationUntil: day('2025-12-31'), plan: { ...termsOf().plan, startsOn: day('2025-01-01') } },
    ],
    ['study_ends_first', { studyUntil: day('2026-12-30') }],
    ['plan_starts_after', { plan: { ...termsOf().plan, startsOn: day('2027-01-01') } }],
    ['plan_falls', { plan: { ...termsOf().plan, startsAtNumber: 13 } }],
  ])('%s', (code, differences) => {
    expect(termsProblems(termsOf())).toEqual([])
    expect(codesOf(termsProblems(termsOf(differences)))).toEqual([code])
  })
})

it('a fact has its earlier versions behind it, the latest first; a withdrawn one is none', () => {
  const fact = (value: string) => ({
    kind: 'cost' as const,
    label: both('cost'),
    value: both(value),
    source: both('plan'),
    basis: 'recorded' as const,
  })
  const version = (id: string, replacesId: string | null, replacedAt: string | null) => ({
    id,
    fact: fact(id),
    replacesId,
    replacedAt,
  })
  const at = '2026-06-24T03:00:00.000Z'
  const [only, ...others] = factHistories([
    version('a', null, at),
    version('b', 'a', at),
    version('c', 'b', null),
    version('withdrawn', null, at),
  ])
  expect(others).toEqual([])
  expect([only?.fact.value.en, ...(only?.earlier ?? []).map(({ id }) => id)]).toEqual(['c', 'b', 'a'])
})

it('an entry moves one place, and stays at the ends', () => {
  expect(moved(['a', 'b', 'c'], 'b', 'up')).toEqual(['b', 'a', 'c'])
  expect(moved(['a', 'b', 'c'], 'b', 'down')).toEqual(['a', 'c', 'b'])
  expect(moved(['a', 'b', 'c'], 'c', 'down')).toEqual(['a', 'b', 'c'])
  expect(moved(['a', 'b'], 'x', 'up')).toEqual(['a', 'b'])
})
