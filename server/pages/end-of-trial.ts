/** What a trial's profile says of its end: how long the records are kept, by which rule, and whether it is locked. */
import type { CalendarDate } from '../domain/calendar-date.ts'
import { keptUntil, type Retention } from '../domain/retention.ts'
import type { Trial } from '../domain/trial.ts'
import type { TrialLock } from '../domain/trial-lock.ts'
import type { Words } from '../i18n/words.ts'

export const endDoings = ['locked', 'unlocked', 'retention'] as const
export type EndDoing = (typeof endDoings)[number]

export type EndInput = {
  retention: Retention | null
  /** The end of the study by the terms in force. */
  plannedEnd: CalendarDate | null
  /** The latest first. */
  locks: readonly TrialLock[]
  may: { configure: boolean; lock: boolean }
  /** Who reads. */
  personId: string
}

export type EndOfTrial = {
  facts: { label: string; value: string; assumed: boolean }[]
  links: { href: string; text: string }[]
  locks: { at: string; by: string; because: string; ended: string; endedBecause: string }[]
}

export function endOfTrial(trial: Trial, input: EndInput, words: Words): EndOfTrial {
  const { retention, plannedEnd, locks } = input
  const assumed = retention?.basis === 'assumed'
  const open = locks.find(({ ended }) => ended === null) ?? null
  return {
    facts: [
      { label: words.t('trial_end.kept_for'), value: yearsInWords(trial, retention, words), assumed },
      ...(retention === null
        ? []
        : [
            { label: words.t('trial_end.rule'), value: words.pick(retention.rule), assumed },
            { label: words.t('trial_end.kept_until'), value: untilInWords(retention, plannedEnd, words), assumed },
          ]),
      {
        label: words.t('trial_end.lock'),
        value: words.t(open === null ? 'trial_end.is_unlocked' : 'trial_end.is_locked'),
        assumed: false,
      },
    ],
    links: linksOf(trial, input, open, words),
    locks: locks.map(({ lockedAt, name, because, ended }) => ({
      at: words.instant(lockedAt, trial.timeZone),
      by: words.pick(name),
      because,
      ended:
        ended === null
          ? words.t('trial_end.is_locked')
          : words.t('trial_end.ended_by', {
              at: words.instant(ended.at, trial.timeZone),
              name: words.pick(ended.name),
            }),
      endedBecause: ended?.because ?? '',
    })),
  }
}

function yearsInWords({ retentionYears }: Trial, retention: Retention | null, words: Words): string {
  const years = retention?.years ?? retentionYears
  return years === null ? words.t('trial_end.not_stated') : words.t('trial_end.years_after', { years })
}

function untilInWords(retention: Retention, plannedEnd: CalendarDate | null, words: Words): string {
  const until = keptUntil(retention, plannedEnd)
  if (until === null) return words.t('trial_end.until_unknown')
  const values = { until: words.date(until.on), end: until.countedFrom }
  return words.t(until.from === 'end' ? 'trial_end.until_from_end' : 'trial_end.until_from_plan', values)
}

/** Whoever locked the trial is told that somebody else unlocks it, and gets no link. */
function linksOf(trial: Trial, { may, personId, retention }: EndInput, open: TrialLock | null, words: Words) {
  const here = `/trials/${trial.code}`
  const set = retention === null ? 'trial_end.set_retention' : 'trial_end.change_retention'
  return [
    ...(may.configure ? [{ href: `${here}/retention`, text: words.t(set) }] : []),
    ...(may.lock && open === null ? [{ href: `${here}/locks/new`, text: words.t('trial_end.lock_link') }] : []),
    ...(may.lock && open !== null && open.personId !== personId
      ? [{ href: `${here}/locks/${open.id}/end/new`, text: words.t('trial_end.unlock_link') }]
      : []),
  ]
}
