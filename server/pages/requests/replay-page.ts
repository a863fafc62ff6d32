/**
 * A request replayed on a later day: what it promised by then against what came, the chance as it stood and as it stands,
 * and every promise of the trial beside its result. The request itself is shown as it was.
 */
import type { CalendarDate } from '../../domain/calendar-date.ts'
import type { EarlierPromise } from '../../domain/earlier-promises.ts'
import type { Problem } from '../../domain/parsed.ts'
import type { TrialOutlook } from '../../domain/projection/trial-outlook.ts'
import { isBelowPromise } from '../../domain/promise-signal.ts'
import type { Replay } from '../../domain/request/replay.ts'
import { countedClaims } from '../../domain/request/request-record.ts'
import type { WholeRequest } from '../../domain/request/whole-request.ts'
import type { Site } from '../../domain/site.ts'
import type { Trial } from '../../domain/trial.ts'
import type { Words } from '../../i18n/words.ts'
import { subjectsInWords } from '../claims-table.ts'
import { type Field, field, type Mark, mark, type Page, problemsInWords, titleOf } from '../page.ts'
import { type PromiseRow, promiseRows } from '../promise-rows.ts'
import { notSaid } from '../small-numbers.ts'
import { requestAddress } from './request-words.ts'

export type ReplayInput = {
  trial: Trial
  request: WholeRequest
  sites: readonly Site[]
  today: CalendarDate
  day: CalendarDate
  typed: string
  problems: readonly Problem[]
  replayed: Replay
  /** Of those in screening on the as-of day, how many are registered by now. */
  converted: number
  outlookThen: TrialOutlook | null
  outlookNow: TrialOutlook | null
  promises: readonly EarlierPromise[]
  isIdentical: boolean
}

export type ReplayPage = Page & {
  heading: string
  subtitle: string
  on: Field
  kicker: Mark
  headline: string
  lines: string[]
  terms: { name: string; promised: string; byNow: string; actual: string; difference: string }[]
  total: { promised: string; byNow: string; actual: string; difference: string }
  converted: string | null
  sites: { name: string; promised: string; actual: string; difference: string }[]
  chances: { name: string; before: string; now: string }[]
  promises: PromiseRow[]
  colophon: string
  back: string
}

export function replayPage(input: ReplayInput, words: Words): ReplayPage {
  const { trial, request, day, replayed, converted } = input
  const { record } = request
  const claims = countedClaims(record.claims)
  const problems = problemsInWords(input.problems, words)
  // What came since is a small number of its own.
  const mayTell = (siteIds: readonly string[]) => trial.leastShown === null || siteIds.length === 0
  return {
    template: 'requests/replay',
    title: titleOf('replay.title', words, problems.length > 0),
    place: 'requests',
    heading: words.t('replay.title'),
    subtitle: words.pick(record.title),
    on: field('on', input.typed, problems),
    kicker: kickerOf(replayed, words),
    headline: words.t('replay.headline', {
      day,
      expected: words.number(replayed.expected, 1),
      actual: replayed.actual,
    }),
    lines: [
      words.t('replay.difference', { difference: signed(replayed.difference, words) }),
      words.t('replay.pro_rata', { percent: words.share(replayed.elapsed, 1), until: record.registrationUntil }),
    ],
    terms: replayed.terms.map(({ promised, byNow, actual: came }, index) => {
      const actual = mayTell(claims[index]?.siteIds ?? []) ? came : null
      return {
        name: claims[index] === undefined ? '' : words.pick(claims[index].label),
        promised: subjectsInWords(promised, words),
        byNow: byNow === null ? '—' : words.number(byNow, 1),
        actual: words.numberOr(claims[index]?.claim.kind === 'pipeline' ? converted : actual),
        difference: byNow === null || actual === null ? '—' : signed(actual - byNow, words),
      }
    }),
    total: {
      promised: words.number(
        replayed.terms
          .filter((_, index) => claims[index]?.claim.kind.startsWith('site') === true)
          .reduce((sum, { promised }) => sum + promised, 0),
        0,
      ),
      byNow: words.number(replayed.expected, 1),
      actual: words.number(replayed.actual),
      difference: signed(replayed.difference, words),
    },
    converted: claims.some(({ claim }) => claim.kind === 'pipeline')
      ? words.t('replay.converted', { asOf: record.asOf, count: converted })
      : null,
    sites: replayed.sites.map(({ siteId, promised, actual, difference }) => {
      const site = input.sites.find(({ id }) => id === siteId)
      return {
        name: site === undefined ? '' : `${site.code} ${words.pick(site.name)}`,
        promised: words.number(promised, 1),
        actual: mayTell([siteId]) ? words.number(actual) : notSaid,
        difference: mayTell([siteId]) ? signed(difference, words) : notSaid,
      }
    }),
    chances: chancesOf(input, words),
    promises: promiseRows(input.promises, words),
    colophon: words.t(input.isIdentical ? 'requests.identical' : 'requests.differs', {
      version: record.methodVersion,
      hash: record.inputHash.slice(0, 12),
    }),
    back: requestAddress(trial, record.number),
  }
}

/** Behind by the rule of the reviews, behind as far as chance goes, or not behind: 0 where 3 were to come, 0 where 1. */
function kickerOf({ actual, expected, difference }: Replay, words: Words): Mark {
  if (isBelowPromise(actual, expected)) return mark('below', 'is-act', words.t('replay.behind'))
  if (difference <= -0.05) return mark('half', 'is-wait', words.t('replay.by_chance'))
  return mark('full', 'is-real', words.t('replay.kept'))
}

/** What is missing has a minus; what lies within rounding of nothing is 0, without one. */
function signed(difference: number, words: Words): string {
  const rounded = Math.round(difference * 10) / 10
  if (rounded === 0) return words.number(0)
  const text = words.number(rounded, Number.isInteger(rounded) ? 0 : 1)
  return rounded > 0 ? `+${text}` : text
}

function chancesOf({ outlookThen, outlookNow }: ReplayInput, words: Words): ReplayPage['chances'] {
  const chanceIn = (outlook: TrialOutlook | null, of: (goal: NonNullable<TrialOutlook['goal']>) => number | null) => {
    const goal = outlook?.goal ?? null
    const chance = goal === null ? null : of(goal)
    return chance === null ? '—' : words.percent(chance)
  }
  const row = (name: string, of: (goal: NonNullable<TrialOutlook['goal']>) => number | null) => ({
    name,
    before: chanceIn(outlookThen, of),
    now: chanceIn(outlookNow, of),
  })
  return [
    {
      name: words.t('replay.registered'),
      before: outlookThen === null ? '—' : words.number(outlookThen.registered),
      now: outlookNow === null ? '—' : words.number(outlookNow.registered),
    },
    row(words.t('replay.if_observed'), ({ observed }) => observed?.chance.drift ?? null),
    row(words.t('replay.if_held'), ({ observed }) => observed?.chance.held ?? null),
  ]
}
