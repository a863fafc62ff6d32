/** What bodies decided on a change request; a decision is added, never changed. */
import type { Context } from '../context.ts'
import type { Basis } from '../domain/bilingual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Decision, DecisionOutcome } from '../domain/request/decisions.ts'
import { bothOrNull } from './both-languages.ts'
import type { Db } from './database.ts'
import { newRowOf, type OfRequest } from './request-rows.ts'
import { named } from './trials.ts'
import type { Write } from './write.ts'

export async function listDecisions(db: Db, requestId: string): Promise<Decision[]> {
  const rows = await db
    .selectFrom('request_decision')
    .selectAll()
    .where('request_id', '=', requestId)
    .orderBy('position')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    bodyId: row.body_id,
    position: row.position,
    items: JSON.parse(row.items),
    outcome: row.outcome as DecisionOutcome,
    metOn: row.met_on as CalendarDate | null,
    decidedOn: row.decided_on as CalendarDate,
    notifiedOn: row.notified_on as CalendarDate | null,
    text: bothOrNull(row.text_ja, row.text_en),
    source: { ja: row.source_ja, en: row.source_en },
    basis: row.basis as Basis,
  }))
}

export async function insertDecision(
  write: Write,
  context: Context,
  place: OfRequest & { position: number },
  draft: Omit<Decision, 'id' | 'position'>,
): Promise<Decision> {
  const { position } = place
  const row = {
    ...newRowOf(context, place),
    body_id: draft.bodyId,
    position,
    items: JSON.stringify(draft.items),
    outcome: draft.outcome,
    decided_on: draft.decidedOn,
    met_on: draft.metOn,
    notified_on: draft.notifiedOn,
    text_ja: draft.text?.ja ?? null,
    text_en: draft.text?.en ?? null,
    ...named('source', draft.source),
    basis: draft.basis,
  }
  await write.insert('request_decision', row, 'decision_recorded')
  return { ...draft, id: row.id, position }
}
