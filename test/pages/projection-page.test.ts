/** The projection page of trials unlike others, as a value: each says what it is, and nothing that cannot be said. */
import { describe, expect, it } from 'vitest'
import { type OutlookState, type TrialRecord, trialOutlook } from '../../server/domain/projection/trial-outlook.ts'
import { languages, type Words, wordsFor } from '../../server/i18n/words.ts'
import { yearsToTargetInWords } from '../../server/pages/figures.ts'
import { type ProjectionPage, projectionPage } from '../../server/pages/projection-page.ts'
import { day, site, sscBmc } from '../domain/projection/ssc-bmc-record.ts'
import { feasibilityInput } from './feasibility-input.ts'

const ja = wordsFor('ja')
const en = wordsFor('en')

function pageOf(record: TrialRecord, words: Words): ProjectionPage {
  return projectionPage({ ...feasibilityInput(record, words), isEdited: false }, words)
}

describe.each(languages)('in %s', (language) => {
  const words = wordsFor(language)
  const odd: [string, Partial<TrialRecord>, OutlookState | null][] = [
    ['two subjects in all, both registered', { target: 2, claims: [] }, 'reached'],
    ['two subjects in all, one registered', { target: 2, sites: [site('01', 1)] }, 'one_site'],
    [
      'two subjects on the first day',
      { sites: [site('01', 2, '2026-06-23'), site('02', 0, '2026-06-23')] },
      'short_exposure',
    ],
    ['nobody yet', { sites: [site('01', 0), site('02', 0)] }, 'no_subject'],
    ['no site', { sites: [] }, 'no_site'],
    [
      'sites that have not opened',
      { sites: [site('01', 0, '2027-01-01'), site('02', 0, '2027-01-01')] },
      'no_exposure',
    ],
    ['sites that are all closed', { sites: [site('01', 3, '2021-07-19', '2025-01-01')] }, 'none_open'],
    ['sites that all close', { sites: [site('01', 3, '2021-07-19', '2027-01-01')] }, 'closing'],
    ['a target of none', { target: 0 }, 'no_target'],
    ['no target', { target: null }, 'no_target'],
    ['a deadline that has passed', { deadline: day('2026-01-01') }, 'over'],
    ['a deadline today', { deadline: day('2026-06-24') }, null],
    ['no plan and no claims', { plan: null, claims: [] }, null],
    [
      'thousands registered, thousands to come',
      { target: 9000, sites: [site('01', 2000), site('02', 3000)], claims: [] },
      null,
    ],
  ]

  it.each(odd)('%s: is said in its own words, and no number is none', (_, change, state) => {
    const page = pageOf({ ...sscBmc, ...change }, words)
    if (state !== null) {
      const years = words.number(trialOutlook({ ...sscBmc, ...change }).siteYears, 2)
      expect(page.states).toContain(words.of('outlook_state', state, { years }))
    }
    const said = JSON.stringify(page)
    const none = /NaN|Infinity|∞|undefined|\[object|null 例|\b730(?:\.\d+)?(?:例／年| a year)/
    expect(none.exec(said)?.[0] ?? null).toBeNull()
    expect(/"(?:projection|answer|text|outlook_state|what_if)\.\w+"/.exec(said)?.[0] ?? null).toBeNull()
  })
})

describe('claims that stand beside their record one by one and not together', () => {
  it('are contradicted by the record', () => {
    const one = { claim: { kind: 'siteRate', sites: 1, ratePerSiteYear: 0.5, years: 3 } as const }
    const claims = ['01', '02', '03', '04', '05'].map((id) => ({ ...one, siteIds: [id] }))
    const page = pageOf({ ...sscBmc, claims }, en)
    expect(page.claims?.rows.map(({ verdict }) => verdict)).not.toContain('contradicted')
    expect(page.checks[0]?.verdict.text).toBe(en.of('check_verdict', 'contradicted'))
    expect(page.verdict.kicker.text).toBe(en.t('projection.contradicted'))
  })
})

describe('what is not known is not said', () => {
  it('after a day with two subjects no rate is printed, only its interval with n', () => {
    const page = pageOf({ ...sscBmc, sites: [site('01', 2, '2026-06-23'), site('02', 0, '2026-06-23')] }, ja)
    expect(page.required?.note).toContain('点推定は示さない')
    expect(page.required?.note).toContain('n＝2')
    expect(page.required?.rows.map(({ multiple }) => multiple)).toEqual(['—', '—', '—', '—'])
    expect(page.sites.map(({ rate }) => rate)).toEqual(['—', '—'])
    expect(page.whatIf?.texts[0]?.text).toContain('点推定は示さない')
  })

  it('dates beyond 20 years are “not within 20 years”, and those after all sites closed never come', () => {
    const far = pageOf(sscBmc, ja).completion.map(({ at }) => at)
    expect(far).toEqual(['2034-09-21', '20年以内には届かない', '20年以内には届かない'])
    const closing = pageOf({ ...sscBmc, sites: [site('01', 3, '2021-07-19', '2027-01-01')] }, ja)
    expect(closing.completion.at(-1)?.at).toBe(ja.of('completion', 'never'))
  })

  it('years beyond 20 are told in the same words as days beyond 20 years, in every language', () => {
    expect(yearsToTargetInWords(20, ja)).toContain('20.0年')
    expect(yearsToTargetInWords(26.7, ja)).toBe(ja.of('completion', 'beyond'))
    expect(yearsToTargetInWords(500, en).toLowerCase()).toBe(en.of('completion', 'beyond').toLowerCase())
    expect(yearsToTargetInWords(null, en)).toContain('—')
  })

  it('under 0.1 % is “under”, and 100 % stands only where nothing is needed', () => {
    const hard = pageOf({ ...sscBmc, target: 60 }, ja)
    expect(hard.answers?.rows.at(-2)?.assumptions[0]?.held).toBe('0.1％未満')
    const easy = pageOf({ ...sscBmc, sites: [site('01', 5000), site('02', 2)], target: 5003, claims: [] }, ja)
    expect(easy.answers?.rows[0]?.assumptions[0]?.held).toBe('99％超')
    expect(pageOf({ ...sscBmc, target: 2 }, ja).answers).toBeNull()
  })

  it('six subjects need no larger drift beside the usual one; five do, and it is said why', () => {
    const six = pageOf({ ...sscBmc, sites: [site('01', 6), site('02', 0)] }, ja)
    expect([six.answers?.moreDrift, six.answers?.fewNote]).toEqual([null, null])
    const five = pageOf({ ...sscBmc, sites: [site('01', 5), site('02', 0)] }, ja)
    expect(five.answers?.moreDrift).toBe('変動 0.6')
    expect(five.answers?.fewNote).toContain('5例')
  })
})
