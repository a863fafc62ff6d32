/** A change request in the address, and what the trial's record says about its day. */
import { requestInputHash } from '../../db/change-requests.ts'
import { countBySite, countByTrial } from '../../db/daily-counts.ts'
import { listGuestLinks } from '../../db/guest-links.ts'
import { countScreenings, listRegistrationsBetween } from '../../db/request-figures.ts'
import { findWholeRequest } from '../../db/request-records.ts'
import { listSites } from '../../db/sites.ts'
import { listTerms } from '../../db/trial-terms.ts'
import { findPathway } from '../../db/trials.ts'
import { accrualBySite } from '../../domain/accrual.ts'
import { addDays, type CalendarDate, earlierOf } from '../../domain/calendar-date.ts'
import { type Act, mayIn } from '../../domain/permission.ts'
import { checkedRecord } from '../../domain/request/checked.ts'
import { isAsked } from '../../domain/request/life-cycle.ts'
import { countedClaims } from '../../domain/request/request-record.ts'
import type { WholeRequest } from '../../domain/request/whole-request.ts'
import { checkRequest } from '../../domain/request-check/check-request.ts'
import type { Finding } from '../../domain/request-check/finding.ts'
import { openPeriods } from '../../domain/site.ts'
import { maySum, type SmallNumbers, smallNumbersOf } from '../../domain/small-numbers.ts'
import { type TrialTerms, termsInForce } from '../../domain/trial-terms.ts'
import type { RequestInput } from '../../pages/requests/request-input.ts'
import type { Asking, TrialVisit } from '../visit.ts'

/** Null where there is no such request; a draft exists for those who write requests, and for nobody else. */
export async function findRequestHere({ actor, context, request, trial }: TrialVisit): Promise<WholeRequest | null> {
  const typed = String(request.params.request)
  if (!/^[1-9]\d{0,8}$/.test(typed)) return null
  const found = await findWholeRequest(context.db, trial.id, Number(typed))
  if (found === null) return null
  return found.record.state === 'draft' && !mayIn(actor.grants, 'write_requests', trial.id) ? null : found
}

type Ground = Pick<Asking, 'context' | 'trial' | 'words'>

/** Everything that the page and the document say about it. */
export async function readRequest(visit: TrialVisit, request: WholeRequest): Promise<Omit<RequestInput, 'done'>> {
  const { actor, context, trial } = visit
  const { db } = context
  const { record } = request
  const today = context.today(trial.timeZone)
  const pathway = await findPathway(db, trial.id)
  const checked = await readFindings(visit, request)
  const gap = gapOf(request, checked.versions, today)
  const between = gap === null ? [] : await listRegistrationsBetween(db, trial.id, pathway.registration.code, gap)
  const counted = await countByTrial(db, [{ trialId: trial.id, step: pathway.counting.code }], today)
  const may = (act: Act) => mayIn(actor.grants, act, trial.id)
  const stored = { ...record, claims: countedClaims(record.claims) }
  return {
    ...checked,
    trial,
    today,
    request,
    registeredToday: counted.get(trial.id) ?? 0,
    between: between.map(({ siteId, lastOn, number }) => ({ siteId, on: lastOn, number })),
    isIdentical: requestInputHash(stored) === record.inputHash,
    guestLinks: may('revoke_guest_links') ? await listGuestLinks(db, record.id) : [],
    may: { write: may('write_requests'), judge: may('judge_requests') },
  }
}

/** What the checks find, and the record of the request's day that they find it by. */
export async function readFindings({ context, trial, words }: Ground, request: WholeRequest) {
  const { db } = context
  const { record } = request
  const pathway = await findPathway(db, trial.id)
  const sites = await listSites(db, trial.id)
  const versions = await listTerms(db, trial.id)
  const siteIds = sites.map(({ id }) => id)
  const accruals = accrualBySite(pathway, siteIds, await countBySite(db, trial.id, record.asOf))
  const registeredAt = (index: number) => accruals[index]?.registered ?? 0
  const screenings =
    record.screeningsFrom === null
      ? null
      : await countScreenings(db, trial.id, pathway, { from: record.screeningsFrom, until: record.asOf })
  const onDay = {
    versions,
    sites: sites.map((site, index) => ({ site, registered: registeredAt(index) })),
    screenings,
  }
  const checked = checkedRecord(trial.code, record, request, onDay, words.language)
  const small = smallNumbersOf(trial, sites, accruals, record.asOf)
  return {
    versions,
    sites,
    small,
    soFar: sites.map((site, index) => ({ id: site.id, registered: registeredAt(index), open: openPeriods(site) })),
    screenings,
    findings: (checked === null ? [] : checkRequest(checked.request)).filter((finding) =>
      mayTell(finding, record, small),
    ),
    decisionPlaces: (checked?.decisionIds ?? []).map(
      (id) => request.decisions.find((decision) => decision.id === id)?.position ?? 0,
    ),
  }
}

/** What sites did beside a claim is told with its counts: not where these are withheld. */
function mayTell({ kind, place }: Finding, { claims }: WholeRequest['record'], small: SmallNumbers): boolean {
  if (kind !== 'claim_against_record_contradicted' && kind !== 'claim_against_record_optimistic') return true
  const [, index] = /^\$\.claims\[(\d+)\]/.exec(place) ?? []
  return maySum(small, claims[Number(index)]?.siteIds ?? [])
}

/** The days after the old terms ended and before the new ones were in force; null where there are none. */
function gapOf(
  { record }: WholeRequest,
  versions: readonly TrialTerms[],
  today: CalendarDate,
): { from: CalendarDate; until: CalendarDate } | null {
  const before = termsInForce(versions, record.asOf)
  if (record.termsAsked === null || before === null || !isAsked(record.state)) return null
  const adopted = versions.find(({ version }) => version === record.adoptedVersion)
  const from = addDays(before.registrationUntil, 1)
  const until = adopted === undefined ? today : earlierOf(addDays(adopted.effectiveFrom, -1), today)
  return from <= until ? { from, until } : null
}
