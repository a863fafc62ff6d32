/** A screening log out of a spreadsheet: recorded as by hand, all or nothing, and the same again changes nothing. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { changePathway } from '../../server/actions/change-pathway.ts'
import { importRows } from '../../server/actions/import-rows.ts'
import { voidSubject } from '../../server/actions/void-subject.ts'
import { listAuditEntries } from '../../server/db/audit-trail.ts'
import { listEventsOf } from '../../server/db/subject-events.ts'
import { listConsentVersions } from '../../server/db/trials.ts'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import { byDateThenRecording } from '../../server/domain/subject.ts'
import { milestone } from '../domain/protocols.ts'
import { draftOf, importInto, openScreeningTrial, referenceFile, referenceLogs, reportOf, wrongIn } from './imported.ts'
import {
  actor,
  chainLength,
  done,
  expectSound,
  oneStageMilestones,
  openSmallTrial,
  requestOf,
  type SmallTrial,
  sharedDatabase,
  storedOf,
  trialDraft,
  twoStageMilestones,
} from './small-trial.ts'

const database = sharedDatabase()

/** The rows of the small trial: site, number, consent, eligibility, reason, registration. */
const heads = ['施設', '症例番号', '同意取得日', '適格性', '理由', '登録日']
const table = (...rows: string[][]) => [heads, ...rows].map((cells) => cells.join('\t')).join('\n')
const a1 = ['01', 'A-1', '2026-02-10', '適格', '', '2026-03-02']
const a2 = ['01', 'A-2', '2026-02-12', '不適格', '除外基準', '']
const a3 = ['01', 'A-3', '2026-02-14', '', '', '']

async function eventsOf(world: SmallTrial, number: string): Promise<string[]> {
  const { subjects } = await storedOf(world.db, world.trialId)
  const id = subjects.find((subject) => subject.number === number)?.id ?? ''
  const events = (await listEventsOf(world.db, [id])).get(id) ?? []
  return [...events].sort(byDateThenRecording).map(({ what, occurredOn, basis, note }) => {
    const name = what.kind === 'milestone' ? what.code : what.kind === 'exit' ? what.exit : what.kind
    return [name, occurredOn, ...(basis === 'assumed' ? ['assumed'] : []), ...(note === null ? [] : [note])].join(' ')
  })
}

