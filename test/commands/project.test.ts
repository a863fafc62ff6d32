/** `toroku project` through the command line: the reference scenarios within their tolerances, and what is refused. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { projectFolder } from '../../server/project-folder.ts'

type Reference = { scenario: { id: string; big?: boolean }; expected: Record<string, unknown> }

const { scenarios } = JSON.parse(readFileSync(join(projectFolder, 'test/reference/reference.json'), 'utf8')) as {
  scenarios: Reference[]
}

let runCommandLine: (words: readonly string[]) => Promise<number>
const folder = mkdtempSync(join(tmpdir(), 'toroku-project-'))

beforeAll(async () => {
  // The file runs what stands on the command line when it is loaded: here that is a question for help.
  const { argv } = process
  process.argv = ['node', 'toroku', '--help']
  const quiet = vi.spyOn(console, 'log').mockImplementation(() => {})
  ;({ runCommandLine } = await import('../../server/cli.ts'))
  quiet.mockRestore()
  process.argv = argv
})
afterEach(() => vi.restoreAllMocks())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs `toroku project` within this process: what it printed, and its exit code. */
async function project(file: string, input = ''): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = []
  const err: string[] = []
  vi.spyOn(console, 'log').mockImplementation((...said) => void out.push(said.join(' ')))
  vi.spyOn(console, 'error').mockImplementation((...said) => void err.push(said.join(' ')))
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from([input]) as unknown as typeof process.stdin)
  try {
    return { code: await runCommandLine(['project', file]), out: out.join('\n'), err: err.join('\n') }
  } finally {
    vi.restoreAllMocks()
  }
}

function fileOf(content: string): string {
  const path = join(folder, `${randomUUID()}.json`)
  writeFileSync(path, content)
  return path
}

const relative = (size: number) => (actual: number, expected: number) =>
  Math.abs(actual - expected) <= size * Math.abs(expected)
const absolute = (size: number) => (actual: number, expected: number) => Math.abs(actual - expected) <= size

/** How near a figure has to be, by its path; the first row that fits decides. They are the reference's own. */
function tolerances(isBig: boolean): [RegExp, (actual: number, expected: number) => boolean][] {
  return [
    // A slope that is 0 but for rounding, and how many points a grid had.
    [/^ml\.gradient/, absolute(1e-9)],
    [/gridPointsKept$/, () => true],
    [/^ml\.(logLik|logLikPoisson)$/, absolute(1e-7)],
    [/^(ml|sitePosterior)\./, relative(1e-5)],
    [/^poissonGamma\.completion\.days/, absolute(0.05)],
    [/^poissonGamma\.rateMultiplierFor/, relative(1e-4)],
    [/^poissonGamma\.(pmf|pTarget|massCovered|completion\.pEver)/, absolute(1e-7)],
    [/^poissonGamma\.(mean|sd)$/, relative(1e-5)],
    [/poissonGammaPTarget$/, absolute(5e-4)],
    [/^hierarchical\.(mean|sd|meanRate\.mean)$/, relative(0.01)],
    [/^hierarchical\.completionDays/, relative(0.01)],
    [/^hierarchical\.(pTarget|pmf|massCovered)/, isBig ? absolute(0.01) : absolute(2e-3)],
    [/^hierarchical\.prior/, relative(1e-9)],
    [/completion\.days/, absolute(0.01)],
    [/./, (actual, expected) => relative(1e-9)(actual, expected) || absolute(1e-15)(actual, expected)],
  ]
}

/** Every leaf of a tree with its path: `ml.alpha`. */
function leavesOf(value: unknown, path = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]]
  return Object.entries(value).flatMap(([key, each]) => leavesOf(each, path === '' ? key : `${path}.${key}`))
}

describe.each(scenarios)('scenario $scenario.id', ({ scenario, expected }) => {
  it('has every figure of the reference, within its tolerance', async () => {
    const started = performance.now()
    const { code, out, err } = await project(fileOf(JSON.stringify(scenario)))
    expect([code, err]).toEqual([0, ''])
    expect(performance.now() - started).toBeLessThan(10_000)
    const found = new Map(leavesOf(JSON.parse(out)))
    const rules = tolerances(scenario.big === true)
    const wrong = leavesOf(expected).filter(([path, value]) => {
      const actual = found.get(path)
      if (typeof value !== 'number') return actual !== value
      const isNear = rules.find(([which]) => which.test(path))?.[1]
      return typeof actual !== 'number' || isNear?.(actual, value) !== true
    })
    expect(wrong.map(([path, value]) => ({ path, value, actual: found.get(path) }))).toEqual([])
  })

  it('leaves out what does not exist for it', async () => {
    const { out } = await project('-', JSON.stringify(scenario))
    const found = JSON.parse(out) as Record<string, unknown>
    const parts = ['pooledJeffreys', 'pooledPlan', 'drift', 'sitePosterior', 'poissonGamma', 'hierarchical']
    expect(parts.filter((part) => part in found)).toEqual(parts.filter((part) => part in expected))
  })
})

