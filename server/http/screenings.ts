/** Adding somebody to the log: a person who gave consent, a candidate before it, another attempt of the same person. */
import { z } from 'zod'
import { recordPrescreening } from '../actions/record-prescreening.ts'
import { recordScreening } from '../actions/record-screening.ts'
import type { Db } from '../db/database.ts'
import { findNextNumber } from '../db/new-entry.ts'
import { remembered } from '../db/remembered.ts'
import { listSites } from '../db/sites.ts'
import { findConsent, findSubject } from '../db/subjects.ts'
import { findTrialFacts, type TrialFacts } from '../db/trial-facts.ts'
import { farDateWarnings } from '../domain/event-warnings.ts'
import { isRefused, type Parsed, type Problem } from '../domain/parsed.ts'
import { mayIn, reaches, sitesWithin } from '../domain/permission.ts'
import { likelyConsentVersion, type PrescreeningDraft, type ScreeningDraft } from '../domain/screening.ts'
import { isOpenOn, type Site } from '../domain/site.ts'
import type { Trial } from '../domain/trial.ts'
import type { ScreeningTyped } from '../pages/screening-form.ts'
import { screeningFormPage } from '../pages/screening-form-page.ts'
import { numberText, readDateField, readForm, text } from './forms.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

/** What a form for a new entry needs; its defaults are the person's first open site, its next number, and today. */
export async function screeningFormFor(
  { actor, context, trial }: TrialVisit,
  typed: Partial<ScreeningTyped> | null,
  problems: readonly Problem[],
  known: TrialFacts | null = null,
) {
  if (!mayIn(actor.grants, 'log_subjects', trial.id)) return null
  const { db } = context
  const within = sitesWithin(actor.grants, 'log_subjects', trial.id)
  const today = context.today(trial.timeZone)
  const facts = known ?? (await findTrialFacts(db, trial.id))
  const sites = facts.sites.filter(({ id }) => reaches(within, id))
  const versions = facts.consentVersions
  const earlierAttemptId = typed?.earlierAttemptId ?? ''
  const earlier = earlierAttemptId === '' ? null : await findSubject(db, trial.id, earlierAttemptId, within)
  const ofEarlier = sites.find(({ id }) => id === earlier?.siteId)
  const asked = sites.find(({ id }) => id === typed?.siteId)
  const first = ofEarlier ?? asked ?? sites.find((site) => isOpenOn(site, today)) ?? sites[0]
  const offeredNumber = first === undefined ? '' : await offeredAt(db, trial, first)
  const defaults: ScreeningTyped = {
    opening: 'consent',
    siteId: first?.id ?? '',
    number: offeredNumber,
    offeredNumber,
    consentedOn: today,
    consentVersionId: likelyConsentVersion(versions, today)?.id ?? '',
    referralSource: earlier === null ? '' : ((await findConsent(db, earlier.id)).referralSource ?? ''),
    earlierAttemptId: earlier?.id ?? '',
    candidateKey: '',
    isDuplicateAcknowledged: false,
    note: '',
    submissionKey: context.newId(),
  }
  const asTyped = { ...defaults, ...typed }
  return { typed: asTyped, problems, sites, versions, follows: earlier?.number ?? null }
}

/** Another one may have been given by the time the form is sent, which then says so. */
function offeredAt(db: Db, trial: Trial, site: Site): Promise<string> {
  return remembered(db, trial.id, `next number at ${site.id}`, () => findNextNumber(db, trial, site))
}

const openingOf = (value: unknown) => (value === 'prescreening' ? 'prescreening' : 'consent')

export async function newScreening(visit: TrialVisit): Promise<Reply> {
  const { context, request, trial } = visit
  const { follows, opening, site } = request.query
  const asked = (await listSites(context.db, trial.id)).find(({ code }) => code === site)
  const typed = { opening: openingOf(opening), earlierAttemptId: textOf(follows) } as const
  return show(visit, asked === undefined ? typed : { ...typed, siteId: asked.id }, [], 200)
}

const screeningFields = z.object({
  opening: text(16),
  siteId: text(64),
  number: numberText,
  offeredNumber: numberText,
  consentedOn: text(64),
  consentVersionId: text(64),
  referralSource: text(200),
  earlierAttemptId: text(64),
  candidateKey: text(100),
  acknowledged: text(8),
  note: text(1000),
  submissionKey: text(64),
  suggested: text(80),
  confirmed: text(16),
})

