/** The log, the counts and the lists, by when it happened and by when it was known, over HTTP. */
import { beforeAll, describe, expect, it } from 'vitest'
import { day, done } from '../../seeds/story.ts'
import { correctEvent } from '../../server/actions/correct-event.ts'
import { recordMilestone } from '../../server/actions/record-milestone.ts'
import { recordScreening } from '../../server/actions/record-screening.ts'
import { type Actor, commandLine } from '../../server/context.ts'
import { listSites } from '../../server/db/sites.ts'
import { listEvents } from '../../server/db/subject-events.ts'
import { findTrialByCode, listConsentVersions } from '../../server/db/trials.ts'
import { wordsFor } from '../../server/i18n/words.ts'
import { Client } from '../support/client.ts'
import { serveForFile } from './served.ts'

const served = serveForFile('demo')
const trialPath = '/trials/SSC-BMC'
const log = `${trialPath}/subjects`
const words = wordsFor('ja')
let manager: Client
let number = ''

/** Consented on 06-01, recorded 06-24; eligible on 06-10, recorded 07-10; the consent corrected to 06-02 on 07-20. */
beforeAll(async () => {
  const { db } = served
  const trial = await findTrialByCode(db, 'SSC-BMC')
  if (trial === null) throw new Error('the demonstration has SSC-BMC')
  const siteId = (await listSites(db, trial.id)).find(({ code }) => code === '02')?.id ?? ''
  const consentVersionId = (await listConsentVersions(db, trial.id))[0]?.id ?? ''
  const grants: Actor['grants'] = [{ role: 'data_manager', trialId: trial.id, siteId: null }]
  const dm = { ...commandLine, grants }
  const consent = { consentedOn: day('2026-06-01'), consentVersionId, referralSource: null, basis: 'recorded' as const }
  const screening = { trialId: trial.id, siteId, number: 'LATE-1', ...consent }
  const { subjectId } = await done(recordScreening(served.context, dm, screening))
  number = 'LATE-1'
  const common = { trialId: trial.id, subjectId, note: null, seenEventId: null }
  served.now = '2026-07-10T03:00:00.000Z'
  const eligibility = { ...common, code: 'eligibility', occurredOn: day('2026-06-10'), basis: 'recorded' as const }
  await done(recordMilestone(served.context, dm, eligibility))
  served.now = '2026-07-20T03:00:00.000Z'
  const [first] = await listEvents(db, subjectId)
  const correction = {
    ...common,
    eventId: first?.id ?? '',
    occurredOn: day('2026-06-02'),
    reason: 'transcription' as const,
  }
  await done(correctEvent(served.context, dm, correction))
  served.now = '2026-08-01T03:00:00.000Z'
  manager = await new Client(served.url).signIn('demo-dm')
})

/** The row of the late subject, without tags; null where it is not on the page. */
async function rowOf(query: string): Promise<string | null> {
  const { text, status } = await manager.get(`${log}?search=LATE${query}`)
  expect(status).toBe(200)
  const row = text.split('<tr>').find((part) => part.includes(`>${number}<`))
  return row === undefined ? null : row.replace(/<[^>]*>/g, ' ')
}

