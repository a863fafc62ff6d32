/** What happened to a subject next: the form, the confirmation before what is final or unusual, and the record. */
import { z } from 'zod'
import { recordConsent } from '../actions/record-consent.ts'
import { recordExit } from '../actions/record-exit.ts'
import { recordMilestone } from '../actions/record-milestone.ts'
import { recordRegistration } from '../actions/record-registration.ts'
import { countPlaces } from '../db/places.ts'
import { listCaps, listExitReasons } from '../db/settings.ts'
import { findSubjectInTrial } from '../db/subject-in-trial.ts'
import { countSubjectsByState } from '../db/subjects.ts'
import { listTerms } from '../db/trial-terms.ts'
import { listConsentVersions } from '../db/trials.ts'
import { farDateWarnings, overAllocationWarnings, placeWarnings, windowWarnings } from '../domain/event-warnings.ts'
import { exitDetailProblems } from '../domain/exit-reason.ts'
import { type Milestone, milestoneOf } from '../domain/milestone.ts'
import { type ExitDraft, type MilestoneDraft, newestEvent, registrationProblems } from '../domain/next-event.ts'
import { isRefused, type Parsed, type Problem } from '../domain/parsed.ts'
import { sitesWithin } from '../domain/permission.ts'
import { likelyConsentVersion } from '../domain/screening.ts'
import { nextAtSite } from '../domain/subject.ts'
import { exits, withdrawalScopes } from '../domain/subject-state.ts'
import { termsPromised } from '../domain/trial-terms.ts'
import { confirmEventPage } from '../pages/confirm-event-page.ts'
import { type EventTyped, eventFormPage } from '../pages/event-form-page.ts'
import { codes, readDateField, readForm, text } from './forms.ts'
import { refusedAs } from './meanwhile.ts'
import { withSuggestion } from './screenings.ts'
import { type Reply, type TrialVisit, textOf, textsOf } from './visit.ts'

async function findHere({ actor, context, request, trial }: TrialVisit) {
  const { db } = context
  const scope = sitesWithin(actor.grants, 'log_subjects', trial.id)
  const here = await findSubjectInTrial(db, trial.id, String(request.params.subject), scope)
  if (here === null) return null
  const reasons = await listExitReasons(db, trial.id)
  return { ...here, reasons, consentVersions: await listConsentVersions(db, trial.id) }
}
type Here = NonNullable<Awaited<ReturnType<typeof findHere>>>

export async function newEvent(visit: TrialVisit): Promise<Reply> {
  const { context, request, trial } = visit
  const here = await findHere(visit)
  if (here === null) return { error: 'not_found' }
  const asked = textOf(request.query.what)
  const next = nextAtSite(here.pathway, here.subject.state, here.events)
  const typed: EventTyped = {
    what: asked !== '' ? asked : (next.find(({ kind }) => kind !== 'procedure')?.code ?? ''),
    occurredOn: context.today(trial.timeZone),
    reasons: [],
    measuredValue: '',
    scope: [],
    consentVersionId: likelyConsentVersion(here.consentVersions, context.today(trial.timeZone))?.id ?? '',
    note: '',
    seenEventId: newestEvent(here.events)?.id ?? '',
    submissionKey: context.newId(),
  }
  return show(visit, here, typed, [], 200)
}

const eventFields = z.object({
  what: text(64),
  occurredOn: text(64),
  reasons: codes,
  measuredValue: text(100),
  scope: codes,
  consentVersionId: text(64),
  note: text(1000),
  seenEventId: text(64),
  submissionKey: text(64),
  suggested: text(80),
  confirmed: text(8),
  edit: text(8),
})

type EventDraft = { milestone: MilestoneDraft; consentVersionId: string } | { exit: ExitDraft }

/** A reason that was ticked names its exit: where nothing else was chosen, that is what happened. */
function whatOf({ what, reasons }: Pick<EventTyped, 'what' | 'reasons'>): string {
  if (what !== '' && what !== 'exit' && what !== 'any') return what
  const named = new Set(reasons.map((reason) => reason.split(':')[0]))
  return named.size === 1 ? `exit:${[...named][0]}` : ''
}

function readEvent(here: Here, body: unknown): Parsed<EventDraft> {
  const fields = readForm(eventFields, body)
  if (isRefused(fields)) return fields
  const { note, measuredValue } = fields.value
  const what = whatOf(fields.value)
  const problems: Problem[] = []
  const exit = exits.find((known) => `exit:${known}` === what) ?? null
  const milestone = milestoneOf(here.pathway, what)
  if (what === '') problems.push({ field: 'what', code: 'what_missing' })
  else if (exit === null && (milestone === null || milestone.kind === 'allocation')) {
    problems.push({ field: 'what', code: 'step_unknown' })
  }
  const date = readDateField('occurredOn', fields.value.occurredOn)
  if (isRefused(date)) problems.push(...date.problems)
  // Boxes of another exit may stay ticked when somebody changes their mind; they say nothing about this one.
  const reasons = fields.value.reasons.filter((one) => one.startsWith(`${exit}:`)).map((one) => one.split(':')[1] ?? '')
  const scope = withdrawalScopes.filter((one) => fields.value.scope.includes(one))
  const details = {
    reasons,
    scope: exit === 'withdrawn' ? scope : [],
    measuredValue: measuredValue === '' || exit !== 'excluded_after_provisional' ? null : measuredValue,
    note: note === '' ? null : note,
  }
  if (exit !== null) problems.push(...exitDetailProblems(here.subject.state, { exit, ...details }, here.reasons))
  if (isRefused(date) || problems.length > 0) return { problems }
  const common = {
    trialId: here.trial.id,
    subjectId: here.subject.id,
    occurredOn: date.value,
    note: details.note,
    basis: 'recorded' as const,
    seenEventId: fields.value.seenEventId === '' ? null : fields.value.seenEventId,
  }
  if (exit !== null) return { value: { exit: { ...common, ...details, exit } } }
  return { value: { milestone: { ...common, code: what }, consentVersionId: fields.value.consentVersionId } }
}

