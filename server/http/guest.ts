/** What a guest reads: nobody is signed in, the address itself is the right, to one frozen page and nothing else. */
import { findGuestLink, touchGuestLink } from '../db/guest-links.ts'
import { findTrial } from '../db/trials.ts'
import { guestLinkState } from '../domain/request/guest-link.ts'
import {
  type FrozenReport,
  type GuestEnd,
  guestOverPage,
  guestPage,
  guestReportShape,
} from '../pages/requests/guest-report.ts'
import type { Reply, Visit } from './visit.ts'

/** Read from the text that was frozen, whatever has happened in the trial since. */
export async function showGuestPage({ context, request, words }: Visit): Promise<Reply> {
  const over = (end: GuestEnd): Reply => ({ page: guestOverPage(end, words), status: end === 'unknown' ? 404 : 410 })
  const found = await findGuestLink(context.db, String(request.params.token))
  if (found === null) return over('unknown')
  const { link } = found
  const trial = await findTrial(context.db, found.trialId)
  const state = guestLinkState(link, context.today(trial.timeZone))
  if (state !== 'valid') return over(state)
  const frozen: FrozenReport = JSON.parse(found.content)
  if (frozen.shape !== guestReportShape) return over('outdated')
  if (request.method === 'GET') await touchGuestLink(context.db, link.id, context.now())
  return { page: guestPage({ trial, link, frozen }, words) }
}
