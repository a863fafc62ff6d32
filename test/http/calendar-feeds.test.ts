/** The secret address of a calendar: what a calendar program gets there, and when it gets nothing. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { demoPeople } from '../../seeds/demo-people.ts'
import { day, done } from '../../seeds/story.ts'
import { addCalendarEntry } from '../../server/actions/add-calendar-entry.ts'
import { commandLine } from '../../server/context.ts'
import { auditedTables } from '../../server/db/database.ts'
import { engineOf } from '../../server/db/dialect.ts'
import { findTrialByCode } from '../../server/db/trials.ts'
import { verify } from '../../server/db/verification.ts'
import type { Client } from '../support/client.ts'
import { everythingIn, newcomer, raw, serveForFile, signedIn } from './served.ts'

const served = serveForFile('demo')
const calendar = '/trials/SSC-BMC/calendar'
const person = (username: string) => demoPeople.find((one) => one.username === username) ?? demoPeople[0]
let trialId = ''

beforeAll(async () => {
  trialId = (await findTrialByCode(served.db, 'SSC-BMC'))?.id ?? ''
})

/** Makes an address as its page does, and reads it where it is shown. */
async function addressMadeBy(client: Client, of: 'trial' | 'every' = 'trial'): Promise<string> {
  const { status, text } = await client.post(`${calendar}/feeds`, { of, submissionKey: randomUUID() })
  expect(status).toBe(201)
  const [address] = /\/calendar\/[\w-]{43}\.ics/.exec(text) ?? []
  if (address === undefined) throw new Error('no address is shown')
  return address
}

const fetched = (address: string) => raw(served, 'GET', address)

/** Content lines with their folds undone, as RFC 5545, 3.1 has it. */
const linesOf = (file: string) => file.replace(/\r\n[ \t]/g, '').split('\r\n')
const valuesOf = (file: string, name: string) =>
  linesOf(file).flatMap((line) =>
    line.startsWith(`${name}:`) || line.startsWith(`${name};`) ? [line.slice(line.indexOf(':') + 1)] : [],
  )

describe('the file', () => {
  it('holds the dates of the trial as whole days, in the language it was made in, and says when it was written', async () => {
    const address = await addressMadeBy(await signedIn(served, person('demo-pi')))
    const { status, headers, text } = await fetched(address)
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/calendar; charset=utf-8')
    expect(headers['cache-control']).toBe('private, no-store')
    expect(headers['set-cookie']).toBeUndefined()
    const lines = linesOf(text)
    expect(lines[0]).toBe('BEGIN:VCALENDAR')
    expect(lines.at(-2)).toBe('END:VCALENDAR')
    expect(lines).toContain('REFRESH-INTERVAL;VALUE=DURATION:PT6H')
    expect(lines).toContain('DTSTART;VALUE=DATE:20260731')
    expect(lines).toContain('SUMMARY:SSC-BMC 募集の方策と目標症例数の妥当性を、具体的なデータとともに示す')
    expect(lines.filter((line) => line.endsWith('/trials/SSC-BMC/requests/1#condition-1'))).toHaveLength(1)
    expect(lines).toContain('SUMMARY:SSC-BMC 定期評価')
    expect(lines.filter((line) => /^DT(START|END)/.test(line) && /T\d{6}/.test(line))).toEqual([])
    expect(new Set(valuesOf(text, 'DTSTAMP'))).toEqual(new Set([served.now.replace(/[-:]|\.\d+/g, '')]))
  })

  it('ends every line with CR LF and folds it at 75 octets, never within a letter', async () => {
    const manager = { ...commandLine, grants: [{ role: 'data_manager', trialId, siteId: null }] as const }
    const long = `長い件名\nEND:VCALENDAR\n、;\\と𠮷野家と${'あいうえお𩸽'.repeat(20)}`
    const words = { ja: long, en: 'long' }
    const entry = { kind: 'condition', title: words, body: words, source: words, basis: 'recorded' } as const
    const due = { dueOn: day('2026-08-08'), meetingId: null, met: { on: null, evidence: '' } }
    await done(addCalendarEntry(served.context, manager, trialId, { ...entry, ...due }))
    const { text } = await fetched(await addressMadeBy(await signedIn(served, person('demo-pi'))))
    expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true)
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    const octets = text.split('\r\n').map((line) => Buffer.byteLength(line))
    expect(Math.max(...octets)).toBeLessThanOrEqual(75)
    expect(Math.max(...octets)).toBeGreaterThan(70)
    expect(text).not.toContain('\uFFFD')
    expect(valuesOf(text, 'END').filter((what) => what === 'VCALENDAR')).toHaveLength(1)
    const escaped = long.replace('\\', '\\\\').replace(';', '\\;').replaceAll('\n', '\\n')
    expect(valuesOf(text, 'SUMMARY')).toContain(`SSC-BMC ${escaped}`)
  })

  it('names each thing by the same identifier every time, and none twice', async () => {
    const pi = await signedIn(served, person('demo-pi'))
    const [one, other] = [await addressMadeBy(pi), await addressMadeBy(pi, 'every')]
    const uids = valuesOf((await fetched(one)).text, 'UID')
    expect(new Set(uids).size).toBe(uids.length)
    expect(valuesOf((await fetched(one)).text, 'UID')).toEqual(uids)
    const ofAll = valuesOf((await fetched(other)).text, 'UID')
    expect(uids.filter((uid) => !ofAll.includes(uid))).toEqual([])
    expect(new Set(ofAll).size).toBe(ofAll.length)
    expect(ofAll.length).toBeGreaterThan(uids.length)
  })

  it('tells numbers of visits and nothing of a subject', async () => {
    served.now = '2026-07-24T03:00:00.000Z'
    try {
      const manager = await signedIn(served, person('demo-dm'), 'en')
      const { text } = await fetched(await addressMadeBy(manager, 'every'))
      expect(valuesOf(text, 'SUMMARY').some((summary) => /^CLTI-MNC Visits due: 1$/.test(summary))).toBe(true)
      const numbers = await served.db.selectFrom('subject').select(['number', 'id']).execute()
      expect(numbers.length).toBeGreaterThan(40)
      expect(numbers.filter(({ number, id }) => text.includes(number) || text.includes(id))).toEqual([])
    } finally {
      served.now = '2026-06-24T03:00:00.000Z'
    }
  })
})

