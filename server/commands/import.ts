/** `toroku import`: brings the rows of a spreadsheet into a trial, as the page does. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { type ImportOutcome, importRows } from '../actions/import-rows.ts'
import { type Actor, type Context, commandLine } from '../context.ts'
import { engineOf } from '../db/dialect.ts'
import { findActor, findPersonId } from '../db/people.ts'
import { findTrialByCode } from '../db/trials.ts'
import type { ImportTable } from '../domain/import-columns.ts'
import { summaryMilestones } from '../domain/import-plan.ts'
import type { ImportReport, RowReport } from '../domain/import-report.ts'
import type { CellProblem } from '../domain/import-row.ts'
import { isRefused, type Problem } from '../domain/parsed.ts'
import { mayIn } from '../domain/permission.ts'
import { wordsFor } from '../i18n/words.ts'
import { problemsInWords } from '../pages/page.ts'
import { hashOf, readSpreadsheet } from '../spreadsheet/read-spreadsheet.ts'
import { addressFrom, BadInput, type Command, databaseHelp, databaseOption } from './command.ts'
import { openContext } from './user.ts'

/** Fewer rows are done before anybody has read how far it is. */
const rowsWithoutProgress = 200

export const importCommand: Command = {
  name: 'import',
  summary: 'bring the rows of a screening log (CSV, TSV, XLSX) into a trial',
  help: `toroku import FILE --trial CODE [--dry-run] [--add-sites] [--as USERNAME] [--json] [--database ADDRESS]

Records what the rows say as a person would by hand: all of them, or, where one cell is wrong, none.
The same file again changes nothing. FILE is CSV or TSV (UTF-8, else CP932) or XLSX; its first row names the columns.
Exit code 0: done, or nothing to do; 1: rows are wrong, one line for each cell; 2: the file or the trial cannot be used.

${databaseHelp}
  --dry-run           say what would be done, and keep nothing
  --add-sites         add sites that the trial does not have, open from their first day in the file (assumed)
  --as USERNAME       act as this person, with their roles in the trial   (default: the command line, as data manager)
  --json              {"new": 1, "changed": 0, "unchanged": 0, "wrong": 0, "rows": [{"scr": "...", "consent": "..."}]}`,
  options: {
    ...databaseOption,
    trial: { type: 'string' },
    'dry-run': { type: 'boolean' },
    'add-sites': { type: 'boolean' },
    as: { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: { least: 1, most: 1 },
  async run({ values, positionals }) {
    const [file = ''] = positionals
    if (typeof values.trial !== 'string') throw new BadInput('--trial CODE is missing')
    const { table, hash } = await readTable(file)
    const context = await openContext(addressFrom(values))
    try {
      const trial = await findTrialByCode(context.db, values.trial)
      if (trial === null) throw new BadInput(`no trial ${values.trial}`)
      const actor = await actorFor(context, trial.id, values.as)
      const outcome = await importRows(
        context,
        actor,
        {
          trialId: trial.id,
          table,
          meanings: new Map(),
          origin: { name: basename(file), hash },
          unknownSites: values['add-sites'] === true ? 'add' : 'refuse',
          purpose: values['dry-run'] === true ? 'check' : 'apply',
        },
        async (done, total) => {
          if (done > 0 && total >= rowsWithoutProgress && (done % 100 === 0 || done === total)) {
            process.stderr.write(`${done} of ${total} rows\n`)
          }
        },
      )
      return say(outcome, values['dry-run'] === true, values.json === true)
    } finally {
      await engineOf(context.db).close()
    }
  },
}

async function readTable(file: string): Promise<{ table: ImportTable; hash: string }> {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw new BadInput(`${file}: ${(error as Error).message}`)
  }
  const table = await readSpreadsheet(bytes)
  if (isRefused(table)) throw new BadInput(inWords(table.problems))
  return { table: table.value, hash: hashOf(bytes) }
}

/** Whoever runs the command line owns the installation: it acts as the trial's data manager, under its own name. */
async function actorFor(context: Context, trialId: string, username: unknown): Promise<Actor> {
  if (typeof username !== 'string') {
    return { ...commandLine, grants: [{ role: 'data_manager', trialId, siteId: null }] }
  }
  const personId = await findPersonId(context.db, username)
  const person = personId === null ? null : await findActor(context.db, personId)
  if (person === null) throw new BadInput(`nobody is named ${username}`)
  if (!mayIn(person.grants, 'log_subjects', trialId)) {
    throw new BadInput(`${username} may not record subjects in this trial`)
  }
  return person
}

function inWords(problems: readonly Problem[]): string {
  return problemsInWords(problems, wordsFor('en'))
    .map(({ text }) => text)
    .join('\n')
}

function say(outcome: ImportOutcome, isDryRun: boolean, asJson: boolean): 0 | 1 {
  if (outcome.kind === 'refused') throw new BadInput(inWords(outcome.problems))
  const { report } = outcome
  if (report === null) throw new Error('the command line sends no form twice')
  if (report.problems.length > 0) throw new BadInput(inWords(report.problems))
  const { counts } = report
  const ignored = report.columns.filter(({ by }) => by === 'unknown').map(({ head }) => head)
  if (ignored.length > 0) console.error(`columns left out: ${ignored.join(', ')}`)
  if (asJson) {
    console.log(JSON.stringify({ ...counts, rows: report.rows.map((row) => rowAsJson(row, report)) }))
  } else {
    for (const row of report.rows) for (const problem of row.problems) console.log(problemLine(problem))
    const kept =
      outcome.kind === 'applied' ? 'recorded' : counts.wrong > 0 || isDryRun ? 'nothing was kept' : 'no change'
    console.log(
      `${kept}: new ${counts.new}, changed ${counts.changed}, unchanged ${counts.unchanged}, wrong ${counts.wrong}`,
    )
  }
  return counts.wrong > 0 ? 1 : 0
}

function problemLine({ line, column, value, code, values }: CellProblem): string {
  const [problem] = problemsInWords([{ field: '', code, ...(values === undefined ? {} : { values }) }], wordsFor('en'))
  return `row ${line}, ${column || '-'}: ${JSON.stringify(value)}: ${problem?.text ?? code}`
}

/** A row as other programs read it: what is not known is left out. */
function rowAsJson(row: RowReport, { pathway }: ImportReport) {
  const [problem] = row.problems
  if (problem !== undefined) {
    const { column, value, code } = problem
    return { scr: row.number, error: { column, value, code: codeForOthers(code) } }
  }
  const dayOf = (code: string | undefined) =>
    row.wanted?.events.find(({ what }) => what.kind === 'milestone' && what.code === code)?.on
  const exit = row.wanted?.events.map(({ what }) => what).find((what) => what.kind === 'exit')
  const { screen, treated } = summaryMilestones(pathway, [...row.read.days.keys()])
  return {
    scr: row.number,
    consent: row.wanted?.consentedOn,
    screen: dayOf(screen?.code),
    enrolled: dayOf(pathway.registration.code),
    treated: dayOf(treated?.code),
    outcome: exit?.kind === 'exit' ? exit.exit : undefined,
    warning: row.warnings.includes('excel_serial') ? 'excel_serial_1900' : undefined,
  }
}

/** Codes of dates under the names by which other programs know them. */
function codeForOthers(code: string): string {
  if (code.startsWith('date_impossible')) return 'date.nonexistent'
  if (code.startsWith('date_ambiguous')) return 'date.ambiguous'
  if (code.startsWith('date_eraMismatch')) return 'date.era_mismatch'
  return code === 'date_unreadable' ? 'date.unreadable' : code
}
