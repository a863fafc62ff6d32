/** A request's claims, row by row: the formula as stated, what it expects in cells, and what the record says to it. */
import { type ClaimRecord, claimAgainstRecord, type RecordVerdict } from '../domain/projection/claim-check.ts'
import { type Claim, sitePerYearProjection } from '../domain/projection/site-per-year.ts'
import type { Words } from '../i18n/words.ts'
import { type CellKind, type CellRow, cellsOf, smallCells } from './cells.ts'
import { type Look, type Mark, mark } from './page.ts'
import { amountInWords } from './projection-words.ts'

export type ClaimRow = {
  name: string
  formula: string
  expected: string
  cells: CellRow | null
  record: Mark
  source: string
  verdict: RecordVerdict
}

/** A claim with its name and where it is stated. */
export type NamedClaim = { claim: Claim; name: string; source: string }

/** In the order of the claims, each beside what its sites did; `yearsAsked` is the length of the period asked for. */
export function claimRows(
  claims: readonly NamedClaim[],
  records: readonly (ClaimRecord | null)[],
  yearsAsked: number,
  words: Words,
): ClaimRow[] {
  return claims.map(({ claim, name, source }, index) => {
    const found = records[index] ?? null
    const record = found ?? { registered: 0, exposureYears: 0 }
    const verdict = claimAgainstRecord(claim, found, yearsAsked)
    const expected = sitePerYearProjection([claim], 0).total
    const cells = cellsOf([expected, cellKindOf(claim)])
    return {
      name,
      formula: formulaOf(claim, words),
      expected: subjectsInWords(expected, words),
      cells: cells.length === 0 ? null : smallCells(cells),
      record: recordMark(verdict, record, words),
      source,
      verdict,
    }
  })
}

/** A number of subjects without needless decimals: 13, 4.5. */
export function subjectsInWords(number: number, words: Words): string {
  return words.number(number, Number.isInteger(number) ? 0 : 1)
}

/** Solid: it happened. Half: under way. Dashed: somebody says so. */
export function cellKindOf(claim: Claim): CellKind {
  if (claim.kind === 'registered') return 'real'
  return claim.kind === 'pipeline' ? 'half' : 'said'
}

/** The claim's formula in words, as the request states it: 2 sites × 1 a year × 3 years. */
function formulaOf(claim: Claim, words: Words): string {
  switch (claim.kind) {
    case 'registered':
      return words.t('claim.registered', { count: claim.number })
    case 'pipeline':
      return words.t('claim.pipeline', { count: claim.number, conversion: words.percent(claim.conversion) })
    case 'siteRate':
      return words.t('claim.siteRate', {
        sites: claim.sites,
        rate: amountInWords(claim.ratePerSiteYear, words),
        years: amountInWords(claim.years, words),
      })
    case 'siteMinimum':
      return words.t('claim.siteMinimum', { sites: claim.sites, minimum: amountInWords(claim.minimumPerSite, words) })
  }
}

function recordMark(verdict: RecordVerdict, { registered, exposureYears }: ClaimRecord, words: Words): Mark {
  const values = { count: registered, years: words.number(exposureYears, 2) }
  return claimMark(verdict, words.of('record', verdict, values))
}

/** Solid where the record bears a claim out, a cross where it does not. */
const verdictLooks: Record<RecordVerdict, Look> = {
  agrees: ['full', 'is-real'],
  consistent: ['full', 'is-real'],
  open: ['half', 'is-wait'],
  optimistic: ['half', 'is-wait'],
  contradicted: ['cross', 'is-act'],
  differs: ['cross', 'is-act'],
  unsupported: ['silent', 'is-act'],
  unnamed: ['silent', 'is-act'],
}

/** A claim's verdict beside its words. */
export function claimMark(verdict: RecordVerdict, text: string): Mark {
  return mark(...verdictLooks[verdict], text)
}
