/** One file knows the engine; one file reads the environment; the domain and the pages know no clock and no chance. */
import { describe, expect, it } from 'vitest'
import { type Source, sourcesIn, withoutComments } from './sources.ts'

const code = [
  ...sourcesIn('server', '.ts'),
  ...sourcesIn('seeds', '.ts'),
  ...sourcesIn('migrations', '.ts'),
  ...sourcesIn('public', '.js'),
]
const tests = sourcesIn('test', '.ts')

function saying(pattern: RegExp, sources: readonly Source[]): string[] {
  return sources.filter(({ text }) => pattern.test(text)).map(({ path }) => path)
}

describe('the engine', () => {
  const names = /sqlite|postgres|\bpg\b/i
  const mayNameIt = /^(server\/config\.ts|migrations\/support\/.*|test\/support\/.*)$/
  /** The door, and behind it what opens a file or a server; what both have in common names neither. */
  const seam = ['', '/file', '/file-connection', '/file-reader', '/file-writer', '/server', '/trial-in-memory'].map(
    (part) => `server/db/dialect${part}.ts`,
  )
  /** They say what they forbid. */
  const saysTheRule = ['test/architecture/dependencies.test.ts', 'test/architecture/seam.test.ts']

  it('is named in the dialect, in the configuration and in the support of migrations and tests only', () => {
    const naming = saying(names, [...code, ...tests, ...sourcesIn('views', '.hbs')])
    const elsewhere = naming.filter((path) => !mayNameIt.test(path) && !saysTheRule.includes(path))
    expect(elsewhere.sort()).toEqual(seam.sort())
  })

  it('keeps answers by the tables they name, so that no change of a table changes another one', () => {
    const migrations = sourcesIn('migrations', '.ts')
    expect(migrations.length).toBeGreaterThan(15)
    expect(saying(/cascade|set null|set default|onDelete|onUpdate/i, migrations)).toEqual([])
    const doing = migrations.flatMap(({ text }) =>
      [...text.matchAll(/create trigger[\s\S]*?execute/g)].map(([all]) => all),
    )
    expect(doing.length).toBeGreaterThan(2)
    expect(doing.filter((trigger) => /\b(insert into|update \w+ set|delete from)\b/.test(trigger))).toEqual([])
  })

  it('decides no test: none is skipped, and only the support asks which engine is under test', () => {
    const asking = saying(/TEST_ENGINE/, tests).filter((path) => !path.startsWith('test/support/'))
    expect(asking).toEqual(['test/architecture/seam.test.ts', 'test/vitest.config.ts'])
    expect(
      saying(/\b(it|test|describe)\.(skip|only|todo)|skipIf|runIf/, tests).filter((path) => path !== asking[0]),
    ).toEqual([])
  })
})

describe('the environment', () => {
  it('is read by the configuration; main hands it over and looks at nothing in it', () => {
    const reading = code.filter(({ text }) =>
      /process\s*\.\s*env|\benv\b.*from 'node:process'/.test(withoutComments(text)),
    )
    expect(reading.map(({ path }) => path)).toEqual(['server/config.ts', 'server/main.ts'])
    const main = withoutComments(reading.find(({ path }) => path === 'server/main.ts')?.text ?? '')
    expect(main.match(/process\.env\S*/g)).toEqual(['process.env)'])
    expect(main).toContain('parseConfig(process.env)')
  })
})

describe('today, the clock and chance', () => {
  const impure =
    /\bnew Date\(\s*\)|\bDate\(\s*\)|\bDate\.now\b|\bMath\.random\b|\bperformance\b|\bcrypto\b|\bset(Timeout|Interval|Immediate)\b|\bprocess\b|\bTemporal\.Now\b|\bconsole\b|\bfetch\(/

  it('reach the domain, the pages and the words as arguments', () => {
    const pure = [
      ...sourcesIn('server/domain', '.ts'),
      ...sourcesIn('server/pages', '.ts'),
      ...sourcesIn('server/i18n', '.ts'),
    ].map(({ path, text }) => ({ path, text: withoutComments(text).replace(/'(?:\\.|[^'\\\n])*'/g, "''") }))
    expect(pure.length).toBeGreaterThan(40)
    expect(saying(impure, pure)).toEqual([])
  })

  it('come from the context alone, in all of the server', () => {
    const clocks = code
      .filter(({ path }) => path.startsWith('server/') || path.startsWith('seeds/'))
      .filter(({ text }) => /\bnew Date\(\s*\)|\bDate\.now\b|\bMath\.random\b/.test(withoutComments(text)))
    expect(clocks.map(({ path }) => path)).toEqual(['server/context.ts'])
  })

  it.each(['new Date()', 'Date.now()', 'Math.random()', 'crypto.randomUUID()', 'process.env.TZ'])(
    'would be seen: %s',
    (text) => {
      expect(impure.test(text)).toBe(true)
    },
  )
})
