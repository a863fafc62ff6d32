/** Change requests: all of a trial's, one, its document, and what became of its promise. */
import { Readable } from 'node:stream'
import { listRequestPromises } from '../db/change-requests.ts'
import { countBySite } from '../db/daily-counts.ts'
import { countConvertedSince } from '../db/request-figures.ts'
import { listRequestSummaries } from '../db/request-records.ts'
import { listTerms } from '../db/trial-terms.ts'
import { findPathway, findProfile } from '../db/trials.ts'
import { accrualBySite } from '../domain/accrual.ts'
import { addDays, type CalendarDate, calendarDate } from '../domain/calendar-date.ts'
import { dateProblem } from '../domain/date-problem.ts'
import { earlierPromises } from '../domain/earlier-promises.ts'
import type { Problem } from '../domain/parsed.ts'
import { mayIn } from '../domain/permission.ts'
import { trialOutlook } from '../domain/projection/trial-outlook.ts'
import { readDate } from '../domain/read-date.ts'
import { mediaTypeOf } from '../domain/request/attachment.ts'
import { replay } from '../domain/request/replay.ts'
import { countedClaims } from '../domain/request/request-record.ts'
import type { WholeRequest } from '../domain/request/whole-request.ts'
import { replayPage } from '../pages/requests/replay-page.ts'
import { repliesDocument, repliesDocumentPage } from '../pages/requests/replies-document.ts'
import { type RequestDocument, requestDocument, requestDocumentPage } from '../pages/requests/request-document.ts'
import { requestDoings } from '../pages/requests/request-input.ts'
import { requestPage } from '../pages/requests/request-page.ts'
import { requestsOnPage, requestsPage } from '../pages/requests/requests-page.ts'
import { findRequestHere, readRequest } from './requests/read-request.ts'
import { wordFileOf } from './requests/word-file.ts'
import { readTrialRecord } from './trial-record.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

/** A draft stands on the list of those who write requests only. */
export async function listRequests(visit: TrialVisit): Promise<Reply> {
  const { actor, context, request, trial, words } = visit
  const mayWrite = mayIn(actor.grants, 'write_requests', trial.id)
  const all = await listRequestSummaries(context.db, trial.id)
  const requests = all.filter(({ state }) => mayWrite || state !== 'draft')
  const asked = /^[1-9]\d{0,5}$/.test(textOf(request.query.page)) ? Number(request.query.page) : 1
  const page = Math.min(asked, Math.max(Math.ceil(requests.length / requestsOnPage), 1))
  const versions = await listTerms(context.db, trial.id)
  const today = context.today(trial.timeZone)
  return { page: requestsPage({ trial, today, requests, versions, mayWrite, page }, words) }
}

export async function showRequest(visit: TrialVisit): Promise<Reply> {
  const found = await findRequestHere(visit)
  if (found === null) return { error: 'not_found' }
  const done = requestDoings.find((known) => known === visit.request.query.done) ?? null
  return { page: requestPage({ ...(await readRequest(visit, found)), done }, visit.words) }
}

/** What the document says, on paper, in a file and to a guest. */
export async function readDocument(visit: TrialVisit, found: WholeRequest) {
  const { identifiers, facts } = await findProfile(visit.context.db, visit.trial.id)
  return { ...(await readRequest(visit, found)), identifiers, facts }
}

export async function showRequestDocument(visit: TrialVisit): Promise<Reply> {
  const found = await findRequestHere(visit)
  if (found === null) return { error: 'not_found' }
  return { page: requestDocumentPage(await readDocument(visit, found), visit.words) }
}

export async function downloadRequestDocument(visit: TrialVisit): Promise<Reply> {
  const found = await findRequestHere(visit)
  if (found === null) return { error: 'not_found' }
  const name = visit.words.t('requests.file_name', { number: found.record.number })
  return wordFile(visit, name, requestDocument(await readDocument(visit, found), visit.words))
}

/** Where nothing was asked there are no replies. */
async function findInquired(visit: TrialVisit): Promise<WholeRequest | null> {
  const found = await findRequestHere(visit)
  return found === null || found.inquiries.length === 0 ? null : found
}

export async function showReplies(visit: TrialVisit): Promise<Reply> {
  const request = await findInquired(visit)
  if (request === null) return { error: 'not_found' }
  return { page: repliesDocumentPage({ trial: visit.trial, request }, visit.words) }
}

