/** Where the subjects of a trial came from: each source with what it brought, and whether effort and yield differ. */
import type { CalendarDate } from '../../domain/calendar-date.ts'
import type { PartOf } from '../../domain/fisher-exact.ts'
import type { EffortAndYield, EffortVerdict, SourceYield } from '../../domain/referral.ts'
import type { Trial } from '../../domain/trial.ts'
import { wilsonInterval } from '../../domain/wilson-interval.ts'
import type { Words } from '../../i18n/words.ts'
import { freeText } from '../free-text.ts'
import { type Mark, type MarkKind, mark, type Page } from '../page.ts'
import { pInWords } from '../projection-words.ts'
import { type Pager, type Tab, tabsOf } from './tabs.ts'

export type SourcesInput = {
  trial: Trial
  today: CalendarDate
  /** Those of this page of the list, and all of them for the sums. */
  shown: readonly SourceYield[]
  all: readonly SourceYield[]
  pager: Pager | null
  effort: EffortAndYield | null
}

type SourceRow = {
  name: string
  isWorked: boolean
  counts: { label: string; head: string; value: string }[]
  conversion: string
  interval: string
}

export type SourcesPage = Page & {
  heading: string
  tabs: Tab[]
  note: string
  effort: { verdict: Mark; rows: { label: string; value: string }[]; rule: string } | null
  heads: string[]
  rows: SourceRow[]
  total: SourceRow
  pager: Pager | null
}

export function sourcesPage({ trial, today, shown, all, pager, effort }: SourcesInput, words: Words): SourcesPage {
  const heading = words.of('recruitment_tab', 'sources')
  const sum = (of: (one: SourceYield) => number) => all.reduce((total, one) => total + of(one), 0)
  const total: SourceYield = {
    source: words.t('sources.total'),
    candidates: sum(({ candidates }) => candidates),
    screened: sum(({ screened }) => screened),
    registered: sum(({ registered }) => registered),
    failed: sum(({ failed }) => failed),
    waiting: sum(({ waiting }) => waiting),
    unaccounted: sum(({ unaccounted }) => unaccounted),
  }
  const worked = new Set(effort?.by === 'measures' ? effort.sources : [])
  return {
    template: 'recruitment/sources',
    title: heading,
    place: 'recruitment',
    heading,
    tabs: tabsOf(trial, 'sources', words),
    note: words.t('format.as_of', { asOf: today }),
    effort: effort === null ? null : effortInWords(effort, words),
    heads: sourceRow(total, false, words).counts.map(({ head }) => head),
    rows: shown.map((one) => sourceRow(one, one.source !== null && worked.has(one.source), words)),
    total: sourceRow(total, false, words),
    pager,
  }
}

function sourceRow(one: SourceYield, isWorked: boolean, words: Words): SourceRow {
  const { source, candidates, screened, registered, failed, waiting, unaccounted } = one
  const counts = [
    { label: words.t('sources.candidates'), count: candidates },
    { label: words.t('sites.screened'), count: screened },
    { label: words.t('sites.registered'), count: registered },
    { label: words.t('sources.failed_plain'), head: words.t('sources.failed'), count: failed },
    { label: words.t('sources.waiting'), count: waiting },
    { label: words.t('sources.unaccounted'), count: unaccounted },
  ]
  return {
    name: source === null ? words.t('sources.unsaid') : freeText(source, words),
    isWorked,
    counts: counts.map(({ label, head = label, count }) => ({ label, head, value: words.number(count) })),
    ...conversionInWords({ part: registered, of: screened }, words),
  }
}

/** 1 of 3 with Wilson's interval: 33.3% (1/3), 6.1 to 79.2; nothing of nobody. */
function conversionInWords({ part, of }: PartOf, words: Words): { conversion: string; interval: string } {
  if (of === 0) return { conversion: '—', interval: '—' }
  const { lower, upper } = wilsonInterval(part, of)
  return {
    conversion: words.t('sources.conversion', { share: words.share(part, of), part, of }),
    interval: words.t('format.range', { low: words.number(lower * 100, 1), high: words.share(upper, 1) }),
  }
}

const marks: Record<EffortVerdict, [MarkKind, Mark['tone']]> = {
  differ: ['below', 'is-act'],
  alike: ['full', ''],
  not_enough: ['half', 'is-wait'],
}

function effortInWords(effort: EffortAndYield, words: Words): NonNullable<SourcesPage['effort']> {
  const { verdict, sources, by, there, elsewhere, chance } = effort
  const said = (group: PartOf) => {
    const { conversion, interval } = conversionInWords(group, words)
    return group.of === 0 ? words.t('sources.nobody') : words.t('sources.with_interval', { conversion, interval })
  }
  return {
    verdict: mark(...marks[verdict], words.of('effort', verdict)),
    rows: [
      {
        label: words.t(by === 'measures' ? 'sources.by_measures' : 'sources.by_screenings'),
        value: sources.join(words.t('format.and')),
      },
      { label: words.t('sources.there'), value: said(there) },
      { label: words.t('sources.elsewhere'), value: said(elsewhere) },
      { label: words.t('sources.p'), value: pInWords(there.of === 0 || elsewhere.of === 0 ? null : chance, words) },
    ],
    rule: words.t('sources.rule'),
  }
}
