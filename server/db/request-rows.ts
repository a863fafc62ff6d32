/** What every row that belongs to a change request begins with. */
import type { Context } from '../context.ts'

export type OfRequest = { trialId: string; requestId: string }

export function newRowOf(context: Context, { trialId, requestId }: OfRequest) {
  return { id: context.newId(), trial_id: trialId, request_id: requestId }
}
