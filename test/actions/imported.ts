/** A trial for the reference screening log: its four hospitals open from 2019, a day on which screening starts. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ImportDraft, type ImportOutcome, importRows } from '../../server/actions/import-rows.ts'
import type { Actor } from '../../server/context.ts'
import type { Db } from '../../server/db/database.ts'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import type { ImportReport } from '../../server/domain/import-report.ts'
import { isRefused } from '../../server/domain/parsed.ts'
import { projectFolder } from '../../server/project-folder.ts'
import { readText } from '../../server/spreadsheet/read-csv.ts'
import { hashOf, readSpreadsheet } from '../../server/spreadsheet/read-spreadsheet.ts'
import { milestone, termsOf } from '../domain/protocols.ts'
import { openSmallTrial, type SmallTrial, trialDraft } from './small-trial.ts'

export const referenceFile = (name: string) => join(projectFolder, 'test', 'reference', name)
export const referenceLogs = ['screening_log_cp932.csv', 'screening_log_utf8_bom.csv', 'screening_log_excel_paste.tsv']

const named = (ja: string, en: string) => ({ ja, en })
const day = calendarDate

export const hospitals = ['横浜市立大学附属病院', '日本医科大学付属病院', '広島大学病院', '京都府立医科大学附属病院']

/** It is 2026-01-20 or later in the reference rows; the trial runs from 2019. */
export function openScreeningTrial(db: Db): Promise<SmallTrial> {
  const terms = termsOf({
    targetNumber: 50,
    registrationFrom: day('2019-01-01'),
    registrationUntil: day('2026-12-31'),
    effectiveFrom: day('2019-01-01'),
    plan: { startsOn: day('2019-01-01'), startsAtNumber: 0, reachesNumber: 50 },
  })
  return openSmallTrial(db, {
    ...trialDraft(),
    terms,
    sites: hospitals.map((name, index) => ({
      code: `0${index + 1}`,
      name: named(name, `Hospital ${index + 1}`),
      statuses: [{ status: 'open', from: day('2019-01-01'), basis: 'recorded' }],
    })),
    milestones: [
      { ...milestone('consent', 'screening', { necessity: 'required' }), label: named('同意取得', 'Consent') },
      { ...milestone('screening_start', 'procedure'), label: named('スクリーニング開始', 'Screening start') },
      {
        ...milestone('eligibility', 'eligibility', { necessity: 'required' }),
        label: named('適格判定', 'Eligibility'),
      },
      {
        ...milestone('registration', 'registration_stage', { necessity: 'required', counting: 'target' }),
        label: named('登録', 'Registration'),
      },
      { ...milestone('treatment', 'treatment'), label: named('治療', 'Treatment') },
    ],
  })
}

export async function draftOf(
  world: SmallTrial,
  rows: string | { file: string },
  more: Partial<ImportDraft> = {},
): Promise<ImportDraft> {
  const bytes = typeof rows === 'string' ? Buffer.from(rows) : readFileSync(rows.file)
  const table = typeof rows === 'string' ? readText(rows) : await readSpreadsheet(bytes)
  if (isRefused(table)) throw new Error(`not read: ${JSON.stringify(table.problems)}`)
  return {
    trialId: world.trialId,
    table: table.value,
    meanings: new Map(),
    origin: { name: 'log.csv', hash: hashOf(bytes) },
    unknownSites: 'refuse',
    purpose: 'apply',
    ...more,
  }
}

export async function importInto(
  world: SmallTrial,
  rows: string | { file: string },
  more: Partial<ImportDraft> = {},
  actor: Actor = world.manager,
): Promise<ImportOutcome> {
  return importRows(world.context, actor, await draftOf(world, rows, more))
}

export function reportOf(outcome: ImportOutcome): ImportReport {
  if (outcome.kind === 'refused' || outcome.report === null) throw new Error(`no report: ${JSON.stringify(outcome)}`)
  return outcome.report
}

/** What is wrong, as `line column code`. */
export function wrongIn(outcome: ImportOutcome): string[] {
  const { problems, rows } = reportOf(outcome)
  return [
    ...problems.map(({ field, code }) => `${field} ${code}`),
    ...rows.flatMap((row) => row.problems.map(({ line, column, code }) => `${line} ${column} ${code}`)),
  ]
}
