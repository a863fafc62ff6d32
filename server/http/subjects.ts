/** The subject log: the list, one subject, and the form that adds one. */
import { z } from 'zod'
import { recordScreening } from '../actions/record-screening.ts'
import { listRequestDays } from '../db/change-requests.ts'
import { findSite, listSites } from '../db/sites.ts'
import { listEvents, listWithdrawnEvents } from '../db/subject-events.ts'
import { findConsent, findSubject, lastSiteSequence } from '../db/subjects.ts'
import { listTerms } from '../db/trial-terms.ts'
import { findPathway, listConsentVersions } from '../db/trials.ts'
import { isRefused, type Parsed, type Problem } from '../domain/parsed.ts'
import { mayIn, reaches, sitesWithin } from '../domain/permission.ts'
import { monthsUntil } from '../domain/reporting.ts'
import type { ScreeningDraft } from '../domain/screening.ts'
import { isOpenOn, type Site } from '../domain/site.ts'
import { subjectNumber } from '../domain/subject.ts'
import { termsPromised } from '../domain/trial-terms.ts'
import type { ScreeningTyped } from '../pages/screening-form.ts'
import { screeningFormPage } from '../pages/screening-form-page.ts'
import { subjectPage } from '../pages/subject-page.ts'
import { subjectsPage } from '../pages/subjects-page.ts'
import { clocksOf } from './as-of.ts'
import { code, readDateField, readForm, text } from './forms.ts'
import { logOf } from './log.ts'
import { monthReportsOf } from './reporting.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

const pageSize = 50

export async function listSubjectsOfTrial(visit: TrialVisit): Promise<Reply> {
  const { context, trial, words } = visit
  const log = await logOf(visit)
  const { clocks, counts, sites } = log
  // A page behind the last one is the last one: its address may be older than the log.
  const last = Math.max(1, Math.ceil(counts[log.query.list] / pageSize))
  const query = { ...log.query, page: Math.min(log.query.page, last), pageSize }
  const ids = await log.idsOf({ limit: pageSize, offset: (query.page - 1) * pageSize })
  const terms = termsPromised(await listTerms(context.db, trial.id), clocks.day)
  const isPresent = clocksOf(visit, clocks) === null
  const page = subjectsPage(
    {
      trial,
      pathway: log.pathway,
      clocks,
      notableDays: await listRequestDays(context.db, trial.id),
      sites,
      rows: await log.entriesOf(ids),
      counts,
      registeredInTrial: log.registeredInTrial,
      sees: log.scope === 'every' ? 'every_site' : 'own_sites',
      targetNumber: terms?.targetNumber ?? null,
      query,
      // The past is read, not added to.
      ...(isPresent ? await silentMonthsFor(visit, sites) : { silentMonths: null, saidNothingIn: null }),
      form: isPresent ? await formFor(visit, null, []) : null,
    },
    words,
  )
  const isAskedWrongly = clocks.problem !== null || clocks.known.problem !== null
  return { page, status: isAskedWrongly ? 422 : 200 }
}

/** The last six months that the person's own sites have not reported, the newest first. */
async function silentMonthsFor({ actor, context, request, trial }: TrialVisit, sites: readonly Site[]) {
  const within = sitesWithin(actor.grants, 'log_subjects', trial.id)
  const own = within === 'every' ? [] : sites.filter(({ id }) => reaches(within, id))
  if (own.length === 0) return { silentMonths: null, saidNothingIn: null }
  const today = context.today(trial.timeZone)
  const months = await monthReportsOf(context, trial, own, monthsUntil(today, 6), today)
  const silentMonths = months.flatMap(({ month, reports }) =>
    own.flatMap((site, index) => (reports[index]?.kind === 'silent' ? [{ site, month }] : [])),
  )
  const said = textOf(request.query.said)
  const isSaid = months.some(({ month, reports }) => month === said && reports.some(({ kind }) => kind === 'nothing'))
  return { silentMonths, saidNothingIn: isSaid ? said : null }
}

/** What a form for a new screening needs; its defaults are the person's first open site, its next number, and today. */
async function formFor(
  { actor, context, trial }: TrialVisit,
  typed: ScreeningTyped | null,
  problems: readonly Problem[],
) {
  if (!mayIn(actor.grants, 'log_subjects', trial.id)) return null
  const within = sitesWithin(actor.grants, 'log_subjects', trial.id)
  const today = context.today(trial.timeZone)
  const sites = (await listSites(context.db, trial.id)).filter(({ id }) => reaches(within, id))
  const versions = await listConsentVersions(context.db, trial.id)
  const first = sites.find((site) => isOpenOn(site, today)) ?? sites[0]
  const next = first === undefined ? 1 : (await lastSiteSequence(context.db, first.id)) + 1
  const offeredNumber = first === undefined ? '' : subjectNumber(trial.code, first.code, next)
  const defaults: ScreeningTyped = {
    siteId: first?.id ?? '',
    number: offeredNumber,
    offeredNumber,
    consentedOn: today,
    consentVersionId: versions[0]?.id ?? '',
    referralSource: '',
    submissionKey: context.newId(),
  }
  return { typed: typed ?? defaults, problems, sites, versions }
}