describe('the reference screening log', () => {
  const wanted = JSON.parse(readFileSync(referenceFile('screening-log-expected.json'), 'utf8')) as {
    scr: string
    error?: { column: string; value: string }
  }[]

  it.each(referenceLogs)('%s: one date that does not exist, and nothing is kept', async (name) => {
    const world = await openScreeningTrial(database())
    const before = await storedOf(world.db, world.trialId)
    const outcome = await importInto(world, { file: referenceFile(name) })
    expect(outcome.kind).toBe('checked')
    const { counts, rows } = reportOf(outcome)
    expect(counts).toEqual({ new: 6, changed: 0, unchanged: 0, wrong: 1 })
    expect(rows.map(({ number }) => number)).toEqual(wanted.map(({ scr }) => scr))
    expect(rows.flatMap(({ problems }) => problems)).toEqual([
      {
        line: 6,
        index: 3,
        ...{ column: '同意取得日', value: '2025/11/31', code: 'date_impossible_day' },
        values: expect.objectContaining({ month: '2025-11', lastDay: 30 }),
      },
    ])
    expect(rows.filter(({ warnings }) => warnings.includes('excel_serial')).map(({ number }) => number)).toEqual([
      'SCR-006',
    ])
    expect(await storedOf(world.db, world.trialId)).toEqual(before)
  })

  it('mended, it is recorded as by hand; the same again writes nothing at all', async () => {
    const world = await openScreeningTrial(database())
    const mended = readFileSync(referenceFile('screening_log_excel_paste.tsv'), 'utf8').replace(
      '2025/11/31',
      '2025/11/30',
    )
    const first = await importInto(world, mended)
    expect(first).toMatchObject({ kind: 'applied', counts: { new: 7, changed: 0, unchanged: 0, wrong: 0 } })
    expect(await eventsOf(world, 'SCR-001')).toEqual([
      'consent 2021-11-01 ①他院紹介',
      'screening_start 2021-11-08',
      'eligibility 2021-12-01 assumed',
      'registration 2021-12-01',
      'treatment 2022-01-18',
    ])
    expect(await eventsOf(world, 'SCR-004')).toEqual([
      'consent 2025-08-01',
      'screening_start 2025-08-01',
      'screen_failed 2025-08-01 assumed 除外基準④ 悪性腫瘍の既往',
    ])
    expect(await eventsOf(world, 'SCR-006')).toEqual([
      'consent 2026-01-08 Excel シリアル値',
      'screening_start 2026-01-08',
    ])
    const before = await storedOf(world.db, world.trialId)
    const second = await importInto(world, mended)
    expect(second.kind).toBe('checked')
    expect(reportOf(second).counts).toEqual({ new: 0, changed: 0, unchanged: 7, wrong: 0 })
    expect(await storedOf(world.db, world.trialId)).toEqual(before)
    await expectSound(world.db)
  })

  it('names its file and the hash of it in the audit trail', async () => {
    const world = await openScreeningTrial(database())
    const rows = table(['01', 'A-1', '2026-02-10', '', '', ''])
    const hash = 'f'.repeat(64)
    await importInto(world, rows, { origin: { name: '登録台帳.xlsx', hash } })
    const [last] = await listAuditEntries(world.db, world.trialId, { before: null, limit: 1 })
    expect(last).toMatchObject({ event: 'rows_imported', table: 'import_batch', actorName: 'manager' })
    expect(last?.after).toMatchObject({ file_name: '登録台帳.xlsx', file_hash: hash, new_number: 1 })
  })
})

describe('rows that were checked', () => {
  const checkOf = async (world: SmallTrial, rows: string) =>
    reportOf(await importInto(world, rows, { purpose: 'check' }))
  const secondDay = table(['01', 'A-1', '2026-02-11', '適格', '', '2026-03-02'], a2)

  it('are recorded where the log still says what the check saw', async () => {
    const world = await openSmallTrial(database())
    await importInto(world, table(a1))
    const { seen } = await checkOf(world, secondDay)
    // Another subject's rows are nothing to these.
    await importInto(world, table(a3))
    expect(await importInto(world, secondDay, { seen })).toMatchObject({
      kind: 'applied',
      counts: { changed: 1, new: 1 },
    })
    await expectSound(world.db)
  })

  it.each<[string, (world: SmallTrial) => Promise<unknown>]>([
    ['corrected a day', (world) => importInto(world, table(['01', 'A-1', '2026-02-12', '適格', '', '2026-03-02']))],
    ['recorded one of the new subjects', (world) => importInto(world, table(a2))],
  ])('are not, and are checked again, where somebody %s since', async (_, meanwhile) => {
    const world = await openSmallTrial(database())
    await importInto(world, table(a1))
    const { seen } = await checkOf(world, secondDay)
    await meanwhile(world)
    const before = await storedOf(world.db, world.trialId)
    const outcome = await importInto(world, secondDay, { seen })
    expect(outcome.kind).toBe('outdated')
    expect(reportOf(outcome)).toEqual(await checkOf(world, secondDay))
    expect(await storedOf(world.db, world.trialId)).toEqual(before)
    const { seen: seenAgain } = reportOf(outcome)
    expect(await importInto(world, secondDay, { seen: seenAgain })).toMatchObject({ kind: 'applied' })
  })
})

