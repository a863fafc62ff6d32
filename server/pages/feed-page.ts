/** A secret address of a calendar: shown this once, and asked about before it is revoked. */
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import type { ConfirmPage } from './confirm-event-page.ts'
import type { Page } from './page.ts'

export type Feed = { id: string; trialId: string | null; language: string; createdAt: string; usedAt: string | null }

export type FeedPage = Page & { heading: string; feedAddress: string; notes: string[]; back: string }

export function feedPage(trial: Trial, feedAddress: string, of: 'one' | 'every', words: Words): FeedPage {
  const calendar = `/trials/${trial.code}/calendar`
  return {
    template: 'calendar/feed',
    title: words.t('feed.made_title'),
    place: 'calendar',
    address: calendar,
    heading: words.t('feed.made_title'),
    feedAddress,
    notes: [
      words.t('feed.once'),
      of === 'one' ? words.t('feed.holds_one', { code: trial.code }) : words.t('feed.holds_every'),
      words.t('feed.how'),
    ],
    back: calendar,
  }
}

type FeedConfirmPage = ConfirmPage & { back: string; backLabel: string }

/** Whoever still fetches at it finds nothing any more: that is asked about once. */
export function revocationPage(trial: Trial, feed: Feed, words: Words): FeedConfirmPage {
  const calendar = `/trials/${trial.code}/calendar`
  return {
    template: 'calendar/revoke',
    title: words.t('feed.revoke_question'),
    place: 'calendar',
    question: words.t('feed.revoke_question'),
    warnings: [words.t('feed.revoke_warning')],
    action: `${calendar}/feeds/${feed.id}/revocation`,
    back: calendar,
    backLabel: words.t('calendar.back'),
    button: words.t('feed.revoke'),
    answers: feedFacts(trial, feed, words),
    hidden: [],
  }
}

/** What a feed is known by once its address is not shown any more. */
export function feedFacts(trial: Trial, feed: Feed, words: Words): { label: string; value: string }[] {
  return [
    { label: words.t('feed.of'), value: feed.trialId === null ? words.t('frame.all_trials') : trial.code },
    { label: words.t('feed.language'), value: words.of('feed_language', feed.language) },
    { label: words.t('feed.made_at'), value: words.instant(feed.createdAt, trial.timeZone) },
    {
      label: words.t('feed.used_at'),
      value: feed.usedAt === null ? words.t('feed.never_used') : words.instant(feed.usedAt, trial.timeZone),
    },
  ]
}