describe('the log', () => {
  it('with a day shows what had happened by then, whenever it was recorded', async () => {
    expect(await rowOf('&asOf=2026-06-01')).toBeNull()
    expect(await rowOf('&asOf=2026-06-09')).toContain('2026-06-02')
    expect(await rowOf('&asOf=2026-06-09')).not.toContain('2026-06-10')
    expect(await rowOf('&asOf=2026-06-10')).toContain('2026-06-10')
  })

  it('with the other day shows what was known by its end: nothing recorded later, and the date before its correction', async () => {
    expect(await rowOf('&knownAt=2026-06-23')).toBeNull()
    const before = await rowOf('&knownAt=2026-07-09')
    expect(before).toContain('2026-06-01')
    expect(before).not.toContain('2026-06-10')
    expect(before).not.toContain('2026-06-02')
    expect(await rowOf('&knownAt=2026-07-19')).toContain('2026-06-10')
    const after = await rowOf('&knownAt=2026-07-20')
    expect(after).toContain('2026-06-02')
    expect(after).toContain(words.t('correction.corrected'))
  })

  it('says so in its bar, offers nothing to record, and keeps what was asked for', async () => {
    const answer = await manager.get(`${log}?list=waiting&order=last&direction=desc&asOf=2026-06-09&knownAt=2026-07-09`)
    const text = answer.text.replaceAll('&#x3D;', '=')
    expect(text).toContain(words.t('frame.as_of_label'))
    expect(text).toContain('2026-07-09（令和8年7月9日・木）')
    expect(text).not.toContain('events/new')
    expect(text).not.toContain('name="consentedOn"')
    expect(text).not.toContain('/attestations')
    expect(text).toContain('href="?list=waiting&amp;order=last&amp;direction=desc"')
    const links = [...text.matchAll(/href="([^"]*\/subjects(?:\.csv)?\?[^"]*)"/g)].map(([, href = '']) => href)
    expect(links.length).toBeGreaterThan(5)
    for (const href of links) expect(href).toContain('asOf=2026-06-09&amp;knownAt=2026-07-09')
    for (const kept of ['list', 'order', 'direction', 'asOf', 'knownAt'])
      expect(text).toContain(`name="${kept}" value=`)
    const present = await manager.get(log)
    expect(present.text).toContain('events/new')
    expect(present.text).not.toContain(words.t('frame.as_of_label'))
    expect((await manager.get(`${log}?knownAt=2026-08-01`)).text).toContain('events/new')
  })

  it('counts its lists by the same clocks', async () => {
    const countsOf = async (query: string) => {
      const { text } = await manager.get(`${log}?search=LATE${query}`)
      return [...(/class="lists">([\s\S]*?)<\/nav>/.exec(text)?.[1] ?? '').matchAll(/<b>(\d+)<\/b>/g)].map(([, n]) =>
        Number(n),
      )
    }
    expect((await countsOf('&knownAt=2026-06-23'))[0]).toBe(0)
    expect((await countsOf('&knownAt=2026-06-24'))[0]).toBe(1)
    const [all, ...others] = await countsOf('')
    expect([all, others.reduce((sum, n) => sum + n, 0)]).toEqual([1, 1])
    expect(await countsOf('&knownAt=2026-07-31&asOf=2026-07-31')).toEqual([all, ...others])
  })

  it.each(['asOf=2027-01-01', 'knownAt=2027-01-01', 'asOf=abc', 'knownAt=2026-02-30'])(
    'refuses %s in words',
    async (query) => {
      const { status, text } = await manager.get(`${log}?${query}`)
      expect(status).toBe(422)
      expect(text).toContain(`id="${query.split('=')[0]}-error"`)
      expect(text).toContain(words.t('form.error_prefix'))
      const dashboard = await manager.get(`${trialPath}?${query}`)
      expect(dashboard.status).toBe(422)
      expect(dashboard.text).toContain(`id="${query.split('=')[0]}-error"`)
    },
  )

  it('shows its last page to whoever asks for one behind it', async () => {
    const { text, status } = await manager.get(`${log}?page=99`)
    expect(status).toBe(200)
    expect(text).toContain(`>${number}<`)
    expect((await manager.get(`${trialPath}/timelines?page=99`)).text).toContain(`>${number}<`)
  })
})

