/** Secret addresses of a calendar: made on its page, shown once, revoked; and what is found at one. */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { makeCalendarFeed } from '../actions/make-calendar-feed.ts'
import { revokeCalendarFeed } from '../actions/revoke-calendar-feed.ts'
import { findFeedByToken, listFeedsOf, touchFeed } from '../db/calendar-feeds.ts'
import { findActor } from '../db/people.ts'
import { listTrialsFor } from '../db/trials.ts'
import { isRefused } from '../domain/parsed.ts'
import { mayIn } from '../domain/permission.ts'
import { languages, wordsFor } from '../i18n/words.ts'
import { calendarEvents } from '../pages/calendar-events.ts'
import { feedPage, revocationPage } from '../pages/feed-page.ts'
import { calendarFile } from './calendar-file.ts'
import { countVisits } from './due-visits.ts'
import { button, readForm, text } from './forms.ts'
import { listObligations } from './obligations.ts'
import type { Reply, TrialVisit, Visit } from './visit.ts'

const feedFields = z.object({ of: z.enum(['trial', 'every']), submissionKey: text(64) })

/** The address stands on this answer and nowhere else; the same form once more makes no second one. */
export async function createFeed({ actor, context, request, trial, words }: TrialVisit): Promise<Reply> {
  const fields = readForm(feedFields, request.body)
  if (isRefused(fields)) return { error: 'unprocessable' }
  const token = randomBytes(32).toString('base64url')
  const trialId = fields.value.of === 'trial' ? trial.id : null
  const made = await makeCalendarFeed(context, actor, { trialId, language: words.language, token })
  const calendar = `/trials/${trial.code}/calendar`
  if (isRefused(made)) return { error: 'unprocessable' }
  if ((await findFeedByToken(context.db, token)) === null) return { seeOther: calendar }
  return {
    status: 201,
    page: feedPage(trial, `${originOf(request)}/calendar/${token}.ics`, trialId === null ? 'every' : 'one', words),
  }
}

async function findOwn({ actor, context, request, trial }: TrialVisit) {
  const feeds = await listFeedsOf(context.db, actor.personId)
  const own = feeds.find(({ id }) => id === request.params.feed) ?? null
  return own !== null && (own.trialId === null || own.trialId === trial.id) ? own : null
}

export async function askRevocation(visit: TrialVisit): Promise<Reply> {
  const feed = await findOwn(visit)
  return feed === null ? { error: 'not_found' } : { page: revocationPage(visit.trial, feed, visit.words) }
}

export async function revokeFeed(visit: TrialVisit): Promise<Reply> {
  const { actor, context, request, trial } = visit
  const feed = await findOwn(visit)
  if (feed === null) return { error: 'not_found' }
  if (isRefused(readForm(button, request.body))) return { error: 'unprocessable' }
  await revokeCalendarFeed(context, actor, feed)
  return { seeOther: `/trials/${trial.code}/calendar?done=revoked` }
}

/**
 * What a calendar program fetches: nobody is signed in, the address itself is the right. It is its owner's right of this
 * moment: without a role in the trial nothing is found.
 */
export async function showFeed({ context, request }: Visit): Promise<Reply> {
  const { db } = context
  const feed = await findFeedByToken(db, String(request.params.token))
  const owner = feed === null ? null : await findActor(db, feed.personId)
  if (feed === null || owner === null) return { error: 'not_found' }
  const trials = (await listTrialsFor(db, owner.grants)).filter(
    ({ id }) => (feed.trialId === null || feed.trialId === id) && mayIn(owner.grants, 'see_counts', id),
  )
  if (trials.length === 0) return { error: 'not_found' }
  const words = wordsFor(languages.find((known) => known === feed.language) ?? 'ja')
  const events = []
  for (const trial of trials) {
    const today = context.today(trial.timeZone)
    const { days } = await countVisits(context, trial, owner.grants, today)
    const visits = days.map((day) => ({ kind: 'visits' as const, metOn: null, ...day }))
    const obligations = [...(await listObligations(context, trial, today)), ...visits]
    events.push(...calendarEvents(trial, obligations, today, originOf(request), words))
  }
  await touchFeed(db, feed.id, context.now())
  const name = words.t('feed.name', {
    trial: feed.trialId === null ? words.t('frame.all_trials') : (trials[0]?.code ?? ''),
  })
  return { calendar: calendarFile(name, events, context.now()) }
}

/** Where the reader found the product, as their browser or program says. */
function originOf(request: Visit['request']): string {
  return `${request.protocol}://${request.get('host') ?? ''}`
}
