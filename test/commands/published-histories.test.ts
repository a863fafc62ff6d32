/**
 * The default forecast on the published histories that may lie beside the project and are no part of it: by trial, by
 * country and by hospital, never worse than the scores of the drift rule, with honest intervals. Where the histories are
 * missing there is nothing to compare, and the test says so.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { backtestCommand } from '../../server/commands/backtest.ts'
import { projectFolder } from '../../server/project-folder.ts'

const histories = join(projectFolder, '../shared/reference/public/accrual')

async function summaryOf(method: string) {
  const out: string[] = []
  const quiet = vi.spyOn(console, 'log').mockImplementation((text) => void out.push(text))
  await backtestCommand.run({ values: { method, json: true }, positionals: [histories] })
  quiet.mockRestore()
  const { summary } = JSON.parse(out.join('\n')) as { summary: ({ folder: string } & Record<string, number>)[] }
  return new Map(summary.map(({ folder, ...scores }) => [folder, scores]))
}

const rounded = ({ medianErrorPercent = 0, cover80 = 0, cover95 = 0, is80 = 0 }: Record<string, number>) => [
  Number(medianErrorPercent.toFixed(1)),
  Math.round(cover80),
  Math.round(cover95),
  Number(is80.toFixed(2)),
]

if (!existsSync(histories)) {
  it('the published histories do not lie beside the project: nothing was compared', () => {
    console.warn(`not compared with published histories: there is no ${histories}`)
  })
} else {
  it('the drift rule has the scores that were published for it', async () => {
    const scores = await summaryOf('driftRule')
    expect(rounded(scores.get('trials') ?? {})).toEqual([28.1, 81, 95, 1.58])
    expect(rounded(scores.get('countries') ?? {})).toEqual([23.0, 86, 100, 1.7])
    expect(rounded(scores.get('hospitals') ?? {})).toEqual([30.8, 83, 98, 1.74])
  })

  it('the Poisson-gamma fit has the scores that were published for it, but for their dice', async () => {
    const scores = await summaryOf('poissonGamma')
    expect(rounded(scores.get('trials') ?? {})).toEqual([29.8, 33, 38, 2.69])
    expect(scores.get('countries')).toMatchObject({ medianErrorPercent: expect.closeTo(35.7, 1) })
    expect(Math.abs((scores.get('countries')?.is80 ?? 0) - 3.51)).toBeLessThan(0.02)
  })

  it.each([
    ['trials', 21, 1.58],
    ['countries', 42, 1.7],
    ['hospitals', 90, 1.74],
  ] as const)(
    'the default on %s: %i cases, interval score at most %d, intervals that hold what they say',
    async (folder, n, most) => {
      const scores = (await summaryOf('slowingDrift')).get(folder)
      expect(scores?.n).toBe(n)
      expect(scores?.is80).toBeLessThanOrEqual(most)
      expect(scores?.cover80).toBeGreaterThanOrEqual(75)
      expect(scores?.cover80).toBeLessThanOrEqual(88)
      expect(scores?.cover95).toBeGreaterThanOrEqual(92)
    },
  )
}
