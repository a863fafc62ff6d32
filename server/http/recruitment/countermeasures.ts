/** The countermeasures of a trial: the list with what followed each, and the forms by which they are written down. */
import { changeCountermeasure } from '../../actions/change-countermeasure.ts'
import { endCountermeasure } from '../../actions/end-countermeasure.ts'
import { planCountermeasure } from '../../actions/plan-countermeasure.ts'
import { voidCountermeasure } from '../../actions/void-countermeasure.ts'
import { listRequestDays } from '../../db/change-requests.ts'
import { listCountermeasureSettings, listCountermeasures } from '../../db/countermeasures.ts'
import { countAround } from '../../db/daily-counts.ts'
import { countByReferral, countReferredAround } from '../../db/referrals.ts'
import { listSites } from '../../db/sites.ts'
import { findPathway } from '../../db/trials.ts'
import type { Basis } from '../../domain/bilingual.ts'
import type { CalendarDate } from '../../domain/calendar-date.ts'
import {
  type Countermeasure,
  type CountermeasureCategory,
  type CountermeasureDraft,
  sourceKey,
} from '../../domain/countermeasure.ts'
import { type CountsAround, type Effect, effectOf, effectWindow } from '../../domain/countermeasure-effect.ts'
import type { Pathway } from '../../domain/milestone.ts'
import { mayIn } from '../../domain/permission.ts'
import { yieldBySource } from '../../domain/referral.ts'
import type { Setting } from '../../domain/setting-change.ts'
import type { Site } from '../../domain/site.ts'
import { endAsked, measureAsked, voidMeasureAsked } from '../../pages/recruitment/countermeasure-form.ts'
import { byState, countermeasuresPage } from '../../pages/recruitment/countermeasures-page.ts'
import { paged, recruitmentDoings } from '../../pages/recruitment/tabs.ts'
import { asOfDay } from '../as-of.ts'
import type { Read } from '../settings/read-fields.ts'
import { type Reply, type TrialVisit, textOf } from '../visit.ts'
import { handlersOf } from './form.ts'

export async function showCountermeasures(visit: TrialVisit): Promise<Reply> {
  const { actor, context, request, trial, words } = visit
  const { db } = context
  const asOf = asOfDay(visit)
  const sites = await listSites(db, trial.id)
  const pathway = await findPathway(db, trial.id)
  const measures = byState(await listCountermeasures(db, trial.id), asOf.day)
  const keptDay = asOf.day === asOf.today ? '' : `&asOf=${asOf.day}`
  const { shown, pager } = paged(measures, pageAsked(visit), (page) => `?page=${page}${keptDay}`, words)
  const withEffect = []
  for (const measure of shown) {
    withEffect.push({ measure, effect: await effectOn(visit, measure, sites, pathway, asOf.day) })
  }
  const page = countermeasuresPage(
    {
      trial,
      sites,
      asOf,
      notableDays: await listRequestDays(db, trial.id),
      measures: withEffect,
      pager,
      mayPlan: mayIn(actor.grants, 'plan_recruitment', trial.id),
      done: recruitmentDoings.find((known) => known === request.query.done) ?? null,
    },
    words,
  )
  return { page, status: asOf.problem === null ? 200 : 422 }
}

/** The page of a list that was asked for; the first where none was. */
export function pageAsked({ request }: TrialVisit): number {
  const typed = Number(textOf(request.query.page))
  return Number.isInteger(typed) && typed > 0 ? typed : 1
}

/** Whole sites are counted by the roll-up; single sources of referral by sums over the log. */
async function effectOn(
  { context: { db }, trial }: TrialVisit,
  measure: Countermeasure,
  sites: readonly Site[],
  pathway: Pathway,
  day: CalendarDate,
): Promise<Effect> {
  const scope = measure.siteIds.length === 0 ? sites : sites.filter(({ id }) => measure.siteIds.includes(id))
  const isWithin = ({ siteId }: CountsAround) => scope.some(({ id }) => id === siteId)
  const window = effectWindow(measure, day)
  if (window === null) return effectOf(null, scope, [])
  if (measure.sources.length === 0) {
    const counts = await countAround(db, trial.id, pathway.screening.code, window)
    return effectOf(window, scope, counts.filter(isWithin))
  }
  const keys = measure.sources.map(sourceKey)
  const referred = await countReferredAround(db, trial.id, window)
  const counts = referred.filter(({ source }) => source !== null && keys.includes(sourceKey(source)))
  return effectOf(window, scope, counts.filter(isWithin))
}

