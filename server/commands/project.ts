/** `toroku project`: the projection of a scenario, without a database. */
import { createReadStream, statSync } from 'node:fs'
import { isRefused, type Problem } from '../domain/parsed.ts'
import { mostSites, parseScenario, tooManySites } from '../domain/projection/scenario.ts'
import { projectScenario } from '../domain/projection/scenario-projection.ts'
import { wordsFor } from '../i18n/words.ts'
import { problemsInWords } from '../pages/page.ts'
import { BadInput, type Command } from './command.ts'

const mostMegabytes = 256

export const projectCommand: Command = {
  name: 'project',
  summary: 'project whether a scenario reaches its target by its deadline',
  help: `toroku project SCENARIO.json      (- for standard input)

Prints one JSON object: a headline (state, needed, the chance of the target with and without drift, completion dates)
and every figure behind it. No database is opened, and the same scenario always gives the same answer.

SCENARIO.json  {"id": "...", "asOf": "2026-06-24", "deadline": "2029-07-19", "target": 12 or null,
                "plan": {"subjects": 12, "siteYears": 15},
                "sites": [{"id": "...", "open": "2021-07-19", "close": date or null, "n": 1, "cap": 5 or null,
                           "holds": [{"from": date, "until": date}]}],
                "screening": {"inScreening": 2, "converted": 0, "failed": 2, "priorA": 1, "priorB": 1} or null}
All days are instants at 00:00: a deadline "until 2029-07-18 inclusive" is 2029-07-19. cap, holds, screening and a
note may be left out; K sets the largest number of new subjects whose chance is computed.

Exit code 0: done; 2: the scenario cannot be used, with one line for each problem and its JSON path.`,
  options: {},
  positionals: { least: 1, most: 1 },
  async run({ positionals }) {
    const [file = ''] = positionals
    const bytes = await readScenario(file)
    const scenario = parseScenario(parseJson(bytes))
    if (isRefused(scenario)) throw unusable(scenario.problems)
    console.log(JSON.stringify(projectScenario(scenario.value), null, 1))
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

function parseJson(bytes: Buffer): unknown {
  const objects = countOf(0x7b, bytes)
  // Besides its sites a scenario without holds has three objects: so many more are not read only to be refused.
  if (objects > mostSites + 3 && !bytes.includes('"holds"')) throw unusable([tooManySites(objects - 3)])
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '')
  if (text.trim() === '') throw unusable([{ field: '$', code: 'scenario_empty' }])
  try {
    return JSON.parse(text)
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
