/** Mending a date: the form, and the correction. */
import { z } from 'zod'
import { correctEvent } from '../actions/correct-event.ts'
import { listWithdrawnEvents } from '../db/subject-events.ts'
import { findSubjectInTrial } from '../db/subject-in-trial.ts'
import { type CorrectionDraft, correctionReasons } from '../domain/correction.ts'
import { newestEvent } from '../domain/next-event.ts'
import { isRefused, type Parsed, type Problem } from '../domain/parsed.ts'
import { sitesWithin } from '../domain/permission.ts'
import { type CorrectionTyped, correctionFormPage } from '../pages/correction-form-page.ts'
import { readDateField, readForm, text } from './forms.ts'
import { withSuggestion } from './screenings.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

async function findHere({ actor, context, request, trial }: TrialVisit) {
  const scope = sitesWithin(actor.grants, 'log_subjects', trial.id)
  const here = await findSubjectInTrial(context.db, trial.id, String(request.params.subject), scope)
  if (here === null) return null
  const asked = String(request.params.event)
  const versions = [...here.events, ...(await listWithdrawnEvents(context.db, [here.subject.id]))]
  // The version that was asked for may have been corrected since; then the one that replaced it is meant.
  const originId = versions.find(({ id }) => id === asked)?.originId
  const event = here.events.find((one) => one.originId === originId)
  return event === undefined ? null : { ...here, event }
}
type Here = NonNullable<Awaited<ReturnType<typeof findHere>>>

export async function newCorrection(visit: TrialVisit): Promise<Reply> {
  const here = await findHere(visit)
  if (here === null) return { error: 'not_found' }
  const seenEventId = newestEvent(here.events)?.id ?? ''
  const submissionKey = visit.context.newId()
  const typed = { occurredOn: here.event.occurredOn, reason: 'transcription', note: '', seenEventId, submissionKey }
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

function readCorrection(here: Here, body: unknown): Parsed<CorrectionDraft> {
  const read = readForm(fields, body)
  if (isRefused(read)) return read
  const { occurredOn, reason, note, seenEventId } = read.value
  const problems: Problem[] = []
  const date = readDateField('occurredOn', occurredOn)
  if (isRefused(date)) problems.push(...date.problems)
  const known = correctionReasons.find((one) => one === reason)
  if (known === undefined) problems.push({ field: 'reason', code: 'reason_missing' })
  if (isRefused(date) || known === undefined) return { problems }
  return {
    value: {
      trialId: here.trial.id,
      subjectId: here.subject.id,
      eventId: here.event.id,
      occurredOn: date.value,
      reason: known,
      note: note === '' ? null : note,
      seenEventId: seenEventId === '' ? null : seenEventId,
    },
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
  if (!isRefused(outcome)) return { seeOther: `/trials/${trial.code}/subjects/${here.subject.id}?done=event` }
  const isMeanwhile = outcome.problems.some(({ code }) => code === 'changed_meanwhile')
  const seen = isMeanwhile ? { seenEventId: newestEvent(here.events)?.id ?? '' } : {}
  return show(visit, here, { ...typedIn(visit), ...seen }, outcome.problems, isMeanwhile ? 409 : 422)
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
