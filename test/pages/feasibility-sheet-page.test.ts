/** The feasibility sheet as a value: the numbers that were worked out apart, and trials unlike others. */
import { describe, expect, it } from 'vitest'
import type { OutlookState, TrialRecord } from '../../server/domain/projection/trial-outlook.ts'
import { languages, type Words, wordsFor } from '../../server/i18n/words.ts'
import { chanceInDecimals, feasibilitySheetPage } from '../../server/pages/feasibility-sheet-page.ts'
import { projectionFigures } from '../../server/pages/projection-figures.ts'
import { day, site, sscBmc } from '../domain/projection/ssc-bmc-record.ts'
import { feasibilityInput } from './feasibility-input.ts'

const ja = wordsFor('ja')
const sheetOf = (record: TrialRecord, words: Words) => feasibilitySheetPage(feasibilityInput(record, words), words)
const figuresOf = (record: TrialRecord) => projectionFigures(feasibilityInput(record, ja))

describe('what one page holds', () => {
  const many = (length: number): TrialRecord => ({
    ...sscBmc,
    claims: Array.from({ length }, () => ({
      claim: { kind: 'siteMinimum', sites: 3, minimumPerSite: 1 },
      siteIds: ['03', '04', '05'],
    })),
  })

  it('three claims about sites and what the record says to them and to the whole: 7 rows, one page', () => {
    const sheet = sheetOf(many(3), ja)
    expect([sheet.groups.length, sheet.claims?.rows.length, sheet.further]).toEqual([4, 3, null])
    expect(sheet.colophon.at(-1)).toBe('1／1')
  })

  it('of twelve, ten with their sum term by term stand on a second page, and the first says so', () => {
    const sheet = sheetOf(many(12), ja)
    expect([sheet.groups.length, sheet.claims?.rows.length]).toEqual([2, 2])
    expect([sheet.further?.groups.length, sheet.further?.claims?.rows.length]).toEqual([11, 10])
    expect(sheet.furtherClaims).toBe('ほかの前提10件、記録との照合11件、条件の比較は、2枚目にあります。')
    expect([sheet.colophon.at(-1), sheet.further?.page]).toEqual(['1／2', '2／2'])
    expect(sheet.claims?.sum).toMatchObject({ formula: '前提12件の合計', total: '36' })
    expect(sheet.further?.claims?.sum.formula.split('3')).toHaveLength(13)
  })
})

describe('the extension request on its day', () => {
  const sheet = sheetOf(sscBmc, ja)

  it('observed 0.406 a year (0.049 to 1.465) where 2.00 were claimed, with p = 0.0031: contradicted', () => {
    const rows = sheet.groups.map(({ claimed, observed, interval, count, ratio, p, verdict }) =>
      [claimed, observed, interval, count, ratio, p, verdict?.text].join(' '),
    )
    expect(rows).toEqual([
      '3.00 0.406 0.049〜1.465 2／4.93年 7.4倍 ＜0.0001 矛盾',
      '2.00 0.406 0.049〜1.465 2／4.93年 4.9倍 0.0031 矛盾',
      '1.00 — 0〜0.748 0／4.93年 — 0.0072 矛盾',
    ])
  })

  it('0.676, 0.413 and 0.478 as claimed, 0.0010 as observed and 0.0033 with drift, 0.080 with the whole plan', () => {
    const rows = sheet.answers?.rows.flatMap(({ assumptions }) => assumptions) ?? []
    expect(rows.map(({ held }) => held)).toEqual(['0.676', '0.413', '0.478', '0.0010', '0.0013', '0.0015', '0.080'])
    expect([rows[3]?.drift, rows[3]?.moreDrift]).toEqual(['0.0033', '0.0058'])
    expect(sheet.whyMore).toContain('2例')
  })

  it('needs 8.0 times the observed rate on average, and more to be sure', () => {
    expect(sheet.required.map(({ rate, multiple }) => `${rate} ${multiple}`)).toEqual([
      '3.26 8.0倍',
      '3.15 7.8倍',
      '4.08 10.1倍',
      '4.63 11.4倍',
    ])
  })

  it('says the one proportion with n of N and its Wilson interval: 0 of 2', () => {
    expect(sheet.assumptions.at(-1)?.source).toBe('直近1年の登録 0／2（Wilson 95% 0.0〜65.8%）')
  })

  it('shows the same as figures, in full', () => {
    const { observed, required, probability, claims, screeningOfLastYear } = figuresOf(sscBmc)
    expect(observed.perYear).toBeCloseTo(0.406, 3)
    expect(required?.[0]?.timesObserved).toBeCloseTo(8.0, 1)
    expect(probability?.claimed?.screeningCertain.rateHeld).toBeCloseTo(0.676, 3)
    expect(probability?.claimed?.screeningInside.rateHeld).toBeCloseTo(0.413, 3)
    expect(probability?.claimed?.screeningBetaBinomial.rateHeld).toBeCloseTo(0.478, 3)
    expect(probability?.observed?.rateHeld).toBeCloseTo(0.001, 4)
    expect(probability?.observed?.withDrift).toBeCloseTo(0.0033, 4)
    expect(probability?.blended?.wholePlan.rateHeld).toBeCloseTo(0.08, 3)
    expect(claims?.againstRecord.map(({ probability: p }) => p?.toFixed(4))).toEqual(['0.0000', '0.0031', '0.0072'])
    expect(screeningOfLastYear).toMatchObject({ registered: 0, left: 2, share: 0, lower95: 0 })
  })
})

