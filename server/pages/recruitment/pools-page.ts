/** The candidate pools of a trial on a day: what they add up to, and what the claims need of them. */
import type { CalendarDate } from '../../domain/calendar-date.ts'
import type { NeededYield, PoolCount, PoolTotals, Range, YieldVerdict } from '../../domain/eligibility-pool.ts'
import type { Site } from '../../domain/site.ts'
import type { Trial } from '../../domain/trial.ts'
import type { Words } from '../../i18n/words.ts'
import { type AsOf, type AsOfForm, asOfForm, fixedDay } from '../as-of.ts'
import { freeText } from '../free-text.ts'
import { type Mark, type MarkKind, mark, type Page } from '../page.ts'
import { amountInWords } from '../projection-words.ts'
import { type RecruitmentDoing, type Tab, tabsOf } from './tabs.ts'

export type SiteYield = { site: Site; claimedPerYear: number; eligible: Range | null; needed: NeededYield | null }

export type PoolsInput = {
  trial: Trial
  sites: readonly Site[]
  asOf: AsOf
  notableDays: readonly CalendarDate[]
  /** The counts that hold on the day, parts below their wholes. */
  pools: readonly { pool: PoolCount; depth: number }[]
  /** Earlier counts of the same pools, the latest first. */
  earlier: readonly PoolCount[]
  totals: PoolTotals
  /** For each site with a pool and a claim. */
  yields: readonly SiteYield[]
  /** The request that claims; null where there is none on the day. */
  request: { number: number; title: string } | null
  mayPlan: boolean
  done: RecruitmentDoing | null
}

export type PoolRow = {
  name: string
  isPart: boolean
  depth: string
  assumed: boolean
  site: string | null
  source: string | null
  countedOn: string
  size: string
  reviewed: string
  eligible: string
  earlier: { text: string; href: string | null; voidHref: string | null }[]
  actions: { label: string; href: string }[]
}

export type PoolsPage = Page & {
  heading: string
  tabs: Tab[]
  figures: { label: string; value: string }[]
  asOf: AsOfForm
  day: string
  done: string | null
  addHref: string | null
  hasActions: boolean
  rows: PoolRow[]
  total: { size: string; reviewed: string; eligible: string; stated: string | null }
  yields: {
    note: string
    rows: { site: string; claimed: string; eligible: string; needed: string; verdict: Mark }[]
  } | null
  noYield: string | null
}

export function poolsPage(input: PoolsInput, words: Words): PoolsPage {
  const { trial, asOf, pools, totals, mayPlan } = input
  const heading = words.of('recruitment_tab', 'pools')
  return {
    ...fixedDay(asOf, words),
    template: 'recruitment/pools',
    title: asOf.problem === null ? heading : `${words.t('form.error_prefix')}${heading}`,
    place: 'recruitment',
    heading,
    tabs: tabsOf(trial, 'pools', words),
    figures:
      totals.pools === 0
        ? []
        : [
            { label: words.t('pools.patients'), value: words.t('pools.people', { count: totals.size }) },
            { label: words.t('pools.eligible'), value: rangeOrDash(totals.eligible, words) },
          ],
    asOf: asOfForm(asOf, input.notableDays, words),
    day: words.t('format.as_of', { asOf: asOf.day }),
    done: input.done === null ? null : words.of('recruitment_done', input.done),
    addHref: mayPlan ? `/trials/${trial.code}/pools/new` : null,
    hasActions: mayPlan,
    rows: pools.map(({ pool, depth }) => poolRow(input, pool, depth, words)),
    total: {
      size: words.number(totals.size),
      reviewed: totals.reviewed === null ? '—' : partInWords(totals.reviewed.number, totals.reviewed.of, words),
      eligible: rangeOrDash(totals.eligible, words),
      stated:
        totals.stated === totals.pools ? null : words.t('pools.stated', { stated: totals.stated, pools: totals.pools }),
    },
    ...yieldsOf(input, words),
  }
}

function rangeOrDash(range: Range | null, words: Words): string {
  return range === null ? '—' : rangeInWords(range, words)
}

/** 1 to 2 a year; where both ends are the same, that. */
function rangeInWords({ low, high }: Range, words: Words): string {
  return low === high
    ? words.number(low)
    : words.t('format.range', { low: words.number(low), high: words.number(high) })
}