async function settingOf({ context, request, trial }: TrialVisit): Promise<Setting<Countermeasure> | null> {
  const settings = await listCountermeasureSettings(context.db, trial.id)
  return settings.find(({ id }) => id === request.params.countermeasure) ?? null
}

/** So many sources are offered to be ticked; another one can be typed. */
const mostOffered = 30

async function askMeasure(visit: TrialVisit, setting: Setting<Countermeasure> | null) {
  const { context, trial, words } = visit
  const { db } = context
  const yields = yieldBySource(await countByReferral(db, trial.id))
  const input = {
    trial,
    sites: await listSites(db, trial.id),
    knownSources: yields.flatMap(({ source }) => source ?? []).slice(0, mostOffered),
    today: context.today(trial.timeZone),
    setting,
  }
  return measureAsked(input, words)
}

function draftFrom(read: Read): CountermeasureDraft {
  const titleJa = read.text('titleJa')
  const other = sourceKey(read.text('otherSource'))
  const sources = [...read.several('sources'), ...(other === '' ? [] : [other])]
  return {
    category: read.text('category') as CountermeasureCategory,
    title: { ja: titleJa, en: read.textOrNull('titleEn') ?? titleJa },
    siteIds: read.several('siteIds'),
    sources: [...new Set(sources)],
    startedOn: read.day('startedOn'),
    endedOn: read.date('endedOn'),
    owner: read.text('owner'),
    evidence: read.text('evidence'),
    basis: read.text('basis') as Basis,
  }
}

const idOf = ({ request }: TrialVisit) => String(request.params.countermeasure)

export const newMeasure = handlersOf({
  ask: (visit) => askMeasure(visit, null),
  act: ({ actor, context, trial }, read) => planCountermeasure(context, actor, trial.id, draftFrom(read)),
  done: 'measure_added',
})

export const measureCorrection = handlersOf({
  async ask(visit) {
    const setting = await settingOf(visit)
    return setting === null ? null : askMeasure(visit, setting)
  },
  act(visit, read, seen) {
    const { actor, context, trial } = visit
    const change = { id: idOf(visit), seen, to: draftFrom(read), reason: read.text('reason') }
    return changeCountermeasure(context, actor, trial.id, change)
  },
  done: 'measure_changed',
})

export const measureEnd = handlersOf({
  async ask(visit) {
    const { context, request, trial, words } = visit
    const setting = await settingOf(visit)
    const isOver = setting !== null && setting.value.endedOn !== null
    // Whoever sends the form after somebody else did is told so; nobody is offered it any more.
    if (setting === null || (isOver && request.method === 'GET')) return null
    const sites = await listSites(context.db, trial.id)
    return endAsked({ trial, sites, setting, today: context.today(trial.timeZone) }, words)
  },
  act(visit, read, seen) {
    const { actor, context, trial } = visit
    return endCountermeasure(context, actor, trial.id, { id: idOf(visit), seen, endedOn: read.day('endedOn') })
  },
  done: 'measure_ended',
})

export const measureVoid = handlersOf({
  async ask(visit) {
    const { context, trial, words } = visit
    const setting = await settingOf(visit)
    if (setting === null) return null
    return voidMeasureAsked({ trial, sites: await listSites(context.db, trial.id), setting }, words)
  },
  act(visit, read, seen) {
    const { actor, context, trial } = visit
    return voidCountermeasure(context, actor, trial.id, { id: idOf(visit), seen, reason: read.text('reason') })
  },
  done: 'measure_voided',
})
