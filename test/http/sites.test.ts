/** The sites over HTTP: figures that lead to their rows, a period with two ends, and the page of one site. */
import { beforeAll, describe, expect, it } from 'vitest'
import { openTrial } from '../../server/actions/open-trial.ts'
import { recordScreening } from '../../server/actions/record-screening.ts'
import { commandLine } from '../../server/context.ts'
import { listConsentVersions } from '../../server/db/trials.ts'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import { wordsFor } from '../../server/i18n/words.ts'
import { done, trialDraft } from '../actions/small-trial.ts'
import { Client } from '../support/client.ts'
import { everythingIn, newcomer, serveForFile, signedIn } from './served.ts'

const served = serveForFile('demo')
const sites = '/trials/SSC-BMC/sites'
const words = wordsFor('ja')
const people = {} as Record<'manager' | 'crc' | 'committee', Client>

beforeAll(async () => {
  people.manager = await new Client(served.url).signIn('demo-dm')
  people.crc = await new Client(served.url).signIn('demo-crc')
  people.committee = await new Client(served.url).signIn('demo-irb')
})

async function read(client: Client, address: string): Promise<string> {
  const { status, text } = await client.get(address)
  expect(status, address).toBe(200)
  return text.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')
}

/** Every figure of a reconciliation that leads somewhere: how many, and where. */
function figuresIn(html: string): { number: number; href: string }[] {
  const table = html.slice(html.indexOf('id="reconciliation-caption"'))
  return [
    ...table.matchAll(/<td[^>]*><a class="alone" href="([^"]+)">(?:<span class="mark[\s\S]*?<span>)?(\d+)</g),
  ].map(([, href = '', number]) => ({ number: Number(number), href }))
}

const rowsIn = (html: string) => (html.match(/<th scope="row">/g) ?? []).length

describe('a reconciliation', () => {
  it.each(['', '?from=2021-07-19', '?from=2022-01-01&until=2024-12-31', '?until=2025-06-30&from=2025-06-01'])(
    'with %s: each figure leads to as many rows of the log',
    async (query) => {
      const figures = figuresIn(await read(people.manager, `${sites}${query}`))
      expect(figures.length).toBeGreaterThan(2)
      for (const { number, href } of figures) {
        const log = await read(people.manager, href)
        expect(rowsIn(log), href).toBe(number)
        expect(log).toMatch(new RegExp(`aria-current="true">[^<]+ <b>${number}</b>`))
      }
    },
  )

  it('shows no way to rows that the reader may not open', async () => {
    expect(figuresIn(await read(people.committee, sites))).toEqual([])
    const own = figuresIn(await read(people.crc, `${sites}?from=2021-07-19`))
    expect(own.length).toBeGreaterThan(1)
    expect(own.filter(({ href }) => !href.includes('site=01'))).toEqual([])
  })

  it('ends on the day that was asked for, and says which period it is of', async () => {
    const html = await read(people.manager, `${sites}?from=R4.1.1&until=2024/12/31`)
    expect(html).toContain('2022-01-01〜2024-12-31')
    expect(html).toContain('name="from" value="2022-01-01"')
    expect(html).toContain('name="until" value="2024-12-31"')
  })

  it.each([
    ['until=2026-06-25', 'until', 'until_after_as_of', { asOf: '2026-06-24' }],
    ['asOf=2025-01-01&until=2025-01-02', 'until', 'until_after_as_of', { asOf: '2025-01-01' }],
    ['from=2026-02-02&until=2026-02-01', 'from', 'from_after_until', { until: '2026-02-01' }],
  ] as const)('with %s is refused in words, at its field', async (query, field, code, values) => {
    const { status, text } = await people.manager.get(`${sites}?${query}`)
    expect(status).toBe(422)
    expect(text).toContain(`id="${field}-error"`)
    expect(text).toContain(words.of('problem', code, values))
    expect(text).toContain(words.t('form.error_prefix'))
  })
})