describe('rows that are known already', () => {
  it('a date that changed is corrected, with the file named; a date more is another event', async () => {
    const world = await openSmallTrial(database())
    await importInto(world, table(a1, a3))
    const outcome = await importInto(
      world,
      table(
        ['01', 'A-1', '2026-02-11', '適格', '', '2026-03-09'],
        ['01', 'A-3', '2026-02-14', '適格', '', '2026-03-03'],
      ),
    )
    expect(outcome).toMatchObject({ kind: 'applied', counts: { new: 0, changed: 2, unchanged: 0, wrong: 0 } })
    // The judgement of eligibility had only stood in for the registration, and follows it.
    expect(await eventsOf(world, 'A-1')).toEqual([
      'consent 2026-02-11',
      'eligibility 2026-03-09 assumed',
      'registration 2026-03-09',
    ])
    expect(await eventsOf(world, 'A-3')).toEqual([
      'consent 2026-02-14',
      'eligibility 2026-03-03 assumed',
      'registration 2026-03-03',
    ])
    const { events } = await storedOf(world.db, world.trialId)
    const withdrawn = events.filter(({ withdrawn_at: at }) => at !== null)
    expect(withdrawn.map((event) => [event.step, event.withdrawn_because, event.withdrawn_note])).toEqual([
      ['consent', 'transcription', 'log.csv'],
      ['eligibility', 'transcription', 'log.csv'],
      ['registration', 'transcription', 'log.csv'],
    ])
    await expectSound(world.db)
  })

  it('moves all of a subject’s days back or on, never letting one step pass another', async () => {
    const world = await openSmallTrial(database())
    await importInto(world, table(a1))
    for (const [consent, registration] of [
      ['2026-01-10', '2026-01-20'],
      ['2026-04-01', '2026-05-01'],
      ['2026-02-10', '2026-06-01'],
    ]) {
      const outcome = await importInto(world, table(['01', 'A-1', consent ?? '', '適格', '', registration ?? '']))
      expect([consent, outcome.kind]).toEqual([consent, 'applied'])
    }
    expect(await eventsOf(world, 'A-1')).toEqual([
      'consent 2026-02-10',
      'eligibility 2026-06-01 assumed',
      'registration 2026-06-01',
    ])
  })

  it.each([
    ['another site', ['02', 'A-1', '2026-02-10', '適格', '', '2026-03-02'], '2 施設 import_site_changed'],
    ['a date that is gone', ['01', 'A-1', '2026-02-10', '適格', '', ''], '2 登録日 import_date_removed'],
    ['another outcome', ['01', 'A-2', '2026-02-12', '辞退', '本人希望', ''], '2 適格性 import_outcome_differs'],
    ['no outcome any more', ['01', 'A-2', '2026-02-12', '', '', ''], '2 適格性 import_outcome_differs'],
  ])('%s is for a person to decide', async (_, row, problem) => {
    const world = await openSmallTrial(database())
    await importInto(world, table(a1, a2))
    const before = await storedOf(world.db, world.trialId)
    expect(wrongIn(await importInto(world, table(row)))).toEqual([problem])
    expect(await storedOf(world.db, world.trialId)).toEqual(before)
  })

  it('the number of a voided subject is not used again; its row as it was is left alone, and said', async () => {
    const world = await openSmallTrial(database())
    await importInto(world, table(a3))
    const { subjects } = await storedOf(world.db, world.trialId)
    const draft = { trialId: world.trialId, subjectId: subjects[0]?.id ?? '', seenEventId: null }
    const other = actor('other-manager', 'data_manager', world.trialId)
    await done(voidSubject(world.context, other, { ...draft, reason: 'wrong_subject', note: '二重の記録' }))
    const same = reportOf(await importInto(world, table(a3)))
    expect([same.counts.unchanged, same.rows[0]?.warnings]).toEqual([1, ['void_kept']])
    const moved = table(['01', 'A-3', '2026-02-15', '', '', ''])
    expect(wrongIn(await importInto(world, moved))).toEqual(['2 症例番号 import_subject_void'])
    const outcome = table(['01', 'A-3', '2026-02-14', '不適格', '除外基準', ''])
    expect(wrongIn(await importInto(world, outcome))).toEqual(['2 症例番号 import_subject_void'])
  })

  it('a note that differs is left as it is, and said', async () => {
    const world = await openSmallTrial(database())
    const rows = (note: string) => `施設\t症例番号\t同意取得日\t備考\n01\tA-1\t2026-02-10\t${note}`
    await importInto(world, rows('他院紹介'))
    const again = reportOf(await importInto(world, rows('紹介なし')))
    expect(again.counts.unchanged).toBe(1)
    expect(again.rows[0]?.warnings).toEqual(['note_kept'])
  })
})

