import { describe, expect, it } from 'vitest'
import { effortAndYield, type ReferralCount, yieldBySource } from '../../server/domain/referral.ts'
import type { SubjectState } from '../../server/domain/subject-state.ts'

const counted = (
  source: string | null,
  state: SubjectState,
  [candidates, screened, registered]: [number, number, number],
): ReferralCount => ({ source, state, candidates, screened, registered })
const brought = (source: string, screened: number, registered: number) =>
  counted(source, 'completed', [0, screened, registered])

describe('what a source brought', () => {
  it('is counted together however wide its letters were typed; the largest first, the unsaid last', () => {
    const yields = yieldBySource([
      counted(null, 'screening', [0, 9, 0]),
      brought('ＳＮＳ ', 1, 1),
      counted('SNS', 'screen_failed', [2, 1, 0]),
      brought('紹介', 5, 1),
      counted('', 'prescreened', [1, 0, 0]),
    ])
    expect(yields.map(({ source, screened }) => [source, screened])).toEqual([
      ['紹介', 5],
      ['SNS', 2],
      [null, 9],
    ])
    expect(yields[1]).toMatchObject({ candidates: 2, registered: 1, failed: 1 })
    expect(yields[2]).toMatchObject({ candidates: 1, screened: 9, waiting: 9 })
  })

  it('adds up: the screened are registered, failed, under way or unaccounted', () => {
    const [one] = yieldBySource([
      brought('紹介', 2, 2),
      counted('紹介', 'screening', [0, 3, 0]),
      counted('紹介', 'provisional', [0, 1, 0]),
      counted('紹介', 'unaccounted', [0, 2, 0]),
      counted('紹介', 'declined', [0, 4, 0]),
      counted('紹介', 'withdrawn', [0, 2, 1]),
    ])
    expect(one).toMatchObject({ screened: 14, registered: 3, failed: 5, waiting: 4, unaccounted: 2 })
  })
})

describe('effort and yield', () => {
  const here = [brought('紹介', 10, 1), brought('皮膚科', 14, 11)]

  it('differ where the worked source is registered from less often: 1 of 10 against 11 of 14', () => {
    const found = effortAndYield(yieldBySource(here), [{ sources: ['紹介 '] }])
    expect(found).toMatchObject({ verdict: 'differ', by: 'measures', sources: ['紹介'] })
    expect(found).toMatchObject({ there: { part: 1, of: 10 }, elsewhere: { part: 11, of: 14 } })
    expect(found?.chance).toBeCloseTo(0.00276, 5)
  })

  it('are alike where it is registered from more often', () => {
    expect(effortAndYield(yieldBySource(here), [{ sources: ['皮膚科'] }])?.verdict).toBe('alike')
  })

  it('where no measure names a source that brought anybody, the most screened is the effort', () => {
    const found = effortAndYield(yieldBySource(here), [{ sources: ['SNS'] }, { sources: [] }])
    expect(found).toMatchObject({ by: 'screenings', sources: ['皮膚科'] })
  })

  it('1 of 3 and 1 of 3: not enough data, as with one source only', () => {
    const few = [brought('a', 3, 1), brought('b', 3, 1)]
    expect(effortAndYield(yieldBySource(few), [{ sources: ['a'] }])?.verdict).toBe('not_enough')
    expect(effortAndYield(yieldBySource([brought('a', 30, 10)]), [])?.verdict).toBe('not_enough')
  })

  it('where nobody named a source, there is nothing to say', () => {
    expect(effortAndYield(yieldBySource([counted(null, 'screening', [0, 3, 0])]), [])).toBeNull()
    expect(effortAndYield([], [])).toBeNull()
  })
})
