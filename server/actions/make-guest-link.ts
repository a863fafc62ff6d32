/** Who writes requests lets a guest read one as it stands: a link to hand over, and what is read under it, frozen. */
import type { Actor, Context } from '../context.ts'
import { newToken } from '../db/access-links.ts'
import { type GuestLinkDraft, insertGuestLink, isGuestLinkKept, listGuestLinks } from '../db/guest-links.ts'
import { findWholeRequest } from '../db/request-records.ts'
import { findTrial } from '../db/trials.ts'
import { transact } from '../db/write.ts'
import { isRefused, type Parsed } from '../domain/parsed.ts'
import { guestLinkProblems } from '../domain/request/guest-link.ts'

/** The token comes back this once, and as null where the same form was sent before: then it was shown already. */
export async function makeGuestLink(
  context: Context,
  actor: Actor,
  trialId: string,
  number: number,
  draft: Omit<GuestLinkDraft, 'token'>,
): Promise<Parsed<{ token: string | null }>> {
  const token = newToken()
  const outcome = await transact(context, actor, trialId, async (write) => {
    const found = await findWholeRequest(write, trialId, number)
    if (found === null) return { problems: [{ field: '', code: 'request_unknown' }] }
    const { record } = found
    const today = context.today((await findTrial(write, trialId)).timeZone)
    const problems = guestLinkProblems(record.state, await listGuestLinks(write, record.id), draft.validUntil, today)
    if (problems.length > 0) return { problems }
    const place = { trialId, requestId: record.id }
    return { value: { linkId: await insertGuestLink(write, context, place, actor, { ...draft, token }) } }
  })
  if (isRefused(outcome)) return outcome
  return { value: { token: (await isGuestLinkKept(context.db, token)) ? token : null } }
}
