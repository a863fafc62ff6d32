/** `toroku report`: the figures of the pages, on the command line. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { databaseAddress } from '../../server/config.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { wordsFor } from '../../server/i18n/words.ts'
import { Client, startApp } from '../support/client.ts'
import { testContext } from '../support/context.ts'
import { copyOf } from '../support/databases.ts'

const words = wordsFor('en')
const folder = mkdtempSync(join(tmpdir(), 'toroku-report-'))
let run: (words: readonly string[]) => Promise<number>
let address = ''
let pages: { client: Client; stop(): Promise<void> }

beforeAll(async () => {
  const { argv } = process
  process.argv = ['node', 'toroku', '--help']
  const quiet = vi.spyOn(console, 'log').mockImplementation(() => {})
  ;({ runCommandLine: run } = await import('../../server/cli.ts'))
  quiet.mockRestore()
  process.argv = argv
  address = await copyOf('demo')
  const db = await openDatabase(databaseAddress(address))
  const { url, stop } = await startApp(testContext(db))
  const client = await new Client(url).signIn('demo-pi', 'en')
  pages = { client, stop: () => stop().then(() => engineOf(db).close()) }
})
afterEach(() => vi.restoreAllMocks())
afterAll(async () => {
  await pages.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function report(...more: string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []]
  vi.spyOn(console, 'log').mockImplementation((...said) => void out.push(said.join(' ')))
  vi.spyOn(console, 'error').mockImplementation((...said) => void err.push(said.join(' ')))
  const code = await run(['report', '--database', address, ...more])
  vi.restoreAllMocks()
  return { code, out: out.join('\n'), err: err.join('\n') }
}

const asOf = ['--as-of', '2026-06-24']

async function main(path: string): Promise<string> {
  const { status, text } = await pages.client.get(path)
  expect(status).toBe(200)
  const [html = ''] = /<main[\s\S]*<\/main>/.exec(text) ?? []
  return html
    .replace(/<script[\s\S]*?<\/script>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
}

describe('as JSON', () => {
  it('says what the dashboard says', async () => {
    const { code, out } = await report('--trial', 'SSC-BMC', '--json', ...asOf)
    expect(code).toBe(0)
    const { dashboard, trial, knownOn } = JSON.parse(out)
    expect([trial, knownOn, dashboard.asOf]).toEqual(['SSC-BMC', null, '2026-06-24'])
    expect(dashboard).toMatchObject({ state: 'below', target: 12, registered: 2, remaining: 10, overdue: 0 })
    expect(dashboard.pace.overall).toMatchObject({ n: 2, perYear: expect.closeTo(0.406, 3), leadsTo: null })
    const page = await main('/trials/SSC-BMC?asOf=2026-06-24')
    const { pace, probability, byDeadline } = dashboard
    const shown = [
      `${words.number(dashboard.elapsedYears, 2)} / ${words.number(dashboard.periodYears, 1).replace(/\.0$/, '')} years`,
      `${dashboard.registered} / ${dashboard.target}`,
      `${words.number(Math.round(dashboard.againstCalendar * 100))}%`,
      `${words.number(pace.overall.perYear, 2)} a year`,
      `${words.number(pace.required.perYear, 2)} a year`,
      `${words.number(dashboard.requiredTimesObserved, 1)} times`,
      words.percent(probability.withDrift),
      words.t('format.range', { low: byDeadline.low80, high: byDeadline.high80 }),
      `${pace.lastScreening.daysSince} days ${pace.lastScreening.on}`,
      `${pace.lastRegistration.daysSince} days ${pace.lastRegistration.on}`,
      words.t('report.completeness', { reported: dashboard.reporting.reported, open: dashboard.reporting.open }),
      ...dashboard.sites.map((site: { report: string; silentMonths: number; code: string }) =>
        site.report === 'silent' ? words.t('report.silent_for', { months: site.silentMonths }) : site.code,
      ),
      `${words.t('flow.screened')} ${dashboard.flow.screened}`,
      `${words.t('flow.unaccounted')} ${dashboard.flow.unaccounted}`,
    ]
    for (const said of shown) expect(page).toContain(said)
  })

  it('says what the feasibility sheet says: the figures that it offers to programs', async () => {
    const { out } = await report('--trial', 'SSC-BMC', '--json', ...asOf)
    const { text } = await pages.client.get('/trials/SSC-BMC/projection.json?asOf=2026-06-24')
    expect(JSON.parse(out).feasibility).toEqual(JSON.parse(text))
  })

  it('of what was known on a day leaves out the sheet, which knows no such day', async () => {
    const { out } = await report('--trial', 'SSC-BMC', '--json', ...asOf, '--known-on', '2024-10-22')
    const { dashboard, feasibility, knownOn } = JSON.parse(out)
    expect([knownOn, feasibility]).toEqual(['2024-10-22', null])
    expect(dashboard.registered).toBe(1)
  })

  it('before the first terms has counts, and no rates', async () => {
    const { code, out } = await report('--trial', 'SSC-BMC', '--json', '--as-of', '2020-01-01')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      dashboard: { state: 'no_terms', pace: null },
      feasibility: { states: ['no_terms'] },
    })
  })
})

it('as text is read line by line', async () => {
  const { out } = await report('--trial', 'SSC-BMC', '--as-of', 'R8.6.24')
  for (const line of [
    'As of 2026-06-24',
    '  registered: 2',
    '  against calendar: -0.831',
    '      per year: 0.4056',
    '    03',
  ]) {
    expect(out.split('\n')).toContain(line)
  }
  expect(out).not.toMatch(/\[object|undefined|NaN/)
})

it.each([
  ['no trial', ['--as-of', '2026-06-24'], /--trial CODE is missing/],
  ['an unknown trial', ['--trial', 'NOBODY'], /no trial NOBODY/],
  ['a day that is none', ['--trial', 'SSC-BMC', '--as-of', '2026-02-30'], /--as-of: /],
  ['a day to come', ['--trial', 'SSC-BMC', '--as-of', '2999-01-01'], /--as-of: .*future/],
  ['a day to be known on that is to come', ['--trial', 'SSC-BMC', '--known-on', '2999-01-01'], /--known-on: .*future/],
  ['an option that does not exist', ['--trial', 'SSC-BMC', '--day', '2026-06-24'], /day/],
])('%s is refused with exit code 2', async (_what, options, reason) => {
  const { code, out, err } = await report(...options)
  expect([code, out]).toEqual([2, ''])
  expect(err).toMatch(reason)
})
