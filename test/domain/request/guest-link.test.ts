import { describe, expect, it } from 'vitest'
import { calendarDate } from '../../../server/domain/calendar-date.ts'
import {
  type GuestLink,
  guestLinkProblems,
  guestLinkState,
  mostGuestLinks,
} from '../../../server/domain/request/guest-link.ts'
import { requestStates } from '../../../server/domain/request/life-cycle.ts'

const today = calendarDate('2026-06-24')
const link = (validUntil: string, revokedAt: string | null = null): GuestLink => ({
  id: validUntil,
  label: 'committee',
  validUntil: calendarDate(validUntil),
  name: { ja: '', en: '' },
  createdAt: '',
  contentHash: '',
  revokedAt,
  views: 0,
  viewedAt: null,
})

describe('a guest’s link', () => {
  it('opens up to and including its last day', () => {
    expect(guestLinkState(link('2026-06-24'), today)).toBe('valid')
    expect(guestLinkState(link('2026-06-23'), today)).toBe('expired')
  })

  it('that was revoked stays so, before its last day and after', () => {
    for (const until of ['2026-06-30', '2026-06-01']) {
      expect(guestLinkState(link(until, '2026-06-20T00:00:00.000Z'), today)).toBe('revoked')
    }
  })

  it('is made from today to 90 days from now', () => {
    const problems = (until: string) => guestLinkProblems('submitted', [], calendarDate(until), today).length
    expect(['2026-06-23', '2026-06-24', '2026-09-22', '2026-09-23'].map(problems)).toEqual([1, 0, 0, 1])
  })

  it('is made of what stands before others: of no draft, and of nothing that was withdrawn', () => {
    const allowed = requestStates.filter((state) => guestLinkProblems(state, [], today, today).length === 0)
    expect(allowed).toEqual(['submitted', 'inquiry', 'approved', 'approved_with_conditions', 'refused'])
  })

  it('is made while fewer than twenty open; those that are over do not count', () => {
    const open = Array.from({ length: mostGuestLinks }, () => link('2026-06-30'))
    expect(guestLinkProblems('submitted', open, today, today)).toEqual([
      { field: '', code: 'guest_links_too_many', values: { most: 20 } },
    ])
    expect(guestLinkProblems('submitted', [...open.slice(1), link('2026-06-01')], today, today)).toEqual([])
  })
})
