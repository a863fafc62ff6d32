/** A registration outside its period: the principal investigator's form with a reason, and the record. */
import { z } from 'zod'
import { recordRegistration } from '../actions/record-registration.ts'
import { findSubjectInTrial } from '../db/subject-in-trial.ts'
import { isRecordedAlready } from '../db/submissions.ts'
import { type MilestoneDraft, newestEvent } from '../domain/next-event.ts'
import { isRefused, type Parsed, type Problem } from '../domain/parsed.ts'
import { sitesWithin } from '../domain/permission.ts'
import { nextMilestones } from '../domain/subject.ts'
import { type OverrideTyped, overrideFormPage } from '../pages/override-form-page.ts'
import { readDateField, readForm, text } from './forms.ts'
import { refusedAs } from './meanwhile.ts'
import { withSuggestion } from './screenings.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

/** The subject, and the registration that may come next; null where none may. */
async function findHere({ actor, context, request, trial }: TrialVisit) {
  const scope = sitesWithin(actor.grants, 'override_period', trial.id)
  const here = await findSubjectInTrial(context.db, trial.id, String(request.params.subject), scope)
  if (here === null) return null
  const next = nextMilestones(here.pathway, here.subject.state, here.events)
  const milestone = next.find(({ kind }) => kind === 'registration_stage')
  return milestone === undefined ? null : { ...here, milestone }
}
const notFound = { error: 'not_found' } as const
type Here = NonNullable<Awaited<ReturnType<typeof findHere>>>

export async function newOverride(visit: TrialVisit): Promise<Reply> {
  const here = await findHere(visit)
  if (here === null) return { error: 'not_found' }
  const seenEventId = newestEvent(here.events)?.id ?? ''
  const typed = { occurredOn: '', reason: '', seenEventId, submissionKey: visit.context.newId() }
  return show(visit, here, typed, [], 200)
}

const fields = z.object({
  occurredOn: text(64),
  reason: text(1000),
  seenEventId: text(64),
  submissionKey: text(64),
  suggested: text(80),
})

function readOverride(here: Here, body: unknown): Parsed<MilestoneDraft> {
  const read = readForm(fields, body)
  if (isRefused(read)) return read
  const { reason, seenEventId } = read.value
  const problems: Problem[] = []
  const date = readDateField('occurredOn', read.value.occurredOn)
  if (isRefused(date)) problems.push(...date.problems)
  if (reason === '') problems.push({ field: 'reason', code: 'note_missing' })
  if (isRefused(date) || problems.length > 0) return { problems }
  return {
    value: {
      trialId: here.trial.id,
      subjectId: here.subject.id,
      code: here.milestone.code,
      occurredOn: date.value,
      note: null,
      overrideReason: reason,
      basis: 'recorded',
      seenEventId: seenEventId === '' ? null : seenEventId,
    },
  }
}

export async function createOverride(visit: TrialVisit): Promise<Reply> {
  const { actor, context, request, trial } = visit
  const here = await findHere(visit)
  if (here === null) {
    // Registered by this very form, the subject is to be registered no more.
    const isHeard = await isRecordedAlready(context, actor)
    return isHeard ? { seeOther: `/trials/${trial.code}/subjects/${request.params.subject}?done=event` } : notFound
  }
  const suggested = withSuggestion(request.body)
  if (suggested !== null) return show(visit, here, { ...typedIn(visit), ...suggested }, [], 200)
  const draft = readOverride(here, request.body)
  if (isRefused(draft)) return show(visit, here, typedIn(visit), draft.problems, 422)
  const outcome = await recordRegistration(context, actor, draft.value)
  if (!isRefused(outcome)) return { seeOther: `/trials/${trial.code}/subjects/${here.subject.id}?done=event` }
  const { typed, status } = refusedAs(here.events, typedIn(visit), outcome.problems)
  return show(visit, here, typed, outcome.problems, status)
}

export async function showOverrideAgain(visit: TrialVisit, problems: readonly Problem[]): Promise<Reply> {
  const here = await findHere(visit)
  return here === null ? { error: 'not_found' } : show(visit, here, typedIn(visit), problems, 422)
}

function typedIn({ context, request: { body = {} } }: TrialVisit): OverrideTyped {
  return {
    occurredOn: textOf(body.occurredOn),
    reason: textOf(body.reason),
    seenEventId: textOf(body.seenEventId),
    submissionKey: context.newId(),
  }
}

async function show(
  visit: TrialVisit,
  here: Here,
  typed: OverrideTyped,
  problems: readonly Problem[],
  status: number,
): Promise<Reply> {
  return { page: overrideFormPage({ ...here, typed, problems }, visit.words), status }
}
