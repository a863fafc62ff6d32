/** Where subjects came from: what each source of referral brought, and whether the effort goes where the yield is. */
import { type Countermeasure, sourceKey } from './countermeasure.ts'
import { fisherExact, type PartOf } from './fisher-exact.ts'
import { level } from './rate-comparison.ts'
import type { SubjectState } from './subject-state.ts'

/** Entries of the log with one source, as it was typed, and one state. */
export type ReferralCount = {
  source: string | null
  state: SubjectState
  /** Written down before consent, given consent, registered. */
  candidates: number
  screened: number
  registered: number
}

/** What one source brought: those screened are the registered, the failed, those still under way and the unaccounted. */
export type SourceYield = {
  /** Null where nobody said. */
  source: string | null
  candidates: number
  screened: number
  registered: number
  failed: number
  waiting: number
  unaccounted: number
}

const underWay: readonly SubjectState[] = ['screening', 'eligible', 'provisional']

/** Each source once, however wide its letters were typed; the one with the most screenings first, the unsaid last. */
export function yieldBySource(counts: readonly ReferralCount[]): SourceYield[] {
  const bySource = new Map<string, SourceYield>()
  for (const { source: typed, state, candidates, screened, registered } of counts) {
    const key = sourceKey(typed ?? '')
    const source = key === '' ? null : key
    const none = { candidates: 0, screened: 0, registered: 0, failed: 0, waiting: 0, unaccounted: 0 }
    const own = bySource.get(key) ?? { source, ...none }
    const left = screened - registered
    own.candidates += candidates
    own.screened += screened
    own.registered += registered
    own[underWay.includes(state) ? 'waiting' : state === 'unaccounted' ? 'unaccounted' : 'failed'] += left
    bySource.set(key, own)
  }
  return [...bySource.values()].sort(
    (a, b) =>
      Number(a.source === null) - Number(b.source === null) ||
      b.screened - a.screened ||
      b.candidates - a.candidates ||
      ((a.source ?? '') < (b.source ?? '') ? -1 : 1),
  )
}

export const effortVerdicts = ['differ', 'alike', 'not_enough'] as const
export type EffortVerdict = (typeof effortVerdicts)[number]

export type EffortAndYield = {
  verdict: EffortVerdict
  /** The sources that the effort goes to. */
  sources: readonly string[]
  /** `measures`: those that a countermeasure names; `screenings`: no measure names one, so the most screened. */
  by: 'measures' | 'screenings'
  /** Registered of screened, where the effort goes and elsewhere. */
  there: PartOf
  elsewhere: PartOf
  chance: number
}

/**
 * "Effort and yield differ" where the screened of the sources that the effort goes to were registered less often than
 * those of all other named sources, and Fisher's exact test gives less than 0.05. Where no outcome could have given that,
 * there is not enough data; otherwise they are alike as far as can be seen. Null where no source is named anywhere.
 *
 * 1 of 10 where the effort goes, 11 of 14 elsewhere: 0.003, they differ. 1 of 3 against 1 of 3: no outcome shows.
 */
export function effortAndYield(
  yields: readonly SourceYield[],
  measures: readonly Pick<Countermeasure, 'sources'>[],
): EffortAndYield | null {
  const named = yields.filter(({ source }) => source !== null)
  const directed = new Set(measures.flatMap(({ sources }) => sources.map(sourceKey)))
  const worked = named.filter(({ source }) => directed.has(source ?? ''))
  const by = worked.length > 0 ? 'measures' : 'screenings'
  const most = named.reduce((highest, { screened }) => Math.max(highest, screened), 0)
  const effort = worked.length > 0 ? worked : named.filter(({ screened }) => screened > 0 && screened === most)
  if (effort.length === 0) return null
  const there = conversionOf(effort)
  const elsewhere = conversionOf(named.filter((one) => !effort.includes(one)))
  const { chance, least } = fisherExact(there, elsewhere)
  const isLower = there.part * elsewhere.of < elsewhere.part * there.of
  const verdict = least >= level ? 'not_enough' : chance < level && isLower ? 'differ' : 'alike'
  return { verdict, sources: effort.map(({ source }) => source ?? ''), by, there, elsewhere, chance }
}

function conversionOf(yields: readonly SourceYield[]): PartOf {
  return yields.reduce((sum, { registered, screened }) => ({ part: sum.part + registered, of: sum.of + screened }), {
    part: 0,
    of: 0,
  })
}