describe('a judgement of eligibility that the trial asks for since later', () => {
  const bare = ['施設', '症例番号', '同意取得日', '転帰', '転帰日', '登録日']
  const rows = (...cells: string[][]) => [bare, ...cells].map((row) => row.join('\t')).join('\n')
  const registered = ['01', 'R-1', '2026-02-10', '', '', '2026-03-02']

  it('is not put behind a registration, so that the same rows still change nothing', async () => {
    const milestones = oneStageMilestones.filter(({ kind }) => kind !== 'eligibility')
    const world = await openSmallTrial(database(), { milestones })
    await importInto(world, rows(registered))
    const to = { milestone: milestone('eligibility', 'eligibility'), after: 'consent' }
    await done(changePathway(world.context, world.manager, world.trialId, { do: 'add', to }))
    for (const row of [registered, ['01', 'R-1', '2026-02-10', '適格', '2026-02-20', '2026-03-02']]) {
      const again = await importInto(world, rows(row))
      expect(wrongIn(again)).toEqual([])
      expect(reportOf(again).counts).toEqual({ new: 0, changed: 0, unchanged: 1, wrong: 0 })
    }
    // A new row is judged as before, and a day in a column of its own is somebody's word.
    expect(await importInto(world, rows(registered, ['01', 'R-2', '2026-02-10', '', '', '2026-03-05']))).toMatchObject({
      counts: { new: 1, unchanged: 1 },
    })
    expect(await eventsOf(world, 'R-2')).toContain('eligibility 2026-03-05 assumed')
  })
})

describe('an outcome that says more than the days', () => {
  const heads = ['施設', '症例番号', '同意取得日', '転帰', '転帰日', '登録日']
  const rows = (...cells: string[][]) => [heads, ...cells].map((row) => row.join('\t')).join('\n')

  it('registered without a day is wrong in the outcome; on the day of the outcome, or as recorded before, it is right', async () => {
    const world = await openSmallTrial(database())
    const silent = ['01', 'O-1', '2026-02-10', '登録', '', '']
    expect(wrongIn(await importInto(world, rows(silent)))).toEqual(['2 転帰 import_outcome_without_day'])
    expect(wrongIn(await importInto(world, '施設\t症例番号\t同意日\t転帰\n01\tO-1\t2026-02-10\t登録'))).toEqual([
      '2 転帰 import_outcome_without_day',
    ])
    await importInto(world, rows(['01', 'O-1', '2026-02-10', '登録', '2026-03-02', '']))
    expect(await eventsOf(world, 'O-1')).toContain('registration 2026-03-02')
    const known = await importInto(world, '施設\t症例番号\t同意日\t転帰\n01\tO-1\t2026-02-10\t登録')
    expect(reportOf(known).counts.unchanged).toBe(1)
  })

  it('a registration whose earlier stage is missing is wrong in the outcome that asks for it', async () => {
    const world = await openSmallTrial(database(), { milestones: twoStageMilestones })
    expect(wrongIn(await importInto(world, rows(['01', 'O-2', '2026-02-10', '登録', '2026-03-02', ''])))).toEqual([
      '2 転帰 stage_missing',
    ])
  })

  it('eligible is said not to be kept where the trial has no such step, as is a day without its outcome', async () => {
    const world = await openSmallTrial(database(), { milestones: twoStageMilestones })
    const report = reportOf(
      await importInto(
        world,
        rows(
          ['01', 'O-3', '2026-02-10', '適格', '', ''],
          ['01', 'O-4', '2026-02-10', '', '2026-02-20', ''],
          ['01', 'O-5', '2026-02-10', '継続中', '', ''],
        ),
      ),
    )
    expect(report.rows.map(({ warnings }) => warnings)).toEqual([['outcome_not_kept'], ['outcome_day_not_kept'], []])
  })
})

