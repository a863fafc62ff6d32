/** People who record screenings of the demonstration without a pause, each under a name by which it is found again. */
import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { Db } from '../../server/db/database.ts'
import { todayIn } from '../../server/domain/calendar-date.ts'
import { Client } from '../support/client.ts'

export const code = 'SSC-BMC'
export const log = `/trials/${code}/subjects`

export type Place = { siteId: string; consentVersionId: string }

export async function placeIn(db: Db): Promise<Place> {
  const trial = await db.selectFrom('trial').select('id').where('code', '=', code).executeTakeFirstOrThrow()
  const ofTrial = (table: 'site' | 'consent_version') =>
    db.selectFrom(table).select('id').where('trial_id', '=', trial.id).orderBy('id').executeTakeFirstOrThrow()
  return { siteId: (await ofTrial('site')).id, consentVersionId: (await ofTrial('consent_version')).id }
}

/** A form as it is sent, with the name of its screening: where somebody was referred from. */
export function screeningForm({ siteId, consentVersionId }: Place): { name: string; fields: Record<string, string> } {
  const name = `source ${randomUUID()}`
  const consentedOn = todayIn('Asia/Tokyo', new Date().toISOString())
  const fields = { opening: 'consent', siteId, number: '', offeredNumber: '', consentedOn, consentVersionId }
  return { name, fields: { ...fields, referralSource: name, submissionKey: randomUUID() } }
}

/** Somebody signed in, who is known by the same session to every process on the database. */
export async function signedInAt(url: string): Promise<Client> {
  return new Client(url).signIn('demo-crc')
}

/** Every one of these screenings is there once, and the numbers of the site have no gap and no double. */
export async function expectEachOnce(db: Db, { siteId }: Place, names: readonly string[]): Promise<void> {
  const rows = await db
    .selectFrom('subject')
    .select(['referral_source', 'site_sequence'])
    .where('site_id', '=', siteId)
    .execute()
  const times = new Map<string, number>()
  for (const { referral_source: name } of rows) if (name !== null) times.set(name, (times.get(name) ?? 0) + 1)
  expect({
    lost: names.filter((name) => !times.has(name)),
    doubled: names.filter((name) => (times.get(name) ?? 0) > 1),
  }).toEqual({ lost: [], doubled: [] })
  const sequence = rows.map(({ site_sequence }) => site_sequence).sort((a, b) => a - b)
  expect(sequence).toEqual(sequence.map((_, index) => index + 1))
}
