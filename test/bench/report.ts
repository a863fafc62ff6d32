/** What was measured, as Markdown for people and as JSON for programs. */
import { arch, cpus, release, totalmem } from 'node:os'
import type { LoadReport } from './load.ts'
import type { ProjectionCost } from './projection.ts'
import type { SizeReport } from './size.ts'

export type Report = {
  at: string
  machine: { processors: number; model: string; memoryGb: number; node: string; system: string }
  projection: ProjectionCost[]
  sizes: SizeReport[]
  load: LoadReport[]
}

export function machine(): Report['machine'] {
  const all = cpus()
  const system = `${process.platform} ${arch()} ${release()}`
  return {
    processors: all.length,
    model: all[0]?.model ?? '',
    memoryGb: totalmem() / 1e9,
    node: process.version,
    system,
  }
}

export function markdownOf({ at, machine: on, projection, sizes, load }: Report): string {
  const parts = [
    `# Measurements of ${at}`,
    `${on.processors} processors (${on.model}), ${on.memoryGb.toFixed(0)} GB, ${on.system}, Node ${on.node}.`,
    'Times are milliseconds: median / 99th percentile, and in brackets those of the processor.',
    ...sizesInTables(sizes),
    ...load.map(loadInWords),
  ]
  if (projection.length > 0) parts.push(projectionTable(projection))
  return `${parts.join('\n\n')}\n`
}

function sizesInTables(sizes: readonly SizeReport[]): string[] {
  const engines = [...new Set(sizes.map(({ engine }) => engine))]
  return engines.flatMap((engine) => {
    const of = sizes.filter((one) => one.engine === engine)
    return [`## On a ${engine}`, costTable(of), ratioTable(of), growthOf(of)].filter((part) => part !== '')
  })
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(heads), line(heads.map((_, place) => (place === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}

const number = (value: number) => value.toFixed(value < 10 ? 2 : value < 1000 ? 1 : 0)

function costTable(sizes: readonly SizeReport[]): string {
  const names = [...new Set(sizes.flatMap(({ rows }) => rows.map(({ name }) => name)))]
  const cell = (size: SizeReport, name: string) => {
    const found = size.rows.find((row) => row.name === name)?.measured
    if (found === undefined) return '—'
    if (found.times === 1) return number(found.median)
    const processor = found.processor === null ? '' : ` (${number(found.processor)})`
    return `${number(found.median)} / ${number(found.p99)}${processor}`
  }
  return table(
    ['', ...sizes.map(({ size }) => size)],
    [
      ...names.map((name) => [name, ...sizes.map((size) => cell(size, name))]),
      ['start-up', ...sizes.map(({ startUp }) => number(startUp))],
      ['memory at the start, MB', ...sizes.map(({ memory }) => number(memory.atStart))],
      ['memory after reading, MB', ...sizes.map(({ memory }) => number(memory.afterReading))],
    ],
  )
}

/** The processor's time where it is known: it does not count what the machine did beside. */
function costOf({ rows }: SizeReport, start: string): number | null {
  const measured = rows.find(({ name }) => name.startsWith(start))?.measured
  return measured === undefined ? null : (measured.processor ?? measured.median)
}

const ratios: readonly [what: string, of: string][] = [
  ['dashboard, unchanged', 'framed route'],
  ['dashboard, unchanged', 'bare route'],
  ['dashboard, changed', 'framed route'],
  ['dashboard, changed', 'bare route'],
  ['dashboard, changed', 'the engine alone: 1'],
  ['subjects, first page', 'framed route'],
  ['portfolio', 'framed route'],
  ['registration', 'the engine alone: one'],
]

function ratioTable(sizes: readonly SizeReport[]): string {
  const ratio = (size: SizeReport, what: string, of: string) => {
    const [above, below] = [costOf(size, what), costOf(size, of)]
    return above === null || below === null ? '—' : `${(above / below).toFixed(2)}×`
  }
  const named = (of: string) => (of.startsWith('the engine') ? 'the engine alone' : of)
  return table(
    ['ratio', ...sizes.map(({ size }) => size)],
    ratios.map(([what, of]) => [`${what} to ${named(of)}`, ...sizes.map((size) => ratio(size, what, of))]),
  )
}

/** Growth from M to XL, with what is allowed. */
const growths: readonly [what: string, most: number][] = [
  ['dashboard, changed', 1.3],
  ['dashboard, unchanged', 1.3],
  ['registration', 1.5],
]

function growthOf(sizes: readonly SizeReport[]): string {
  const [first, last] = [sizes.find(({ size }) => size === 'M'), sizes.find(({ size }) => size === 'XL')]
  if (first === undefined || last === undefined) return ''
  return table(
    ['growth from M to XL', 'measured', 'allowed'],
    growths.map(([what, most]) => {
      const [small, large] = [costOf(first, what), costOf(last, what)]
      return [what, small === null || large === null ? '—' : `${(large / small).toFixed(2)}×`, `${most}×`]
    }),
  )
}

function loadInWords(load: LoadReport): string {
  const { processes, connections, seconds, share, rate, requests, errors, kinds, processor, memory } = load
  const held = share === null ? '' : `, each held to ${share} of a processor`
  const wanted = rate === null ? '' : ` where ${rate} were asked for`
  const found = Object.entries(errors).map(([what, times]) => `${times} times ${what}`)
  const wrong = found.length === 0 ? '0 errors' : `errors: ${found.join(', ')}`
  const all = `${(requests / seconds).toFixed(0)} requests/s${wanted} from ${connections} connections for ${seconds.toFixed(0)} s`
  return [
    `## Load, size ${load.size}, on a ${load.engine}, ${processes} ${processes === 1 ? 'process' : 'processes'}${held}`,
    `${all}; ${wrong}; ${load.p99.toFixed(0)} ms p99; ${processor.toFixed(2)} ms of the processor for each request; ${memory.toFixed(0)} MB.`,
    table(
      ['', 'requests', 'median', 'p99'],
      kinds.map(({ kind, median, p99, times }) => [kind, String(times), number(median), number(p99)]),
    ),
  ].join('\n\n')
}

function projectionTable(rows: readonly ProjectionCost[]): string {
  const cells = rows.map(({ what, ms, timesTheLoop, mostMs }) => [
    what,
    number(ms),
    timesTheLoop.toFixed(3),
    mostMs === null ? '' : String(mostMs),
  ])
  return `## Projections\n\n${table(['', 'ms', 'times the fixed loop', 'allowed, ms'], cells)}`
}
