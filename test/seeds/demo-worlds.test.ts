/** What the documents behind the demonstration state, and what was promised of it, looked up in the database that was told. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoPeople } from '../../seeds/demo-people.ts'
import { databaseAddress } from '../../server/config.ts'
import { findLatestRequest, requestInputHash } from '../../server/db/change-requests.ts'
import { listCountermeasures } from '../../server/db/countermeasures.ts'
import { countBySite, countByTrial } from '../../server/db/daily-counts.ts'
import type { Db } from '../../server/db/database.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { listPoolSettings } from '../../server/db/eligibility-pools.ts'
import { findActor, findCredentials } from '../../server/db/people.ts'
import { listSites } from '../../server/db/sites.ts'
import { listEvents } from '../../server/db/subject-events.ts'
import { listTerms } from '../../server/db/trial-terms.ts'
import { findPathway, findProfile, findTrialByCode } from '../../server/db/trials.ts'
import { verify } from '../../server/db/verification.ts'
import { screeningFlow } from '../../server/domain/accrual.ts'
import { attainmentOn } from '../../server/domain/attainment.ts'
import { daysBetween } from '../../server/domain/calendar-date.ts'
import { poolsOn, poolTotals } from '../../server/domain/eligibility-pool.ts'
import { leastPasswordLength } from '../../server/domain/password-rule.ts'
import { reaches, sitesWithin } from '../../server/domain/permission.ts'
import { sitePerYearProjection } from '../../server/domain/projection/site-per-year.ts'
import type { Site } from '../../server/domain/site.ts'
import { reachedOn, type SubjectEvent } from '../../server/domain/subject.ts'
import { day } from '../domain/protocols.ts'
import { copyOf } from '../support/databases.ts'

const requestDay = day('2026-06-24')

let db: Db
beforeAll(async () => {
  db = await openDatabase(databaseAddress(await copyOf('demo')))
})
afterAll(() => engineOf(db).close())

async function trialOf(code: string) {
  const trial = await findTrialByCode(db, code)
  if (trial === null) throw new Error(`no trial ${code}`)
  const sites = await listSites(db, trial.id)
  return { trial, sites, pathway: await findPathway(db, trial.id), terms: await listTerms(db, trial.id) }
}

/** Every subject of a trial with its events, by number. */
async function subjectsOf(trialId: string) {
  const rows = await db.selectFrom('subject').selectAll().where('trial_id', '=', trialId).orderBy('number').execute()
  return Promise.all(rows.map(async (row) => ({ row, events: await listEvents(db, row.id) })))
}

const codeOf = (sites: readonly Site[], siteId: string) => sites.find(({ id }) => id === siteId)?.code

