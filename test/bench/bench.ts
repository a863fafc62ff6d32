/**
 * What the product costs, as a report: `npm run bench -- --sizes S,M,L,XL --engines file,server --out folder`, and with
 * `--load`, what it bears. The README says how to read it.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { query, startServer, type TestServer, withName } from '../support/engines.ts'
import { benchLoad } from './load.ts'
import { benchProjection } from './projection.ts'
import { machine, markdownOf, type Report } from './report.ts'
import { benchSize, type Engine } from './size.ts'
import { makeWorld, type Size, worlds } from './worlds.ts'

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: 'S,M' },
    engines: { type: 'string', default: 'file' },
    /** How often each page is looked at. */
    looks: { type: 'string', default: '40' },
    /** What is done once and takes long with a million subjects may be left out: `verify,backup`. */
    without: { type: 'string', default: '' },
    /** Worlds in files stay in this folder, and are not made again where they are there. */
    keep: { type: 'string' },
    /** Where report.md and report.json are written. */
    out: { type: 'string' },
    load: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '20' },
    connections: { type: 'string', default: '50' },
    processes: { type: 'string', default: '1' },
    /** What of a processor each process gets, where a load is to show what a second process adds on a small machine. */
    share: { type: 'string' },
    /** So many requests a second; without it, as many as are answered. */
    rate: { type: 'string' },
  },
})

function chosen<T extends string>(text: string, known: readonly T[]): T[] {
  return text.split(',').map((one) => {
    const found = known.find((name) => name === one)
    if (found === undefined) throw new Error(`${one} is none of ${known.join(', ')}`)
    return found
  })
}

const sizes = chosen(options.sizes, Object.keys(worlds) as Size[])
const engines = chosen(options.engines, ['file', 'server'] as const)
const folder = mkdtempSync(join(tmpdir(), 'toroku-bench-'))
let server: TestServer | undefined

/** Where a world of a size is or will be, and whether it is there. */
async function placeFor(size: Size, engine: Engine): Promise<{ address: string; isMade: boolean }> {
  if (engine === 'file') {
    if (options.keep !== undefined) mkdirSync(options.keep, { recursive: true })
    // A load goes by the clock on the wall, after the day on which everything else is measured.
    const address = join(options.keep ?? folder, `${size}${options.load ? '-load' : ''}.db`)
    return { address, isMade: existsSync(address) }
  }
  server ??= await startServer()
  const name = `bench_${size.toLowerCase()}_${process.pid}`
  await query(server.url, `create database ${name}`)
  return { address: withName(server.url, name), isMade: false }
}

const report: Report = { at: new Date().toISOString(), machine: machine(), projection: [], sizes: [], load: [] }
try {
  if (!options.load) report.projection = benchProjection()
  for (const engine of engines) {
    for (const size of sizes) {
      const tell = (said: string) => console.error(`${size} on a ${engine}: ${said}`)
      const { address, isMade } = await placeFor(size, engine)
      if (options.load) {
        if (!isMade) await makeWorld(address, size, tell)
        for (const processes of options.processes.split(',').map(Number)) {
          const [connections, seconds] = [Number(options.connections), Number(options.seconds)]
          const share = options.share === undefined ? null : Number(options.share)
          const rate = options.rate === undefined ? null : Number(options.rate)
          const asked = { processes, connections, seconds, share, rate }
          report.load.push(await benchLoad({ size, engine, address }, asked))
        }
      } else {
        const looks = Number(options.looks)
        const without = options.without.split(',')
        report.sizes.push(await benchSize(size, engine, address, isMade, folder, { looks, without, tell }))
      }
    }
  }
} finally {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
}
const markdown = markdownOf(report)
console.log(markdown)
if (options.out !== undefined) {
  mkdirSync(options.out, { recursive: true })
  writeFileSync(join(options.out, 'report.md'), markdown)
  writeFileSync(join(options.out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`)
}
