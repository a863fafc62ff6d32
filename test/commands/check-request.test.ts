import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import extension from '../../seeds/requests/ssc-bmc.json' with { type: 'json' }
import { checkRequestCommand } from '../../server/commands/check-request.ts'
import { BadInput } from '../../server/commands/command.ts'

afterEach(() => void vi.restoreAllMocks())

async function check(content: unknown, values: Record<string, string | boolean> = {}) {
  const file = join(tmpdir(), `request-${process.pid}.json`)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  const out: string[] = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void out.push(line))
  try {
    const code = await checkRequestCommand.run({ values, positionals: [file] })
    return { code, out: out.join('\n'), problems: '' }
  } catch (error) {
    if (!(error instanceof BadInput)) throw error
    return { code: 2, out: out.join('\n'), problems: error.message }
  }
}

it('finds the slips of the extension request, in the language that is asked for', async () => {
  const english = await check(extension, { json: true })
  expect(english.code).toBe(1)
  const findings: { check: string; severity: string; place: string; message: string; values: object }[] = JSON.parse(
    english.out,
  )
  expect(findings.map((finding) => finding.check)).toEqual([
    'rate_and_minimum',
    'pipeline_within_rate',
    'claim_against_record',
    'unaccounted_screenings',
    'dates_of_one_decision',
    'date_to_come',
    'after_the_period',
  ])
  expect(findings[0]).toEqual({
    check: 'rate_and_minimum',
    severity: 'error',
    place: '$.claims[4]',
    message: 'For sites 03, 04, 05 the rate gives 9, the minimum 3.',
    values: { sites: '03, 04, 05', count: 3, byRate: 9, byMinimum: 3 },
  })
  const japanese = await check(extension, { language: 'ja' })
  expect(japanese.out).toContain('p＝0.0031')
  expect(japanese.out.split('\n')).toHaveLength(7)
})

it('is silent about a request that holds together', async () => {
  const [registered] = extension.claims
  const { decisions: _, conditions: __, told: ___, ...rest } = extension
  const sound = { ...rest, claims: [registered], statedTotal: 2, screenings: null }
  expect(await check(sound)).toEqual({ code: 0, out: '', problems: '' })
  expect((await check(sound, { json: true })).out).toBe('[]')
})

it.each([
  ['nothing', '', 'JSON'],
  ['no request', [], '$: '],
  ['a date that is not there', { ...extension, asOf: '2026-02-30' }, '$.asOf: '],
  ['a negative number', { ...extension, statedTotal: -1 }, '$.statedTotal: '],
  ['an unknown key', { ...extension, total: 13 }, '$: '],
  ['an unknown claim', { ...extension, claims: [{ kind: 'hope' }] }, '$.claims[0].kind: '],
  [
    'a claim with an unknown key',
    { ...extension, claims: [{ kind: 'registered', number: 1, sites_: [] }] },
    '$.claims[0]: ',
  ],
  ['a site twice', { ...extension, sites: [extension.sites[0], extension.sites[0]] }, '$.sites: '],
])('refuses %s, with its place', async (_, content, place) => {
  const { code, out, problems } = await check(content)
  expect(code).toBe(2)
  expect(out).toBe('')
  expect(problems).toContain(place)
})