describe('the demonstration', () => {
  it('is four trials', async () => {
    const trials = await db.selectFrom('trial').select('code').orderBy('code').execute()
    expect(trials.map(({ code }) => code)).toEqual(['CLTI-MNC', 'SSC-BMC', 'SSC-HSCT', 'STR01-03'])
  })

  it('agrees with itself: `verify` replays all of it and finds nothing', async () => {
    const { finding, entries, rows, subjects } = await verify(db)
    expect(finding).toBeNull()
    const total = async (table: 'subject' | 'audit_entry') =>
      Number(
        (
          await db
            .selectFrom(table)
            .select(({ fn }) => fn.countAll().as('n'))
            .executeTakeFirstOrThrow()
        ).n,
      )
    expect(subjects).toBe(await total('subject'))
    expect(entries).toBe(await total('audit_entry'))
    expect(rows).toBeGreaterThan(400)
  })

  it('was written by the people in it: screenings by a coordinator of the site, or by the data manager', async () => {
    const screenings = await db
      .selectFrom('audit_entry')
      .innerJoin('subject', 'subject.id', 'audit_entry.record_id')
      .innerJoin('site', 'site.id', 'subject.site_id')
      .select(['actor_id', 'actor_role', 'site.id as site_id', 'site.trial_id'])
      .where('event', '=', 'screening_recorded')
      .where('record_table', '=', 'subject')
      .execute()
    expect(screenings.length).toBeGreaterThan(50)
    for (const { actor_id, actor_role, site_id, trial_id } of screenings) {
      const grants = (await findActor(db, actor_id))?.grants
      expect(reaches(sitesWithin(grants ?? [], 'log_subjects', trial_id), site_id)).toBe(true)
      expect(grants?.map(({ role }) => role)).toContain(actor_role)
    }
    expect(new Set(screenings.map(({ actor_role }) => actor_role))).toEqual(new Set(['coordinator', 'data_manager']))
  })

  it('records nothing before it happened, and nothing after the day of the request', async () => {
    const events = await db.selectFrom('subject_event').select(['occurred_on', 'recorded_at']).execute()
    expect(events.length).toBeGreaterThan(300)
    expect(events.filter(({ occurred_on, recorded_at }) => recorded_at.slice(0, 10) < occurred_on)).toEqual([])
    expect(events.filter(({ occurred_on }) => occurred_on > requestDay)).toEqual([])
  })

  it('marks every subject as assumed: no document states their dates', async () => {
    for (const table of ['subject', 'subject_event'] as const) {
      const bases = await db.selectFrom(table).select('basis').distinct().execute()
      expect(bases).toEqual([{ basis: 'assumed' }])
    }
  })

  it('has eight people: seven hold one role each in every trial, coordinators where their site is; one keeps the accounts', async () => {
    expect(demoPeople).toHaveLength(8)
    for (const { username, role, password } of demoPeople) {
      const credentials = await findCredentials(db, username)
      const actor = await findActor(db, credentials?.personId ?? '')
      const roles = new Set(actor?.grants.map((grant) => grant.role))
      expect([...roles], username).toEqual([role])
      const trials = actor?.grants.map(({ trialId }) => trialId) ?? []
      if (role === 'administrator') {
        expect(trials).toEqual([null])
        continue
      }
      expect(new Set(trials).size, username).toBe(trials.length)
      // Two of the four trials have one site only, so that the second coordinator has none there.
      expect(trials, username).toHaveLength(username === 'demo-crc2' ? 2 : 4)
      expect(password.length).toBeGreaterThanOrEqual(leastPasswordLength('none'))
    }
  })
})

