import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { SignedContent } from '../../server/domain/review.ts'
import { wordsFor } from '../../server/i18n/words.ts'
import { reviewReport } from '../../server/pages/review-report.ts'

/** A review signed when format 1 was new, byte by byte: what later versions of the product must still be able to read. */
const signed = readFileSync(new URL('./signed-review-format-1.txt', import.meta.url), 'utf8')
const digest = 'c8e870644076cde1f1db79d3d4532af122f4839d9eeb40aebdfb69e49c691183'

describe('a review that was signed in format 1', () => {
  const content: SignedContent = JSON.parse(signed)
  const report = (language: 'ja' | 'en') =>
    reviewReport({ ...content, hash: digest, leastShown: null }, wordsFor(language))

  it('is the very text whose digest was signed', () => {
    expect(createHash('sha256').update(signed).digest('hex')).toBe(digest)
    expect(content.figures.format).toBe(1)
  })

  it.each(['ja', 'en'] as const)('reads as it did, with every figure that its sheet has (%s)', (language) => {
    const { kicker, stats, sites, comments, signature, colophon, ...rest } = report(language)
    expect(kicker.text).toBe(language === 'ja' ? '見込みを下回る' : 'Below projection')
    expect(stats.map(({ value }) => value)).toEqual(['10.01', '0.50', '0.50', language === 'ja' ? '2〜4' : '2–4'])
    expect(sites.map(({ registered, exposure }) => [registered, exposure])).toEqual([
      ['1', '4.00'],
      ['1', '4.00'],
      ['0', '4.00'],
      ['0', '4.00'],
      ['0', '4.00'],
    ])
    expect(comments).toHaveLength(1)
    expect(signature.name).toBe(language === 'ja' ? '佐藤 由美' : 'Yumi Sato')
    expect(colophon.join()).toContain('c8e8 7064 4076 cde1')
    expect(JSON.stringify(rest)).not.toMatch(/undefined|NaN|\[object|Infinity/)
  })
})
