/** The sites of a trial: all of them, and one. */
import { listRequestDays } from '../db/change-requests.ts'
import { countBySite } from '../db/daily-counts.ts'
import { remembered } from '../db/remembered.ts'
import { listSites } from '../db/sites.ts'
import { listReconciliations, listSubjects } from '../db/subjects.ts'
import { findTrialFacts } from '../db/trial-facts.ts'
import { findPathway } from '../db/trials.ts'
import { manyShown } from '../domain/access-record.ts'
import { accrualBySite } from '../domain/accrual.ts'
import { addDays, addMonths, type CalendarDate } from '../domain/calendar-date.ts'
import { dateProblem } from '../domain/date-problem.ts'
import type { Problem } from '../domain/parsed.ts'
import { type Act, mayIn, reaches, sitesWithin } from '../domain/permission.ts'
import { readDate } from '../domain/read-date.ts'
import { monthsUntil } from '../domain/reporting.ts'
import type { Period } from '../domain/saved-list.ts'
import { openedOn, type Site } from '../domain/site.ts'
import { smallNumbersOf } from '../domain/small-numbers.ts'
import { sitePage } from '../pages/site-page.ts'
import { type SitesPage, sitesPage } from '../pages/sites-page.ts'
import { asOfDay } from './as-of.ts'
import { keepPages } from './kept-pages.ts'
import { monthReportsOf } from './reporting.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

export async function listSitesOfTrial(visit: TrialVisit): Promise<Reply> {
  const { actor, context, trial, words } = visit
  const asOf = asOfDay(visit)
  const { sites } = await findTrialFacts(context.db, trial.id)
  const { period, typed, problems } = periodAsked(visit, sites, asOf.day)
  const figures = await readSites(visit, asOf.day, period)
  const asked = textOf(visit.request.query.page)
  const besides = {
    trial,
    asOf,
    pageNumber: /^[1-9]\d{0,4}$/.test(asked) ? Number(asked) : 1,
    typed,
    problems,
    seesSubjectsAt: sitesWithin(actor.grants, 'see_subjects', trial.id),
  }
  const page = pageOf(figures, [words.language, besides], () =>
    sitesPage(
      {
        ...besides,
        notableDays: figures.facts.requestDays,
        sites: figures.facts.sites,
        accruals: figures.accruals,
        months: figures.months,
        reconciliation: { ...period, typed, problems, bySite: figures.bySite },
      },
      words,
    ),
  )
  return { page, status: asOf.problem === null && problems.length === 0 ? 200 : 422, lasting: true }
}

const pageOf = keepPages<SitesPage>()

/** What the page says of all sites together, with what the trial is set up with at that moment. */
function readSites({ context, trial }: TrialVisit, day: CalendarDate, period: Period) {
  const { db } = context
  return remembered(db, trial.id, `sites ${day} ${period.from} ${period.until}`, async (head) => {
    const facts = await findTrialFacts(db, trial.id, head)
    const siteIds = facts.sites.map(({ id }) => id)
    return {
      facts,
      accruals: accrualBySite(facts.pathway, siteIds, await countBySite(db, trial.id, day)),
      months: await monthReportsOf(context, trial, facts.sites, monthsUntil(day, 12), day),
      bySite: await listReconciliations(db, trial.id, siteIds, period),
    }
  })
}

/** So many subjects stand on their site's page, those that something happened to last. */
const latestShown = 10

export async function showSite(visit: TrialVisit): Promise<Reply> {
  const { actor, context, request, trial, words } = visit
  const { db } = context
  const sites = await listSites(db, trial.id)
  const site = sites.find(({ code }) => code === request.params.site)
  if (site === undefined) return { error: 'not_found' }
  const asOf = asOfDay(visit)
  const pathway = await findPathway(db, trial.id)
  const siteIds = sites.map(({ id }) => id)
  const accruals = accrualBySite(pathway, siteIds, await countBySite(db, trial.id, asOf.day))
  const accrual = accruals.find(({ siteId }) => siteId === site.id)
  if (accrual === undefined) throw new Error(`no sums for site ${site.code}`)
  const months = await monthReportsOf(context, trial, [site], monthsUntil(asOf.day, 12), asOf.day)
  const may = (act: Act) => reaches(sitesWithin(actor.grants, act, trial.id), site.id)
  // The past is read, not added to; and a subject's row says how it stands today.
  const isPresent = asOf.day === asOf.today
  const latest = isPresent && may('see_subjects') ? await latestOf(visit, site) : null
  const page = sitePage(
    {
      trial,
      pathway,
      site,
      asOf,
      notableDays: await listRequestDays(db, trial.id),
      accrual,
      small: smallNumbersOf(trial, sites, accruals, asOf.day),
      months: months.map(({ month, reports }) => ({ month, report: reports[0] ?? { kind: 'not_open' } })),
      latest,
      may: {
        see: may('see_subjects'),
        log: isPresent && may('log_subjects'),
        configure: isPresent && mayIn(actor.grants, 'configure_trial', trial.id),
      },
    },
    words,
  )
  const shown = manyShown('site', 'page', latest?.length ?? 0, { site: site.code })
  return { page, shown, status: asOf.problem === null ? 200 : 422 }
}

async function latestOf({ context: { db }, trial }: TrialVisit, site: Site) {
  const own = { scope: [site.id], siteId: site.id, search: null, consented: null, list: { by: 'every' } } as const
  const found = await listSubjects(db, trial.id, {
    ...own,
    order: 'last',
    direction: 'desc',
    limit: latestShown,
    offset: 0,
  })
  return found.map(({ subject }) => subject)
}

type Asked = { period: Period; typed: { from: string; until: string }; problems: readonly Problem[] }

/** The period that screenings are reconciled of: up to the day that is shown, unless another last day was asked for. */
function periodAsked({ request }: TrialVisit, sites: readonly Site[], day: CalendarDate): Asked {
  const [from, until] = [readDay('from', request.query.from), readDay('until', request.query.until)]
  const isLate = until.day !== null && until.day > day
  const last = until.day === null || isLate ? day : until.day
  const isReversed = from.day !== null && from.day > last
  const first = from.day === null || isReversed ? periodFrom(sites, last) : from.day
  const problems: Problem[] = [...from.problems, ...until.problems]
  if (isLate) problems.push({ field: 'until', code: 'until_after_as_of', values: { asOf: day } })
  if (isReversed) problems.push({ field: 'from', code: 'from_after_until', values: { until: last } })
  const refused = (name: string) => problems.some(({ field }) => field === name)
  return {
    period: { from: first, until: last },
    typed: { from: refused('from') ? from.typed : first, until: refused('until') ? until.typed : last },
    problems,
  }
}

function readDay(field: string, asked: unknown): { typed: string; day: CalendarDate | null; problems: Problem[] } {
  const typed = textOf(asked)
  if (typed === '') return { typed, day: null, problems: [] }
  const reading = readDate(typed)
  return 'problem' in reading
    ? { typed, day: null, problems: [dateProblem(field, reading)] }
    : { typed, day: reading.date, problems: [] }
}

/** The period of a reconciliation: the two years before the day, or since the first site opened where that is later. */
function periodFrom(sites: readonly Site[], day: CalendarDate): CalendarDate {
  const twoYearsBefore = addDays(addMonths(day, -24), 1)
  const first = sites.flatMap((site) => openedOn(site) ?? []).sort()[0]
  return first !== undefined && first > twoYearsBefore ? first : twoYearsBefore
}