function partInWords(number: number, of: number, words: Words): string {
  const counted = `${words.number(number)}/${words.number(of)}`
  return of === 0 ? counted : words.t('pools.share', { counted, share: words.share(number, of) })
}

/** A part at the place of its whole is called by its department alone. */
function nameBeside(pool: PoolCount, whole: PoolCount | undefined, words: Words): string {
  const isSamePlace = whole !== undefined && words.pick(whole.place) === words.pick(pool.place)
  const department = words.pick(pool.department)
  return isSamePlace && department !== '' ? department : poolName(pool, words)
}

/** The place, and the department where one is meant. */
export function poolName({ place, department }: Pick<PoolCount, 'place' | 'department'>, words: Words): string {
  return [words.pick(place), words.pick(department)].filter((part) => part !== '').join(words.t('pools.within'))
}

function poolRow(input: PoolsInput, pool: PoolCount, depth: number, words: Words): PoolRow {
  const { trial, sites, pools, earlier, mayPlan } = input
  const whole = pools.find((other) => other.pool.poolId === pool.partOf)?.pool
  const site = sites.find(({ id }) => id === pool.siteId)
  const counts = `/trials/${trial.code}/pools/${pool.poolId}/counts`
  return {
    name: nameBeside(pool, whole, words),
    isPart: depth > 0,
    depth: String(Math.min(depth, 3)),
    assumed: pool.basis === 'assumed',
    site: site === undefined ? null : words.t('pools.site', { code: site.code }),
    source: pool.source === '' ? null : words.t('pools.source', { source: freeText(pool.source, words) }),
    countedOn: pool.countedOn,
    size: words.number(pool.size),
    reviewed: pool.reviewed === null ? '—' : partInWords(pool.reviewed, pool.size, words),
    eligible: rangeOrDash(pool.eligible, words),
    earlier: earlier
      .filter(({ poolId }) => poolId === pool.poolId)
      .map(({ id, countedOn, size }) => ({
        text: words.t('pools.earlier_count', { day: countedOn, count: size }),
        href: mayPlan ? `${counts}/${id}` : null,
        voidHref: mayPlan ? `${counts}/${id}/void/new` : null,
      })),
    actions: mayPlan
      ? [
          { label: words.t('pools.count_again'), href: `${counts}/new` },
          { label: words.t('recruitment.correct'), href: `${counts}/${pool.id}` },
          { label: words.t('recruitment.void'), href: `${counts}/${pool.id}/void/new` },
        ]
      : [],
  }
}

const marks: Record<YieldVerdict, [MarkKind, Mark['tone']]> = {
  within: ['full', ''],
  tight: ['half', 'is-wait'],
  beyond: ['cross', 'is-act'],
}

function yieldsOf({ yields, request, totals }: PoolsInput, words: Words): Pick<PoolsPage, 'yields' | 'noYield'> {
  if (totals.pools === 0) return { yields: null, noYield: null }
  if (request === null) return { yields: null, noYield: words.t('pools.no_request') }
  if (yields.length === 0) return { yields: null, noYield: words.t('pools.no_claim') }
  const rows = yields.map(({ site, claimedPerYear, eligible, needed }) => ({
    site: `${site.code} ${words.pick(site.name)}`,
    claimed: amountInWords(claimedPerYear, words),
    eligible: rangeOrDash(eligible, words),
    needed: needed === null ? '—' : neededInWords(needed, words),
    verdict:
      needed === null
        ? mark('silent', 'is-wait', words.t('pools.nobody_says'))
        : mark(...marks[needed.verdict], words.of('needed_yield', needed.verdict)),
  }))
  return { yields: { note: words.t('pools.yield_note', { title: request.title }), rows }, noYield: null }
}

/** 50 to 100%; where nobody is eligible there is no share to name. */
function neededInWords({ best, poorest }: NeededYield, words: Words): string {
  const percent = (share: number) => words.t('pools.percent', { percent: words.number(share * 100) })
  if (best === null) return '—'
  if (poorest === null) return words.t('pools.at_least', { percent: percent(best) })
  if (best === poorest) return percent(best)
  return words.t('pools.percent', {
    percent: words.t('format.range', { low: words.number(best * 100), high: words.number(poorest * 100) }),
  })
}
