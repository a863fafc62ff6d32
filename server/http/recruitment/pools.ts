/** The candidate pools of a trial: the page of a day, and the forms by which they are counted and corrected. */
import { correctPoolCount } from '../../actions/correct-pool-count.ts'
import { countPool } from '../../actions/count-pool.ts'
import { voidPoolCount } from '../../actions/void-pool-count.ts'
import { listRequestDays } from '../../db/change-requests.ts'
import { listPoolSettings } from '../../db/eligibility-pools.ts'
import { listSites } from '../../db/sites.ts'
import type { Basis } from '../../domain/bilingual.ts'
import {
  claimedAtSite,
  neededYield,
  type PoolCount,
  type PoolDraft,
  poolsOn,
  poolTotals,
} from '../../domain/eligibility-pool.ts'
import type { Parsed } from '../../domain/parsed.ts'
import { mayIn } from '../../domain/permission.ts'
import type { Setting } from '../../domain/setting-change.ts'
import type { Site } from '../../domain/site.ts'
import type { RecordOfTrial } from '../../domain/trial-record.ts'
import {
  correctionAsked,
  countAsked,
  none,
  type PoolFormInput,
  voidCountAsked,
} from '../../pages/recruitment/pool-form.ts'
import { poolsPage, type SiteYield } from '../../pages/recruitment/pools-page.ts'
import { recruitmentDoings } from '../../pages/recruitment/tabs.ts'
import { asOfDay } from '../as-of.ts'
import type { Read } from '../settings/read-fields.ts'
import { readTrialRecord } from '../trial-record.ts'
import type { Reply, TrialVisit } from '../visit.ts'
import { handlersOf } from './form.ts'

export async function showPools(visit: TrialVisit): Promise<Reply> {
  const { actor, context, request, trial, words } = visit
  const { db } = context
  const asOf = asOfDay(visit)
  const sites = await listSites(db, trial.id)
  const counts = await countsOf(visit)
  const pools = poolsOn(counts, asOf.day)
  const holding = new Set(pools.map(({ pool }) => pool.id))
  const record = await readTrialRecord(context, trial, asOf.day)
  const claiming = record?.request ?? null
  const listed = pools.map(({ pool }) => pool)
  const page = poolsPage(
    {
      trial,
      sites,
      asOf,
      notableDays: await listRequestDays(db, trial.id),
      pools,
      earlier: counts
        .filter(({ id, countedOn }) => countedOn <= asOf.day && !holding.has(id))
        .sort((a, b) => (a.countedOn < b.countedOn ? 1 : -1)),
      totals: poolTotals(listed),
      yields: yieldsOf(record, sites, listed),
      request: claiming === null ? null : { number: claiming.number, title: words.pick(claiming.title) },
      mayPlan: mayIn(actor.grants, 'plan_recruitment', trial.id),
      done: recruitmentDoings.find((known) => known === request.query.done) ?? null,
    },
    words,
  )
  return { page, status: asOf.problem === null ? 200 : 422 }
}

/** Each site with a pool of its own and a claim, in the order of the sites. */
function yieldsOf(found: RecordOfTrial | null, sites: readonly Site[], pools: readonly PoolCount[]): SiteYield[] {
  const claims = found?.request?.claims ?? []
  return sites.flatMap((site) => {
    const own = pools.filter(({ siteId }) => siteId === site.id)
    const claimedPerYear = claimedAtSite(claims, site.id, found?.record.yearsAsked ?? 0)
    if (own.length === 0 || claimedPerYear === null) return []
    const { eligible } = poolTotals(own)
    return [
      { site, claimedPerYear, eligible, needed: eligible === null ? null : neededYield(claimedPerYear, eligible) },
    ]
  })
}

async function countsOf({ context, trial }: TrialVisit): Promise<PoolCount[]> {
  return (await listPoolSettings(context.db, trial.id)).map(({ value }) => value)
}

