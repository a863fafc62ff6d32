/** The dashboard over HTTP: what it says of the extension request's trial, to whom, and at what cost. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { done } from '../../seeds/story.ts'
import { attestNothingToReport } from '../../server/actions/attest-nothing-to-report.ts'
import { recordScreening } from '../../server/actions/record-screening.ts'
import { type Actor, commandLine } from '../../server/context.ts'
import { listSites } from '../../server/db/sites.ts'
import { findTrialByCode, listConsentVersions } from '../../server/db/trials.ts'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import type { Trial } from '../../server/domain/trial.ts'
import { wordsFor } from '../../server/i18n/words.ts'
import { Client } from '../support/client.ts'
import { rawWriter } from '../support/raw.ts'
import { statementsDuring } from '../support/statements.ts'
import { newcomer, serveForFile, signedIn } from './served.ts'

const served = serveForFile('demo')
const words = wordsFor('ja')
const path = '/trials/SSC-BMC'
const atTheRequest = `${path}?asOf=2026-06-24`
let trial: Trial
let manager: Actor

beforeAll(async () => {
  const found = await findTrialByCode(served.db, 'SSC-BMC')
  if (found === null) throw new Error('the demonstration has SSC-BMC')
  trial = found
  manager = { ...commandLine, grants: [{ role: 'data_manager', trialId: trial.id, siteId: null }] }
})

/** What a reader sees, without tags. */
const plain = (html: string) =>
  (/<main[\s\S]*<\/main>/.exec(html)?.[0] ?? '')
    .replace(/<script[\s\S]*?<\/script>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#x3D;/g, '=')
    .replace(/\s+/g, ' ')

async function read(client: Client, address: string): Promise<string> {
  const { status, text } = await client.get(address)
  expect(status).toBe(200)
  return text
}

describe('the extension request on 2026-06-24', () => {
  it('2 of 12, 4.93 of 5 years, -83%, 0.41 a year against 3.26 needed, 8.0 times', async () => {
    const text = plain(await read(await new Client(served.url).signIn('demo-pi'), atTheRequest))
    for (const said of ['4.93 ／5年', '2 ／12例', '−83％', '0.41 例／年', '3.26 例／年', '8.0 倍']) {
      expect(text).toContain(said)
    }
  })

  it('says where each rate leads, and how long nothing happened', async () => {
    const html = await read(await new Client(served.url).signIn('demo-pi'), atTheRequest)
    const [pace = ''] = /<table class="pace">[\s\S]*?<\/table>/.exec(html) ?? []
    const rows = [...pace.matchAll(/<tr><th scope="row">[\s\S]*?<\/tr>/g)].map(([row]) => plain(`<main>${row}</main>`))
    expect(rows).toHaveLength(3)
    expect(rows[0]).toMatch(/必要な速度 3\.26 — 残り10例 3\.07 2029-07-18/)
    expect(rows[1]).toMatch(/2021-07-19から 0\.41 0\.05〜1\.47 2例 4\.93 20年以内には届かない/)
    expect(rows[2]).toContain('2例では期間を分けない')
    const text = plain(html)
    expect(text).toMatch(/最後のスクリーニングから 104 日 2026-03-12/)
    expect(text).toMatch(/最後の登録から 608 日 2024-10-24/)
  })

  it('shows silent months as silent, with how many there have been, and never as a zero', async () => {
    const html = await read(await new Client(served.url).signIn('demo-pi'), atTheRequest)
    const rowOf = (code: string) =>
      plain(`<main>${html.split('<tr>').find((row) => row.includes(`/sites/${code}"`))}</main>`)
    expect(rowOf('03')).toContain(words.t('report.silent_for', { months: 8 }))
    expect(rowOf('05')).toContain(words.t('report.silent_for', { months: 59 }))
    expect(rowOf('01')).toContain(words.t('report.nothing'))
    expect(plain(html)).toContain(words.t('report.completeness', { reported: 3, open: 5 }))
  })

  it('marks the day on which the cost moved to the patient, and the sites that opened', async () => {
    const html = await read(await new Client(served.url).signIn('demo-pi'), atTheRequest)
    const chart = JSON.parse(/id="cumulative">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '')
    const day = (date: string) => Date.parse(date) / 86_400_000
    expect(chart.changes).toEqual([{ at: day('2026-07-19'), label: '費用負担：患者' }])
    expect(chart.sites).toEqual([{ strokes: [day('2021-07-19')], label: '施設 ＋5' }])
    expect(plain(html)).toContain('費用負担が研究費から患者へ（第3版）')
  })
})

describe('the table of sites', () => {
  const codes = (html: string) =>
    [...html.matchAll(/<th scope="row"><a href="[^"]*\/sites\/(\d+)"/g)].map(([, code]) => code)

  it('is sorted as asked, and keeps the day', async () => {
    const pi = await new Client(served.url).signIn('demo-pi')
    expect(codes(await read(pi, atTheRequest))).toEqual(['01', '02', '03', '04', '05'])
    const html = await read(pi, `${path}?asOf=2026-06-23&order=report&direction=desc`)
    expect(codes(html).slice(0, 2)).toEqual(['05', '03'])
    expect(html).toMatch(/aria-sort="descending"/)
    expect(html.replaceAll('&#x3D;', '=')).toContain('?order=report&amp;direction=asc&amp;asOf=2026-06-23#sites')
  })

  it('takes what it does not know for nothing', async () => {
    const pi = await new Client(served.url).signIn('demo-pi')
    for (const asked of [
      'order=x',
      'direction=desc',
      'page=0',
      'page=99',
      'page=-1',
      'page=1e9',
      'order=rate&order=site',
    ]) {
      expect(codes(await read(pi, `${path}?${asked}`))).toEqual(['01', '02', '03', '04', '05'])
    }
  })
})

describe('since the last visit', () => {
  afterEach(() => {
    served.now = '2026-07-20T03:00:00.000Z'
  })

  async function screen(number: string): Promise<void> {
    const siteId = (await listSites(served.db, trial.id)).find(({ code }) => code === '02')?.id ?? ''
    const consentVersionId = (await listConsentVersions(served.db, trial.id))[0]?.id ?? ''
    const consent = { consentedOn: calendarDate('2026-06-20'), consentVersionId, referralSource: null }
    const draft = { trialId: trial.id, siteId, number, ...consent, basis: 'recorded' as const }
    await done(recordScreening(served.context, manager, draft))
  }

  const changesIn = (html: string) =>
    plain(`<main>${/<section[^>]*aria-labelledby="since">[\s\S]*?<\/section>/.exec(html)?.[0] ?? ''}</main>`)

  it('says so the first time; then what was recorded meanwhile, the same however often it is looked at', async () => {
    const person = await newcomer(served, [{ role: 'committee', trialId: trial.id, siteId: null }])
    served.now = '2026-07-01T03:00:00.000Z'
    const first = await signedIn(served, person)
    expect(changesIn(await read(first, path))).toContain(words.t('changes_since.first_time'))
    expect(changesIn(await read(first, path))).toContain(words.t('changes_since.first_time'))

    served.now = '2026-07-02T03:00:00.000Z'
    await screen('LOOK-1')
    const siteId = (await listSites(served.db, trial.id)).find(({ code }) => code === '04')?.id ?? ''
    await done(attestNothingToReport(served.context, manager, { trialId: trial.id, siteId, month: '2026-06' }))

    served.now = '2026-07-03T03:00:00.000Z'
    const second = await signedIn(served, person)
    for (const _ of [1, 2]) {
      const said = changesIn(await read(second, path))
      expect(said).toContain('2026-07-01 12:00')
      expect(said).toContain(`${words.of('audit_event', 'screening_recorded')} 1件`)
      expect(said).toContain(`${words.of('audit_event', 'nothing_to_report_attested')} 1件`)
      // Counts only: no number of a subject, and no way into the trail for somebody who may not read it.
      expect(said).not.toContain('LOOK-1')
    }
    expect(await read(second, path)).not.toContain('/audit')
    // What is recorded during the visit is added to it.
    served.now = '2026-07-03T03:02:00.000Z'
    await screen('LOOK-2')
    expect(changesIn(await read(second, path))).toContain(`${words.of('audit_event', 'screening_recorded')} 2件`)

    served.now = '2026-07-04T03:00:00.000Z'
    const third = await signedIn(served, person)
    expect(changesIn(await read(third, path))).toContain('2026-07-03 12:02')
    expect(changesIn(await read(third, path))).not.toContain(words.of('audit_event', 'screening_recorded'))
  })

  it('leads those to the trail who may read it; a past day has no changes', async () => {
    const person = await newcomer(served, [{ role: 'auditor', trialId: trial.id, siteId: null }])
    await read(await signedIn(served, person), path)
    await screen('LOOK-3')
    const again = await signedIn(served, person)
    expect(changesIn(await read(again, path)).trim()).not.toBe('')
    expect(await read(again, path)).toContain(`href="${path}/audit"`)
    expect(changesIn(await read(again, `${path}?asOf=2026-06-23`)).trim()).toBe('')
  })

  it('says nothing of allocations, to anybody', async () => {
    const arms = await findTrialByCode(served.db, 'CLTI-MNC')
    if (arms === null) throw new Error('the demonstration has CLTI-MNC')
    const roles = ['committee', 'unblinded_statistician', 'principal_investigator'] as const
    for (const role of roles) {
      const person = await newcomer(served, [{ role, trialId: arms.id, siteId: null }])
      const address = '/trials/CLTI-MNC'
      await read(await signedIn(served, person), address)
      // As if the last visit had been before everything.
      await rawWriter(served.db)
        .updateTable('last_look')
        .set({ sequence: 0 })
        .where('person_id', '=', person.personId)
        .execute()
      const html = await read(await signedIn(served, person), address)
      expect(changesIn(html)).toContain(words.of('audit_event', 'screening_recorded'))
      expect(changesIn(html)).not.toContain(words.of('audit_event', 'allocation_recorded'))
    }
  })
})

describe('what a dashboard costs', () => {
  it('at most 12 statements when nothing is remembered, none of which reads subjects or the trail’s entries', async () => {
    // The day changes within a session: nothing of the new one is remembered.
    served.now = '2026-08-01T14:59:30.000Z'
    const pi = await new Client(served.url).signIn('demo-pi')
    await read(pi, path)
    served.now = '2026-08-01T15:00:10.000Z'
    const statements = await statementsDuring(served.db, () => read(pi, path))
    expect(statements.length).toBeGreaterThan(5)
    // Who asks, and which trials are theirs, every page reads.
    const own = statements
      .filter(({ sql }) => !/from "(session|person|trial|role_grant)"/.test(sql))
      .map(({ sql }) => sql)
    expect(own).toHaveLength(Math.min(own.length, 12))
    for (const { sql } of statements)
      expect(sql).not.toMatch(/\bfrom "(subject|subject_event)"|join "(subject|subject_event)"/)
    // Of the trail the head, by its place; and what was recorded since the last visit, by its period.
    const ofTrail = statements.filter(({ sql }) => sql.includes('"audit_entry"'))
    for (const { sql } of ofTrail) {
      expect(sql).toMatch(/where "chain" = .* (order by "sequence" desc limit|and "sequence" > .* group by "event")/)
    }
    expect(ofTrail.length).toBeLessThanOrEqual(2)
  })

  it('remembered, it reads who asks and whether the trial changed', async () => {
    served.now = '2026-08-01T15:00:20.000Z'
    const pi = await new Client(served.url).signIn('demo-pi')
    await read(pi, path)
    const statements = await statementsDuring(served.db, () => read(pi, path))
    expect(statements.length).toBeLessThanOrEqual(5)
  })
})