describe('the version of the consent document', () => {
  const version = (name: string, approvedOn: string | null) => ({
    label: { ja: `第${name}版`, en: `Version ${name}` },
    approvedOn: approvedOn === null ? null : calendarDate(approvedOn),
    basis: 'recorded' as const,
  })
  // Entered out of the order of their approval.
  const consentVersions = [version('1', '2026-01-01'), version('3', '2026-03-01'), version('2', '2026-02-01')]
  const versionsOf = async (world: SmallTrial) => {
    const labels = new Map((await listConsentVersions(world.db, world.trialId)).map(({ id, label }) => [id, label.ja]))
    const { subjects } = await storedOf(world.db, world.trialId)
    return subjects
      .toSorted((a, b) => (a.number < b.number ? -1 : 1))
      .map(({ consent_version_id: id }) => labels.get(id ?? ''))
  }

  it('is the one approved last by the day of the consent', async () => {
    const world = await openSmallTrial(database(), { consentVersions })
    const consents = ['2026-01-31', '2026-02-01', '2026-02-28', '2026-03-05']
    await importInto(world, table(...consents.map((on, index) => ['01', `V-${index}`, on, '', '', ''])))
    expect(await versionsOf(world)).toEqual(['第1版', '第2版', '第2版', '第3版'])
  })

  it('is the one that the row names, by its label or its number; another is wrong', async () => {
    const world = await openSmallTrial(database(), { consentVersions })
    const rows = (...versions: string[]) =>
      [
        '施設\t症例番号\t同意取得日\t同意説明文書の版',
        ...versions.map((one, at) => `01\tV-${at}\t2026-03-05\t${one}`),
      ].join('\n')
    expect(wrongIn(await importInto(world, rows('第4版')))).toEqual(['2 同意説明文書の版 import_version_unknown'])
    await importInto(world, rows('第１版', '2', 'version 2.0', '', '－'))
    expect(await versionsOf(world)).toEqual(['第1版', '第2版', '第2版', '第3版', '第3版'])
    const again = reportOf(await importInto(world, rows('1', '3')))
    expect(again.rows.map(({ result, warnings }) => [result, warnings])).toEqual([
      ['unchanged', []],
      ['unchanged', ['version_kept']],
    ])
  })
})

describe('a value that was measured', () => {
  it('is recorded with the outcome', async () => {
    const world = await openSmallTrial(database())
    await importInto(
      world,
      '施設\t症例番号\t同意取得日\t転帰\t理由\t測定値\n01\tM-1\t2026-02-10\t不適格\t血流\tSPP 42 mmHg',
    )
    const { events } = await storedOf(world.db, world.trialId)
    expect(events.find(({ kind }) => kind === 'exit')?.measured_value).toBe('SPP 42 mmHg')
  })
})

