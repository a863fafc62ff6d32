/** Reading single subjects leaves a record: of every page, file and print on which one stands, and of nothing else. */
import { parse } from 'csv-parse/sync'
import { sql } from 'kysely'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { settleReads } from '../../server/db/access-records.ts'
import { engineOf } from '../../server/db/dialect.ts'
import { findTrialByCode } from '../../server/db/trials.ts'
import { routes } from '../../server/http/routes.ts'
import { Client } from '../support/client.ts'
import { rawWriter } from '../support/raw.ts'
import { serveForFile } from './served.ts'

const served = serveForFile('demo')
const here = '/trials/SSC-BMC'
let manager: Client
let coordinator: Client
let auditor: Client
let trialId = ''
let subjectId = ''

beforeAll(async () => {
  manager = await new Client(served.url).signIn('demo-dm', 'en')
  coordinator = await new Client(served.url).signIn('demo-crc', 'en')
  auditor = await new Client(served.url).signIn('demo-audit', 'en')
  trialId = (await findTrialByCode(served.db, 'SSC-BMC'))?.id ?? ''
  const subject = await served.db
    .selectFrom('subject')
    .select('id')
    .where('number', '=', 'SSC-BMC-01-001')
    .executeTakeFirstOrThrow()
  subjectId = subject.id
})

async function records() {
  await settleReads(served.db)
  return served.db.selectFrom('access_record').selectAll().orderBy('id').execute()
}

/** The records that some work leaves. */
async function leftBy(work: () => Promise<unknown>) {
  const before = (await records()).length
  await work()
  return (await records()).slice(before)
}

describe('a record', () => {
  it('says who read whom, when, in which role, from which session and address, and in which request', async () => {
    const [record, ...others] = await leftBy(() => coordinator.get(`${here}/subjects/${subjectId}`))
    expect(others).toEqual([])
    const person = await served.db
      .selectFrom('person')
      .select('id')
      .where('username', '=', 'demo-crc')
      .executeTakeFirstOrThrow()
    expect(record).toMatchObject({
      trial_id: trialId,
      person_id: person.id,
      read_at: served.now,
      role: 'coordinator',
      subject_id: subjectId,
      what: 'subject',
      way: 'page',
      number: 1,
    })
    expect(record?.address).toMatch(/127\.0\.0\.1$/)
    expect(record?.session_handle).toMatch(/^[0-9a-f]{32}$/)
    expect(record?.request_id).toMatch(/\S{8,}/)
  })

  it.each([
    ['/subjects', 'log', 'page'],
    ['/subjects?list=all&site=01&search=BMC-01', 'log', 'page'],
    ['/subjects.csv', 'log_file', 'file'],
    ['/subjects.xlsx', 'log_file', 'file'],
    ['/timelines', 'timelines', 'page'],
    ['/print/screening-log', 'screening_log', 'print'],
    ['/print/registration-log', 'registration_log', 'print'],
    ['/print/identification-codes', 'identification_codes', 'print'],
    ['/sites/01', 'site', 'page'],
    ['/audit?record=SSC-BMC-01-001', 'audit_trail', 'page'],
    ['/audit', 'audit_trail', 'page'],
    ['/audit.csv', 'audit_file', 'file'],
  ])('is left by %s', async (path, what, way) => {
    const left = await leftBy(() => manager.get(here + path))
    expect(left).toMatchObject([{ what, way }])
    expect(left[0]?.number).toBeGreaterThan(0)
    // What was searched for may be what somebody should not have typed.
    expect(left[0]?.asked ?? '').not.toContain('BMC')
  })

  it.each(['/events/new', '/void/new', '/events/EVENT/corrections/new'])('is left by the form %s', async (path) => {
    const event = await served.db
      .selectFrom('subject_event')
      .select('id')
      .where('subject_id', '=', subjectId)
      .where('withdrawn_at', 'is', null)
      .orderBy('id')
      .executeTakeFirstOrThrow()
    const address = `${here}/subjects/${subjectId}${path.replace('EVENT', event.id)}`
    const left = await leftBy(() => manager.get(address))
    expect(left).toMatchObject([{ what: 'subject_form', way: 'form', subject_id: subjectId }])
    // A form that is refused shows the subject once more.
    const again = await leftBy(() => manager.post(address.replace(/\/new$/, '').replace(/\/events$/, '/events'), {}))
    expect(again).toMatchObject([{ what: 'subject_form', subject_id: subjectId }])
  })

  it('is left by a check of rows from Excel, with how many there were', async () => {
    const form = new FormData()
    form.set('csrf', /name="csrf" value="([^"]+)"/.exec((await manager.get(`${here}/import`)).text)?.[1] ?? '')
    form.set('rows', '施設\tスクリーニング番号\t同意取得日\n01\tW-1\t2026-02-10')
    const left = await leftBy(() => manager.send(`${here}/import`, { method: 'POST', body: form }))
    expect(left.filter(({ what }) => what === 'import_check')).toMatchObject([{ number: 1 }])
  })

  it.each(['', '/projection', '/sites', '/reviews', '/requests', '/calendar', '/accesses', '/countermeasures'])(
    'is not left by %s, where no single subject stands',
    async (path) => {
      expect(await leftBy(() => manager.get(here + path))).toEqual([])
    },
  )

  it('is not left by what was refused', async () => {
    const committee = await new Client(served.url).signIn('demo-irb', 'en')
    expect(await leftBy(() => committee.get(`${here}/subjects/${subjectId}`))).toEqual([])
    expect(await leftBy(() => manager.get(`${here}/subjects/nobody`))).toEqual([])
  })

  it('is left wherever a subject’s number stands on a page', async () => {
    const paths = routes
      .filter(({ method, path }) => method === 'get' && /^\/trials\/:trial(\/[^:]*)?$/.test(path))
      // Who reads the records is shown readers, and no more of subjects than their numbers.
      .filter(({ path }) => !path.includes('/accesses'))
      .map(({ path }) => path.replace(':trial', 'SSC-BMC'))
    expect(paths.length).toBeGreaterThan(20)
    const silent: string[] = []
    for (const path of paths) {
      let said = ''
      const left = await leftBy(async () => {
        said = (await manager.get(path)).text
      })
      const main = said.slice(Math.max(0, said.indexOf('<main')))
      // The next number of a form is nobody's yet.
      const shown = main.replace(/value="[^"]*"/g, '').match(/SSC-BMC-0\d-\d{3}/)
      if (shown !== null && left.length === 0) silent.push(path)
    }
    expect(silent).toEqual([])
  })
})

