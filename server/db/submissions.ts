/** Forms that were recorded: the same one, sent once more, is answered as it was the first time. */
import type { Actor, Context, Submission } from '../context.ts'
import type { Parsed } from '../domain/parsed.ts'
import type { Db } from './database.ts'

/**
 * Whether this very form of this person was recorded already. Whoever sends it once more, because the answer was lost, may
 * ask about what is gone since: a draft that went out, an entry that was voided.
 */
export async function isRecordedAlready({ db, request }: Context, actor: Actor): Promise<boolean> {
  const submission = request?.submission ?? null
  const earlier = submission === null ? null : await findResult(db, submission, actor)
  return earlier !== null && !('problems' in earlier)
}

/** What came of a form when it was sent first; null for one that never was. */
export async function findResult<T>(db: Db, submission: Submission, actor: Actor): Promise<Parsed<T> | null> {
  const row = await db.selectFrom('submission').selectAll().where('key', '=', submission.key).executeTakeFirst()
  if (row === undefined) return null
  if (row.person_id !== actor.personId) return { problems: [{ field: '', code: 'form_used_by_another' }] }
  const { contentHash, outcome } = JSON.parse(row.result)
  // Somebody went back and sent the same form with something else in it: that is not what was recorded.
  if (contentHash !== submission.contentHash) return { problems: [{ field: '', code: 'form_already_used' }] }
  return outcome
}
