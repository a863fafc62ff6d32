/** Drafting a change request, changing the draft, and sending it out. */
import { changeDraft } from '../../actions/change-draft.ts'
import { draftRequest } from '../../actions/draft-request.ts'
import { submitRequest } from '../../actions/submit-request.ts'
import { countBySite } from '../../db/daily-counts.ts'
import { listSites } from '../../db/sites.ts'
import { listTerms } from '../../db/trial-terms.ts'
import { findPathway } from '../../db/trials.ts'
import { screeningFlow } from '../../domain/accrual.ts'
import { isRefused, type Problem } from '../../domain/parsed.ts'
import type { WholeRequest } from '../../domain/request/whole-request.ts'
import { termsInForce } from '../../domain/trial-terms.ts'
import { draftFields, draftFormPage } from '../../pages/requests/draft-form-page.ts'
import { submissionPage } from '../../pages/requests/request-form-page.ts'
import { findingShown, requestAddress } from '../../pages/requests/request-words.ts'
import { button, readForm } from '../forms.ts'
import { withSuggestion } from '../screenings.ts'
import { type Reply, type TrialVisit, textOf } from '../visit.ts'
import { figureFields, firstDraft, readDraft, type TypedDraft, typedDraft } from './draft-content.ts'
import { findRequestHere, readRequest } from './read-request.ts'

const isConflict = (problems: readonly Problem[]) => problems.some(({ code }) => code === 'setting_changed_meanwhile')

export async function newRequest(visit: TrialVisit): Promise<Reply> {
  const { context, trial } = visit
  const { db } = context
  const today = context.today(trial.timeZone)
  const pathway = await findPathway(db, trial.id)
  const flow = screeningFlow(pathway, await countBySite(db, trial.id, today))
  const sites = await listSites(db, trial.id)
  const terms = termsInForce(await listTerms(db, trial.id), today)
  const inScreening = flow.inScreening + (flow.provisional?.waiting ?? 0)
  const typed = firstDraft(terms, { registered: flow.registered, inScreening, sites: sites.length }, today)
  return show(visit, null, typed, '', [], 200)
}

export async function createRequest(visit: TrialVisit): Promise<Reply> {
  const typed = typedIn(visit)
  const suggested = withSuggestion(visit.request.body ?? {})
  if (suggested !== null) return show(visit, null, { ...typed, ...suggested }, '', [], 200)
  const sites = await listSites(visit.context.db, visit.trial.id)
  const draft = readDraft(visit.request.body ?? {}, typed, null, sites, visit.words)
  if (isRefused(draft)) return show(visit, null, typed, '', draft.problems, 422)
  const outcome = await draftRequest(visit.context, visit.actor, visit.trial.id, draft.value)
  if (isRefused(outcome)) return show(visit, null, typed, '', outcome.problems, 422)
  return { seeOther: `${requestAddress(visit.trial, outcome.value.number)}?done=drafted` }
}

export function showNewRequestAgain(visit: TrialVisit, problems: readonly Problem[]): Promise<Reply> {
  return show(visit, null, typedIn(visit), '', problems, 422)
}

/** Only a draft is changed: anything else has no such form. */
async function findDraft(visit: TrialVisit): Promise<WholeRequest | null> {
  const found = await findRequestHere(visit)
  return found?.record.state === 'draft' ? found : null
}

export async function editDraft(visit: TrialVisit): Promise<Reply> {
  const found = await findDraft(visit)
  if (found === null) return { error: 'not_found' }
  const sites = await listSites(visit.context.db, visit.trial.id)
  return show(visit, found.record.number, typedDraft(found, sites, visit.words), found.seen, [], 200)
}

/** Whoever meets another's change is told so (409), and can save over what they have now been told of. */
export async function saveDraft(visit: TrialVisit): Promise<Reply> {
  const { actor, context, request, trial, words } = visit
  const found = await findDraft(visit)
  if (found === null) return { error: 'not_found' }
  const { number } = found.record
  const typed = typedIn(visit)
  const seen = textOf(request.body?.seen)
  const suggested = withSuggestion(request.body ?? {})
  if (suggested !== null) return show(visit, number, { ...typed, ...suggested }, seen, [], 200)
  const draft = readDraft(request.body ?? {}, typed, found, await listSites(context.db, trial.id), words)
  if (isRefused(draft)) return show(visit, number, typed, seen, draft.problems, 422)
  const outcome = await changeDraft(context, actor, trial.id, number, { ...draft.value, seen })
  if (!isRefused(outcome)) return { seeOther: `${requestAddress(trial, number)}?done=changed` }
  const isMet = isConflict(outcome.problems)
  return show(visit, number, typed, isMet ? found.seen : seen, outcome.problems, isMet ? 409 : 422)
}

export async function showDraftAgain(visit: TrialVisit, problems: readonly Problem[]): Promise<Reply> {
  const found = await findDraft(visit)
  if (found === null) return { error: 'not_found' }
  return show(visit, found.record.number, typedIn(visit), textOf(visit.request.body?.seen), problems, 422)
}

function typedIn({ request: { body = {} }, words }: TrialVisit): TypedDraft {
  const names = [...draftFields(words).map(({ id }) => id), ...figureFields]
  return Object.fromEntries(names.flatMap((name) => (name in body ? [[name, textOf(body[name])]] : [])))
}

async function show(
  { context, trial, words }: TrialVisit,
  number: number | null,
  typed: TypedDraft,
  seen: string,
  problems: readonly Problem[],
  status: number,
): Promise<Reply> {
  const siteCodes = (await listSites(context.db, trial.id)).map(({ code }) => code)
  const submissionKey = context.newId()
  return { page: draftFormPage({ trial, number, typed, siteCodes, seen, submissionKey, problems }, words), status }
}

export async function askSubmission(visit: TrialVisit): Promise<Reply> {
  return showSubmission(visit, [], 200)
}

/** Sent once more, it is a draft no longer: what came of the first time is said again. */
export async function sendRequest(visit: TrialVisit): Promise<Reply> {
  const { actor, context, request, trial } = visit
  const found = await findRequestHere(visit)
  if (found === null) return { error: 'not_found' }
  const { number } = found.record
  const read = readForm(button, request.body)
  if (isRefused(read)) return showSubmission(visit, read.problems, 422)
  const outcome = await submitRequest(context, actor, trial.id, number, read.value.seen)
  if (!isRefused(outcome)) return { seeOther: `${requestAddress(trial, number)}?done=submitted` }
  return showSubmission(visit, outcome.problems, isConflict(outcome.problems) ? 409 : 422)
}

export function showSubmissionAgain(visit: TrialVisit, problems: readonly Problem[]): Promise<Reply> {
  return showSubmission(visit, problems, 422)
}

async function showSubmission(visit: TrialVisit, problems: readonly Problem[], status: number): Promise<Reply> {
  const { context, trial, words } = visit
  const request = await findDraft(visit)
  if (request === null) return { error: 'not_found' }
  const { findings, decisionPlaces } = await readRequest(visit, request)
  const shown = findings.map((finding) => findingShown(finding, decisionPlaces, words))
  const submissionKey = context.newId()
  return { page: submissionPage({ trial, request, findings: shown, problems, submissionKey }, words), status }
}
