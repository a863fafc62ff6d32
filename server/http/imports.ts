/** From Excel: paste rows or send a file, see what would be recorded, mend, and record all of it. */
import { type ImportOutcome, importRows } from '../actions/import-rows.ts'
import { listImportBatches } from '../db/imports.ts'
import { findNames } from '../db/people.ts'
import { listSites } from '../db/sites.ts'
import { manyShown } from '../domain/access-record.ts'
import type { ImportReport } from '../domain/import-report.ts'
import { isRefused, type Problem } from '../domain/parsed.ts'
import { mayIn, sitesWithin } from '../domain/permission.ts'
import { importPage, importProgressPage } from '../pages/import-page.ts'
import { checkedMark, type ImportForm, proofOf, readImport } from './import-form.ts'
import { answerOrProgress, progressOf } from './import-jobs.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

export async function newImport(visit: TrialVisit): Promise<Reply> {
  return { page: await pageOf(visit, { done: doneIn(visit.request.query), problems: [], rows: '' }) }
}

/** `?done=6-1-0`: new, changed and unchanged rows of the import that was just done. */
function doneIn(query: Record<string, unknown>): { new: number; changed: number; unchanged: number } | null {
  const [, ...counts] = /^(\d{1,6})-(\d{1,6})-(\d{1,6})$/.exec(textOf(query.done)) ?? []
  if (counts.length === 0) return null
  const [added = 0, changed = 0, unchanged = 0] = counts.map(Number)
  return { new: added, changed, unchanged }
}

export function checkImport(visit: TrialVisit): Promise<Reply> {
  return answer(visit, () => 'check')
}

/** Rows that are not those that were checked are checked first: nobody records what they have not seen. */
export function confirmImport(visit: TrialVisit): Promise<Reply> {
  return answer(visit, ({ seen }) => (seen === null ? 'check' : 'apply'))
}

async function answer(visit: TrialVisit, purposeOf: (form: ImportForm) => 'check' | 'apply'): Promise<Reply> {
  const form = await readImport(visit)
  if (isRefused(form)) return showImportAgain(visit, form.problems)
  const { actor, context, trial } = visit
  const { table, meanings, origin, unknownSites, seen } = form.value
  const purpose = purposeOf(form.value)
  // A check records nothing, so that its form can be sent any number of times.
  const asked = purpose === 'apply' || context.request === null ? context : withoutSubmission(context)
  const told = { trialId: trial.id, table, meanings, origin, unknownSites, purpose }
  const draft = seen === null ? told : { ...told, seen }
  return answerOrProgress(visit, async (progress) =>
    replyTo(visit, form.value, await importRows(asked, actor, draft, progress)),
  )
}

function withoutSubmission(context: TrialVisit['context']): TrialVisit['context'] {
  return { ...context, request: context.request === null ? null : { ...context.request, submission: null } }
}

async function replyTo(visit: TrialVisit, form: ImportForm, outcome: ImportOutcome): Promise<Reply> {
  if (outcome.kind === 'refused') return showImportAgain(visit, outcome.problems)
  if (outcome.kind === 'applied') {
    const { new: added, changed, unchanged } = outcome.counts
    return { seeOther: `/trials/${visit.trial.code}/import?done=${added}-${changed}-${unchanged}` }
  }
  const { report } = outcome
  const isOutdated = outcome.kind === 'outdated'
  return {
    page: await pageOf(visit, { done: null, problems: [], rows: '', form, report, isOutdated }),
    shown: manyShown('import_check', 'page', report.rows.length),
    status: isWrong(report) ? 422 : isOutdated ? 409 : 200,
  }
}

function isWrong({ problems, counts }: ImportReport): boolean {
  return problems.length > 0 || counts.wrong > 0
}

/** The first page once more, with the rows that were pasted. */
export async function showImportAgain(visit: TrialVisit, problems: readonly Problem[]): Promise<Reply> {
  const rows = textOf(visit.request.body?.rows)
  return { page: await pageOf(visit, { done: null, problems, rows }), status: 422 }
}

export async function showImportProgress(visit: TrialVisit): Promise<Reply> {
  const progress = progressOf(visit, String(visit.request.params.job))
  if (progress === null) return { error: 'not_found' }
  if ('reply' in progress) return progress.reply
  return { page: importProgressPage({ address: visit.request.path, ...progress }, visit.words) }
}

async function pageOf(
  visit: TrialVisit,
  state: {
    done: ReturnType<typeof doneIn>
    problems: readonly Problem[]
    rows: string
    form?: ImportForm
    report?: ImportReport
    isOutdated?: boolean
  },
) {
  const { actor, context, trial, words } = visit
  const { form, report } = state
  const scope = sitesWithin(actor.grants, 'log_subjects', trial.id)
  const batches = await listImportBatches(context.db, trial.id, scope === 'every' ? null : actor.personId)
  const names = await findNames(
    context.db,
    batches.map(({ personId }) => personId),
  )
  const checked =
    form === undefined || report === undefined
      ? null
      : {
          report,
          text: form.text,
          origin: form.origin,
          proof: proofOf(visit, form.origin, form.text),
          checked: isWrong(report)
            ? ''
            : checkedMark(
                visit,
                { ...form, meanings: new Map(report.columns.map(({ index, meaning }) => [index, meaning])) },
                report.seen,
              ),
          unknownSites: form.unknownSites,
          sites: await listSites(context.db, trial.id),
        }
  return importPage(
    {
      trial,
      done: state.done,
      isOutdated: state.isOutdated === true,
      problems: state.problems,
      rows: state.rows,
      mayAddSites: mayIn(actor.grants, 'configure_trial', trial.id),
      batches: batches.map((batch) => ({ ...batch, by: names.get(batch.personId) ?? null })),
      submissionKey: context.newId(),
      checked,
    },
    words,
  )
}
