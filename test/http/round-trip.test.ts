/** The log that was written out comes back: every row as it is recorded, in either language, as CSV and as a workbook. */
import { beforeAll, describe, expect, it } from 'vitest'
import { day, done } from '../../seeds/story.ts'
import { importRows } from '../../server/actions/import-rows.ts'
import { recordExit } from '../../server/actions/record-exit.ts'
import { recordPrescreening } from '../../server/actions/record-prescreening.ts'
import { recordScreening } from '../../server/actions/record-screening.ts'
import { voidSubject } from '../../server/actions/void-subject.ts'
import type { Actor } from '../../server/context.ts'
import { listExitReasons } from '../../server/db/settings.ts'
import { listSites } from '../../server/db/sites.ts'
import { findPathway, findTrialByCode, listConsentVersions } from '../../server/db/trials.ts'
import { reasonsFor } from '../../server/domain/exit-reason.ts'
import { columnsOf } from '../../server/domain/import-columns.ts'
import { ownExits } from '../../server/domain/import-words.ts'
import { isRefused } from '../../server/domain/parsed.ts'
import { exits } from '../../server/domain/subject-state.ts'
import { languages, wordsFor } from '../../server/i18n/words.ts'
import { fileHeader } from '../../server/pages/log-file.ts'
import { hashOf, readSpreadsheet } from '../../server/spreadsheet/read-spreadsheet.ts'
import { reportOf } from '../actions/imported.ts'
import { actor } from '../actions/small-trial.ts'
import { Client } from '../support/client.ts'
import { serveForFile } from './served.ts'

const served = serveForFile('demo')

async function trialIdOf(code: string): Promise<string> {
  return (await findTrialByCode(served.db, code))?.id ?? ''
}

function managerOf(trialId: string, name = 'manager'): Actor {
  return actor(name, 'data_manager', trialId)
}

/** What the demonstration has not: candidates, one of them excluded; a void entry; an outcome with several reasons. */
beforeAll(async () => {
  const { context, db } = served
  const trialId = await trialIdOf('SSC-BMC')
  const siteId = (await listSites(db, trialId))[0]?.id ?? ''
  const consentVersionId = (await listConsentVersions(db, trialId))[0]?.id ?? ''
  const manager = managerOf(trialId)
  const entry = { trialId, siteId, number: null, basis: 'recorded' as const }
  const said = { ...entry, enteredOn: day('2026-05-01'), referralSource: '院内', note: '候補の備考' }
  const candidate = await done(recordPrescreening(context, manager, said))
  await done(recordPrescreening(context, manager, said))
  const own = await listExitReasons(db, trialId)
  const leave = async (subjectId: string, exit: 'prescreen_excluded' | 'screen_failed') => {
    const reasons = reasonsFor(own, exit).slice(0, 2)
    const details = { reasons: reasons.map(({ code }) => code), measuredValue: 'SPP 42 mmHg', scope: [] }
    const draft = { trialId, subjectId, exit, occurredOn: day('2026-05-20'), note: '詳しい理由', seenEventId: null }
    await done(recordExit(context, manager, { ...draft, ...details, basis: 'recorded' }))
  }
  await leave(candidate.subjectId, 'prescreen_excluded')
  const consent = { ...entry, consentedOn: day('2026-05-02'), consentVersionId, referralSource: '紹介', note: '備考' }
  const failed = await done(recordScreening(context, manager, consent))
  await leave(failed.subjectId, 'screen_failed')
  for (const { subjectId } of [failed, await done(recordScreening(context, manager, consent))]) {
    const why = { reason: 'wrong_subject' as const, note: '二重の記録', seenEventId: null }
    await done(voidSubject(context, managerOf(trialId, 'other'), { trialId, subjectId, ...why }))
  }
  const still = await done(recordScreening(context, manager, consent))
  await leave(still.subjectId, 'screen_failed')
})

describe.each(['SSC-BMC', 'CLTI-MNC', 'STR01-03'])('the log of %s', (code) => {
  it.each(languages.flatMap((language) => (['csv', 'xlsx'] as const).map((format) => [language, format] as const)))(
    'in %s, as %s, comes back unchanged',
    async (language, format) => {
      const manager = await new Client(served.url).signIn('demo-dm', language)
      const answer = await fetch(`${served.url}/trials/${code}/subjects.${format}`, {
        headers: { cookie: manager.cookies() },
      })
      const bytes = Buffer.from(await answer.arrayBuffer())
      const table = await readSpreadsheet(bytes)
      if (isRefused(table)) throw new Error(JSON.stringify(table.problems))
      const trialId = await trialIdOf(code)
      const report = reportOf(
        await importRows(served.context, managerOf(trialId), {
          trialId,
          table: table.value,
          meanings: new Map(),
          origin: { name: `log.${format}`, hash: hashOf(bytes) },
          unknownSites: 'refuse',
          purpose: 'apply',
        }),
      )
      expect(report.problems).toEqual([])
      expect(report.rows.filter(({ result }) => result !== 'unchanged')).toEqual([])
      expect(report.rows.filter(({ warnings }) => warnings.length > 0)).toEqual([])
      expect(report.rows.length).toBe(table.value.rows.length)
      expect(report.rows.length).toBeGreaterThan(10)
      const outcomes = new Set(report.rows.map(({ read }) => read.outcome))
      if (code === 'SSC-BMC')
        expect([...outcomes]).toEqual(expect.arrayContaining(['void', 'prescreen_excluded', null]))
    },
  )
})

describe('what the log is written out with', () => {
  it.each(languages)('in %s is known by every head', async (language) => {
    const pathway = await findPathway(served.db, await trialIdOf('CLTI-MNC'))
    const world = { pathway, sites: [], versions: [], reasonLabels: new Map() }
    const columns = columnsOf(fileHeader(world, wordsFor(language)), pathway, new Map(), new Map())
    expect(columns.filter(({ by }) => by !== 'own_file')).toEqual([])
    expect(columns.map(({ meaning }) => meaning)).toEqual([
      ...['number', 'ignored', 'site', 'ignored', 'ignored', 'ignored', 'ignored', 'consent_version', 'referral'],
      ...pathway.milestones.map(({ code, kind }) => (kind === 'allocation' ? 'ignored' : `milestone:${code}`)),
      ...['outcome_day', 'outcome', 'reason', 'measured_value', 'note', 'ignored'],
    ])
  })
  it('names exits as the import reads them', () => {
    for (const exit of exits) {
      expect(ownExits[exit]).toEqual([
        wordsFor('ja').of('state', exit),
        expect.stringMatching(new RegExp(`^${wordsFor('en').of('state', exit)}$`, 'i')),
      ])
    }
  })
})