describe('SSC-BMC, the extension request', () => {
  it('has five sites, all open from 2021-07-19 and ever since', async () => {
    const { sites } = await trialOf('SSC-BMC')
    expect(sites.map(({ code }) => code)).toEqual(['01', '02', '03', '04', '05'])
    for (const { statuses } of sites)
      expect(statuses).toEqual([{ status: 'open', from: '2021-07-19', basis: 'assumed' }])
    expect(sites.slice(0, 2).map(({ name }) => name.ja)).toEqual(['横浜市立大学附属病院', '日本医科大学付属病院'])
  })

  it('6 screened are 2 registered, 2 in screening and 2 unaccounted, on the day of the request', async () => {
    const { trial, pathway } = await trialOf('SSC-BMC')
    expect(screeningFlow(pathway, await countBySite(db, trial.id, requestDay))).toEqual({
      screened: 6,
      provisional: null,
      registered: 2,
      inScreening: 2,
      notRegistered: 0,
      leftBefore: { failed: 0, declined: 0, died: 0 },
      unaccounted: 2,
    })
  })

  it('2 registered and treated, one at each of the two sites with experience; none at the other three', async () => {
    const { trial, sites } = await trialOf('SSC-BMC')
    const subjects = await subjectsOf(trial.id)
    const registered = subjects.filter(({ row }) => row.registration_number !== null)
    expect(registered.map(({ row }) => [codeOf(sites, row.site_id), row.registration_number])).toEqual([
      ['01', 1],
      ['02', 2],
    ])
    for (const { events } of registered) expect(reachedOn(events, 'treatment')).not.toBeNull()
    for (const { events } of registered) expect(reachedOn(events, 'week_24')).not.toBeNull()
  })

  it('one of them was registered before the extension of 2024, one after it', async () => {
    const { trial } = await trialOf('SSC-BMC')
    const days = (await subjectsOf(trial.id)).flatMap(({ events }) => reachedOn(events, 'registration') ?? [])
    expect(days.map((on) => on < '2024-07-19')).toEqual([true, false])
    expect(days.every((on) => on >= '2021-07-19')).toBe(true)
  })

  it('4 screenings since May 2025 and until March 2026: 2 continue, of 2 nobody knows', async () => {
    const { trial } = await trialOf('SSC-BMC')
    const recent = (await subjectsOf(trial.id)).filter(({ row }) => (row.consented_on ?? '') >= '2025-05-01')
    expect(recent).toHaveLength(4)
    expect(recent.every(({ row }) => (row.consented_on ?? '') <= '2026-03-31')).toBe(true)
    expect(recent.map(({ row }) => row.state).sort()).toEqual(['screening', 'screening', 'unaccounted', 'unaccounted'])
  })

  it('every screening and registration of the lead site was referred by another hospital', async () => {
    const { trial, sites } = await trialOf('SSC-BMC')
    const atLead = (await subjectsOf(trial.id)).filter(({ row }) => codeOf(sites, row.site_id) === '01')
    expect(atLead.length).toBeGreaterThan(1)
    expect(new Set(atLead.map(({ row }) => row.referral_source))).toEqual(new Set(['他の医療機関からの紹介']))
  })

  it('has three versions of its terms: until 2024-07-18, 2026-07-18 and 2029-07-18, always for 12', async () => {
    const { terms } = await trialOf('SSC-BMC')
    expect(
      terms.map((one) => [one.version, one.registrationFrom, one.registrationUntil, one.studyUntil, one.targetNumber]),
    ).toEqual([
      [1, '2021-07-19', '2024-07-18', null, 12],
      [2, '2021-07-19', '2026-07-18', '2029-07-18', 12],
      [3, '2021-07-19', '2029-07-18', '2032-07-18', 12],
    ])
    expect(terms.map(({ costBearer }) => costBearer)).toEqual(['research_funds', 'research_funds', 'patient'])
    expect(terms.map(({ reviewIntervalMonths }) => reviewIntervalMonths)).toEqual([6, 6, 6])
    expect(terms[2]?.approval).toMatchObject({
      approvedOn: '2026-06-12',
      body: { ja: '京都府立医科大学特定認定再生医療等委員会' },
    })
  })

  it('says of every version what no document states', async () => {
    const { terms } = await trialOf('SSC-BMC')
    for (const { basis, assumption } of terms) {
      expect(basis).toBe('assumed')
      expect(assumption?.ja).not.toBe('')
      expect(assumption?.en).not.toBe('')
    }
  })

  it('promises 2 + 2 + 2×1×3 + 3×1 = 13, which is the total that the request states, 1 above the target', async () => {
    const { trial, sites } = await trialOf('SSC-BMC')
    const request = await findLatestRequest(db, trial.id)
    expect(request).toMatchObject({
      number: 1,
      asOf: '2026-06-24',
      registrationUntil: '2029-07-18',
      targetNumber: 12,
      registeredNumber: 2,
      statedTotal: 13,
      basis: 'recorded',
    })
    const { total, margin, terms } = sitePerYearProjection(
      request!.claims.map(({ claim }) => claim),
      12,
    )
    expect(terms.map(({ expected }) => expected)).toEqual([2, 2, 6, 3])
    expect([total, margin]).toEqual([request?.statedTotal, 1])
    const claimed = request!.claims.map(({ siteIds }) => siteIds.map((id) => codeOf(sites, id)))
    expect(claimed).toEqual([[], ['01', '02'], ['01', '02'], ['03', '04', '05']])
    for (const { source } of request!.claims) expect([source.ja, source.en]).not.toContain('')
    expect(requestInputHash(request!)).toBe(request?.inputHash)
  })

  it('stands where its request says on its day: 2 of 12, below its promise, the target reached with 0.0033', async () => {
    const { trial, terms, sites, pathway } = await trialOf('SSC-BMC')
    const counted = await countByTrial(db, [{ trialId: trial.id, step: pathway.counting.code }], requestDay)
    const attainment = attainmentOn(requestDay, terms, sites, counted.get(trial.id) ?? 0)
    expect(attainment).toMatchObject({ registered: 2, remaining: 10, verdict: 'below' })
    expect(attainment?.forecast?.chance.withDrift).toBeCloseTo(0.0033, 4)
    expect(attainmentOn(day('2026-11-20'), terms, sites, 2)?.verdict).toBe('unlikely')
  })

  it('keeps the pools of the request as counts: 187, 82 of them in one department, and 55, together 242', async () => {
    const { trial, sites } = await trialOf('SSC-BMC')
    const counts = (await listPoolSettings(db, trial.id)).map(({ value }) => value)
    const lead = counts.find(({ size }) => size === 187)
    expect(counts.map(({ size }) => size).sort()).toEqual([187, 55, 82])
    expect(counts.find(({ size }) => size === 82)?.partOf).toBe(lead?.poolId)
    expect(lead).toMatchObject({ siteId: sites[0]?.id, eligible: { low: 1, high: 2 } })
    expect(poolTotals(poolsOn(counts, requestDay).map(({ pool }) => pool)).size).toBe(242)
    expect(counts.filter(({ source }) => source === '')).toEqual([])
  })

  it('keeps its countermeasures: liaison with institutions, between departments, information; their starts are assumed', async () => {
    const { trial } = await trialOf('SSC-BMC')
    const measures = await listCountermeasures(db, trial.id)
    expect(measures.map(({ category }) => category).sort()).toEqual([
      'information',
      'liaison_departments',
      'liaison_institutions',
    ])
    expect(measures.filter(({ basis, evidence }) => basis !== 'assumed' || evidence === '')).toEqual([])
    const { facts } = await findProfile(db, trial.id)
    expect(facts.filter(({ kind }) => kind === 'pool' || kind === 'measure')).toEqual([])
    expect(facts.filter(({ source }) => source.ja === '' || source.en === '')).toEqual([])
  })
})

