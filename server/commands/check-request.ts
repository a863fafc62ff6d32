/** `toroku check-request`: does a change request hold together, and does the record bear it? Without a database. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { checkRequest } from '../domain/request-check/check-request.ts'
import type { Finding } from '../domain/request-check/finding.ts'
import { type Language, languages, wordsFor } from '../i18n/words.ts'
import { findingInWords } from '../pages/finding-words.ts'
import { BadInput, type Command } from './command.ts'
import { readRequestFile, requestFileSchema } from './request-file.ts'

export const checkRequestCommand: Command = {
  name: 'check-request',
  summary: 'check whether a change request holds together',
  help: `toroku check-request REQUEST.json [--json] [--language ja|en]      (- for standard input)
toroku check-request --schema

Runs every check of a change request that the product knows, on a request outside the database. --schema prints the
JSON Schema of the file.

  --json        [{"check", "severity", "place", "message", "values"}]; place is a JSON path of the file
  --language    of the messages   (default: en)

Exit code 0: nothing found; 1: something found; 2: the file cannot be used, with one line for each problem.`,
  options: { json: { type: 'boolean' }, schema: { type: 'boolean' }, language: { type: 'string' } },
  positionals: { least: 0, most: 1 },
  async run({ values, positionals }) {
    if (values.schema === true) {
      console.log(JSON.stringify(z.toJSONSchema(requestFileSchema, { io: 'input', unrepresentable: 'any' }), null, 2))
      return 0
    }
    const [file] = positionals
    if (file === undefined) throw new BadInput('say: toroku check-request REQUEST.json')
    const said = findingsInWords(checkRequest(requestIn(file)), languageFrom(values.language))
    if (values.json === true) console.log(JSON.stringify(said, null, 1))
    else
      for (const { check, severity, place, message } of said) console.log(`${severity} ${check} ${place}: ${message}`)
    return said.length === 0 ? 0 : 1
  },
}

function findingsInWords(findings: readonly Finding[], language: Language) {
  const words = wordsFor(language)
  return findings.map((finding) => {
    const { check, severity, place, values } = finding
    return { check, severity, place, message: findingInWords(finding, words).message, values }
  })
}

function languageFrom(value: string | boolean | undefined): Language {
  const language = languages.find((known) => known === (value ?? 'en'))
  if (language === undefined) throw new BadInput(`--language is one of ${languages.join(', ')}`)
  return language
}

function requestIn(file: string) {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8').replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new BadInput(`${file}: ${(error as Error).message}`)
  }
  const reading = readRequestFile(content)
  if ('problems' in reading) throw new BadInput(reading.problems.join('\n'))
  return reading.request
}
