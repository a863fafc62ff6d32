/** The charts of a projection besides the curve: what one more would do, and the sites in their funnel. */
import type { FunnelOfSites } from '../domain/projection/funnel-of-sites.ts'
import type { FunnelPlace } from '../domain/projection/site-funnel.ts'
import type { TargetOutlook } from '../domain/projection/trial-outlook.ts'
import type { Site } from '../domain/site.ts'
import type { Words } from '../i18n/words.ts'

type Tick = { at: number; label: string }

/** What `public/js` draws: bars from where it is now to where a change would take it. */
export type ChangesChart = {
  kind: 'changes'
  from: { at: number; label: string }
  max: number
  ticks: Tick[]
  bars: { name: string; at: number; label: string }[]
}

/** Sites as points over how long they were open, between the limits of one common rate. */
export type FunnelChart = {
  kind: 'funnel'
  x: { max: number; ticks: Tick[]; title: string }
  y: { max: number; ticks: number[]; title: string }
  curve: { at: number; expected: number; low95: number; high95: number; low998: number; high998: number }[]
  labels: { expected: string; limits95: string; limits998: string }
  sites: { at: number; number: number; name: string; tip: string; place: FunnelPlace }[]
}

export type ChangesFigure = {
  chartJson: string
  rows: { name: string; chance: string; isNow: boolean }[]
  /** How many new sites it would take; null where that is not looked for. */
  sites: string | null
}

export function changesFigure({ sitesDiffer }: TargetOutlook, words: Words): ChangesFigure | null {
  if (sitesDiffer === null) return null
  const { asItIs, oneMoreSite, oneMoreYear, oneMoreAYear } = sitesDiffer.tornado
  const changes = [
    { name: words.t('changes.one_site'), chance: oneMoreSite },
    { name: words.t('changes.one_year'), chance: oneMoreYear },
    { name: words.t('changes.one_a_year'), chance: oneMoreAYear },
  ].sort((a, b) => b.chance - a.chance)
  const max = niceShare(Math.max(asItIs, ...changes.map(({ chance }) => chance)))
  const chart: ChangesChart = {
    kind: 'changes',
    from: { at: asItIs, label: words.t('changes.now', { chance: words.percent(asItIs) }) },
    max,
    ticks: [0, max / 2, max].map((at) => ({ at, label: words.percent(at) })),
    bars: changes.map(({ name, chance }) => ({ name, at: chance, label: words.percent(chance) })),
  }
  const needed = sitesDiffer.sitesNeeded.map(({ assurance, sites }) =>
    sites === null
      ? words.t('changes.no_sites', { chance: words.percent(assurance) })
      : words.t('changes.sites', { chance: words.percent(assurance), count: sites }),
  )
  return {
    chartJson: JSON.stringify(chart),
    rows: [
      { name: words.t('changes.as_it_is'), chance: words.percent(asItIs), isNow: true },
      ...changes.map(({ name, chance }) => ({ name, chance: words.percent(chance), isNow: false })),
    ],
    sites: needed.length === 0 ? null : words.t('changes.sites_needed', { list: needed.join(words.t('format.and')) }),
  }
}

/** 1, 2, 5 and 10 parts of a power of ten, not below a share: 0.031 -> 0.05; at most 1. */
function niceShare(share: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(share, 1e-6)))
  const nice = [1, 2, 5, 10].map((part) => part * power).find((step) => step >= share * 1.0001) ?? 1
  return Math.min(Math.max(nice, 0.002), 1)
}

export function funnelFigure(
  funnel: FunnelOfSites | null,
  sites: readonly Site[],
  words: Words,
): { chartJson: string } | null {
  if (funnel === null || funnel.sites.length < 2) return null
  const last = funnel.curve.at(-1)
  const highest = Math.max(...funnel.sites.map(({ registered }) => registered), last?.limits.high998 ?? 1, 1)
  const longest = last?.exposureYears ?? 1
  const chart: FunnelChart = {
    kind: 'funnel',
    x: { max: longest, ticks: ticksUpTo(longest).map((at) => ({ at, label: String(at) })), title: words.t('funnel.x') },
    y: { max: highest * 1.12, ticks: ticksUpTo(highest).filter(Number.isInteger), title: words.t('funnel.y') },
    curve: funnel.curve.map(({ exposureYears, limits }) => ({ at: exposureYears, ...limits })),
    labels: {
      expected: words.t('funnel.expected'),
      limits95: words.t('funnel.limits', { percent: '95%' }),
      limits998: words.t('funnel.limits', { percent: '99.8%' }),
    },
    sites: funnel.sites.map(({ id, exposureYears, registered, place }) => {
      const name = sites.find((site) => site.id === id)?.code ?? ''
      const tip = words.t('funnel.tip', { site: name, count: registered, years: words.number(exposureYears, 2) })
      return { at: exposureYears, number: registered, name, tip, place }
    }),
  }
  return { chartJson: JSON.stringify(chart) }
}

/** About five steps of 1, 2 or 5 times a power of ten. */
function ticksUpTo(most: number): number[] {
  const rough = Math.max(most, 0.01) / 5
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find((part) => part * power >= rough) ?? 10) * power
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => Number((index * step).toPrecision(6)))
}