describe('STR01-03, the timelines of Table 6', () => {
  const [header, ...lines] = readFileSync(
    new URL('../reference/str01-03-table6-days-from-injury.csv', import.meta.url),
    'utf8',
  )
    .trim()
    .split('\n')
  const table6 = lines.map((line) => line.split(',').map((cell) => (cell === '' ? null : Number(cell))))

  /** The days from injury of a subject, in the columns of the table. */
  function daysFromInjury(events: readonly SubjectEvent[]): (number | null)[] {
    const injury = reachedOn(events, 'injury')
    const steps = ['marrow', 'blood_1', 'blood_2', 'blood_3', 'blood_4', 'blood_5', 'dosing']
    return steps.map((step) => {
      const on = reachedOn(events, step)
      return on === null || injury === null ? null : daysBetween(injury, on)
    })
  }

  it('registered 17 in the first stage and 13 in the second; 4 left in between, and nobody waits', async () => {
    const { trial, pathway } = await trialOf('STR01-03')
    const flow = screeningFlow(pathway, await countBySite(db, trial.id, requestDay))
    expect(flow).toMatchObject({ screened: 17, registered: 13, provisional: { ever: 17, excluded: 4, waiting: 0 } })
    expect([pathway.provisional?.code, pathway.counting.code]).toEqual(['first', 'second'])
  })

  it('the 13 have the days from injury of Table 6: marrow, up to five blood collections, dosing', async () => {
    const { trial } = await trialOf('STR01-03')
    const treated = (await subjectsOf(trial.id)).filter(({ row }) => row.registration_number !== null)
    const inOrder = treated.sort((a, b) => (a.row.registration_number ?? 0) - (b.row.registration_number ?? 0))
    expect(header).toBe('case,bone_marrow,blood1,blood2,blood3,blood4,blood5,dosing')
    expect(inOrder.map(({ row, events }) => [row.registration_number, ...daysFromInjury(events)])).toEqual(table6)
  })

  it('the other 4 have no second stage, no marrow and no dosing, and a reason', async () => {
    const { trial } = await trialOf('STR01-03')
    const others = (await subjectsOf(trial.id)).filter(({ row }) => row.registration_number === null)
    expect(others.map(({ row }) => row.state)).toEqual(Array(4).fill('excluded_after_provisional'))
    for (const { events } of others) {
      expect(daysFromInjury(events)).toEqual(Array(7).fill(null))
      expect(events.at(-1)?.note).not.toBe('')
    }
  })

  it('doses within 40 ± 14 days and takes marrow within 31 days of the injury, as the guideline has it', async () => {
    const { pathway } = await trialOf('STR01-03')
    const scheduleOf = (code: string) => pathway.milestones.find((one) => one.code === code)?.schedule
    expect(scheduleOf('dosing')).toEqual({
      anchorCode: 'injury',
      offsetDays: 40,
      windowBeforeDays: 14,
      windowAfterDays: 14,
    })
    expect(scheduleOf('marrow')).toMatchObject({ anchorCode: 'injury', offsetDays: 31, windowAfterDays: 0 })
    for (const cells of table6) {
      expect(cells[1]).toBeLessThanOrEqual(31)
      expect(Math.abs((cells.at(-1) ?? 0) - 40)).toBeLessThanOrEqual(14)
    }
  })
})

