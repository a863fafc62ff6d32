/** A data manager enters a new version of the trial's terms, with its approval. Versions are added, never edited. */
import type { Actor, Context } from '../context.ts'
import { insertTerms, listTerms } from '../db/trial-terms.ts'
import { transact } from '../db/write.ts'
import type { Parsed } from '../domain/parsed.ts'
import type { TrialTerms } from '../domain/trial-terms.ts'

/** The version must be the next one. */
export function adoptTerms(
  context: Context,
  actor: Actor,
  trialId: string,
  terms: TrialTerms,
): Promise<Parsed<{ version: number }>> {
  return transact(context, actor, trialId, async (write) => {
    const next = (await listTerms(write, trialId)).length + 1
    if (terms.version !== next) return { problems: [{ field: 'version', code: 'version_not_next', values: { next } }] }
    await insertTerms(write, context, trialId, terms)
    return { value: { version: terms.version } }
  })
}
