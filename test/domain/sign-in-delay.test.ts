import { describe, expect, it } from 'vitest'
import { delaySeconds, type Failures, isLockToRecord, oneMore, waitSeconds } from '../../server/domain/sign-in-delay.ts'

const noon = '2026-06-24T03:00:00.000Z'
const later = (seconds: number) => new Date(Date.parse(noon) + seconds * 1000).toISOString()

function failed(times: number, of: 'account' | 'address' = 'account'): Failures | null {
  let known: Failures | null = null
  for (let time = 0; time < times; time += 1) known = oneMore(known, noon, of)
  return known
}

describe('the delay after failures', () => {
  it('is none up to four, a second at five, twice as long with each, and never more than 15 minutes', () => {
    expect([0, 1, 4, 5, 6, 7, 8, 14, 15, 16, 1000].map(delaySeconds)).toEqual([0, 0, 0, 1, 2, 4, 8, 512, 900, 900, 900])
  })

  it('counts from the last failure, in whole seconds, and is over when it is', () => {
    const known = failed(8)
    expect([0, 0.5, 1, 7.9, 8, 100].map((seconds) => waitSeconds(known, later(seconds)))).toEqual([8, 8, 7, 1, 0, 0])
    expect(waitSeconds(failed(4), noon)).toBe(0)
    expect(waitSeconds(null, noon)).toBe(0)
  })

  it('forgets a failure an hour of a name, and one a minute of an address; the total forgets none', () => {
    expect(oneMore(failed(5), later(3599), 'account').failures).toBe(6)
    expect(oneMore(failed(5), later(3600), 'account').failures).toBe(5)
    expect(oneMore(failed(5, 'address'), later(180), 'address')).toEqual({
      failures: 3,
      total: 6,
      lastAt: later(180),
    })
    expect(oneMore(failed(5, 'address'), later(86_400), 'address').failures).toBe(1)
  })

  it('is recorded when it begins and when it is at its longest, not at every step', () => {
    const recorded = Array.from({ length: 30 }, (_, index) => index + 1).filter((failures) =>
      isLockToRecord({ failures, total: failures, lastAt: noon }),
    )
    expect(recorded).toEqual([5, 15])
  })
})