export async function downloadReplies(visit: TrialVisit): Promise<Reply> {
  const { trial, words } = visit
  const request = await findInquired(visit)
  if (request === null) return { error: 'not_found' }
  const name = words.t('requests.replies_file_name', { number: request.record.number })
  return wordFile(visit, name, repliesDocument({ trial, request }, words))
}

async function wordFile({ trial }: TrialVisit, title: string, document: RequestDocument): Promise<Reply> {
  const content = await wordFileOf(document)
  return {
    file: {
      name: `${trial.code}_${title}.docx`.replace(/[/\\:*?"<>|\p{Cc}]/gu, '-'),
      type: mediaTypeOf('docx'),
      content: Readable.from([content]),
    },
  }
}

/** What was withdrawn is given to nobody. */
export async function downloadAttachment(visit: TrialVisit): Promise<Reply> {
  const found = await findRequestHere(visit)
  const file = found?.attachments.find(({ id }) => id === visit.request.params.attachment)
  if (file === undefined || file.withdrawn !== null) return { error: 'not_found' }
  const content = await visit.context.files.read(file.sha256)
  if (content === null) return { error: 'not_found' }
  return { file: { name: file.name, type: mediaTypeOf(file.kind), content: Readable.from([content]) } }
}

/** Farther than any deadline: every version of the terms is a promise to be looked back on. */
const everyDeadline = calendarDate('9999-12-31')

/** What was promised against what came, on a day after the request's own; today where none is named. */
export async function showReplay(visit: TrialVisit): Promise<Reply> {
  const { context, trial, words } = visit
  const { db } = context
  const found = await findRequestHere(visit)
  if (found === null) return { error: 'not_found' }
  const { record } = found
  const input = await readRequest(visit, found)
  const { day, typed, problems } = dayAsked(visit, record.asOf)
  const pathway = await findPathway(db, trial.id)
  const siteIds = input.sites.map(({ id }) => id)
  const now = accrualBySite(pathway, siteIds, await countBySite(db, trial.id, day))
  const claims = countedClaims(record.claims)
  const asked = { ...record, claims }
  const replayed = replay(
    {
      asOf: record.asOf,
      from: record.termsAsked?.effectiveFrom ?? addDays(record.asOf, 1),
      until: record.registrationUntil,
      claims,
    },
    day,
    siteIds.map((siteId, index) => ({
      siteId,
      before: input.soFar[index]?.registered ?? 0,
      now: now[index]?.registered ?? 0,
    })),
  )
  const [before, after] = [
    await readTrialRecord(context, trial, record.asOf, asked),
    await readTrialRecord(context, trial, day, asked),
  ]
  const promises = earlierPromises(
    day,
    everyDeadline,
    null,
    await listRequestPromises(db, trial.id),
    input.versions,
    after?.steps ?? [],
  )
  const page = replayPage(
    {
      trial,
      request: found,
      sites: input.sites,
      today: input.today,
      day,
      typed,
      problems,
      replayed,
      converted: await countConvertedSince(db, trial.id, pathway.registration.code, record.asOf, day),
      outlookThen: before === null ? null : trialOutlook(before.record),
      outlookNow: after === null ? null : trialOutlook(after.record),
      promises,
      isIdentical: input.isIdentical,
    },
    words,
  )
  return { page, status: problems.length === 0 ? 200 : 422 }
}

function dayAsked({ context, request, trial }: TrialVisit, notBefore: CalendarDate) {
  const today = context.today(trial.timeZone)
  const usual = today < notBefore ? notBefore : today
  const typed = textOf(request.query.on).slice(0, 64)
  if (typed === '') return { day: usual, typed: String(usual), problems: [] as Problem[] }
  const reading = readDate(typed)
  if ('problem' in reading) return { day: usual, typed, problems: [dateProblem('on', reading)] }
  const { date } = reading
  if (date > today) return { day: usual, typed, problems: [{ field: 'on', code: 'as_of_future', values: { today } }] }
  if (date < notBefore) {
    return {
      day: usual,
      typed,
      problems: [{ field: 'on', code: 'ends_before_it_begins', values: { from: notBefore } }],
    }
  }
  return { day: date, typed: String(date), problems: [] as Problem[] }
}