describe('the address', () => {
  it('is shown once, and stands nowhere: not in the database, not in the log', async () => {
    const client = await signedIn(served, person('demo-irb'))
    const address = await addressMadeBy(client)
    const token = /[\w-]{43}/.exec(address)?.[0] ?? ''
    expect((await fetched(address)).status).toBe(200)
    expect((await client.get(calendar)).text).not.toContain(token)
    for (const table of [...auditedTables, 'audit_entry', 'submission', 'session', 'calendar_feed_use']) {
      const { rows } = await sql`select * from ${sql.table(table)}`.execute(engineOf(served.db).writer)
      expect([table, JSON.stringify(rows).includes(token)]).toEqual([table, false])
    }
    // However a program spells it: with capitals it is no address of ours, with a host before it the same one.
    expect((await raw(served, 'GET', address.replace('/calendar/', '/CALENDAR/'))).status).toBe(404)
    expect((await raw(served, 'GET', `http://127.0.0.1${address}`)).status).toBe(200)
    expect(served.log.join('')).toContain('/calendar/')
    expect(served.log.join('')).not.toContain(token)
  })

  it('of a form that is sent twice is made once, and shown once', async () => {
    const client = await signedIn(served, person('demo-irb'))
    const form = { of: 'trial', submissionKey: randomUUID() }
    const before = (await everythingIn(served.db)).calendar_feed ?? 0
    expect((await client.post(`${calendar}/feeds`, form)).status).toBe(201)
    const again = await client.post(`${calendar}/feeds`, form)
    expect([again.status, again.location]).toEqual([303, calendar])
    expect((await everythingIn(served.db)).calendar_feed).toBe(before + 1)
    expect((await client.post(`${calendar}/feeds`, { of: 'nothing', submissionKey: randomUUID() })).status).toBe(422)
  })

  it('is made ten times of one trial, and once more after one was revoked', async () => {
    const client = await signedIn(served, await newcomer(served, [{ role: 'committee', trialId, siteId: null }]))
    for (let count = 0; count < 10; count++) await addressMadeBy(client)
    const full = await client.get(calendar)
    expect(full.text).not.toContain('value="trial"')
    expect(full.text).toContain('value="every"')
    const more = () => client.post(`${calendar}/feeds`, { of: 'trial', submissionKey: randomUUID() })
    expect((await more()).status).toBe(422)
    const link = /href="([^"]*\/revocation)"/.exec((await client.get(calendar)).text)?.[1] ?? ''
    expect((await client.post(link, {})).status).toBe(303)
    expect((await more()).status).toBe(201)
  })

  it('says on its owner’s page when it was last fetched', async () => {
    const client = await signedIn(served, await newcomer(served, [{ role: 'committee', trialId, siteId: null }]))
    const address = await addressMadeBy(client)
    expect((await client.get(calendar)).text).toContain('まだありません')
    await fetched(address)
    const { text } = await client.get(calendar)
    expect(text).not.toContain('まだありません')
    expect(text).toContain('2026-06-24 12:00')
    expect((await verify(served.db)).finding).toBeNull()
  })

  it('revoked, it leads to nothing; that is asked about once, and nobody else can do it', async () => {
    const owner = await signedIn(served, person('demo-irb'))
    const address = await addressMadeBy(owner)
    const link = /href="([^"]*\/revocation)"/.exec((await owner.get(calendar)).text)?.[1] ?? ''
    const other = await signedIn(served, person('demo-pi'))
    expect((await other.get(link)).status).toBe(404)
    expect((await other.post(link, {})).status).toBe(404)
    expect((await owner.get(link)).text).toContain('このアドレスを無効にしますか')
    expect((await fetched(address)).status).toBe(200)
    expect((await owner.post(link, {})).location).toBe(`${calendar}?done=revoked`)
    expect((await fetched(address)).status).toBe(404)
    expect((await owner.get(link)).status).toBe(404)
  })

  it('leads to nothing once its owner has no role, and no further than their role', async () => {
    const committee = { role: 'committee', trialId, siteId: null } as const
    const elsewhere = (await findTrialByCode(served.db, 'CLTI-MNC'))?.id ?? ''
    const somebody = await newcomer(served, [committee, { ...committee, trialId: elsewhere }])
    const client = await signedIn(served, somebody)
    const [one, every] = [await addressMadeBy(client), await addressMadeBy(client, 'every')]
    expect((await fetched(every)).text).toContain('CLTI-MNC')
    const { writer } = engineOf(served.db)
    const grants = writer
      .updateTable('role_grant')
      .set({ revoked_at: served.now })
      .where('person_id', '=', somebody.personId)
    await grants.where('trial_id', '=', trialId).execute()
    expect((await fetched(one)).status).toBe(404)
    expect((await fetched(every)).text).not.toContain('SSC-BMC')
    await grants.execute()
    expect((await fetched(every)).status).toBe(404)
  })

  it.each(['', 'x', 'A'.repeat(43), `${'A'.repeat(42)}%00`, '../x', 'A'.repeat(5000)])(
    'that nobody made leads to nothing: %s',
    async (token) => {
      expect((await fetched(`/calendar/${token}.ics`)).status).toBe(404)
    },
  )
})
