/** What happened to a subject next: the form, the confirmation before a registration, and the record. */
import { z } from 'zod'
import { recordExit } from '../actions/record-exit.ts'
import { recordMilestone } from '../actions/record-milestone.ts'
import { recordRegistration } from '../actions/record-registration.ts'
import { countPlaces } from '../db/places.ts'
import { listCaps } from '../db/settings.ts'
import { findSubjectInTrial } from '../db/subject-in-trial.ts'
import { listTerms } from '../db/trial-terms.ts'
import { milestoneOf } from '../domain/milestone.ts'
import { type ExitDraft, type MilestoneDraft, newestEvent, registrationProblems } from '../domain/next-event.ts'
import { isRefused, type Parsed, type Problem } from '../domain/parsed.ts'
import { sitesWithin } from '../domain/permission.ts'
import { nextMilestones } from '../domain/subject.ts'
import { exits, withdrawalScopes } from '../domain/subject-state.ts'
import { termsPromised } from '../domain/trial-terms.ts'
import { confirmRegistrationPage, type EventTyped, eventFormPage } from '../pages/event-form-page.ts'
import { codes, readDateField, readForm, text } from './forms.ts'
import { withSuggestion } from './subjects.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

function findHere({ actor, context, request, trial }: TrialVisit) {
  const scope = sitesWithin(actor.grants, 'log_subjects', trial.id)
  return findSubjectInTrial(context.db, trial.id, String(request.params.subject), scope)
}
type Here = NonNullable<Awaited<ReturnType<typeof findHere>>>

export async function newEvent(visit: TrialVisit): Promise<Reply> {
  const { context, request, trial, words } = visit
  const here = await findHere(visit)
  if (here === null) return { error: 'not_found' }
  const asked = textOf(request.query.what)
  const next = nextMilestones(here.pathway, here.subject.state, here.events)
  const what = asked !== '' ? asked : (next.find(({ kind }) => kind !== 'procedure')?.code ?? '')
  const today = context.today(trial.timeZone)
  const seenEventId = newestEvent(here.events)?.id ?? ''
  const typed = { what, occurredOn: today, note: '', seenEventId, submissionKey: context.newId() }
  return { page: eventFormPage({ ...here, typed, problems: [] }, words) }
}

const eventFields = z.object({
  what: text(64),
  occurredOn: text(64),
  note: text(1000),
  seenEventId: text(64),
  submissionKey: text(64),
  suggested: text(80),
  confirmed: text(8),
  reasons: codes,
  measuredValue: text(100),
  scope: codes,
})

type EventDraft = { milestone: MilestoneDraft } | { exit: ExitDraft }

function readEvent(here: Here, body: unknown): Parsed<EventDraft> {
  const fields = readForm(eventFields, body)
  if (isRefused(fields)) return fields
  const { what, note } = fields.value
  const problems: Problem[] = []
  const exit = exits.find((known) => `exit:${known}` === what) ?? null
  if (what === '' || what === 'exit') problems.push({ field: 'what', code: 'what_missing' })
  else if (exit === null && milestoneOf(here.pathway, what) === null)
    problems.push({ field: 'what', code: 'step_unknown' })
  const date = readDateField('occurredOn', fields.value.occurredOn)
  if (isRefused(date)) problems.push(...date.problems)
  if (isRefused(date) || problems.length > 0) return { problems }
  const common = {
    trialId: here.trial.id,
    subjectId: here.subject.id,
    occurredOn: date.value,
    basis: 'recorded' as const,
    seenEventId: fields.value.seenEventId === '' ? null : fields.value.seenEventId,
  }
  const said = { ...common, note: note === '' ? null : note }
  if (exit === null) return { value: { milestone: { ...said, code: what } } }
  const { reasons, measuredValue } = fields.value
  const scope = withdrawalScopes.filter((one) => fields.value.scope.includes(one))
  return {
    value: { exit: { ...said, exit, reasons, measuredValue: measuredValue === '' ? null : measuredValue, scope } },
  }
}

