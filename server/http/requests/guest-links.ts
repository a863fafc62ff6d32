/** Guests' links of a change request, for those who write requests: made, shown once, and revoked. */
import { makeGuestLink } from '../../actions/make-guest-link.ts'
import { revokeGuestLink } from '../../actions/revoke-guest-link.ts'
import { listGuestLinks } from '../../db/guest-links.ts'
import { findTrial } from '../../db/trials.ts'
import { addDays } from '../../domain/calendar-date.ts'
import { isRefused, type Problem } from '../../domain/parsed.ts'
import { usualGuestDays } from '../../domain/request/guest-link.ts'
import { isAsked } from '../../domain/request/life-cycle.ts'
import type { WholeRequest } from '../../domain/request/whole-request.ts'
import { wordsFor } from '../../i18n/words.ts'
import { guestRevocationPage, newGuestLinkPage } from '../../pages/requests/guest-links.ts'
import { type FrozenReport, guestReport, guestReportShape } from '../../pages/requests/guest-report.ts'
import { guestFields, type RequestFieldId } from '../../pages/requests/request-fields.ts'
import { requestFormPage } from '../../pages/requests/request-form-page.ts'
import { requestAddress } from '../../pages/requests/request-words.ts'
import type { Typed } from '../../pages/settings/field-spec.ts'
import { readFeasibility } from '../feasibility-sheet.ts'
import { button, readForm } from '../forms.ts'
import { readDocument } from '../requests.ts'
import { withSuggestion } from '../screenings.ts'
import { readFields, typedFields } from '../settings/read-fields.ts'
import type { Reply, TrialVisit } from '../visit.ts'
import { findRequestHere } from './read-request.ts'

export async function newGuestLink(visit: TrialVisit): Promise<Reply> {
  const { context, trial } = visit
  const validUntil = addDays(context.today(trial.timeZone), usualGuestDays)
  return show(visit, { validUntil }, [], 200)
}

export function showGuestLinkAgain(visit: TrialVisit, problems: readonly Problem[]): Promise<Reply> {
  return show(visit, typedFields(guestFields, visit.request.body), problems, 422)
}

async function show(
  visit: TrialVisit,
  typed: Typed<RequestFieldId>,
  problems: readonly Problem[],
  status: number,
): Promise<Reply> {
  const request = await findRequestHere(visit)
  if (request === null || !isAsked(request.record.state)) return { error: 'not_found' }
  const { context, trial, words } = visit
  const path = { form: 'guest-links/new', action: 'guest-links' }
  const form = { trial, request, name: 'guest_link' as const, path, quote: null, specs: guestFields, typed }
  return { page: requestFormPage({ ...form, submissionKey: context.newId(), problems }, words), status }
}

/** The address stands on this answer and nowhere else; the same form once more makes no second link. */
export async function createGuestLink(visit: TrialVisit): Promise<Reply> {
  const { actor, context, request, trial, words } = visit
  const found = await findRequestHere(visit)
  if (found === null || !isAsked(found.record.state)) return { error: 'not_found' }
  const suggested = withSuggestion(request.body)
  if (suggested !== null) return show(visit, { ...typedFields(guestFields, request.body), ...suggested }, [], 200)
  const read = readFields(guestFields, request.body)
  if (isRefused(read)) return showGuestLinkAgain(visit, read.problems)
  const draft = { label: read.value.text('guestLabel'), validUntil: read.value.day('validUntil') }
  const { number } = found.record
  const content = await frozenReport(visit, found)
  const made = await makeGuestLink(context, actor, trial.id, number, { ...draft, content })
  if (isRefused(made)) return showGuestLinkAgain(visit, made.problems)
  const { token } = made.value
  const start = `${request.protocol}://${request.get('host') ?? ''}`
  const link = token === null ? null : `${start}/guest/${token}`
  return { page: newGuestLinkPage({ trial, number, link, ...draft }, words), status: 201 }
}

/** What a guest will read, as it stands now. */
async function frozenReport(visit: TrialVisit, found: WholeRequest): Promise<FrozenReport> {
  const { actor, context } = visit
  const { number, asOf } = found.record
  // For a guest the trial's rule about small numbers holds, whoever makes the link.
  const trial = { ...visit.trial, ...(await findTrial(context.db, visit.trial.id)) }
  const reportIn = async (language: 'ja' | 'en') => {
    const words = wordsFor(language)
    const input = await readDocument({ ...visit, trial, words }, found)
    const sheet = await readFeasibility({ context, trial, words, request: { query: { asOf } } })
    return guestReport(input, sheet?.request?.number === number ? sheet : null, words)
  }
  return {
    shape: guestReportShape,
    trialCode: trial.code,
    requestNumber: number,
    frozenAt: context.now(),
    madeBy: actor.name,
    in: { ja: await reportIn('ja'), en: await reportIn('en') },
  }
}

async function findLinkHere(visit: TrialVisit) {
  const request = await findRequestHere(visit)
  if (request === null) return null
  const links = await listGuestLinks(visit.context.db, request.record.id)
  const link = links.find(({ id }) => id === visit.request.params.link) ?? null
  return link === null ? null : { number: request.record.number, link }
}

export async function askGuestRevocation(visit: TrialVisit): Promise<Reply> {
  const { trial, words } = visit
  const here = await findLinkHere(visit)
  return here === null ? { error: 'not_found' } : { page: guestRevocationPage({ trial, ...here }, words) }
}

export async function createGuestRevocation(visit: TrialVisit): Promise<Reply> {
  const { actor, context, request, trial } = visit
  const here = await findLinkHere(visit)
  if (here === null) return { error: 'not_found' }
  if (isRefused(readForm(button, request.body))) return { error: 'unprocessable' }
  const outcome = await revokeGuestLink(context, actor, trial.id, here.number, here.link.id)
  if (isRefused(outcome)) return { error: 'unprocessable' }
  return { seeOther: `${requestAddress(trial, here.number)}?done=guest_revoked` }
}