describe('records', () => {
  it('are append-only: the database refuses every change and every removal', async () => {
    await manager.get(`${here}/subjects/${subjectId}`)
    const before = await records()
    const writer = rawWriter(served.db)
    await expect(writer.updateTable('access_record').set({ person_id: 'x' }).execute()).rejects.toThrow('append-only')
    await expect(writer.deleteFrom('access_record').execute()).rejects.toThrow('append-only')
    expect(await records()).toEqual(before)
  })

  it('keep no page waiting for somebody whose turn lasts, and follow when it is over', async () => {
    let end = () => {}
    const turn = engineOf(served.db).inTurn(
      trialId,
      () =>
        new Promise<void>((resolve) => {
          end = resolve
        }),
    )
    await new Promise((resolve) => setTimeout(resolve, 50))
    const before = (await served.db.selectFrom('access_record').select('id').execute()).length
    const begun = performance.now()
    const { status } = await coordinator.get(`${here}/subjects/${subjectId}`)
    expect(status).toBe(200)
    expect(performance.now() - begun).toBeLessThan(2000)
    end()
    await turn
    expect((await records()).length).toBe(before + 1)
  })

  describe('while they cannot be written', () => {
    beforeEach(() => records())
    const rename = (from: string, to: string) =>
      sql`alter table ${sql.table(from)} rename to ${sql.table(to)}`.execute(rawWriter(served.db))

    it('a file and a print are not given; a page is, and its record follows', async () => {
      const before = (await records()).length
      await rename('access_record', 'kept_elsewhere')
      const file = await manager.get(`${here}/subjects.csv`)
      const print = await manager.get(`${here}/print/screening-log`)
      const page = await manager.get(`${here}/subjects/${subjectId}`)
      await rename('kept_elsewhere', 'access_record')
      expect([file.status, print.status, page.status]).toEqual([500, 500, 200])
      expect(file.text).not.toContain('SSC-BMC-01-001')
      expect(print.text).not.toContain('SSC-BMC-01-001')
      expect((await records()).slice(before)).toMatchObject([{ what: 'subject', subject_id: subjectId }])
    })
  })

  it('of many pages at once are written together, each once', async () => {
    const left = await leftBy(() =>
      Promise.all(Array.from({ length: 40 }, () => coordinator.get(`${here}/subjects/${subjectId}`))),
    )
    expect(left).toHaveLength(40)
    expect(new Set(left.map(({ request_id }) => request_id)).size).toBe(40)
  })
})

describe('the page of access', () => {
  const page = `${here}/accesses`
  it('is narrowed by person, subject and kind, says where nothing is like that, and goes on behind fifty', async () => {
    for (let index = 0; index < 55; index++) await coordinator.get(`${here}/subjects/${subjectId}`)
    await records()
    const rowsOf = (text: string) => text.match(/<th scope="row"/g)?.length ?? 0
    const first = (await auditor.get(page)).text
    expect(rowsOf(first)).toBe(50)
    const [, next = ''] = /rel="next" href="([^"]+)"/.exec(first) ?? []
    expect(rowsOf((await auditor.get(next.replace(/&#x3D;/g, '=').replace(/&amp;/g, '&'))).text)).toBeGreaterThan(4)
    const theirs = (await auditor.get(`${page}?person=demo-crc&what=subject&subject=SSC-BMC-01-001`)).text
    expect(theirs).toContain('SSC-BMC-01-001')
    expect(theirs).not.toContain('Log<small>')
    expect((await auditor.get(`${page}?subject=SSC-BMC-09-999`)).text).toContain('Nothing like this was read')
    expect((await auditor.get(`${page}?from=2027-01-01`)).text).toContain('Nothing like this was read')
    expect((await auditor.get(`${page}?from=x`)).status).toBe(422)
    expect((await auditor.get(`${page}?until=2026-01-01&from=2026-02-01`)).status).toBe(422)
  })

  it('is a file as well, whole', async () => {
    const { text } = await auditor.get(`${page}.csv?what=subject`)
    const rows: Record<string, string>[] = parse(text, { columns: true, bom: true })
    const stored = (await records()).filter(({ what, trial_id }) => what === 'subject' && trial_id === trialId)
    expect(rows).toHaveLength(stored.length)
    expect(rows[0]).toMatchObject({ What: 'Page of a subject', 'Number of subjects': '1' })
    expect((await auditor.get(`${page}.csv?from=x`)).status).toBe(303)
  })

  it('stands, as its last few, beside the subject’s history', async () => {
    const { text } = await auditor.get(`${here}/audit?record=SSC-BMC-01-001`)
    expect(text).toContain('Who read this subject')
    expect(text).toContain('Megumi Tanaka (Coordinator), Page of a subject')
  })
})
