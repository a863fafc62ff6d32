/** The log as a grid, over HTTP: cells that act, lists of what is due, figures of the whole, orders, and who left why. */
import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, it } from 'vitest'
import { day, done } from '../../seeds/story.ts'
import { recordExit } from '../../server/actions/record-exit.ts'
import { recordScreening } from '../../server/actions/record-screening.ts'
import { type Actor, commandLine } from '../../server/context.ts'
import { listExitReasons } from '../../server/db/settings.ts'
import { listSites } from '../../server/db/sites.ts'
import { findTrialByCode, listConsentVersions } from '../../server/db/trials.ts'
import { wordsFor } from '../../server/i18n/words.ts'
import { Client } from '../support/client.ts'
import { requestDay } from '../support/context.ts'
import { serveForFile } from './served.ts'

const served = serveForFile('demo')
const log = '/trials/SSC-BMC/subjects'
const words = wordsFor('ja')
let manager: Client
let reason = ''

/** Referred from a clinic, consented on 06-01, failed on 06-10 for the trial's first reason. */
beforeAll(async () => {
  const { db, context } = served
  const trial = await findTrialByCode(db, 'SSC-BMC')
  const trialId = trial?.id ?? ''
  const siteId = (await listSites(db, trialId))[0]?.id ?? ''
  const grants: Actor['grants'] = [{ role: 'data_manager', trialId, siteId: null }]
  const actor = { ...commandLine, grants }
  const consentVersionId = (await listConsentVersions(db, trialId))[0]?.id ?? ''
  const screening = { trialId, siteId, number: 'FAILED-1', consentedOn: day('2026-06-01'), consentVersionId }
  const common = { basis: 'recorded' as const, seenEventId: null }
  const { subjectId } = await done(
    recordScreening(context, actor, { ...screening, ...common, referralSource: '皮膚科クリニック' }),
  )
  const chosen = (await listExitReasons(db, trialId)).find(({ exit }) => exit === 'screen_failed')
  reason = words.pick(chosen?.label ?? { ja: '', en: '' })
  const exit = { trialId, subjectId, exit: 'screen_failed' as const, occurredOn: day('2026-06-10'), note: null }
  const details = { reasons: [chosen?.code ?? ''], measuredValue: null, scope: [] }
  await done(recordExit(context, actor, { ...exit, ...details, ...common }))
  manager = await new Client(served.url).signIn('demo-dm')
})

async function read(address: string, client = manager): Promise<string> {
  const { status, text } = await client.get(address)
  expect(status, address).toBe(200)
  return text.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')
}

/** The rows of a log, by their numbers. */
async function rowsOf(address: string, client = manager): Promise<Map<string, string>> {
  const rows = (await read(address, client)).split('<tr>').filter((part) => part.includes('<th scope="row">'))
  return new Map(rows.map((row) => [/<th scope="row"><a [^>]*>([^<]+)</.exec(row)?.[1] ?? '', row]))
}

const numbersOf = async (query: string) => [...(await rowsOf(`${log}${query}`)).keys()]

/** How many each of the lists holds, by its name. */
async function countsOf(query: string, client = manager): Promise<Record<string, number>> {
  const lists = /class="lists">([\s\S]*?)<\/nav>/.exec(await read(`${log}${query}`, client))?.[1] ?? ''
  return Object.fromEntries([...lists.matchAll(/>([^<]+) <b>(\d+)<\/b>/g)].map(([, name = '', n]) => [name, Number(n)]))
}

