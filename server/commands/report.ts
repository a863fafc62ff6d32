/** `toroku report`: every figure of a trial's dashboard and of its feasibility sheet, as the pages say them. */
import { existsSync } from 'node:fs'
import { databaseAddress } from '../config.ts'
import type { Context } from '../context.ts'
import { engineOf } from '../db/dialect.ts'
import { findTrialByCode } from '../db/trials.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import { dateProblem } from '../domain/date-problem.ts'
import type { Problem } from '../domain/parsed.ts'
import { readDate } from '../domain/read-date.ts'
import type { Trial } from '../domain/trial.ts'
import { readDashboard } from '../http/dashboard-figures.ts'
import { readFeasibility } from '../http/feasibility-sheet.ts'
import { wordsFor } from '../i18n/words.ts'
import { dashboardReport } from '../pages/dashboard-report.ts'
import { outlineOf } from '../pages/outline.ts'
import { problemsInWords } from '../pages/page.ts'
import { noFigures, projectionFigures } from '../pages/projection-figures.ts'
import { addressFrom, BadInput, type Command, databaseHelp, databaseOption } from './command.ts'
import { openContext } from './user.ts'

const words = wordsFor('en')

export const reportCommand: Command = {
  name: 'report',
  summary: "print every figure of a trial's dashboard and feasibility sheet",
  help: `toroku report --trial CODE [--as-of DATE] [--known-on DATE] [--json] [--database ADDRESS]

Prints what the dashboard and the feasibility sheet say of a trial as of a day, each figure with its n: the same values
that the pages show. Without --as-of the day is today where the trial is.

  --as-of DATE        what had happened by the end of this day
  --known-on DATE     of that, only what was known by the end of this day. The feasibility sheet has no such day: it is
                      then left out
  --json              {"trial", "title", "asOf", "knownOn", "dashboard": {...}, "feasibility": {...} | null}
${databaseHelp}

Dates as 2026-06-24, 2026/6/24, R8.6.24 and so on. Exit code 2: no such trial, or a day that cannot be read or is to come.`,
  options: {
    ...databaseOption,
    trial: { type: 'string' },
    'as-of': { type: 'string' },
    'known-on': { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: { least: 0, most: 0 },
  async run({ values }) {
    if (typeof values.trial !== 'string') throw new BadInput('--trial CODE is missing')
    const address = databaseAddress(addressFrom(values))
    if (address.kind === 'file' && !existsSync(address.path)) throw new BadInput(`no database at ${address.path}`)
    const context = await openContext(addressFrom(values))
    try {
      const trial = await findTrialByCode(context.db, values.trial)
      if (trial === null) throw new BadInput(`no trial ${values.trial}`)
      const today = context.today(trial.timeZone)
      const asOf = dayIn(values, 'as-of', today) ?? today
      const report = await reportOf(context, trial, asOf, dayIn(values, 'known-on', today))
      console.log(values.json === true ? JSON.stringify(report, null, 1) : textOf(report))
      return 0
    } finally {
      await engineOf(context.db).close()
    }
  },
}

async function reportOf(context: Context, trial: Trial, asOf: CalendarDate, knownOn: CalendarDate | null) {
  const dashboard = dashboardReport(await readDashboard(context, trial, asOf, knownOn))
  const head = { trial: trial.code, title: trial.title, asOf, knownOn }
  if (knownOn !== null) return { ...head, dashboard, feasibility: null }
  const input = await readFeasibility({
    context,
    trial: { ...trial, leastShown: null },
    words,
    request: { query: { asOf } },
  })
  const feasibility = input === null ? noFigures(trial, asOf) : projectionFigures(input)
  return { ...head, dashboard, feasibility }
}

function textOf({ trial, title, asOf, knownOn, dashboard, feasibility }: Awaited<ReturnType<typeof reportOf>>): string {
  const sheet =
    feasibility === null
      ? ['Feasibility sheet: not said of what was known on a day']
      : ['Feasibility sheet', ...outlineOf(feasibility, '  ')]
  const known = knownOn === null ? '' : `, of what was known by ${knownOn}`
  const lines = [`${trial}: ${title.en}`, `As of ${asOf}${known}`, '', 'Dashboard', ...outlineOf(dashboard, '  ')]
  return [...lines, '', ...sheet].join('\n')
}

function dayIn(
  values: Readonly<Record<string, string | boolean | undefined>>,
  option: 'as-of' | 'known-on',
  today: CalendarDate,
): CalendarDate | null {
  const typed = values[option]
  if (typeof typed !== 'string') return null
  const reading = readDate(typed)
  if ('problem' in reading) throw unusable(option, dateProblem(option, reading))
  if (reading.date > today) throw unusable(option, { field: option, code: 'as_of_future', values: { today } })
  return reading.date
}

function unusable(option: string, problem: Problem): BadInput {
  return new BadInput(`--${option}: ${problemsInWords([problem], words)[0]?.text ?? problem.code}`)
}