describe('the page of a site', () => {
  it('says since when it is open, what it did with its rate, and what it reported in twelve months', async () => {
    const html = await read(people.committee, `${sites}/01`)
    for (const said of ['2021-07-19', words.t('sites.rate_per_year'), words.month('2026-06'), words.month('2025-07')]) {
      expect(html).toContain(said)
    }
    expect(html).not.toContain(words.month('2025-06'))
    const figures = await read(people.committee, sites)
    const exposure = /<td class="n" data-label="[^"]*施設年[^"]*">([\d.]+)</.exec(figures)?.[1] ?? 'none'
    expect(html).toContain(`<dd>${exposure}</dd>`)
  })

  it('has its subjects for those who may see them, and none of another site’s', async () => {
    const counts = await read(people.committee, `${sites}/01`)
    expect(counts).not.toMatch(/SSC-BMC-\d\d-\d{3}/)
    expect(counts).not.toContain('<form method="post" action="/trials')
    const own = await read(people.crc, `${sites}/01`)
    expect(new Set(own.match(/SSC-BMC-\d\d-\d{3}/g))).toEqual(
      new Set(['SSC-BMC-01-001', 'SSC-BMC-01-002', 'SSC-BMC-01-003']),
    )
    expect(own).toContain('/subjects?site=01"')
    const other = await read(people.crc, `${sites}/02`)
    expect(other).not.toMatch(/SSC-BMC-\d\d-\d{3}/)
    expect(other).not.toContain('/subjects?site=02"')
    expect(other).not.toContain('/attestations')
  })

  it('offers what its reader may do: a screening of that site, an unreported month, the settings', async () => {
    const html = await read(people.manager, `${sites}/02`)
    expect(html).toContain('/settings/statuses"')
    const [, add = ''] = /href="([^"]*\/subjects\/new\?site=02)"/.exec(html) ?? []
    const form = await read(people.manager, add)
    expect(form).toMatch(/value="SSC-BMC-02-\d{3}"/)
    expect(form).toMatch(/<option value="[\w-]+" selected>02 /)
    expect(await read(people.manager, `${sites}/02?asOf=2025-01-01`)).not.toContain('/attestations')
    const before = await everythingIn(served.db)
    const [, action = '', month = ''] =
      /action="([^"]+\/attestations)">[\s\S]*?name="month" value="([^"]+)"/.exec(html) ?? []
    expect((await people.manager.post(action, { month })).status).toBe(303)
    expect(await everythingIn(served.db)).not.toEqual(before)
    expect(await read(people.manager, `${sites}/02`)).not.toContain(`name="month" value="${month}"`)
  })

  it('of a site that the trial does not have is none', async () => {
    for (const code of ['99', '1', '%00', "01'"])
      expect((await people.manager.get(`${sites}/${code}`)).status).toBe(404)
  })

  it('is what the names of sites lead to', async () => {
    expect(await read(people.committee, sites)).toContain(`href="${sites}/03"`)
    expect(await read(people.committee, '/trials/SSC-BMC')).toContain(`href="${sites}/03"`)
  })
})

it('thirty sites are read twenty at a time, and the totals are of all of them', async () => {
  const draft = trialDraft()
  const [first] = draft.sites
  if (first === undefined) throw new Error('the draft has sites')
  const many = Array.from({ length: 30 }, (_, place) => ({ ...first, code: String(place + 1).padStart(2, '0') }))
  const trial = { ...draft.trial, code: 'THIRTY' }
  const { trialId, siteIds } = await done(openTrial(served.context, commandLine, { ...draft, trial, sites: many }))
  const grants = [{ role: 'data_manager' as const, trialId, siteId: null }]
  const [consent] = await listConsentVersions(served.db, trialId)
  const rest = { number: null, referralSource: null, basis: 'recorded' as const, consentVersionId: consent?.id ?? '' }
  const entry = { trialId, siteId: siteIds['30'] ?? '', consentedOn: calendarDate('2026-06-01'), ...rest }
  await done(recordScreening(served.context, { ...commandLine, grants }, entry))
  const reader = await signedIn(served, await newcomer(served, grants))
  const page = await read(reader, '/trials/THIRTY/sites?from=2026-01-01')
  expect(page.match(/<tr id="site-/g)).toHaveLength(20)
  expect(page).toContain('/sites/20"')
  expect(page).not.toContain('/sites/21"')
  expect(figuresIn(page)[0]?.number).toBe(1)
  const next = /rel="next" href="([^"]+)"/.exec(page)?.[1] ?? ''
  expect(next).toContain('from=2026-01-01')
  const last = await read(reader, `/trials/THIRTY/sites${next}`)
  expect(last.match(/<tr id="site-/g)).toHaveLength(10)
  expect(figuresIn(last).map(({ number }) => number)).toContain(1)
  expect(last).not.toContain('rel="next"')
})
