/** A trial's dashboard, and up to where its reader had seen it before. */
import { type ChangeCount, countChanges, findLastLook, keepLook } from '../db/last-looks.ts'
import type { Attainment } from '../domain/attainment.ts'
import type { DashboardFigures } from '../domain/dashboard.ts'
import { mayIn, sitesWithin } from '../domain/permission.ts'
import { type SiteTableQuery, siteOrders } from '../domain/site-order.ts'
import type { Words } from '../i18n/words.ts'
import type { BothClocks } from '../pages/as-of.ts'
import { type AttainmentFigure, attainmentFigure } from '../pages/attainment-figure.ts'
import type { ChangesInput } from '../pages/changes-since.ts'
import { type DashboardPage, dashboardPage } from '../pages/dashboard-page.ts'
import { usualSiteQuery } from '../pages/site-table.ts'
import { bothClocks } from './as-of.ts'
import { readDashboard } from './dashboard-figures.ts'
import { keepPages } from './kept-pages.ts'
import type { Look } from './request-types.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

export async function showDashboard(visit: TrialVisit): Promise<Reply> {
  const { actor, trial, words } = visit
  const asOf = bothClocks(visit)
  const figures = await readDashboard(visit.context, trial, asOf.day, asOf.known.day)
  const besides = {
    trial,
    asOf,
    sitesAsked: sitesAsked(visit),
    sees: sitesWithin(actor.grants, 'see_subjects', trial.id),
    changes: isPresent(asOf) ? await changesSinceLastVisit(visit, figures) : null,
  }
  // Everything that the page says besides the figures is its question: whoever asks the same is told the same.
  const page = pageOf(figures, [words.language, besides], () =>
    dashboardPage({ ...besides, figures, figure: figureOf(figures, words) }, words),
  )
  return { page, status: asOf.problem === null && asOf.known.problem === null ? 200 : 422, lasting: true }
}

const isPresent = ({ day, today, known }: BothClocks) => day === today && known.day === null

/** Each for those who see the same sites and were here the same time ago. */
const pageOf = keepPages<DashboardPage>()

/** By the attainment, which stands as long as all that is drawn beside it: in each language. */
const figuresOf = new WeakMap<Attainment, Map<string, AttainmentFigure>>()

function figureOf({ attainment, versions, sites, steps }: DashboardFigures, words: Words): AttainmentFigure | null {
  if (attainment === null) return null
  const inLanguages = figuresOf.get(attainment) ?? new Map<string, AttainmentFigure>()
  figuresOf.set(attainment, inLanguages)
  const all = sites.map(({ site }) => site)
  const figure = inLanguages.get(words.language) ?? attainmentFigure(attainment, versions, all, steps, words)
  inLanguages.set(words.language, figure)
  return figure
}

/** The counts of changes since an entry of the trail, as long as the figures are remembered. */
const changesOf = new WeakMap<DashboardFigures, Map<number, ChangeCount[]>>()

/**
 * A visit is a session: what was recorded since the one before stays the same however often the page is loaded, and what
 * is recorded meanwhile is added. Up to where it went is kept for the next one.
 */
async function changesSinceLastVisit(visit: TrialVisit, figures: DashboardFigures): Promise<ChangesInput> {
  const { actor, context, request, trial } = visit
  const { db } = context
  const { session } = request
  const before = session.looks?.[trial.id] ?? (await beginLook(visit))
  const now = context.now()
  const isFurther = before.seen !== figures.sequence && isLater(before.keptAt, now)
  const look = { sequence: figures.sequence, lookedAt: now }
  if (isFurther && (await keepLook(db, actor.personId, trial.id, look))) {
    const kept: Look = { ...before, seen: figures.sequence, keptAt: now }
    session.looks = { ...session.looks, [trial.id]: kept }
  }

  const { since } = before
  const changes = changesOf.get(figures) ?? new Map<number, ChangeCount[]>()
  changesOf.set(figures, changes)
  if (since !== null && !changes.has(since)) {
    changes.set(since, await countChanges(db, trial.id, since, figures.sequence))
  }
  return {
    since: before.at,
    changes: since === null ? [] : (changes.get(since) ?? []),
    maySeeAudit: mayIn(actor.grants, 'see_audit', trial.id),
  }
}

/** Once a minute at most: what came in between is rather told again than never. */
function isLater(keptAt: string | null, now: string): boolean {
  return keptAt === null || Date.parse(now) - Date.parse(keptAt) >= 60_000
}

async function beginLook({ actor, context, trial }: TrialVisit): Promise<Look> {
  const last = await findLastLook(context.db, actor.personId, trial.id)
  return { since: last?.sequence ?? null, at: last?.lookedAt ?? null, seen: null, keptAt: null }
}

function sitesAsked({ request }: TrialVisit): SiteTableQuery {
  const [order, direction, page] = [request.query.order, request.query.direction, request.query.page].map(textOf)
  const known = siteOrders.find((one) => one === order)
  return {
    order: known ?? usualSiteQuery.order,
    direction: known !== undefined && direction === 'desc' ? 'desc' : 'asc',
    page: page !== undefined && /^[1-9]\d{0,4}$/.test(page) ? Number(page) : 1,
  }
}