describe('all or nothing', () => {
  it('one wrong row, and the right ones are not kept either; the rules are those of the forms', async () => {
    const world = await openSmallTrial(database())
    const before = await chainLength(world.db, world.trialId)
    const outcome = await importInto(
      world,
      table(
        a1,
        ['01', 'B-1', '2025-12-31', '', '', ''],
        ['01', 'B-2', '2026-02-10', '適格', '', '2026-02-09'],
        ['01', 'B-3', '2026-02-10', '不適格', '', ''],
        ['09', 'B-4', '2026-02-10', '', '', ''],
        ['01', 'A-1', '2026-02-10', '', '', ''],
        ['01', '', '2026-02-10', '', '', ''],
        ['01', 'B-5', '', '', '', ''],
        ['01', 'B-6', '2026-02-10', '不適格', '基準', '2026-03-02'],
      ),
    )
    expect(wrongIn(outcome)).toEqual([
      '3 同意取得日 before_site_opened',
      '4 適格性 before_previous_step',
      '5 理由 note_missing',
      '6 施設 import_site_unknown',
      '7 症例番号 import_number_twice',
      '8 症例番号 import_cell_missing',
      '9 同意取得日 import_cell_missing',
      '10 適格性 not_possible_from_state',
    ])
    expect(await chainLength(world.db, world.trialId)).toBe(before)
  })

  it('a check says what the import then does, and keeps nothing', async () => {
    const world = await openSmallTrial(database())
    const before = await storedOf(world.db, world.trialId)
    const checked = await importInto(world, table(a1, a2, a3), { purpose: 'check' })
    expect(checked.kind).toBe('checked')
    expect(await storedOf(world.db, world.trialId)).toEqual(before)
    const applied = await importInto(world, table(a1, a2, a3))
    expect(applied).toMatchObject({ kind: 'applied', counts: reportOf(checked).counts })
    expect(reportOf(applied).rows.map(({ wanted }) => wanted)).toEqual(
      reportOf(checked).rows.map(({ wanted }) => wanted),
    )
  })

  it('the same form twice is one import', async () => {
    const world = await openSmallTrial(database())
    const draft = await draftOf(world, table(a1))
    const first = await importRows(requestOf(world, 'import-form-000001'), world.manager, draft)
    const length = await chainLength(world.db, world.trialId)
    const second = await importRows(requestOf(world, 'import-form-000001'), world.manager, draft)
    expect([first.kind, second]).toEqual([
      'applied',
      { kind: 'applied', counts: { new: 1, changed: 0, unchanged: 0, wrong: 0 }, report: null },
    ])
    expect(await chainLength(world.db, world.trialId)).toBe(length)
  })
})

describe('whose rows', () => {
  it('a coordinator’s table may not hold other sites’ rows, nor learn of their subjects', async () => {
    const world = await openSmallTrial(database())
    await importInto(world, table(['02', 'C-1', '2026-02-10', '', '', '']))
    const outcome = await importInto(
      world,
      table(['02', 'C-2', '2026-02-10', '', '', ''], ['01', 'C-1', '2026-02-10', '', '', '']),
      {},
      world.coordinator,
    )
    expect(wrongIn(outcome)).toEqual(['2 施設 import_site_unknown', '3 症例番号 number_taken'])
  })

  it('without a column of sites it is the one site that the coordinator has; a data manager has to say', async () => {
    const world = await openSmallTrial(database())
    const rows = '症例番号\t同意取得日\nD-1\t2026-02-10'
    expect(wrongIn(await importInto(world, rows))).toEqual(['2  import_no_site_column'])
    expect(await importInto(world, rows, {}, world.coordinator)).toMatchObject({ kind: 'applied' })
    const { subjects } = await storedOf(world.db, world.trialId)
    expect(subjects.map(({ number, site_id: site }) => [number, site])).toEqual([['D-1', world.siteIds['01']]])
  })

  it('only who configures the trial may add sites: they open on their first day, which is assumed', async () => {
    const world = await openSmallTrial(database())
    const rows = table(['新病院', 'E-1', '2026-03-01', '', '', ''], ['新 病院', 'E-2', '2026-02-20', '', '', ''])
    expect(wrongIn(await importInto(world, rows, { unknownSites: 'add' }, world.coordinator))).toEqual([
      'addSites import_may_not_add_sites',
    ])
    expect(await importInto(world, rows, { unknownSites: 'add' })).toMatchObject({ kind: 'applied' })
    const site = await world.db
      .selectFrom('site')
      .selectAll()
      .where('trial_id', '=', world.trialId)
      .where('name_ja', '=', '新病院')
      .executeTakeFirstOrThrow()
    expect(site.code).toBe('03')
    const status = await world.db.selectFrom('site_status').selectAll().where('site_id', '=', site.id).execute()
    expect(status.map((entry) => [entry.status, entry.from_on, entry.basis])).toEqual([
      ['open', '2026-02-20', 'assumed'],
    ])
  })

  it('a meaning that was chosen is remembered for the next table', async () => {
    const world = await openSmallTrial(database())
    const rows = (number: string) => `施設\t患者さん\t同意取得日\n01\t${number}\t2026-02-10`
    expect(wrongIn(await importInto(world, rows('F-1')))).toEqual(['meaning-0 import_no_number_column'])
    expect(await importInto(world, rows('F-1'), { meanings: new Map([[1, 'number']]) })).toMatchObject({
      kind: 'applied',
    })
    const next = await importInto(world, rows('F-2'))
    expect(reportOf(next).columns[1]).toMatchObject({ meaning: 'number', by: 'remembered' })
    expect(next.kind).toBe('applied')
  })

  it('reasons are the trial’s own where it has some, else the one that leaves it to words', async () => {
    const label = (text: string) => ({ ja: text, en: text })
    const world = await openSmallTrial(database(), {
      exitReasons: [
        { exit: 'screen_failed', code: 'E04', label: label('除外基準④') },
        { exit: 'screen_failed', code: 'other', label: label('その他') },
      ],
    })
    await importInto(
      world,
      table(
        ['01', 'G-1', '2026-02-10', '不適格', '除外基準④', ''],
        ['01', 'G-2', '2026-02-10', '不適格', '本人の都合', ''],
      ),
    )
    const { events } = await storedOf(world.db, world.trialId)
    const failures = events.filter(({ kind }) => kind === 'exit')
    expect(failures.map(({ reasons, note }) => [reasons, note])).toEqual([
      ['E04', '除外基準④'],
      ['other', '本人の都合'],
    ])
  })
})

