/** `toroku project`: the projection of a scenario, without a database. */
import { createReadStream, statSync } from 'node:fs'
import { isRefused, type Problem } from '../domain/parsed.ts'
import { keysWrittenTwice } from '../domain/projection/keys-written-twice.ts'
import { mostSites, parseScenario, tooManySites } from '../domain/projection/scenario.ts'
import { projectScenario, type ScenarioProjection } from '../domain/projection/scenario-projection.ts'
import { type Words, wordsFor } from '../i18n/words.ts'
import { problemsInWords } from '../pages/page.ts'
import { BadInput, type Command } from './command.ts'

const mostMegabytes = 256

export const projectCommand: Command = {
  name: 'project',
  summary: 'project whether a scenario reaches its target by its deadline',
  help: `toroku project SCENARIO.json      (- for standard input)

Prints one JSON object: a headline (state, also in words; needed, the chance of the target with and without drift,
completion dates) and every figure behind it: tornado (the chance with one more site, one more year, one more subject a
year), addedSites (the fewest new sites for 50, 80 and 90%), funnel (each site within its exact 95 and 99.8% limits).
No database is opened, and the same scenario always gives the same answer.

SCENARIO.json  {"id": "...", "asOf": "2026-06-24", "deadline": "2029-07-19", "target": 12 or null,
                "plan": {"subjects": 12, "siteYears": 15},
                "sites": [{"id": "...", "open": "2021-07-19", "close": date or null, "n": 1, "cap": 5 or null,
                           "holds": [{"from": date, "until": date}]}],
                "screening": {"inScreening": 2, "converted": 0, "failed": 2, "priorA": 1, "priorB": 1} or null}
A site whose opening is uncertain has, in place of its dates, cap and n:
                {"id": "...", "opening": {"delayShape": 2, "delayMeanDays": 90, "chanceOpens": 0.8}}
It opens after a delay from the as-of date with a gamma distribution of this shape (0.5 to 1000) and mean, and with the
chance 1 - chanceOpens it never opens. Up to 20 such sites; the output says under plannedSites what each may bring.

All days are instants at 00:00: a deadline "until 2029-07-18 inclusive" is 2029-07-19. cap, holds, screening and a
note may be left out; K sets the largest number of new subjects whose chance is computed, addedSiteDelayDays (else 0) how
many days after the as-of date the sites of tornado and addedSites would open.

Exit code 0: done; 2: the scenario cannot be used, with one line for each problem and its JSON path.`,
  options: {},
  positionals: { least: 1, most: 1 },
  async run({ positionals }) {
    const [file = ''] = positionals
    const { value, twice } = parseJson(await readScenario(file))
    const scenario = parseScenario(value)
    const problems = isRefused(scenario) ? scenario.problems : []
    if (twice.length > 0 || isRefused(scenario)) throw unusable([...twice, ...problems])
    console.log(JSON.stringify(withWords(projectScenario(scenario.value)), null, 1))
    return 0
  },
}

/** All bytes of the file or of standard input, as long as they are not too many. */
async function readScenario(file: string): Promise<Buffer> {
  const tooLarge = () => unusable([{ field: '$', code: 'scenario_too_large', values: { most: mostMegabytes } }])
  const most = mostMegabytes * 1_000_000
  const chunks: Buffer[] = []
  let size = 0
  try {
    if (file !== '-' && statSync(file).size > most) throw tooLarge()
    for await (const chunk of file === '-' ? process.stdin : createReadStream(file)) {
      const bytes = Buffer.from(chunk)
      size += bytes.length
      if (size > most) throw tooLarge()
      chunks.push(bytes)
    }
  } catch (error) {
    throw error instanceof BadInput ? error : new BadInput(`${file}: ${(error as Error).message}`)
  }
  return Buffer.concat(chunks)
}

/** What the headline's state means, in both languages: the key alone is no sentence to print. */
function withWords({ headline, ...rest }: ScenarioProjection) {
  const said = (words: Words) => words.of('headline_state', headline.state)
  const inWords = { ja: said(wordsFor('ja')), en: said(wordsFor('en')) }
  return { ...rest, headline: { ...headline, inWords } }
}

function parseJson(bytes: Buffer): { value: unknown; twice: Problem[] } {
  const objects = countOf(0x7b, bytes)
  // A site without holds or an uncertain opening is one object, and a scenario has three besides: so many more are not
  // read only to be refused.
  const isOneEach = !bytes.includes('"holds"') && !bytes.includes('"opening"')
  if (objects > mostSites + 3 && isOneEach) throw unusable([tooManySites()])
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '')
  if (text.trim() === '') throw unusable([{ field: '$', code: 'scenario_empty' }])
  try {
    const value: unknown = JSON.parse(text)
    return { value, twice: keysWrittenTwice(text).map((field) => ({ field, code: 'scenario_key_twice' })) }
  } catch {
    throw unusable([{ field: '$', code: 'scenario_not_json' }])
  }
}

/** How often a byte stands in them: as quick as reading them. */
function countOf(byte: number, bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(byte); at >= 0; at = bytes.indexOf(byte, at + 1)) count++
  return count
}

function unusable(problems: readonly Problem[]): BadInput {
  return new BadInput(
    problemsInWords(problems, wordsFor('en'))
      .map(({ field, text }) => `${field}: ${text}`)
      .join('\n'),
  )
}
