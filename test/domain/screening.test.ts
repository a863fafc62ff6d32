import { describe, expect, it } from 'vitest'
import { type ScreeningDraft, screeningProblems } from '../../server/domain/screening.ts'
import { day, site } from './protocols.ts'

const today = day('2026-06-24')
const versions = [1, 2].map((number) => ({
  id: `version-${number}`,
  label: { ja: `第${number}版`, en: `Version ${number}` },
  approvedOn: null,
  basis: 'recorded' as const,
}))

function draft(differences: Partial<ScreeningDraft> = {}): ScreeningDraft {
  return {
    trialId: 'trial',
    siteId: '01',
    number: null,
    consentedOn: today,
    consentVersionId: 'version-2',
    referralSource: null,
    basis: 'recorded',
    ...differences,
  }
}

const open = site('01', ['open', '2021-07-19'], ['on_hold', '2025-01-01'], ['open', '2025-03-01'])
const problemsOn = (consentedOn: string, where = open) =>
  screeningProblems(where, draft({ consentedOn: day(consentedOn) }), versions, today)

describe('a screening', () => {
  it('may be recorded on the day of consent at an open site, under any version of the consent document', () => {
    expect(screeningProblems(open, draft(), versions, today)).toEqual([])
    expect(screeningProblems(open, draft({ consentVersionId: 'version-1' }), versions, today)).toEqual([])
  })

  it('may be recorded later than it happened, back to the day the site opened', () => {
    expect(problemsOn('2021-07-19')).toEqual([])
  })

  it('may not lie before the site opened: the refusal names that day', () => {
    expect(problemsOn('2021-07-18')).toEqual([
      { field: 'consentedOn', code: 'before_site_opened', values: { opens: '2021-07-19' } },
    ])
  })

  it('may not lie in the future, by the trial’s own calendar', () => {
    expect(problemsOn('2026-06-25')).toEqual([
      { field: 'consentedOn', code: 'date_in_future', values: { today: '2026-06-24' } },
    ])
  })

  it('may not be at a site of which no opening is known', () => {
    expect(problemsOn('2026-06-24', site('02', ['pending', '2026-01-01']))).toEqual([
      { field: 'consentedOn', code: 'site_not_yet_open' },
    ])
    expect(problemsOn('2026-06-24', site('03'))).toEqual([{ field: 'consentedOn', code: 'site_not_yet_open' }])
  })

  it('may not fall into a hold, from its first day to its last', () => {
    const onHold = [{ field: 'consentedOn', code: 'site_on_hold', values: { since: '2025-01-01' } }]
    expect(problemsOn('2024-12-31')).toEqual([])
    expect(problemsOn('2025-01-01')).toEqual(onHold)
    expect(problemsOn('2025-02-28')).toEqual(onHold)
    expect(problemsOn('2025-03-01')).toEqual([])
  })

  it('while a site waits to open again, hears of the day on which it will, not of the first time', () => {
    const waiting = site('05', ['open', '2021-07-19'], ['pending', '2025-01-01'], ['open', '2025-03-01'])
    expect(problemsOn('2025-02-01', waiting)).toEqual([
      { field: 'consentedOn', code: 'before_site_opened', values: { opens: '2025-03-01' } },
    ])
  })

  it('may not be at a site from the day it is closed', () => {
    const closed = site('04', ['open', '2021-07-19'], ['closed', '2026-06-24'])
    expect(problemsOn('2026-06-23', closed)).toEqual([])
    expect(problemsOn('2026-06-24', closed)).toEqual([
      { field: 'consentedOn', code: 'site_closed', values: { since: '2026-06-24' } },
    ])
  })

  it('needs a version of this trial’s consent document', () => {
    expect(screeningProblems(open, draft({ consentVersionId: 'version-3' }), versions, today)).toEqual([
      { field: 'consentVersionId', code: 'consent_version_unknown' },
    ])
    expect(screeningProblems(open, draft(), [], today)).toEqual([
      { field: 'consentVersionId', code: 'consent_version_unknown' },
    ])
  })

  it('hears everything that is wrong at once', () => {
    const wrong = draft({ consentedOn: day('2026-06-25'), consentVersionId: '' })
    expect(screeningProblems(open, wrong, versions, today).map(({ code }) => code)).toEqual([
      'date_in_future',
      'consent_version_unknown',
    ])
  })
})