export async function confirmOrRecordEvent(visit: TrialVisit): Promise<Reply> {
  const { request, trial } = visit
  const here = await findHere(visit)
  if (here === null) return { error: 'not_found' }
  const suggested = withSuggestion(request.body)
  if (suggested !== null) return show(visit, here, { ...typedIn(visit), ...suggested }, [], 200)
  const draft = readEvent(here, request.body)
  if (isRefused(draft)) return show(visit, here, typedIn(visit), draft.problems, 422)

  const isAsked = request.body.confirmed !== 'yes'
  if (isAsked && isRegistration(here, draft.value)) return confirm(visit, here, draft.value.milestone)
  const outcome = await record(visit, here, draft.value)
  if (isRefused(outcome)) return showRefused(visit, here, outcome.problems)
  return { seeOther: `/trials/${trial.code}/subjects/${here.subject.id}?done=event` }
}

function isRegistration(here: Here, draft: EventDraft): draft is { milestone: MilestoneDraft } {
  return 'milestone' in draft && milestoneOf(here.pathway, draft.milestone.code)?.kind === 'registration_stage'
}

function record({ actor, context }: TrialVisit, here: Here, draft: EventDraft): Promise<Parsed<unknown>> {
  if ('exit' in draft) return recordExit(context, actor, draft.exit)
  const verb = isRegistration(here, draft) ? recordRegistration : recordMilestone
  return verb(context, actor, draft.milestone)
}

async function confirm(visit: TrialVisit, here: Here, draft: MilestoneDraft): Promise<Reply> {
  const { context, trial, words } = visit
  const today = context.today(trial.timeZone)
  const versions = await listTerms(context.db, trial.id)
  const where = { siteId: here.site.id, armCode: null }
  const counted = await countPlaces(context.db, { trialId: trial.id, pathway: here.pathway }, where, today)
  const caps = await listCaps(context.db, trial.id)
  const registered = counted.inTrial
  const problems = registrationProblems(here, draft, versions, { counted, caps }, today)
  if (problems.length > 0) return showRefused(visit, here, problems)
  const targetNumber = termsPromised(versions, today)?.targetNumber ?? 0
  const siteName = `${here.site.code} ${words.pick(here.site.name)}`
  const { occurredOn } = draft
  const input = { ...here, typed: typedIn(visit), problems: [], occurredOn, siteName, registered, targetNumber }
  return { page: confirmRegistrationPage(input, words) }
}

export async function showEventAgain(visit: TrialVisit, problems: readonly Problem[]): Promise<Reply> {
  const here = await findHere(visit)
  if (here === null) return { error: 'not_found' }
  return show(visit, here, typedIn(visit), problems, 422)
}

/** Two people at once meet here: what the other wrote is said, what this one typed is still there. */
function showRefused(visit: TrialVisit, here: Here, problems: readonly Problem[]): Promise<Reply> {
  const typed = typedIn(visit)
  if (!problems.some(({ code }) => code === 'changed_meanwhile')) return show(visit, here, typed, problems, 422)
  return show(visit, here, { ...typed, seenEventId: newestEvent(here.events)?.id ?? '' }, problems, 409)
}

/** What stood in the form that was sent; shown again it has a key of its own, because the old one may be used up. */
function typedIn({ context, request: { body = {} } }: TrialVisit): EventTyped {
  return {
    what: textOf(body.what),
    occurredOn: textOf(body.occurredOn),
    note: textOf(body.note),
    seenEventId: textOf(body.seenEventId),
    submissionKey: context.newId(),
  }
}

async function show(
  visit: TrialVisit,
  here: Here,
  typed: EventTyped,
  problems: readonly Problem[],
  status: number,
): Promise<Reply> {
  return {
    page: eventFormPage({ ...here, typed, problems }, visit.words),
    status,
  }
}