describe('a cell', () => {
  it('in which a record is awaited leads to it, and one with a date to its correction, each with its name aloud', async () => {
    const row = (await rowsOf(log)).get('SSC-BMC-01-003') ?? ''
    const links = [...row.matchAll(/<a class="act"[^>]*href="([^"]+)">[\s\S]*?<span class="hidden-words">([^<]+)</g)]
    const values = (step: string) => ({ number: 'SSC-BMC-01-003', step })
    expect(links.map(([, , about]) => about)).toEqual([
      words.t('subjects.cell_correct', values('同意取得')),
      words.t('subjects.cell_record', values('適格判定')),
    ])
    expect(links[0]?.[1]).toMatch(/\/events\/[\w-]{36}\/corrections\/new$/)
    expect(links[1]?.[1]).toMatch(/\/events\/new\?what=eligibility$/)
    for (const [, href = ''] of links) await read(href)
  })

  it('of whom nobody knows the outcome leads to the question of it', async () => {
    const row = (await rowsOf(log)).get('SSC-BMC-01-002') ?? ''
    expect(row).toMatch(/class="act"[^>]*href="[^"]*\/events\/new\?what=any"/)
  })

  it('acts for nobody who may only read, and for nobody who looks at the past', async () => {
    const investigator = await new Client(served.url).signIn('demo-pi')
    expect(await read(log, investigator)).not.toContain('class="act"')
    expect(await read(`${log}?asOf=2026-05-01`)).not.toContain('class="act"')
  })
})

describe('what is due', () => {
  /** SSC-BMC-02-001: week 96 is due on 2026-09-16, 14 days either way. */
  it.each([
    ['2026-08-31T03:00:00.000Z', 0, 0],
    ['2026-09-02T03:00:00.000Z', 0, 1],
    ['2026-09-30T03:00:00.000Z', 0, 1],
    ['2026-10-01T03:00:00.000Z', 1, 0],
  ])(
    'at %s: overdue %i, this month %i, in the counts, in the lists, in the files, as on the timelines',
    async (now, overdue, month) => {
      served.now = now
      try {
        const fresh = await new Client(served.url).signIn('demo-dm')
        const counted = async (list: string) => (await rowsOf(`${log}?list=${list}`, fresh)).size
        expect([await counted('overdue'), await counted('this_month')]).toEqual([overdue, month])
        const page = await read(log, fresh)
        expect(page).toContain(`>${words.of('list', 'overdue')} <b>${overdue}</b>`)
        expect(page).toContain(`>${words.of('list', 'this_month')} <b>${month}</b>`)
        const { text } = await fresh.get(`${log}.csv?list=overdue`)
        const numbers = parse<Record<string, string>>(text, { columns: true, bom: true })
        expect(numbers.map((row) => row[words.t('subjects.number')])).toEqual(overdue === 1 ? ['SSC-BMC-02-001'] : [])
        const timelines = await read('/trials/SSC-BMC/timelines', fresh)
        expect((timelines.match(/href="#over"/g) ?? []).length).toBe(1 + overdue)
        // The same by the other way: read from the events, because a past day is asked for.
        served.now = '2026-12-01T03:00:00.000Z'
        const later = await new Client(served.url).signIn('demo-dm')
        const asOf = now.slice(0, 10)
        expect((await rowsOf(`${log}?list=overdue&asOf=${asOf}`, later)).size).toBe(overdue)
        expect((await rowsOf(`${log}?list=this_month&asOf=${asOf}`, later)).size).toBe(month)
      } finally {
        served.now = requestDay
      }
    },
  )

  it('keeps to the site, the search and the reader’s reach', async () => {
    served.now = '2026-10-01T03:00:00.000Z'
    try {
      const [crc, crc2] = [
        await new Client(served.url).signIn('demo-crc'),
        await new Client(served.url).signIn('demo-crc2'),
      ]
      expect((await rowsOf(`${log}?list=overdue`, crc)).size).toBe(0)
      expect((await rowsOf(`${log}?list=overdue`, crc2)).size).toBe(1)
      const overdue = words.of('list', 'overdue')
      const all = await new Client(served.url).signIn('demo-dm')
      expect((await countsOf('?site=02', all))[overdue]).toBe(1)
      expect((await countsOf('?site=01', all))[overdue]).toBe(0)
      expect((await countsOf('?search=02-00', all))[overdue]).toBe(1)
      expect((await countsOf('?search=01-00', all))[overdue]).toBe(0)
    } finally {
      served.now = requestDay
    }
  })

  it('stands in the key beside the other marks', async () => {
    const key = /class="key">([\s\S]*?)<\/caption>/.exec(await read(log))?.[1] ?? ''
    const said = [...key.matchAll(/href="#(\w+)"\/><\/svg><span>([^<]+)</g)].map(([, kind, text]) => [kind, text])
    expect(said).toEqual([
      ['full', words.t('subjects.key_done')],
      ['half', words.t('subjects.key_waiting')],
      ['open', words.t('subjects.key_planned')],
      ['over', words.t('subjects.key_overdue')],
      ['silent', words.t('subjects.key_unknown')],
    ])
  })
})

