/** Timelines by days over HTTP: pasted, stored all or none, audited, shown; by data managers only. */
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { listAuditEntries } from '../../server/db/audit-trail.ts'
import { listDayTimelines } from '../../server/db/day-timelines.ts'
import { findTrialByCode } from '../../server/db/trials.ts'
import { verify } from '../../server/db/verification.ts'
import { wordsFor } from '../../server/i18n/words.ts'
import { Client } from '../support/client.ts'
import { everythingIn, serveForFile } from './served.ts'

const served = serveForFile('demo')
const here = '/trials/STR01-03/timelines'
const words = wordsFor('ja')
let manager: Client
let trialId = ''
let keys = 0

/** The published table under this trial's names, as a spreadsheet copies it. */
const table6 = readFileSync(new URL('../reference/str01-03-table6-days-from-injury.csv', import.meta.url), 'utf8')
  .replace(/.*\n/, ',骨髄液採取,blood_1,末梢血②,Blood 3,blood_4,blood_5,投与\n')
  .replaceAll(',', '\t')
  .replace(/^(\d)/gm, 'P$1')

async function paste(rows: string, more: Record<string, string> = {}) {
  await manager.get(`${here}/days/new`)
  keys += 1
  const submissionKey = `a-key-for-timelines-${keys}`
  return manager.post(`${here}/days`, { anchorCode: 'injury', rows, because: '', submissionKey, ...more })
}

beforeAll(async () => {
  manager = await new Client(served.url).signIn('demo-dm')
  trialId = (await findTrialByCode(served.db, 'STR01-03'))?.id ?? ''
})

describe('timelines by days', () => {
  it('are refused whole when one cell is wrong; what was pasted is still there', async () => {
    const before = await everythingIn(served.db)
    const answer = await paste(table6.replace('54', '5x'))
    expect(answer.status).toBe(422)
    expect(answer.text).toContain(words.of('problem', 'day_not_whole', { row: 6, column: '投与', typed: '5x' }))
    expect(answer.text).toContain('href="#rows"')
    expect(answer.text).toContain('5x')
    const unclosed = await paste('case\tdosing\n"1\t4')
    expect([unclosed.status, unclosed.text.includes('rows-error')]).toEqual([422, true])
    expect((await paste('')).status).toBe(422)
    expect((await paste(table6, { anchorCode: 'dosing_2' })).status).toBe(422)
    expect((await paste('case\tdosing\nSTR01-03-01-001\t5')).text).toContain(
      words.of('problem', 'day_number_in_log', { number: 'STR01-03-01-001' }),
    )
    expect(await everythingIn(served.db)).toEqual(before)
  })

  it('are stored and audited, and shown as lanes and in a table, judged on days', async () => {
    const answer = await paste(table6)
    expect([answer.status, answer.location]).toEqual([303, `${here}?by=injury#days-caption`])
    const stored = await listDayTimelines(served.db, trialId)
    expect(stored).toHaveLength(13)
    expect(stored[0]).toMatchObject({ number: 'P1', days: { marrow: 11, dosing: 47, blood_4: 15 } })
    const [newest] = await listAuditEntries(served.db, trialId, { before: null, limit: 1 })
    expect(newest).toMatchObject({ event: 'day_timeline_recorded', table: 'day_timeline', after: { number: 'P13' } })
    const { text } = await manager.get(`${here}?by=injury`)
    const within = (step: string) => words.t('days.within', { step, within: 13, known: 13 })
    expect(text).toContain(within('投与'))
    expect(text).toContain(within('骨髄液採取'))
    const lanes = JSON.parse(/id="lanes">(.*?)<\/script>/s.exec(text)?.[1] ?? '{}').lanes as {
      label: string
      events: { at: number }[]
    }[]
    expect(lanes.find(({ label }) => label === 'P5')?.events.map(({ at }) => at)).toContain(54)
    expect((await manager.get(here)).text).not.toContain('&quot;P5&quot;')
    expect((await verify(served.db)).finding).toBeNull()
  })

  it('change only with a reason; the earlier days stay in the audit trail; the same again changes nothing', async () => {
    const before = await everythingIn(served.db)
    const again = await paste(table6)
    expect(again.status).toBe(303)
    const { submission: _, ...same } = await everythingIn(served.db)
    const { submission: __, ...were } = before
    expect(same).toEqual(were)
    const other = 'case\tdosing\nP1\t48'
    const refused = await paste(other)
    expect(refused.status).toBe(422)
    expect(refused.text).toContain(words.of('problem', 'day_reason_missing', { numbers: 'P1' }))
    expect((await paste(other, { because: 'transcription' })).status).toBe(303)
    const [newest] = await listAuditEntries(served.db, trialId, { before: null, limit: 1 })
    expect(newest).toMatchObject({ event: 'day_timeline_corrected', reason: 'transcription' })
    expect(newest?.before?.days).toContain('"marrow":11')
    expect((await manager.get('/trials/STR01-03/audit')).text).toContain(
      words.of('audit_event', 'day_timeline_corrected'),
    )
  })

  it('are for data managers to write, and no site’s to read', async () => {
    for (const who of ['demo-pi', 'demo-audit'] as const) {
      const client = await new Client(served.url).signIn(who)
      expect((await client.get('/trials/SSC-BMC/timelines/days/new')).status).toBe(403)
    }
    const english = await new Client(served.url).signIn('demo-dm', 'en')
    const { text } = await english.get(`${here}/days/new`)
    expect((/<main[\s\S]*<\/main>/.exec(text)?.[0] ?? '').replace(/<[^>]*>/g, '')).not.toMatch(/[ぁ-んァ-ヶ一-龠]/)
  })
})
