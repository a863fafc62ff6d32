/** Mending a date: the form, and the correction. */
import { z } from 'zod'
import { correctEvent } from '../actions/correct-event.ts'
import { listExitReasons } from '../db/settings.ts'
import { listWithdrawnEvents } from '../db/subject-events.ts'
import { findSubjectInTrial } from '../db/subject-in-trial.ts'
import { type CorrectionDraft, correctionReasons, type ExitDetails } from '../domain/correction.ts'
import { newestEvent } from '../domain/next-event.ts'
import { isRefused, type Parsed, type Problem } from '../domain/parsed.ts'
import { sitesWithin } from '../domain/permission.ts'
import { withdrawalScopes } from '../domain/subject-state.ts'
import { type CorrectionTyped, correctionFormPage } from '../pages/correction-form-page.ts'
import { codes, readDateField, readForm, text } from './forms.ts'
import { refusedAs } from './meanwhile.ts'
import { withSuggestion } from './screenings.ts'
import { type Reply, type TrialVisit, textOf, textsOf } from './visit.ts'

async function findHere({ actor, context, request, trial }: TrialVisit) {
  const scope = sitesWithin(actor.grants, 'log_subjects', trial.id)
  const here = await findSubjectInTrial(context.db, trial.id, String(request.params.subject), scope)
  if (here === null) return null
  const asked = String(request.params.event)
  const versions = [...here.events, ...(await listWithdrawnEvents(context.db, [here.subject.id]))]
  // The version that was asked for may have been corrected since; then the one that replaced it is meant.
  const originId = versions.find(({ id }) => id === asked)?.originId
  const event = here.events.find((one) => one.originId === originId)
  if (event === undefined) return null
  return { ...here, event, reasons: await listExitReasons(context.db, trial.id) }
}
type Here = NonNullable<Awaited<ReturnType<typeof findHere>>>

export async function newCorrection(visit: TrialVisit): Promise<Reply> {
  const here = await findHere(visit)
  if (here === null) return { error: 'not_found' }
  const seenEventId = newestEvent(here.events)?.id ?? ''
  const submissionKey = visit.context.newId()
  const { event } = here
  const typed: CorrectionTyped = {
    occurredOn: event.occurredOn,
    reason: 'transcription',
    note: '',
    reasons: event.reasons,
    measuredValue: event.measuredValue ?? '',
    scope: event.scope,
    said: event.note ?? '',
    seenEventId,
    submissionKey,
  }
  return show(visit, here, typed, [], 200)
}

const fields = z.object({
  occurredOn: text(64),
  reason: text(64),
  note: text(1000),
  seenEventId: text(64),
  submissionKey: text(64),
  suggested: text(80),
})

/** What an exit says besides its day. */
const ofExit = fields.extend({ reasons: codes, measuredValue: text(100), scope: codes, said: text(1000) })

function readCorrection(here: Here, body: unknown): Parsed<CorrectionDraft> {
  const isExit = here.event.what.kind === 'exit'
  const read = readForm(isExit ? ofExit : fields, body)
  if (isRefused(read)) return read
  const { occurredOn, reason, note, seenEventId } = read.value
  const problems: Problem[] = []
  const date = readDateField('occurredOn', occurredOn)
  if (isRefused(date)) problems.push(...date.problems)
  const known = correctionReasons.find((one) => one === reason)
  if (known === undefined) problems.push({ field: 'reason', code: 'reason_missing' })
  if (known === 'other' && note === '') problems.push({ field: 'note', code: 'note_missing' })
  if (isRefused(date) || known === undefined || problems.length > 0) return { problems }
  return {
    value: {
      trialId: here.trial.id,
      subjectId: here.subject.id,
      eventId: here.event.id,
      occurredOn: date.value,
      reason: known,
      note: note === '' ? null : note,
      seenEventId: seenEventId === '' ? null : seenEventId,
      ...(isExit ? { details: detailsIn(read.value as z.infer<typeof ofExit>) } : {}),
    },
  }
}

function detailsIn({ reasons, measuredValue, scope, said }: z.infer<typeof ofExit>): ExitDetails {
  return {
    reasons,
    measuredValue: measuredValue === '' ? null : measuredValue,
    scope: withdrawalScopes.filter((one) => scope.includes(one)),
    note: said === '' ? null : said,
  }
}

export async function createCorrection(visit: TrialVisit): Promise<Reply> {
  const { actor, context, request, trial } = visit
  const here = await findHere(visit)
  if (here === null) return { error: 'not_found' }
  const suggested = withSuggestion(request.body)
  if (suggested !== null) return show(visit, here, { ...typedIn(visit), ...suggested }, [], 200)
  const draft = readCorrection(here, request.body)
  if (isRefused(draft)) return show(visit, here, typedIn(visit), draft.problems, 422)
  const outcome = await correctEvent(context, actor, draft.value)
  if (!isRefused(outcome)) return { seeOther: `/trials/${trial.code}/subjects/${here.subject.id}?done=correction` }
  const { typed, status } = refusedAs(here.events, typedIn(visit), outcome.problems)
  return show(visit, here, typed, outcome.problems, status)
}

export async function showCorrectionAgain(visit: TrialVisit, problems: readonly Problem[]): Promise<Reply> {
  const here = await findHere(visit)
  if (here === null) return { error: 'not_found' }
  return show(visit, here, typedIn(visit), problems, 422)
}

/** What stood in the form that was sent; shown again it has a key of its own, because the old one may be used up. */
function typedIn({ context, request: { body = {} } }: TrialVisit): CorrectionTyped {
  return {
    occurredOn: textOf(body.occurredOn),
    reason: textOf(body.reason),
    note: textOf(body.note),
    reasons: textsOf(body.reasons),
    measuredValue: textOf(body.measuredValue),
    scope: textsOf(body.scope),
    said: textOf(body.said),
    seenEventId: textOf(body.seenEventId),
    submissionKey: context.newId(),
  }
}

async function show(
  visit: TrialVisit,
  here: Here,
  typed: CorrectionTyped,
  problems: readonly Problem[],
  status: number,
): Promise<Reply> {
  return {
    page: correctionFormPage({ ...here, typed, problems }, visit.words),
    status,
  }
}
