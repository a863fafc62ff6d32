/** `toroku backtest`: how well a forecast of the completion would have done on histories that are over. */
import { type Dirent, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fromDayNumber } from '../domain/calendar-date.ts'
import { isRefused } from '../domain/parsed.ts'
import { type AccrualHistory, type BacktestCase, backtest, scoresOf } from '../domain/projection/backtest.ts'
import { type CompletionMethodName, completionMethods, defaultMethod } from '../domain/projection/completion-methods.ts'
import { type Language, languages, type Words, wordsFor } from '../i18n/words.ts'
import { problemsInWords } from '../pages/page.ts'
import { readHistory } from '../spreadsheet/read-history.ts'
import { BadInput, type Command } from './command.ts'

const methodNames = Object.keys(completionMethods) as CompletionMethodName[]

export const backtestCommand: Command = {
  name: 'backtest',
  summary: 'score a forecast of the completion on histories of trials that are over',
  help: `toroku backtest DIR [--method NAME] [--language ja|en] [--json]

Reads every *.csv below DIR, one trial each, one row for each subject with the columns date and site. Cuts each
history after a quarter, a half and three quarters of its subjects, forecasts from what was known there when the
last one comes, and says for each folder: how far the forecast's median lay off in the middle case, how many per cent
of the 80% and 95% intervals held the day, and IS80, the interval score on the logarithm of the days; lower is better.
Exit code 0: done; 2: DIR, a file or a row cannot be used, one line for each.

  --method NAME       ${methodNames.join(', ')}   (default: ${defaultMethod})
  --language ja|en    the language of the table   (default: en)
  --json              {"cases": [{"trial", "fraction", "asOf", "remaining", "truth", "q025", "q10", "q50", "q90", "q975"}],
                      "summary": [{"folder", "n", "medianErrorPercent", "cover80", "cover95", "is80"}]}; days, per cent`,
  options: { method: { type: 'string' }, language: { type: 'string' }, json: { type: 'boolean' } },
  positionals: { least: 1, most: 1 },
  async run({ values, positionals }) {
    const [directory = ''] = positionals
    const method = methodNamed(values.method)
    const words = wordsFor(languageNamed(values.language))
    const folders = readFolders(directory, words).map(({ folder, histories }) => {
      const cases = histories.map((history) => backtest([history.trial], completionMethods[method]))
      for (const [place, { file }] of histories.entries()) {
        if (cases[place]?.length === 0) console.error(words.t('backtest.skipped', { file }))
      }
      return { folder, cases: cases.flat() }
    })
    if (values.json === true) console.log(JSON.stringify(asJson(folders)))
    else console.log(asTable(folders, method, words))
    return 0
  },
}

function methodNamed(name: unknown): CompletionMethodName {
  if (name === undefined) return defaultMethod
  const method = methodNames.find((known) => known === name)
  if (method === undefined) throw new BadInput(`no method ${name}; there are ${methodNames.join(', ')}`)
  return method
}

function languageNamed(name: unknown): Language {
  if (name === undefined) return 'en'
  const language = languages.find((known) => known === name)
  if (language === undefined) throw new BadInput(`--language is one of ${languages.join(', ')}`)
  return language
}

type HistoryFile = { file: string; trial: AccrualHistory }
type FolderOfHistories = { folder: string; histories: HistoryFile[] }
type FolderOfCases = { folder: string; cases: BacktestCase[] }

/** The histories by the folder they lie in, `.` for the directory itself; in the order of their names. */
function readFolders(directory: string, words: Words): FolderOfHistories[] {
  const files = csvFilesBelow(directory)
  if (files.length === 0) throw new BadInput(`no *.csv below ${directory}`)
  const problems: string[] = []
  const folders = new Map<string, HistoryFile[]>()
  for (const file of files) {
    const registrations = readFile(file, words, problems)
    if (registrations === null) continue
    const folder = relative(directory, dirname(file)) || '.'
    const trial = { trial: basename(file).replace(/\.csv$/i, ''), registrations }
    folders.set(folder, [...(folders.get(folder) ?? []), { file, trial }])
  }
  if (problems.length > 0) throw new BadInput(problems.join('\n'))
  return [...folders].map(([folder, histories]) => ({ folder, histories }))
}

function csvFilesBelow(directory: string): string[] {
  let entries: Dirent[]
  try {
    entries = readdirSync(directory, { recursive: true, withFileTypes: true })
  } catch (error) {
    throw new BadInput(`${directory}: ${(error as Error).message}`)
  }
  return entries
    .filter((entry) => !entry.isDirectory() && /\.csv$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

/** The registrations of one file; null where problems were added. */
function readFile(file: string, words: Words, problems: string[]): AccrualHistory['registrations'] | null {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    problems.push(`${file}: ${(error as Error).message}`)
    return null
  }
  const history = readHistory(bytes)
  if (!isRefused(history)) return history.value
  for (const { field, text } of problemsInWords(history.problems, words)) problems.push(`${file}:${field}: ${text}`)
  return null
}

function asJson(folders: readonly FolderOfCases[]) {
  return {
    cases: folders.flatMap(({ cases }) =>
      cases.map(({ trial, cut, quantiles }) => ({
        trial,
        fraction: cut.fraction,
        asOf: fromDayNumber(cut.known.asOfDay),
        remaining: cut.remaining,
        truth: cut.truthDays,
        ...quantiles,
      })),
    ),
    summary: folders.map(({ folder, cases }) => ({ folder, ...scoresOf(cases) })),
  }
}

function asTable(folders: readonly FolderOfCases[], method: string, words: Words): string {
  const percent = (value: number | null, decimals: number) =>
    value === null ? words.numberOr(null) : `${words.number(value, decimals)}%`
  const rows = folders.map(({ folder, cases }) => {
    const { n, medianErrorPercent, cover80, cover95, is80 } = scoresOf(cases)
    return [
      folder,
      words.number(n),
      percent(medianErrorPercent, 1),
      percent(cover80, 0),
      percent(cover95, 0),
      words.numberOr(is80, 2),
    ]
  })
  const head = [
    words.t('backtest.folder'),
    words.t('backtest.cases'),
    words.t('backtest.median_error'),
    words.t('backtest.cover_80'),
    words.t('backtest.cover_95'),
    words.t('backtest.is80'),
  ]
  return [words.t('backtest.method', { method }), '', ...aligned([head, ...rows])].join('\n')
}

/** The first column from the left, the others from the right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => widthOf(row[column]!))))
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const blank = ' '.repeat(widths[column]! - widthOf(cell))
        return column === 0 ? cell + blank : blank + cell
      })
      .join('  '),
  )
}

/** A Japanese letter takes two columns of a terminal. */
function widthOf(text: string): number {
  return [...text].reduce(
    (width, letter) =>
      width +
      (/[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/.test(letter)
        ? 2
        : 1),
    0,
  )
}
