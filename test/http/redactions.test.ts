/** A redaction over HTTP: asked for at an entry of the trail, seen and confirmed by a second person, said wherever the text stood. */
import { beforeAll, describe, expect, it } from 'vitest'
import { findTrialByCode } from '../../server/db/trials.ts'
import { verify } from '../../server/db/verification.ts'
import { Client } from '../support/client.ts'
import { placesHolding } from '../support/raw.ts'
import { serveForFile } from './served.ts'

const served = serveForFile('demo')
const here = '/trials/SSC-BMC'
const name = '山田太郎さん <b>00123</b>'
let manager: Client
let investigator: Client
let japanese: Client
let coordinator: Client
let trialId = ''

beforeAll(async () => {
  manager = await new Client(served.url).signIn('demo-dm', 'en')
  investigator = await new Client(served.url).signIn('demo-pi', 'en')
  japanese = await new Client(served.url).signIn('demo-pi', 'ja')
  coordinator = await new Client(served.url).signIn('demo-crc', 'en')
  trialId = (await findTrialByCode(served.db, 'SSC-BMC'))?.id ?? ''
})

/** Somebody screened whose note holds a name; where the subject and the entry stand. */
async function noted(note = name): Promise<{ subjectId: string; sequence: number }> {
  const form = (await coordinator.get(`${here}/subjects/new`)).text
  const field = (id: string) => new RegExp(`name="${id}" value="([^"]*)"`).exec(form)?.[1] ?? ''
  const site = await served.db
    .selectFrom('site')
    .select('id')
    .where('trial_id', '=', trialId)
    .where('code', '=', '01')
    .executeTakeFirstOrThrow()
  const version = await served.db
    .selectFrom('consent_version')
    .select('id')
    .where('trial_id', '=', trialId)
    .executeTakeFirstOrThrow()
  const answer = await coordinator.post(`${here}/subjects`, {
    opening: 'prescreening',
    siteId: site.id,
    number: field('number'),
    offeredNumber: field('offeredNumber'),
    consentedOn: '2026-06-20',
    consentVersionId: version.id,
    referralSource: 'a letter',
    candidateKey: '',
    note,
    submissionKey: field('submissionKey'),
  })
  expect([answer.status, answer.text]).toEqual([303, expect.any(String)])
  const subjectId = /subjects\/([\w-]+)/.exec(answer.location ?? '')?.[1] ?? ''
  const { sequence } = await served.db
    .selectFrom('audit_entry')
    .select('sequence')
    .where('chain', '=', trialId)
    .where('record_table', '=', 'subject_event')
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  return { subjectId, sequence }
}