const screeningFields = z.object({
  siteId: text(64),
  number: code(64),
  offeredNumber: code(64),
  consentedOn: text(64),
  consentVersionId: text(64),
  referralSource: text(200),
  submissionKey: text(64),
  suggested: text(80),
})

/** What stood in the form that was sent; shown again it has a key of its own, because the old one may be used up. */
function typedIn({ context, request: { body = {} } }: TrialVisit): ScreeningTyped {
  return {
    siteId: textOf(body.siteId),
    number: textOf(body.number),
    offeredNumber: textOf(body.offeredNumber),
    consentedOn: textOf(body.consentedOn),
    consentVersionId: textOf(body.consentVersionId),
    referralSource: textOf(body.referralSource),
    submissionKey: context.newId(),
  }
}

function readScreening(trialId: string, body: unknown): Parsed<ScreeningDraft> {
  const fields = readForm(screeningFields, body)
  if (isRefused(fields)) return fields
  const { siteId, number, offeredNumber, consentedOn, consentVersionId, referralSource } = fields.value
  const problems: Problem[] = []
  if (siteId === '') problems.push({ field: 'siteId', code: 'site_missing' })
  const date = readDateField('consentedOn', consentedOn)
  if (isRefused(date)) problems.push(...date.problems)
  if (consentVersionId === '') problems.push({ field: 'consentVersionId', code: 'consent_version_missing' })
  if (isRefused(date) || problems.length > 0) return { problems }
  return {
    value: {
      trialId,
      siteId,
      number: number === '' || number === offeredNumber ? null : number,
      consentedOn: date.value,
      consentVersionId,
      referralSource: referralSource === '' ? null : referralSource,
      basis: 'recorded',
    },
  }
}

export async function createSubject(visit: TrialVisit): Promise<Reply> {
  const { actor, context, request, trial } = visit
  const suggested = withSuggestion(request.body)
  if (suggested !== null) return showScreening(visit, { ...typedIn(visit), ...suggested }, [], 200)
  const draft = readScreening(trial.id, request.body)
  if (isRefused(draft)) return showScreeningAgain(visit, draft.problems)
  const outcome = await recordScreening(context, actor, draft.value)
  if (isRefused(outcome)) return showScreeningAgain(visit, outcome.problems)
  return { seeOther: `/trials/${trial.code}/subjects/${outcome.value.subjectId}?done=screening` }
}

/** The button beside a refused date puts the suggested one into its field: `consentedOn=2026-02-28`. */
export function withSuggestion(body: Record<string, unknown>): Record<string, string> | null {
  const [, field, date] = /^(\w+)=(\d{4}-\d{2}-\d{2})$/.exec(textOf(body?.suggested)) ?? []
  return field === undefined || date === undefined ? null : { [field]: date }
}

export async function showScreeningAgain(visit: TrialVisit, problems: readonly Problem[]): Promise<Reply> {
  return showScreening(visit, typedIn(visit), problems, 422)
}

async function showScreening(
  visit: TrialVisit,
  typed: ScreeningTyped,
  problems: readonly Problem[],
  status: number,
): Promise<Reply> {
  const form = await formFor(visit, typed, problems)
  if (form === null) return { error: 'forbidden' }
  const { context, trial, words } = visit
  return { page: screeningFormPage({ trial, ...form, today: context.today(trial.timeZone) }, words), status }
}

export async function showSubject({ actor, context, request, trial, words }: TrialVisit): Promise<Reply> {
  const { db } = context
  const scope = sitesWithin(actor.grants, 'see_subjects', trial.id)
  const subject = await findSubject(db, trial.id, String(request.params.subject), scope)
  const site = subject === null ? null : await findSite(db, trial.id, subject.siteId)
  if (subject === null || site === null) return { error: 'not_found' }
  const consent = await findConsent(db, subject.id)
  const versions = await listConsentVersions(db, trial.id)
  const { done } = request.query
  const page = subjectPage(
    {
      trial,
      today: context.today(trial.timeZone),
      pathway: await findPathway(db, trial.id),
      site,
      subject,
      events: await listEvents(db, subject.id),
      consentVersion: versions.find(({ id }) => id === consent.consentVersionId) ?? null,
      referralSource: consent.referralSource,
      withdrawn: await listWithdrawnEvents(db, [subject.id]),
      mayLog: reaches(sitesWithin(actor.grants, 'log_subjects', trial.id), site.id),
      done: done === 'screening' || done === 'event' ? done : null,
    },
    words,
  )
  return { page }
}