describe('SSC-HSCT, the trial that is over', () => {
  it('registered and treated 15 at its one site, and none after the site closed', async () => {
    const { trial, sites, pathway } = await trialOf('SSC-HSCT')
    expect(sites.map(({ code, name }) => [code, name.ja])).toEqual([['01', '九州大学病院']])
    const subjects = await subjectsOf(trial.id)
    const treated = subjects.filter(({ events }) => reachedOn(events, 'transplant') !== null)
    expect([subjects.length, treated.length]).toEqual([15, 15])
    expect(treated.map(({ row }) => row.registration_number)).toEqual(Array.from({ length: 15 }, (_, i) => i + 1))
    expect(screeningFlow(pathway, await countBySite(db, trial.id, requestDay))).toMatchObject({
      screened: 15,
      registered: 15,
      inScreening: 0,
    })
    const closed = sites[0]?.statuses.find(({ status }) => status === 'closed')?.from ?? ''
    expect(treated.every(({ row }) => row.last_event_on < closed)).toBe(true)
  })

  it('goes from mobilisation to transplant, paid by research funds', async () => {
    const { pathway, terms } = await trialOf('SSC-HSCT')
    expect(pathway.milestones.map(({ code }) => code)).toEqual([
      'consent',
      'registration',
      'mobilisation',
      'apheresis',
      'selection',
      'conditioning',
      'transplant',
    ])
    expect(terms.map(({ costBearer }) => costBearer)).toEqual(['research_funds'])
  })

  it('reached its target, and says so on any day', async () => {
    const { terms, sites } = await trialOf('SSC-HSCT')
    expect(attainmentOn(requestDay, terms, sites, 15)?.verdict).toBe('reached')
  })
})

describe('CLTI-MNC, two arms and two stages', () => {
  it('is randomised into two arms, one to one', async () => {
    const { trial } = await trialOf('CLTI-MNC')
    expect(trial.design).toBe('randomised')
    expect((await findProfile(db, trial.id)).arms.map(({ code, ratio }) => [code, ratio])).toEqual([
      ['A', 1],
      ['B', 1],
    ])
  })

  it('registers provisionally, then for good; only the second counts toward the target', async () => {
    const { trial, pathway } = await trialOf('CLTI-MNC')
    expect(pathway.provisional?.label.ja).toBe('仮登録')
    expect(pathway.registration.label.ja).toBe('本登録')
    expect(pathway.counting).toBe(pathway.registration)
    const flow = screeningFlow(pathway, await countBySite(db, trial.id, requestDay))
    expect(flow.provisional?.ever).toBeGreaterThan(flow.registered)
    expect(flow.provisional?.excluded).toBeGreaterThan(0)
    const numbered = (await subjectsOf(trial.id)).flatMap(({ row }) => row.registration_number ?? [])
    expect(numbered.sort((a, b) => a - b)).toEqual(Array.from({ length: flow.registered }, (_, i) => i + 1))
  })

  it('excludes in between for an improved ulcer or an SPP of 40 mmHg or more, with the measured value', async () => {
    const { trial } = await trialOf('CLTI-MNC')
    const excluded = (await subjectsOf(trial.id)).filter(({ row }) => row.state === 'excluded_after_provisional')
    const reasons = new Set(excluded.map(({ events }) => `${events.at(-1)?.reasons}: ${events.at(-1)?.measuredValue}`))
    expect([...reasons].sort()).toEqual(['flow_improved: SPP 42 mmHg', 'ulcer_improved: 潰瘍面積 −60%'])
    for (const { row } of excluded) expect(row.registration_number).toBeNull()
  })

  it('looks at every patient 52 weeks after the registration', async () => {
    const { pathway } = await trialOf('CLTI-MNC')
    expect(pathway.milestones.find(({ code }) => code === 'week_52')?.schedule).toMatchObject({
      anchorCode: 'final',
      offsetDays: 7 * 52,
    })
  })
})