describe('a chance in decimals', () => {
  it.each([
    [0.6764, '0.676'],
    [0.0799, '0.080'],
    [0.00331, '0.0033'],
    [0.00004, '＜0.0001'],
    [0.99996, '＞0.999'],
    [1, '1'],
    [0, '0'],
  ])('%s is %s', (chance, said) => expect(chanceInDecimals(chance, ja)).toBe(said))
})

describe.each(languages)('in %s', (language) => {
  const words = wordsFor(language)
  const odd: [string, Partial<TrialRecord>, OutlookState | null][] = [
    ['two subjects in all, both registered', { target: 2, claims: [] }, 'reached'],
    ['two subjects in all, one registered', { target: 2, sites: [site('01', 1)] }, 'one_site'],
    ['two on the first day', { sites: [site('01', 2, '2026-06-23'), site('02', 0, '2026-06-23')] }, 'short_exposure'],
    ['nobody yet', { sites: [site('01', 0), site('02', 0)] }, 'no_subject'],
    ['no site', { sites: [] }, 'no_site'],
    ['sites not open yet', { sites: [site('01', 0, '2027-01-01'), site('02', 0, '2027-01-01')] }, 'no_exposure'],
    ['sites all closed', { sites: [site('01', 3, '2021-07-19', '2025-01-01')] }, 'none_open'],
    ['sites that all close', { sites: [site('01', 3, '2021-07-19', '2027-01-01')] }, 'closing'],
    ['no target', { target: null }, 'no_target'],
    ['a deadline that has passed', { deadline: day('2026-01-01') }, 'over'],
    ['no plan and no claims', { plan: null, claims: [] }, null],
    ['thousands', { target: 9000, sites: [site('01', 2000), site('02', 3000)], claims: [] }, null],
  ]

  it.each(odd)('%s: is said in its own words, and no number is none', (_, change, state) => {
    const record = { ...sscBmc, ...change }
    const sheet = sheetOf(record, words)
    const figures = figuresOf(record)
    if (state !== null) {
      const years = words.number(figures.siteYears, 2)
      expect(sheet.states).toContain(words.of('outlook_state', state, { years }))
      expect(figures.states).toContain(state)
    }
    const none = /NaN|Infinity|∞|undefined|\[object|\b730(?:\.\d+)?(?:例／年| a year|\b)/
    expect(none.exec(JSON.stringify(sheet))?.[0] ?? null).toBeNull()
    const isSayable = (value: unknown): boolean =>
      typeof value === 'number'
        ? Number.isFinite(value)
        : typeof value !== 'object' || value === null || Object.values(value).every(isSayable)
    expect(isSayable(figures)).toBe(true)
  })
})

describe('what cannot be said', () => {
  it('after a day with two subjects there is no point rate anywhere, only the interval with n', () => {
    const record = { ...sscBmc, sites: [site('01', 2, '2026-06-23'), site('02', 0, '2026-06-23')] }
    const sheet = sheetOf(record, ja)
    expect(sheet.groups.map(({ observed, ratio }) => observed + ratio)).toEqual(['——', '——', '——'])
    expect(sheet.formulas.map(({ name }) => name)).not.toContain(ja.t('formula.limits_name'))
    expect(figuresOf(record).observed.perYear).toBeNull()
  })

  it('a target that is reached has no chance, no required rate and no day', () => {
    const sheet = sheetOf({ ...sscBmc, target: 2 }, ja)
    expect([sheet.answers, sheet.required, sheet.completion, sheet.oneMore]).toEqual([null, [], [], null])
    expect(sheet.headline).toContain('達しています')
  })

  it('of many sites the sheet keeps those outside their limits, and counts the rest', () => {
    const sites = Array.from({ length: 30 }, (_, place) =>
      site(String(place + 1).padStart(2, '0'), place === 29 ? 40 : 1),
    )
    const sheet = sheetOf({ ...sscBmc, target: 200, sites, claims: [] }, ja)
    expect(sheet.sites).toHaveLength(8)
    expect(sheet.sites.at(-1)?.name).toContain('30')
    expect(sheet.moreSites).toBe('ほか22施設（95%限界の外 0）')
  })
})
