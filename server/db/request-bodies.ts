/** Who decides on a change request. */
import type { Basis } from '../domain/bilingual.ts'
import type { BodyNecessity, DecidingBody } from '../domain/request/decisions.ts'
import type { Db } from './database.ts'

export async function listBodies(db: Db, requestId: string): Promise<DecidingBody[]> {
  const rows = await db
    .selectFrom('request_body')
    .selectAll()
    .where('request_id', '=', requestId)
    .where('withdrawn_at', 'is', null)
    .orderBy('position')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    position: row.position,
    name: { ja: row.name_ja, en: row.name_en },
    necessity: row.necessity as BodyNecessity,
    items: JSON.parse(row.items),
    basis: row.basis as Basis,
  }))
}