/** What stood in the form that was sent; shown again it has a key of its own, because the old one may be used up. */
function typedIn({ context, request: { body = {} } }: TrialVisit): ScreeningTyped {
  return {
    opening: openingOf(body.opening),
    siteId: textOf(body.siteId),
    number: textOf(body.number),
    offeredNumber: textOf(body.offeredNumber),
    consentedOn: textOf(body.consentedOn),
    consentVersionId: textOf(body.consentVersionId),
    referralSource: textOf(body.referralSource),
    earlierAttemptId: textOf(body.earlierAttemptId),
    candidateKey: textOf(body.candidateKey),
    isDuplicateAcknowledged: body.acknowledged === 'yes',
    note: textOf(body.note),
    submissionKey: context.newId(),
  }
}

type Draft = { screening: ScreeningDraft } | { candidate: PrescreeningDraft }

function readScreening(trialId: string, body: unknown): Parsed<Draft> {
  const fields = readForm(screeningFields, body)
  if (isRefused(fields)) return fields
  const { siteId, number, offeredNumber, consentVersionId, referralSource, earlierAttemptId, note } = fields.value
  const isCandidate = openingOf(fields.value.opening) === 'prescreening'
  const problems: Problem[] = []
  if (siteId === '') problems.push({ field: 'siteId', code: 'site_missing' })
  const date = readDateField('consentedOn', fields.value.consentedOn)
  if (isRefused(date)) problems.push(...date.problems)
  if (!isCandidate && consentVersionId === '') {
    problems.push({ field: 'consentVersionId', code: 'consent_version_missing' })
  }
  if (isRefused(date) || problems.length > 0) return { problems }
  const common = {
    trialId,
    siteId,
    number: number === '' || number === offeredNumber ? null : number,
    earlierAttemptId: earlierAttemptId === '' ? null : earlierAttemptId,
    candidateKey: fields.value.candidateKey === '' ? null : fields.value.candidateKey,
    isDuplicateAcknowledged: fields.value.acknowledged === 'yes',
    basis: 'recorded' as const,
  }
  if (isCandidate) {
    return {
      value: { candidate: { ...common, enteredOn: date.value, referralSource, note: note === '' ? null : note } },
    }
  }
  const source = referralSource === '' ? null : referralSource
  return { value: { screening: { ...common, consentedOn: date.value, consentVersionId, referralSource: source } } }
}

export async function createSubject(visit: TrialVisit): Promise<Reply> {
  const { actor, context, request, trial } = visit
  const suggested = withSuggestion(request.body)
  if (suggested !== null) return show(visit, { ...typedIn(visit), ...suggested }, [], 200)
  const draft = readScreening(trial.id, request.body)
  if (isRefused(draft)) return showScreeningAgain(visit, draft.problems)
  const isCandidate = 'candidate' in draft.value
  const on = 'candidate' in draft.value ? draft.value.candidate.enteredOn : draft.value.screening.consentedOn
  // A day long past is asked for once more: sent again as it is, it is meant.
  const isFar = farDateWarnings('consentedOn', on, context.today(trial.timeZone))
  if (isFar.length > 0 && request.body.confirmed !== on) return show(visit, typedIn(visit), isFar, 422)
  const outcome =
    'candidate' in draft.value
      ? await recordPrescreening(context, actor, draft.value.candidate)
      : await recordScreening(context, actor, draft.value.screening)
  if (isRefused(outcome)) return showScreeningAgain(visit, outcome.problems)
  const done = isCandidate ? 'candidate' : 'screening'
  return { seeOther: `/trials/${trial.code}/subjects/${outcome.value.subjectId}?done=${done}` }
}

/** The button beside a refused date puts the suggested one into its field: `consentedOn=2026-02-28`. */
export function withSuggestion(body: Record<string, unknown>): Record<string, string> | null {
  const [, field, date] = /^(\w+)=(\d{4}-\d{2}-\d{2})$/.exec(textOf(body?.suggested)) ?? []
  return field === undefined || date === undefined ? null : { [field]: date }
}

export async function showScreeningAgain(visit: TrialVisit, problems: readonly Problem[]): Promise<Reply> {
  return show(visit, typedIn(visit), problems, 422)
}

async function show(
  visit: TrialVisit,
  typed: Partial<ScreeningTyped>,
  problems: readonly Problem[],
  status: number,
): Promise<Reply> {
  const form = await screeningFormFor(visit, typed, problems)
  if (form === null) return { error: 'forbidden' }
  if (status === 200 && (typed.earlierAttemptId ?? '') !== '' && form.follows === null) return { error: 'not_found' }
  const { context, trial, words } = visit
  return { page: screeningFormPage({ trial, ...form, today: context.today(trial.timeZone) }, words), status }
}