describe('toroku project', () => {
  const scenario = scenarios[0]?.scenario as unknown as Record<string, unknown> & { sites: Record<string, unknown>[] }

  it('says first what a person asks for', async () => {
    const { headline } = JSON.parse((await project(fileOf(JSON.stringify(scenario)))).out)
    expect(headline).toMatchObject({ state: 'open', target: 12, enrolled: 2, needed: 10, answer: 'hierarchical' })
    expect(headline.pTarget.ifRatesHold).toBeCloseTo(0.00127, 4)
    expect(headline.pTarget.withDrift).toBeGreaterThan(headline.pTarget.ifRatesHold)
  })

  it('reads a file with a byte order mark, and standard input', async () => {
    const text = JSON.stringify(scenario)
    const fromFile = await project(fileOf(`\uFEFF${text}`))
    expect(fromFile).toEqual(await project('-', text))
    expect(fromFile.code).toBe(0)
  })

  const without = (key: string) => Object.fromEntries(Object.entries(scenario).filter(([each]) => each !== key))
  const withSite = (changes: object) => ({ ...scenario, sites: [{ ...scenario.sites[0], ...changes }] })

  it.each([
    ['a missing plan', without('plan'), ['$.plan: ']],
    ['a missing target', without('target'), ['$.target: ']],
    ['a negative count', withSite({ n: -1 }), ['$.sites[0].n: ']],
    ['a count as text', withSite({ n: '1' }), ['$.sites[0].n: ']],
    ['a close before the opening', withSite({ close: '2020-01-01' }), ['$.sites[0].close: ']],
    ['a date that is none', withSite({ open: '2021-02-29' }), ['$.sites[0].open: ']],
    ['an as-of date after the deadline', { ...scenario, asOf: '2030-01-01' }, ['$.asOf: ']],
    ['an unknown key', { ...scenario, sponsor: 'me' }, ['$.sponsor: ']],
    ['a cap below what is registered', withSite({ cap: 0 }), ['$.sites[0].cap: ']],
    [
      'an opening beside dates',
      withSite({ n: 0, opening: {} }),
      [
        '$.sites[0].open: ',
        '$.sites[0].opening.delayShape: ',
        '$.sites[0].opening.delayMeanDays: ',
        '$.sites[0].opening.chanceOpens: ',
      ],
    ],
    [
      'several problems at once',
      { ...withSite({ n: -1, rate: 3 }), deadline: 'soon', target: 1.5 },
      ['$.deadline: ', '$.target: ', '$.sites[0].rate: ', '$.sites[0].n: '],
    ],
  ])('refuses %s: exit code 2, one line for each problem with its path, and no number', async (_, value, places) => {
    const { code, out, err } = await project(fileOf(JSON.stringify(value)))
    expect([code, out]).toEqual([2, ''])
    const lines = err.split('\n').map((line) => line.replace(/^toroku project: /, ''))
    expect(lines).toHaveLength(places.length)
    expect(places.filter((place) => !lines.some((line) => line.startsWith(place)))).toEqual([])
  })

  it('refuses a key that stands twice, with its path, and whatever else is wrong', async () => {
    const text = JSON.stringify({ ...scenario, target: 1.5 }).replace('"n":1', '"n":1,"n":30')
    const { code, out, err } = await project('-', text)
    expect([code, out]).toEqual([2, ''])
    expect(err.split('\n').map((line) => /\$\S*(?=:)/.exec(line)?.[0])).toEqual(['$.sites[0].n', '$.target'])
  })

  it('says the state in both languages', async () => {
    const { headline } = JSON.parse((await project('-', JSON.stringify({ ...scenario, sites: [] }))).out)
    expect(headline).toMatchObject({ state: 'noSite', inWords: { en: expect.stringContaining('no site') } })
    expect(headline.inWords.ja).toContain('施設がない')
  })

  it.each([
    ['an empty file', ''],
    ['white space', ' \n'],
    ['what is not JSON', '{"id": '],
    ['NaN', '{"target": NaN}'],
    ['a list', '[]'],
    ['a number', '12'],
    ['null', 'null'],
  ])('refuses %s in one line', async (_, text) => {
    const { code, out, err } = await project(fileOf(text))
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(/^toroku project: \$: [^\n]+$/)
  })

  it('refuses a missing file, a folder, and nothing at all', async () => {
    for (const file of [join(folder, 'missing.json'), folder]) {
      const { code, out, err } = await project(file)
      expect([code, out]).toEqual([2, ''])
      expect(err).toMatch(/^toroku project: [^\n]+$/)
      expect(err).not.toMatch(/\bat \w+ \(|node_modules/)
    }
    expect((await project('-', '')).code).toBe(2)
    vi.spyOn(console, 'error').mockImplementation(() => {})
    expect(await runCommandLine(['project'])).toBe(2)
  })

  it('refuses more than a million sites quickly', async () => {
    const site = JSON.stringify({ id: 'x', open: '2021-07-19', close: null, n: 0 })
    const text = `{"id": "many", "sites": [${Array.from({ length: 1_000_001 }, () => site).join(',')}]}`
    const started = performance.now()
    const { code, out, err } = await project('-', text)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain('$.sites: ')
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})
