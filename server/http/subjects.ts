/** The subject log: the list, and one subject. */
import { listAllocations } from '../db/allocations.ts'
import { countByTrial } from '../db/daily-counts.ts'
import { listExitReasons } from '../db/settings.ts'
import { listSites } from '../db/sites.ts'
import { listWithdrawnEvents } from '../db/subject-events.ts'
import { findSubjectInTrial } from '../db/subject-in-trial.ts'
import { countSubjectsByState, findConsent, listLinkedAttempts, listSubjects, subjectOrders } from '../db/subjects.ts'
import { listTerms } from '../db/trial-terms.ts'
import { findPathway, findProfile, listConsentVersions } from '../db/trials.ts'
import { type Act, reaches, sitesWithin } from '../domain/permission.ts'
import { monthsUntil } from '../domain/reporting.ts'
import { listCounts, type SavedList, savedLists } from '../domain/saved-list.ts'
import type { Site } from '../domain/site.ts'
import { termsPromised } from '../domain/trial-terms.ts'
import { subjectPage } from '../pages/subject-page.ts'
import { subjectsPage } from '../pages/subjects-page.ts'
import { monthReportsOf } from './reporting.ts'
import { screeningFormFor } from './screenings.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

const pageSize = 50

export async function listSubjectsOfTrial(visit: TrialVisit): Promise<Reply> {
  const { actor, context, request, trial, words } = visit
  const { db } = context
  const scope = sitesWithin(actor.grants, 'see_subjects', trial.id)
  const today = context.today(trial.timeZone)
  const sites = (await listSites(db, trial.id)).filter(({ id }) => reaches(scope, id))
  const query = queryOf(request.query, sites)
  const site = sites.find((one) => one.code === query.siteCode) ?? null
  const filter = { scope, siteId: site?.id ?? null, search: query.search === '' ? null : query.search }
  const { order, direction } = query
  const rows = await listSubjects(db, trial.id, {
    ...filter,
    list: savedLists[query.list],
    order,
    direction,
    limit: pageSize,
    offset: (query.page - 1) * pageSize,
  })
  const withdrawn = await listWithdrawnEvents(
    db,
    rows.map(({ subject }) => subject.id),
  )
  const pathway = await findPathway(db, trial.id)
  const terms = termsPromised(await listTerms(db, trial.id), today)
  const counted = await countByTrial(db, [{ trialId: trial.id, step: pathway.counting.code }], today)
  const page = subjectsPage(
    {
      trial,
      pathway,
      today,
      sites,
      rows: rows.map((row) => ({
        ...row,
        withdrawn: withdrawn.filter(({ subjectId }) => subjectId === row.subject.id),
      })),
      counts: listCounts(await countSubjectsByState(db, trial.id, filter)),
      registeredInTrial: counted.get(trial.id) ?? 0,
      sees: scope === 'every' ? 'every_site' : 'own_sites',
      targetNumber: terms?.targetNumber ?? null,
      query: { ...query, pageSize },
      ...(await silentMonthsFor(visit, sites)),
      form: await screeningFormFor(visit, null, []),
    },
    words,
  )
  return { page }
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

function queryOf(typed: Record<string, unknown>, sites: readonly Site[]) {
  const pageNumber = Number(textOf(typed.page))
  const list = textOf(typed.list)
  return {
    list: (Object.hasOwn(savedLists, list) ? list : 'all') as SavedList,
    siteCode: sites.find((site) => site.code === typed.site)?.code ?? null,
    search: textOf(typed.search)
      .normalize('NFKC')
      .replace(/\p{Cc}/gu, '')
      .trim()
      .slice(0, 64),
    order: subjectOrders.find((order) => order === typed.order) ?? 'number',
    direction: typed.direction === 'desc' ? ('desc' as const) : ('asc' as const),
    page: Number.isInteger(pageNumber) && pageNumber > 0 && pageNumber < 1e6 ? pageNumber : 1,
  }
}

export async function showSubject({ actor, context, request, trial, words }: TrialVisit): Promise<Reply> {
  const { db } = context
  const scope = sitesWithin(actor.grants, 'see_subjects', trial.id)
  const here = await findSubjectInTrial(db, trial.id, String(request.params.subject), scope)
  if (here === null) return { error: 'not_found' }
  const { subject, site } = here
  const consent = await findConsent(db, subject.id)
  const versions = await listConsentVersions(db, trial.id)
  const { done } = request.query
  const may = (act: Act) => reaches(sitesWithin(actor.grants, act, trial.id), site.id)
  const arms = may('see_allocation') ? (await findProfile(db, trial.id)).arms : []
  const [allocation] = may('see_allocation') ? await listAllocations(db, [subject.id]) : []
  const page = subjectPage(
    {
      ...here,
      today: context.today(trial.timeZone),
      consentVersion: versions.find(({ id }) => id === consent.consentVersionId) ?? null,
      referralSource: consent.referralSource,
      withdrawn: await listWithdrawnEvents(db, [subject.id]),
      reasons: await listExitReasons(db, trial.id),
      attempts: await listLinkedAttempts(db, subject),
      arm: allocation === undefined ? null : { allocation, arms },
      may: {
        log: may('log_subjects'),
        void: may('void_subjects'),
        override: may('override_period'),
        allocate: may('record_allocation'),
      },
      done: doneKinds.find((kind) => kind === done) ?? null,
    },
    words,
  )
  return { page }
}

const doneKinds = ['screening', 'candidate', 'event'] as const
