import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  addReconciliations,
  nobody,
  placeOf,
  type Reconciliation,
  unaccounted,
} from '../../server/domain/reconciliation.ts'
import { subjectStates } from '../../server/domain/subject-state.ts'

/** The published totals of POUT's screening logs: 1138 = 758 + 36 + 207 + 137. */
const pout = new Map(
  readFileSync(join(import.meta.dirname, '../reference/pout-totals.csv'), 'utf8')
    .split('\n')
    .map((line): [string, number] => [line.split(',')[0] ?? '', Number(line.split(',')[1])]),
)
const total = (measure: string) => pout.get(measure) ?? Number.NaN

const logs: Reconciliation = {
  started: total('screened_reported'),
  failed: total('ineligible'),
  withdrawn: total('eligible_not_approached'),
  declined: total('declined'),
  registered: total('accepted_randomised_on_log'),
  inScreening: 0,
}

describe("POUT's totals", () => {
  it('reconcile to 0', () => {
    expect(logs.started).toBe(1138)
    expect(unaccounted(logs)).toBe(0)
  })

  it.each(['failed', 'withdrawn', 'declined', 'registered', 'inScreening'] as const)(
    'with one less %s, one is unaccounted',
    (part) => {
      expect(unaccounted({ ...logs, [part]: logs[part] - 1 })).toBe(1)
      expect(unaccounted({ ...logs, [part]: logs[part] + 1 })).toBe(-1)
    },
  )

  it('with one more started, one is unaccounted', () => {
    expect(unaccounted({ ...logs, started: logs.started + 1 })).toBe(1)
  })
})

it('the extension request: 4 started, 2 continuing, 2 unaccounted', () => {
  expect(unaccounted({ ...nobody, started: 4, inScreening: 2 })).toBe(2)
})

it('sites add up part by part', () => {
  const one = { started: 3, registered: 1, failed: 1, declined: 0, withdrawn: 0, inScreening: 1 }
  expect(addReconciliations(one, addReconciliations(one, nobody))).toEqual({
    started: 6,
    registered: 2,
    failed: 2,
    declined: 0,
    withdrawn: 0,
    inScreening: 2,
  })
})

it('whoever was registered stays counted as registered, whatever came after', () => {
  expect(subjectStates.map((state) => placeOf(state, true))).toEqual(subjectStates.map(() => 'registered'))
})

it('before a registration every state has its place, and the unaccounted have none', () => {
  expect(placeOf('provisional', false)).toBe('inScreening')
  expect(placeOf('excluded_after_provisional', false)).toBe('failed')
  expect(placeOf('died', false)).toBe('withdrawn')
  expect(placeOf('unaccounted', false)).toBeNull()
})