/** What a form about one pool may choose from: the trial's sites, and every other pool as it was counted last. */
async function inputFor(visit: TrialVisit, poolId: string | null): Promise<PoolFormInput> {
  const { context, trial } = visit
  const today = context.today(trial.timeZone)
  const pools = poolsOn(await countsOf(visit), today).map(({ pool }) => pool)
  const others = pools.filter((pool) => pool.poolId !== poolId)
  return { trial, sites: await listSites(context.db, trial.id), others, today }
}

/** The count in the address, under its own pool's. */
async function countOf({ context, request, trial }: TrialVisit): Promise<Setting<PoolCount> | null> {
  const settings = await listPoolSettings(context.db, trial.id)
  const { pool, count } = request.params
  return settings.find(({ id, value }) => id === count && value.poolId === pool) ?? null
}

async function latestOf(visit: TrialVisit): Promise<PoolCount | null> {
  const { context, request, trial } = visit
  const today = poolsOn(await countsOf(visit), context.today(trial.timeZone))
  return today.find(({ pool }) => pool.poolId === request.params.pool)?.pool ?? null
}

/** One end of the range alone says nothing: both, or none. */
function draftFrom(read: Read): Parsed<PoolDraft> {
  const [low, high] = [read.number('eligibleLow'), read.number('eligibleHigh')]
  if ((low === null) !== (high === null)) {
    const field = low === null ? 'eligibleLow' : 'eligibleHigh'
    return { problems: [{ field, code: 'eligible_half' }] }
  }
  const placeJa = read.text('placeJa')
  const departmentJa = read.text('departmentJa')
  const chosen = (value: string) => (value === none ? null : value)
  return {
    value: {
      place: { ja: placeJa, en: read.textOrNull('placeEn') ?? placeJa },
      department: { ja: departmentJa, en: read.textOrNull('departmentEn') ?? departmentJa },
      siteId: chosen(read.text('poolSite')),
      partOf: chosen(read.text('partOf')),
      countedOn: read.day('countedOn'),
      size: read.number('size') ?? 0,
      reviewed: read.number('reviewed'),
      eligible: low === null || high === null ? null : { low, high },
      source: read.text('source'),
      basis: read.text('basis') as Basis,
    },
  }
}

async function count(visit: TrialVisit, read: Read, poolId: string | null): Promise<Parsed<unknown>> {
  const draft = draftFrom(read)
  if ('problems' in draft) return draft
  return countPool(visit.context, visit.actor, visit.trial.id, { poolId, draft: draft.value })
}

export const newPool = handlersOf({
  ask: async (visit) => countAsked(await inputFor(visit, null), null, visit.words),
  act: (visit, read) => count(visit, read, null),
  done: 'pool_added',
})

export const laterCount = handlersOf({
  async ask(visit) {
    const last = await latestOf(visit)
    return last === null ? null : countAsked(await inputFor(visit, last.poolId), last, visit.words)
  },
  act: (visit, read) => count(visit, read, String(visit.request.params.pool)),
  done: 'pool_counted',
})

export const countCorrection = handlersOf({
  async ask(visit) {
    const setting = await countOf(visit)
    return setting === null ? null : correctionAsked(await inputFor(visit, setting.value.poolId), setting, visit.words)
  },
  async act({ actor, context, request, trial }, read, seen) {
    const draft = draftFrom(read)
    if ('problems' in draft) return draft
    const change = { id: String(request.params.count), seen, to: draft.value, reason: read.text('reason') }
    return correctPoolCount(context, actor, trial.id, change)
  },
  done: 'pool_corrected',
})

export const countVoid = handlersOf({
  async ask(visit) {
    const setting = await countOf(visit)
    return setting === null ? null : voidCountAsked(visit.trial, setting, visit.words)
  },
  act({ actor, context, request, trial }, read, seen) {
    const change = { id: String(request.params.count), seen, reason: read.text('reason') }
    return voidPoolCount(context, actor, trial.id, change)
  },
  done: 'pool_voided',
})