describe('the figures at the head', () => {
  const headOf = (html: string) => /<h1>[\s\S]*?<p>([\s\S]*?)<\/p>/.exec(html)?.[1]

  it('are of the whole log within reach, whatever was searched for; the filter says what matches, and how to clear it', async () => {
    const whole = headOf(await read(log))
    const none = await read(`${log}?search=zzz&list=waiting`)
    expect(headOf(none)).toBe(whole)
    const said = words.t('subjects.narrowed', {
      by: words.t('subjects.narrowed_number', { search: 'zzz' }),
      count: words.t('format.subjects', { count: 0 }),
    })
    expect(none).toContain(said)
    const [, clear = ''] = new RegExp(`href="([^"]+)">${words.t('subjects.clear')}<`).exec(none) ?? []
    expect(clear).toBe(`${log}?list=waiting`)
    expect(await read(clear)).not.toContain(words.t('subjects.clear'))
    expect(headOf(await read(`${log}?asOf=2026-05-01&search=zzz`))).toBe(headOf(await read(`${log}?asOf=2026-05-01`)))
  })

  it('the lists keep the search, and count within it', async () => {
    const counts = await countsOf('?search=01-00')
    expect(counts[words.of('list', 'all')]).toBe(3)
    expect(await read(`${log}?search=01-00`)).toContain(`href="${log}?list=waiting&search=01-00"`)
  })
})

describe('whoever left', () => {
  it('stands with the day, the reasons and the referral, on one line each', async () => {
    const row = (await rowsOf(log)).get('FAILED-1') ?? ''
    expect(reason).not.toBe('')
    expect(row).toContain(`<small title="2026-06-10 ${reason}">2026-06-10 ${reason}</small>`)
    expect(row).toContain(words.t('subjects.referred_from', { source: '皮膚科クリニック' }))
  })
})

describe('the order', () => {
  it('can be by every milestone and by state, from its head, either way', async () => {
    const head = /<thead>([\s\S]*?)<\/thead>/.exec(await read(log))?.[1] ?? ''
    const orders = [...head.matchAll(/href="[^"]*[?&]order=([\w-]+)/g)].map(([, order]) => order)
    const milestones = ['eligibility', 'registration', 'treatment', 'week_12', 'week_24', 'week_96']
    expect(orders).toEqual(['state', 'consented', ...milestones.map((code) => `on-${code}`)])
    const [first] = await numbersOf('?order=on-registration')
    expect(first).toBe('SSC-BMC-01-001')
    const descending = await numbersOf('?order=on-registration&direction=desc')
    expect(descending.slice(0, 2)).toEqual(['SSC-BMC-02-001', 'SSC-BMC-01-001'])
    // Who was never registered comes after, by number, either way.
    expect(descending.slice(2)).toEqual((await numbersOf('?order=on-registration')).slice(2))
  })

  it('of a past day is the same, from the events', async () => {
    const queries = ['on-registration', 'state', 'consented', 'last', 'number'].flatMap((order) => [
      `?order=${order}`,
      `?order=${order}&direction=desc`,
    ])
    const present = new Map<string, string[]>()
    for (const query of queries) present.set(query, await numbersOf(query))
    served.now = '2026-06-26T03:00:00.000Z'
    try {
      const later = await new Client(served.url).signIn('demo-dm')
      for (const [query, numbers] of present) {
        expect([...(await rowsOf(`${log}${query}&asOf=2026-06-24`, later)).keys()], query).toEqual(numbers)
      }
    } finally {
      served.now = requestDay
      manager = await new Client(served.url).signIn('demo-dm')
    }
  })

  it('that nobody knows is the order of numbers', async () => {
    const usual = await numbersOf('')
    for (const order of ['on-nothing', 'treatment', 'on-', '%27%3B--']) {
      expect(await numbersOf(`?order=${order}`), order).toEqual(usual)
    }
  })
})