export async function confirmOrRecordEvent(visit: TrialVisit): Promise<Reply> {
  const { request, trial } = visit
  const here = await findHere(visit)
  if (here === null) return { error: 'not_found' }
  const suggested = withSuggestion(request.body)
  if (suggested !== null) return show(visit, here, { ...typedIn(visit), ...suggested }, [], 200)
  // Back from the page that asks once: what was typed is there again.
  if (request.body.edit === 'yes') return show(visit, here, typedIn(visit), [], 200)
  const draft = readEvent(here, request.body)
  if (isRefused(draft)) return show(visit, here, typedIn(visit), draft.problems, 422)

  const asked = request.body.confirmed === 'yes' ? null : await confirmation(visit, here, draft.value)
  if (asked !== null) return asked
  const outcome = await record(visit, here, draft.value)
  if (isRefused(outcome)) return showRefused(visit, here, outcome.problems)
  return { seeOther: `/trials/${trial.code}/subjects/${here.subject.id}?done=event` }
}

function record({ actor, context }: TrialVisit, here: Here, draft: EventDraft): Promise<Parsed<unknown>> {
  if ('exit' in draft) return recordExit(context, actor, draft.exit)
  const { milestone, consentVersionId } = draft
  const kind = milestoneOf(here.pathway, milestone.code)?.kind
  if (kind === 'screening') return recordConsent(context, actor, { ...milestone, consentVersionId })
  const verb = kind === 'registration_stage' ? recordRegistration : recordMilestone
  return verb(context, actor, milestone)
}

/** The page that asks once, before a registration and before what is unusual; null where there is nothing to ask. */
async function confirmation(visit: TrialVisit, here: Here, draft: EventDraft): Promise<Reply | null> {
  const { context, trial, words } = visit
  const { occurredOn } = 'exit' in draft ? draft.exit : draft.milestone
  const milestone = 'exit' in draft ? null : milestoneOf(here.pathway, draft.milestone.code)
  const isIndexDate =
    milestone !== null &&
    here.pathway.milestones.indexOf(milestone) < here.pathway.milestones.indexOf(here.pathway.screening)
  const warnings = isIndexDate ? [] : farDateWarnings('occurredOn', occurredOn, context.today(trial.timeZone))
  if (milestone !== null) warnings.push(...windowWarnings(here, milestone.code, occurredOn))
  const isRegistration = milestone?.kind === 'registration_stage'
  if (!isRegistration && warnings.length === 0) return null
  const siteName = `${here.site.code} ${words.pick(here.site.name)}`
  const typed = { ...typedIn(visit), what: 'exit' in draft ? `exit:${draft.exit.exit}` : draft.milestone.code }
  const input = { ...here, typed, problems: [], occurredOn, siteName }
  if (milestone === null || !isRegistration || 'exit' in draft) {
    return { page: confirmEventPage({ ...input, warnings, places: null }, words) }
  }
  const places = await placesFor(visit, here, milestone, draft.milestone)
  if (places.problems.length > 0) return showRefused(visit, here, places.problems)
  return { page: confirmEventPage({ ...input, warnings: [...warnings, ...places.warnings], places }, words) }
}

/** How many places are taken, whether this registration may have one, and what to mind about it. */
async function placesFor({ context, trial }: TrialVisit, here: Here, milestone: Milestone, draft: MilestoneDraft) {
  const { db } = context
  const today = context.today(trial.timeZone)
  const versions = await listTerms(db, trial.id)
  const where = { siteId: here.site.id, armCode: null }
  const counted = await countPlaces(db, { trialId: trial.id, pathway: here.pathway }, where, today)
  const caps = await listCaps(db, trial.id)
  const everywhere = { scope: 'every', siteId: null, search: null, consented: null } as const
  const states = await countSubjectsByState(db, trial.id, everywhere)
  const waiting = states.find(({ state }) => state === 'provisional')?.number ?? 0
  const registered = counted.inTrial
  const targetNumber = termsPromised(versions, today)?.targetNumber ?? 0
  return {
    registered,
    targetNumber,
    problems: registrationProblems(here, draft, versions, { counted, caps }, today),
    warnings: [
      ...overAllocationWarnings(milestone, here, { registered, waiting, target: targetNumber }),
      ...placeWarnings(here, caps, counted),
    ],
  }
}

export async function showEventAgain(visit: TrialVisit, problems: readonly Problem[]): Promise<Reply> {
  const here = await findHere(visit)
  if (here === null) return { error: 'not_found' }
  return show(visit, here, typedIn(visit), problems, 422)
}

function showRefused(visit: TrialVisit, here: Here, problems: readonly Problem[]): Promise<Reply> {
  const { typed, status } = refusedAs(here.events, typedIn(visit), problems)
  return show(visit, here, typed, problems, status)
}

/** What stood in the form that was sent; shown again it has a key of its own, because the old one may be used up. */
function typedIn({ context, request: { body = {} } }: TrialVisit): EventTyped {
  const reasons = textsOf(body.reasons)
  const what = textOf(body.what)
  return {
    what: whatOf({ what, reasons }) || what,
    occurredOn: textOf(body.occurredOn),
    reasons,
    measuredValue: textOf(body.measuredValue),
    scope: textsOf(body.scope),
    consentVersionId: textOf(body.consentVersionId),
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
  return { page: eventFormPage({ ...here, typed, problems }, visit.words), status }
}