describe('the dashboard', () => {
  const screenedOn = async (query: string) => {
    const { text, status } = await manager.get(`${trialPath}?${query}`)
    expect(status).toBe(200)
    return Number(/<b[^>]*>(\d+)<\/b>/.exec(text.slice(text.indexOf('class="flow"')))?.[1])
  }

  it('counts what was known then, and today’s knowledge is the roll-up', async () => {
    const now = await screenedOn('asOf=2026-06-30')
    expect(await screenedOn('asOf=2026-06-30&knownAt=2026-06-23')).toBe(now - 1)
    expect(await screenedOn('asOf=2026-06-30&knownAt=2026-06-24')).toBe(now)
    // Corrected from the first of June to the second.
    expect(await screenedOn('asOf=2026-06-01&knownAt=2026-07-19')).toBe((await screenedOn('asOf=2026-06-01')) + 1)
    const { text } = await manager.get(`${trialPath}?asOf=2026-06-30&knownAt=2026-07-31`)
    const { text: rollUp } = await manager.get(`${trialPath}?asOf=2026-06-30`)
    const figures = (page: string) =>
      /<main[\s\S]*<\/main>/
        .exec(page)?.[0]
        .replace(/<form class="as-of[\s\S]*?<\/form>/, '')
        .replace(/csrf" value="[^"]*/g, '')
        // Every number leads to its rows under the same clocks.
        .replace(/&amp;knownAt&#x3D;2026-07-31/g, '')
    expect(figures(text)).toBe(figures(rollUp))
  })
})

describe('lists for paper', () => {
  const lists = ['screening-log', 'registration-log', 'identification-codes']

  it.each(lists)('%s: a coordinator’s own site only, in both languages, never an arm', async (list) => {
    const coordinator = await new Client(served.url).signIn('demo-crc')
    for (const query of ['', '?site=02']) {
      const { text, status } = await coordinator.get(`${trialPath}/print/${list}${query}`)
      expect(status).toBe(200)
      expect(text).toContain('SSC-BMC-01-001')
      expect(text).not.toMatch(/SSC-BMC-0[2-5]-|LATE-1/)
    }
    const english = await new Client(served.url).signIn('demo-dm', 'en')
    const { text } = await english.get(`${trialPath}/print/${list}?site=02`)
    const main = (/<main[\s\S]*<\/main>/.exec(text)?.[0] ?? '').replace(/<[^>]*>/g, ' ')
    expect(main).not.toMatch(/[ぁ-んァ-ヶ一-龠]/)
    expect(main).toContain('SSC-BMC-02-001')
    expect(main).not.toContain('SSC-BMC-01-')
    const committee = await new Client(served.url).signIn('demo-irb')
    expect((await committee.get(`${trialPath}/print/${list}`)).status).toBe(403)
  })

  it('the registration log holds the registered only, by their numbers; the codes hold no date', async () => {
    const { text } = await manager.get(`${trialPath}/print/registration-log`)
    const rows = [...text.matchAll(/<th scope="row" class="code">(\d+)/g)].map(([, n]) => Number(n))
    expect(rows).toEqual([1, 2])
    const codes = await manager.get(`${trialPath}/print/identification-codes`)
    const tables = [...codes.text.matchAll(/<tbody>[\s\S]*?<\/tbody>/g)].join('')
    expect(tables).toContain('LATE-1')
    expect(tables).not.toMatch(/\d{4}-\d{2}-\d{2}/)
    expect(codes.text).toContain(words.of('print_note', 'identification_codes'))
  })

  it('the screening log speaks as of a day', async () => {
    const { text } = await manager.get(`${trialPath}/print/screening-log?asOf=2026-06-09`)
    expect(text).toContain('LATE-1')
    expect(text).not.toContain('2026-06-10')
    expect((await manager.get(`${trialPath}/print/screening-log?asOf=abc`)).status).toBe(422)
  })
})

describe('what was silently something else', () => {
  it('the audit trail before its first entry is the trail', async () => {
    for (const before of ['0', '1']) {
      const { text } = await manager.get(`${trialPath}/audit?before=${before}`)
      expect(text).not.toContain(words.t('audit.none'))
    }
  })

  it.each(['abc', '2026-02-30', '2027-01-01'])('the sites say why they do not reconcile from %s', async (from) => {
    const { text, status } = await manager.get(`${trialPath}/sites?from=${from}`)
    expect(status).toBe(422)
    expect(text).toContain('id="from-error"')
    expect(text).toContain(`value="${from}"`)
    expect((await manager.get(`${trialPath}/sites?from=2026-01-01`)).status).toBe(200)
  })
})