const asking = { place: 'subject_event.note', kind: 'person_name', words: '' }
async function asked(sequence: number): Promise<string> {
  const submissionKey = `a-key-of-${sequence}-${Math.abs(sequence * 7919)}-long-enough`
  const answer = await manager.post(`${here}/redactions`, { entry: String(sequence), ...asking, submissionKey })
  expect(answer.status).toBe(303)
  return (answer.location ?? '').split('?')[0] ?? ''
}
const hidden = (text: string, field: string) =>
  (new RegExp(`name="${field}" value="([^"]*)"`).exec(text)?.[1] ?? '').replace(/&#x3D;/g, '=').replace(/&#x2B;/g, '+')

describe('a redaction', () => {
  it('is asked for where the text stands, confirmed by another person who sees it, and said in place of it', async () => {
    const { subjectId, sequence } = await noted()
    const trail = (await manager.get(`${here}/audit`)).text
    expect(trail).toContain(`/redactions/new?entry&#x3D;${sequence}`)
    const form = (await manager.get(`${here}/redactions/new?entry=${sequence}`)).text
    expect(form).toContain('山田太郎さん &lt;b&gt;')
    const page = await asked(sequence)
    const own = (await manager.get(page)).text
    expect(own).toContain('Another person than who asked has to confirm')
    expect(own).not.toContain('山田太郎')
    expect(own).not.toContain('/confirmation')
    const deciding = (await investigator.get(page)).text
    expect(deciding).toContain('山田太郎さん &lt;b&gt;')
    expect(deciding).toContain('Backups, copies and logs')
    const confirmation = { seen: hidden(deciding, 'seen'), submissionKey: hidden(deciding, 'submissionKey') }
    const answer = await investigator.post(`${page}/confirmation`, confirmation)
    expect([answer.status, answer.location]).toEqual([303, `${page}?done=confirmed`])
    expect(await placesHolding(served.db, '山田太郎')).toEqual([])
    expect((await verify(served.db)).finding).toBeNull()

    expect((await investigator.get(`${here}/subjects/${subjectId}`)).text).toContain('redacted (2026-06-24, a name)')
    expect((await japanese.get(`${here}/subjects/${subjectId}`)).text).toContain('墨消し（2026-06-24　氏名）')
    expect((await japanese.get(`${here}/subjects.csv`)).text).toContain('墨消し（2026-06-24　氏名）')
    expect((await japanese.get(`${here}/audit.csv`)).text).toContain('墨消し（2026-06-24　氏名）')
    expect((await investigator.get(`${here}/redactions`)).text).toContain('Redacted')
    // Sent once more, it is answered as before; and there is nothing to ask for any more.
    expect((await investigator.post(`${page}/confirmation`, confirmation)).status).toBe(303)
    expect((await manager.get(`${here}/redactions/new?entry=${sequence}`)).text).toContain('No text of this entry')
  })

  it('is refused with words where it may not be, and everything typed stays', async () => {
    const { sequence } = await noted('another note')
    const refusal = async (fields: Record<string, string>) => {
      const answer = await manager.post(`${here}/redactions`, { entry: String(sequence), ...asking, ...fields })
      expect(answer.status).toBe(422)
      expect(answer.text).toContain('Error: ')
      return answer.text
    }
    expect(await refusal({ place: '' })).toContain('Choose the text that should go')
    expect(await refusal({ kind: 'x' })).toContain('error-summary')
    expect(await refusal({ kind: 'other' })).toContain('Give the reason')
    expect(await refusal({ words: 'it is another note' })).toContain('Do not repeat the text')
    expect(await refusal({ words: 'kept as typed', place: 'subject_event.step' })).toContain('kept as typed')
    expect((await manager.post(`${here}/redactions`, { entry: '99999999', ...asking })).status).toBe(404)
    expect((await manager.get(`${here}/redactions/new?entry=x`)).status).toBe(404)
    const page = await asked(sequence)
    expect((await manager.post(`${page}/confirmation`, { seen: '' })).text).toContain('Who asked cannot decide')
    const stale = await investigator.post(`${page}/confirmation`, { seen: '1:after.note' })
    expect([stale.status, stale.text.includes('another note')]).toEqual([409, true])
    expect((await investigator.post(`${page}/refusal`, { seen: '' })).status).toBe(303)
    expect((await investigator.post(`${page}/refusal`, { seen: '' })).text).toContain('This was decided already')
    expect((await investigator.get(`${here}/redactions/nobody`)).status).toBe(404)
    expect(await placesHolding(served.db, 'another note')).not.toEqual([])
  })

  it('is nobody’s without the act: a coordinator is told so, an auditor reads only, another trial has no such page', async () => {
    const { sequence } = await noted('a third note')
    const page = await asked(sequence)
    const auditor = await new Client(served.url).signIn('demo-audit', 'en')
    for (const [client, statuses] of [
      [coordinator, [403, 403, 403, 403, 403, 403]],
      [auditor, [200, 200, 403, 403, 403, 403]],
    ] as const) {
      const got = [
        (await client.get(`${here}/redactions`)).status,
        (await client.get(page)).status,
        (await client.get(`${here}/redactions/new?entry=${sequence}`)).status,
        (await client.post(`${here}/redactions`, { entry: String(sequence), ...asking })).status,
        (await client.post(`${page}/confirmation`, { seen: '' })).status,
        (await client.post(`${page}/refusal`, { seen: '' })).status,
      ]
      expect(got).toEqual(statuses)
    }
    expect((await auditor.get(page)).text).not.toContain('a third note')
    expect((await manager.get(page.replace('SSC-BMC', 'NO-SUCH-TRIAL'))).status).toBe(404)
  })
})