/**
 * A screening log of 2,387 people at 190 sites, 14 of them with failures only. The public one is read where it lies and
 * never kept with the project: PUBLIC_REFERENCE names its folder. Without it, one of the same shape is made.
 */
const folder = process.env.PUBLIC_REFERENCE
const publicLog = folder === undefined ? null : join(folder, 'screening-log', 'rawplus_enroll.csv')
const isHere = publicLog !== null && existsSync(publicLog)

function logLikeIt(): string {
  const rows = Array.from({ length: 2387 }, (_, index) => {
    const site = (index % 190) + 1
    const isEnrolled = site > 14 && index < 1400
    const day = `20${String(3 + (index % 14)).padStart(2, '0')}-${String((index % 12) + 1).padStart(2, '0')}-15`
    return [
      'S',
      site,
      `X${index}`,
      '',
      day,
      isEnrolled ? 'Y' : 'N',
      isEnrolled ? '' : 'Medical Issue',
      'US',
      'I',
    ].join()
  })
  return ['studyid,siteid,subjectid,subjid,enroll_dt,enrollyn,sfreas,country,invid', ...rows].join('\n')
}

describe(isHere ? 'the public log' : 'a log like the public one, which is not here', () => {
  it('is imported whole, with its progress; 14 sites have failures only', { timeout: 180_000 }, async () => {
    const from = calendarDate('2003-01-01')
    const world = await openSmallTrial(database(), {
      sites: [],
      terms: { ...trialDraft().terms, targetNumber: 2000, registrationFrom: from, effectiveFrom: from },
    })
    const rows = isHere ? { file: publicLog } : logLikeIt()
    const draft = await draftOf(world, rows, { unknownSites: 'add' })
    const told: number[] = []
    const outcome = await importRows(world.context, world.manager, draft, async (done) => void told.push(done))
    expect(outcome).toMatchObject({ kind: 'applied', counts: { new: 2387, changed: 0, unchanged: 0, wrong: 0 } })
    expect(told.length).toBeGreaterThan(50)
    const { subjects } = await storedOf(world.db, world.trialId)
    const registered = subjects.filter(({ registration_number: number }) => number !== null)
    const sites = (some: typeof subjects) => new Set(some.map(({ site_id: site }) => site)).size
    expect(sites(subjects)).toBe(190)
    expect(sites(subjects) - sites(registered)).toBe(14)
    if (isHere) expect(registered).toHaveLength(1301)
    const again = await importRows(world.context, world.manager, draft)
    expect(reportOf(again).counts).toEqual({ new: 0, changed: 0, unchanged: 2387, wrong: 0 })
  })
})
