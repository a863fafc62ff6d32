/** Counts what is counted of whole trials only, from the events of subjects that were recorded before it was counted. */
import { type Kysely, sql } from 'kysely'
import type { Tally } from '../domain/subject.ts'
import { wholeTallies } from '../domain/whole-tallies.ts'
import type { Tables } from './database.ts'
import { eventsInPages } from './pathway-settings.ts'
import { findPathway } from './trials.ts'

/** Once, in a database that has none of these counts yet. */
export async function fillWholeCounts(rows: Kysely<Tables>): Promise<void> {
  for (const { id } of await rows.selectFrom('trial').select('id').execute()) {
    const pathway = await findPathway(rows, id)
    for await (const subjects of eventsInPages(rows, id)) {
      for (const tally of subjects.flatMap((events) => wholeTallies(pathway, events))) await add(rows, id, tally)
    }
  }
}

async function add(rows: Kysely<Tables>, trialId: string, tally: Tally): Promise<void> {
  await rows
    .insertInto('trial_count')
    .values({ trial_id: trialId, ...tally })
    .onConflict((conflict) =>
      conflict.columns(['trial_id', 'step', 'date']).doUpdateSet({ number: sql`trial_count.number + excluded.number` }),
    )
    .execute()
}
