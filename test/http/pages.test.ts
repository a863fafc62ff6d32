/**
 * Every page of the demonstration, as everybody who may see it reads it, in both languages: valid, finished, in one
 * language, asking nobody else for anything, and silent about what it must not tell.
 */
import { randomUUID } from 'node:crypto'
import { type ConfigData, HtmlValidate, StaticConfigLoader } from 'html-validate'
import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { type DemoName, demoPeople } from '../../seeds/demo-people.ts'
import { day, done } from '../../seeds/story.ts'
import { addCalendarEntry } from '../../server/actions/add-calendar-entry.ts'
import { askRedaction } from '../../server/actions/ask-redaction.ts'
import { attachFile } from '../../server/actions/attach-file.ts'
import { chooseReviewMeasures } from '../../server/actions/choose-review-measures.ts'
import { draftRequest } from '../../server/actions/draft-request.ts'
import { issueLink } from '../../server/actions/issue-link.ts'
import { putInquiry } from '../../server/actions/put-inquiry.ts'
import { recordMilestone } from '../../server/actions/record-milestone.ts'
import { recordRegistration } from '../../server/actions/record-registration.ts'
import { recordScreening } from '../../server/actions/record-screening.ts'
import { setCondition } from '../../server/actions/set-condition.ts'
import { setUpSecondFactor } from '../../server/actions/set-up-second-factor.ts'
import { withdrawAttachment } from '../../server/actions/withdraw-attachment.ts'
import { commandLine } from '../../server/context.ts'
import { findAccount } from '../../server/db/accounts.ts'
import { listAuditEntries } from '../../server/db/audit-trail.ts'
import { listCountermeasures } from '../../server/db/countermeasures.ts'
import { engineOf } from '../../server/db/dialect.ts'
import { listPoolSettings } from '../../server/db/eligibility-pools.ts'
import { findActor, findPersonId } from '../../server/db/people.ts'
import { listReviews } from '../../server/db/reviews.ts'
import { newSecret } from '../../server/db/second-factors.ts'
import { listSites } from '../../server/db/sites.ts'
import { listEvents } from '../../server/db/subject-events.ts'
import { findTrialByCode, listConsentVersions } from '../../server/db/trials.ts'
import { routes } from '../../server/http/routes.ts'
import { ja } from '../../server/i18n/ja.ts'
import { sectionNames } from '../../server/pages/settings/settings-page.ts'
import { drafted, submitted } from '../actions/a-drafted-request.ts'
import { actor } from '../actions/small-trial.ts'
import type { Client } from '../support/client.ts'
import { codeAt } from '../support/codes.ts'
import { newcomer, serveForFile, signedIn, visitor, withEach } from './served.ts'

const served = serveForFile('demo')
const languages = ['ja', 'en'] as const
type Language = (typeof languages)[number]
const trials = ['SSC-BMC', 'CLTI-MNC', 'STR01-03', 'SSC-HSCT'] as const

/** Names that only the arms have: wherever one is read, an arm is told. */
const canaries = { ja: 'カナリア群', en: 'Canary arm' }

/** What somebody might have pasted into a name, a title, a label or a source: it hangs on every such text. */
const markup = '<b id="pasted">&'

/** It exists only while somebody's import goes on; its own test reads it. */
const currentReview = '/trials/:trial/reviews/current' // it leads to the newest one's report
/** There only where a provider is set up: their own test reads them. */
const atProvider = /\/(oidc|openid)(\/|$)/
const importUnderWay = '/trials/:trial/import/jobs/:job'

type Read = {
  person: DemoName | 'nobody'
  route: string
  path: string
  language: Language
  status: number
  html: string
}
const pages: Read[] = []

/** What is asked for at each address: the page as it opens, and, in one trial, what can be chosen on it. */
const variants: Record<string, readonly string[]> = {
  '/trials/:trial': ['', '?asOf=2025-01-01', '?asOf=2004-01-01', '?asOf=2026-02-30', '?knownAt=2025-01-01'],
  '/trials/:trial/projection': [
    '',
    '?asOf=2025-01-01',
    '?asOf=2004-01-01',
    '?asOf=2026-02-30&rateA=much&claims=own&claim1=siteRate&number1=x&sites1=99',
    '?claims=own&claim1=siteRate&number1=2&amount1=1&years1=3&sites1=01+02&claim2=siteRate&number2=2&amount2=2&years2=3&sites2=01+02',
    '?untilA=2031-07-18&addedA=2&rateB=2&conversionB=50&weightA=0.5&driftB=off',
  ],
  '/trials/:trial/projection/sheet': [
    '',
    '?asOf=2021-07-19',
    '?asOf=2021-10-01',
    '?asOf=2025-01-01',
    '?asOf=2004-01-01',
    '?asOf=2026-02-30',
    '?claims=own',
    '?claims=own&claim1=siteRate&number1=2&amount1=1&years1=3&sites1=01+02&claim2=siteRate&number2=2&amount2=2&years2=3&sites2=01+02',
    '?untilA=2031-07-18&addedA=2&rateB=2&conversionB=50&weightA=0.5&driftB=off',
  ],
  '/trials/:trial/sites': ['', '?asOf=2025-01-01', '?asOf=2026-02-30', '?from=abc&until=2027-01-01'],
  '/trials/:trial/sites/:site': ['', '?asOf=2025-01-01', '?asOf=2026-02-30'],
  '/people': ['', '?search=demo', '?search=nobody-like-this', '?page=9'],
  '/trials/:trial/countermeasures': ['', '?asOf=2025-01-01', '?asOf=2026-02-30', '?page=9', '?done=measure_added'],
  '/trials/:trial/pools': ['', '?asOf=2025-01-01', '?asOf=2026-02-30', '?done=pool_added'],
  '/trials/:trial/sources': ['', '?page=9'],
  '/trials/:trial/audit': [
    '',
    '?before=30',
    '?record=SSC-BMC-01-001',
    '?event=terms_adopted&from=2024-01-01',
    '?until=R9',
  ],
  '/trials/:trial/audit.csv': ['', '?record=SSC-BMC-01-001'],
  '/trials/:trial/calendar': ['', '?past=yes', '?kind=condition', '?kind=visits&done=met'],
  '/': ['', '?order=silent', '?by=phase&is=phase_2', '?by=condition&is=nothing', '?page=9'],
  '/trials/:trial/timelines': ['', '?by=registration', '?page=9'],
  '/trials/:trial/subjects': [
    '',
    '?list=waiting',
    '?list=unaccounted',
    '?list=started&site=01&from=2025-01-01&until=2026-06-24',
    '?order=last&direction=desc',
    '?site=01&search=0',
    '?search=nothing-like-it',
    '?page=9',
    '?asOf=2025-01-01&knownAt=2025-06-01',
    '?asOf=2026-02-30&knownAt=3000-01-01',
  ],
  '/trials/:trial/print/screening-log': ['', '?site=01', '?asOf=2004-01-01'],
  '/trials/:trial/subjects/new': ['', '?opening=prescreening', '?follows=nobody'],
  '/trials/:trial/subjects/:subject': ['', '?done=event'],
  '/trials/:trial/subjects/:subject/events/new': ['', '?what=exit', '?what=unheard-of'],
}

const isFile = (route: string) => /\.(csv|xlsx|txt|json|ics|docx)$|:attachment$/.test(route)

/** A link that was handed over, and a role that somebody holds. */
let token = ''
let roleOfCoordinator = ''
/** A guest's link to the request that was asked about. */
let guest = { token: '', link: '' }

/** Somebody with a second factor, whose password is only half of signing in. */
let careful = { username: '', password: '' }

async function setUpOne(): Promise<typeof careful> {
  const { username, password } = await newcomer(served, [])
  const actor = await findActor(served.db, (await findPersonId(served.db, username)) ?? '')
  if (actor === null) throw new Error('nobody is there')
  const secret = newSecret()
  await done(setUpSecondFactor(served.context, actor, { secret, code: codeAt(secret, served.now) }))
  return { username, password }
}

/** The page between password and code, as somebody reads it who is not signed in yet. */
async function readCodePage(language: Language): Promise<void> {
  const client = await visitor(served, language)
  await client.post('/session', { ...careful, returnTo: '/' })
  const { status, text } = await client.get('/session/code')
  pages.push({ person: 'nobody', route: '/session/code', path: '/session/code', language, status, html: text })
}

/** One subject in each state that the trial has. */
async function subjectsOf(code: string): Promise<string[]> {
  const rows = await served.db
    .selectFrom('subject')
    .innerJoin('trial', 'trial.id', 'subject.trial_id')
    .select(['subject.id', 'subject.state'])
    .where('trial.code', '=', code)
    .orderBy('subject.id', 'desc')
    .execute()
  return [...new Map(rows.map(({ id, state }) => [state, id])).values()]
}

/** A countermeasure and a pool of each trial that has them; a pool's first count has the pool's identifier. */
const recruitment: Record<string, { measure: string; pool: string }> = {}

async function findRecruitment(code: string): Promise<void> {
  const trialId = (await findTrialByCode(served.db, code))?.id ?? ''
  const [measure] = await listCountermeasures(served.db, trialId)
  const [pool] = await listPoolSettings(served.db, trialId)
  if (measure !== undefined && pool !== undefined) recruitment[code] = { measure: measure.id, pool: pool.id }
}

/** A page of the settings for each section; of an entry, for the first one that the section links to. */
async function settingsAt(client: Client, trial: string, route: string): Promise<{ route: string; path: string }[]> {
  const found: { route: string; path: string }[] = []
  for (const section of sectionNames) {
    const here = `/trials/${trial}/settings/${section}`
    if (!route.includes(':entry')) {
      found.push({ route, path: route.replace(':trial', trial).replace(':section', section) })
      continue
    }
    const tail = route.slice(route.indexOf(':entry') + ':entry'.length)
    const [link] = (await client.get(here)).text.match(new RegExp(`${here}/entries/[\\w-]{36}${tail}(?=")`)) ?? []
    if (link !== undefined) found.push({ route, path: link })
  }
  return found.length > 0 ? found : [{ route, path: route.replace(':trial', trial) }]
}

/** The demonstration's own request; a draft, which has forms of its own; and one that waits for answers. */
let requests: { draft: number; asked: number; inquiry: string; condition: string; attachment: string }

function requestPaths(route: string): string[] {
  const { draft, asked, inquiry, condition, attachment } = requests
  const isOfDraft = /draft|submission|:request\/withdrawal$/.test(route)
  const isOfAsked = /:inquiry|:condition|:attachment|:link/.test(route)
  const numbers = isOfDraft ? [draft] : isOfAsked ? [asked] : [1, draft, asked]
  const paths = numbers.map((number) =>
    route
      .replace(':trial', 'SSC-BMC')
      .replace(':request', String(number))
      .replace(':inquiry', inquiry)
      .replace(':condition', condition)
      .replace(':link', guest.link)
      .replace(':attachment', attachment),
  )
  const more = route.endsWith('/replay') ? [`${paths[0]}?on=2026-06-24`, `${paths[0]}?on=2026-02-30`] : []
  return [...paths, ...more]
}

/** The first page of the calendar behind a link of each kind that its page has, past and to come. */
async function calendarAt(client: Client, trial: string, route: string): Promise<{ route: string; path: string }[]> {
  const here = `/trials/${trial}/calendar`
  const { text } = await client.get(`${here}?past=yes`)
  const pattern = route.replace(':trial', trial).replace(/:\w+/g, '[\\w-]+')
  const links = text.match(new RegExp(`${pattern}(?=")`, 'g')) ?? []
  const found = [...new Set(links)].filter((_, index) => index === 0 || route.includes(':from'))
  return found.length === 0
    ? [{ route, path: route.replace(':trial', trial) }]
    : found.slice(0, 2).map((path) => ({ route, path }))
}

async function read(client: Client, person: Read['person'], language: Language): Promise<void> {
  const asked: { route: string; path: string }[] = []
  for (const { method, path: route } of routes) {
    // Files are read elsewhere: a page says nothing of what stands in them.
    if (method !== 'get' || isFile(route)) continue
    if (!route.includes(':trial')) {
      const path = route
        .replace(':token', guest.token)
        .replace(':person', 'demo-crc')
        .replace(':step', 'end')
        .replace(':role', roleOfCoordinator)
      const suffixes =
        route === '/access' ? [`?token=${token}`] : person === 'nobody' ? [''] : (variants[route] ?? [''])
      for (const suffix of suffixes) asked.push({ route, path: path + suffix })
      continue
    }
    if (person === 'nobody') continue
    for (const trial of trials) {
      if (route.includes(':request')) {
        if (trial === 'SSC-BMC') asked.push(...requestPaths(route).map((path) => ({ route, path })))
        continue
      }
      if (route.includes(':section')) {
        asked.push(...(await settingsAt(client, trial, route)))
        continue
      }
      if (/calendar\/.*:/.test(route)) {
        asked.push(...(await calendarAt(client, trial, route)))
        continue
      }
      if (route.includes(':review')) {
        const reviews = await listReviews(served.db, trialIds.get(trial) ?? '')
        asked.push(...reviews.map(({ id }) => ({ route, path: route.replace(':trial', trial).replace(':review', id) })))
        continue
      }
      const subjects = route.includes(':subject') ? await subjectsOf(trial) : ['']
      for (const subject of subjects) {
        const events = route.includes(':event') ? await listEvents(served.db, subject) : []
        // What may be taken back is what was recorded last; a correction may be of anything.
        const event = (route.includes('taking-back') ? events.at(-1)?.id : events[0]?.id) ?? ''
        const path = route
          .replace(':trial', trial)
          .replace(':site', '01')
          .replace(':subject', subject)
          .replace(':event', event)
          .replace(':countermeasure', recruitment[trial]?.measure ?? 'none')
          .replace(':pool', recruitment[trial]?.pool ?? 'none')
          .replace(':count', recruitment[trial]?.pool ?? 'none')
          .replace(':redaction', redacting.asked)
          .replace('/redactions/new', `/redactions/new?entry=${redacting.entry}`)
        const suffixes = trial === 'SSC-BMC' ? variants[route] : undefined
        for (const suffix of suffixes ?? ['']) asked.push({ route, path: path + suffix })
      }
    }
  }
  const answers = await withEach(asked, async ({ route, path }) => {
    const { status, text } = await client.get(path)
    return { person, route, path, language, status, html: text }
  })
  pages.push(...answers.filter(({ status }) => status !== 303))
}

/** Pages that only a form can lead to: refused ones, and the one that asks before a registration. */
async function sendForms(client: Client, person: Read['person'], language: Language): Promise<void> {
  const log = '/trials/SSC-BMC/subjects'
  const events = `${log}/${eligible}/events`
  const posts: readonly [string, string, Record<string, string>][] = [
    ['refused screening', log, { consentedOn: '2026-02-30' }],
    ['refused event', events, { what: '', occurredOn: '7/8/2026', note: 'メモ' }],
    ['confirmation', events, { what: 'registration', occurredOn: '2026-06-24', note: '' }],
    ['expired form', '/language', { csrf: 'forged', language: 'ja' }],
  ]
  for (const [route, path, fields] of posts) {
    const { status, text } = await client.post(path, fields)
    pages.push({ person, route, path, language, status, html: text })
  }
}

/** An address of their own calendar, which is shown where it is made, and can then be revoked. */
async function makeFeed(client: Client, person: Read['person'], language: Language): Promise<void> {
  const path = '/trials/SSC-BMC/calendar/feeds'
  const { status, text } = await client.post(path, { of: 'trial', submissionKey: randomUUID() })
  pages.push({ person, route: 'a new feed', path, language, status, html: text })
}

/** What a guest reads, and the page on which their link is shown. */
async function makeGuestLinkPage(client: Client, language: Language): Promise<void> {
  const here = `/trials/SSC-BMC/requests/${requests.asked}`
  const sent = { guestLabel: 'R&D <b>', validUntil: '2026-07-08', submissionKey: randomUUID() }
  const { status, text } = await client.post(`${here}/guest-links`, sent)
  pages.push({ person: 'demo-pi', route: 'a guest link', path: here, language, status, html: text })
  guest = {
    token: /\/guest\/([\w-]{43})/.exec(text)?.[1] ?? '',
    link: /guest-links\/([\w-]+)\/revocation/.exec((await client.get(here)).text)?.[1] ?? '',
  }
}

const trialIds = new Map<string, string>()

/** Nothing stands against signing the review that is open, so that the page that asks for it can be read. */
async function answerReviews(): Promise<void> {
  for (const code of trials) trialIds.set(code, (await findTrialByCode(served.db, code))?.id ?? '')
  const trialId = trialIds.get('SSC-BMC') ?? ''
  const open = (await listReviews(served.db, trialId)).find(({ signature }) => signature === null)
  const investigator = { ...commandLine, grants: [{ role: 'principal_investigator', trialId, siteId: null }] as const }
  const measureIds = (await listCountermeasures(served.db, trialId)).map(({ id }) => id).slice(0, 1)
  const answer = { reviewId: open?.id ?? '', measureIds }
  await done(chooseReviewMeasures(served.context, investigator, trialId, answer))
}

/** The forms about recruitment, refused: every kind of field with its mistake, and what two people changed at once. */
async function sendRecruitment(client: Client, person: Read['person'], language: Language): Promise<void> {
  const here = '/trials/SSC-BMC'
  const { measure = '', pool = '' } = recruitment['SSC-BMC'] ?? {}
  const posts: readonly [string, string, Record<string, string>][] = [
    ['refused measure', `${here}/countermeasures`, { siteIds: 'nowhere', startedOn: '2026-02-30' }],
    ['refused pool', `${here}/pools`, { size: 'many', countedOn: '7/8/2026', partOf: 'nowhere' }],
    ['refused end', `${here}/countermeasures/${measure}/end`, { endedOn: '2026-06-24', seen: 'of old' }],
    ['refused void', `${here}/pools/${pool}/counts/${pool}/void`, { reason: '' }],
  ]
  for (const [route, path, fields] of posts) {
    const { status, text } = await client.post(path, fields)
    pages.push({ person, route, path, language, status, html: text })
  }
}

/** A subject of site 01 that was judged to be eligible, and only waits to be registered. */
let eligible = ''

async function judgeOne(): Promise<string> {
  const trial = await findTrialByCode(served.db, 'SSC-BMC')
  const trialId = trial?.id ?? ''
  const siteId = (await listSites(served.db, trialId))[0]?.id ?? ''
  const consentVersionId = (await listConsentVersions(served.db, trialId))[0]?.id ?? ''
  const manager = { ...commandLine, grants: [{ role: 'data_manager', trialId, siteId: null }] as const }
  const common = { trialId, referralSource: null, basis: 'recorded' as const, note: null, seenEventId: null }
  const screening = { ...common, siteId, number: null, consentedOn: day('2026-06-01'), consentVersionId }
  const { subjectId } = await done(recordScreening(served.context, manager, screening))
  const judgement = { ...common, subjectId, code: 'eligibility', occurredOn: day('2026-06-10') }
  await done(recordMilestone(served.context, manager, judgement))
  return subjectId
}

/** A note that should not have been typed, by its entry of the trail, and one that somebody asked to be taken out. */
let redacting: { entry: number; asked: string }

async function askForRedaction(): Promise<typeof redacting> {
  const { context, db } = served
  const trialId = (await findTrialByCode(db, 'SSC-BMC'))?.id ?? ''
  const manager = { ...commandLine, grants: [{ role: 'data_manager', trialId, siteId: null }] as const }
  const noted: number[] = []
  for (const note of ['R&D <b>', 'a name']) {
    const common = { trialId, subjectId: await judgeOne(), basis: 'recorded' as const, seenEventId: null }
    const said = { code: 'registration', occurredOn: day('2026-06-20'), note }
    await done(recordRegistration(context, manager, { ...common, ...said }))
    const entries = await listAuditEntries(db, trialId, { before: null, limit: 10 })
    noted.push(entries.find(({ after }) => after.note === note)?.sequence ?? 0)
  }
  const [entry = 0, other = 0] = noted
  const draft = { trialId, sequence: other, place: 'subject_event.note', kind: 'other', words: 'R&D <b>' } as const
  return { entry, asked: (await done(askRedaction(context, manager, draft))).redactionId }
}

async function writeRequests(): Promise<typeof requests> {
  const trialId = (await findTrialByCode(served.db, 'SSC-BMC'))?.id ?? ''
  const { context, db } = served
  const manager = actor('manager', 'data_manager', trialId)
  const world = { context, db, trialId, manager }
  const found = await submitted(world)
  const { number } = found.record
  const body = { bodyId: found.bodies[0]?.id ?? '', basis: 'recorded' as const }
  const said = { ja: '質問', en: 'A question' }
  const question = { ...body, round: 1, item: 1, askedOn: day('2026-06-20'), question: said, dueOn: day('2026-06-22') }
  const { inquiryId } = await done(putInquiry(context, manager, trialId, number, question))
  const demand = { ...body, text: said, dueOn: day('2026-07-31'), meetingId: null, source: said }
  const { conditionId } = await done(setCondition(context, manager, trialId, number, demand))
  const content = new TextEncoder().encode('%PDF-1.7 minutes')
  const { attachmentId } = await done(
    attachFile(context, manager, trialId, number, { name: 'minutes & more.pdf', content }),
  )
  const { attachmentId: gone } = await done(
    attachFile(context, manager, trialId, number, { name: 'draft.pdf', content: new Uint8Array([...content, 10]) }),
  )
  await done(withdrawAttachment(context, manager, trialId, number, { attachmentId: gone, reason: '版の取り違え' }))
  // What a committee asks for outside any request stands in the calendar alone.
  const alone = { kind: 'condition' as const, title: said, body: said, source: said, meetingId: null }
  const due = { dueOn: day('2026-08-31'), met: { on: null, evidence: '' }, basis: 'recorded' as const }
  await done(addCalendarEntry(context, manager, trialId, { ...alone, ...due }))
  const { number: draft } = await done(draftRequest(context, manager, trialId, drafted()))
  return { draft, asked: number, inquiry: inquiryId, condition: conditionId, attachment: attachmentId }
}

beforeAll(async () => {
  eligible = await judgeOne()
  await answerReviews()
  careful = await setUpOne()
  token = (await done(issueLink(served.context, commandLine, 'demo-irb'))).token ?? ''
  roleOfCoordinator = (await findAccount(served.db, 'demo-crc'))?.roles[0]?.id ?? ''
  requests = await writeRequests()
  redacting = await askForRedaction()
  const { writer } = engineOf(served.db)
  for (const table of await writer.introspection.getTables()) {
    const texts = table.columns.map(({ name }) => name).filter((name) => /_(ja|en)$/.test(name))
    // What was signed cannot be changed, not even here.
    if (table.name === 'review_signature') continue
    const marked = texts.map((name) => sql`${sql.ref(name)} = ${sql.ref(name)} || ${markup}`)
    if (marked.length > 0) await sql`update ${sql.table(table.name)} set ${sql.join(marked)}`.execute(writer)
  }
  await sql`update trial_arm set label_ja = ${canaries.ja}, label_en = ${canaries.en}`.execute(writer)
  for (const trial of trials) await findRecruitment(trial)
  for (const language of languages) {
    for (const person of demoPeople) {
      await makeFeed(await signedIn(served, person, language), person.username, language)
    }
  }
  const investigator = demoPeople.find(isNamed('demo-pi')) ?? demoPeople[0]
  for (const language of languages) {
    await makeGuestLinkPage(await signedIn(served, investigator, language), language)
  }
  for (const language of languages) {
    await read(await visitor(served, language), 'nobody', language)
    const over = await (await visitor(served, language)).get('/guest/unknown')
    const there = { route: 'no guest link', path: '/guest/unknown', language, status: over.status }
    pages.push({ person: 'nobody', ...there, html: over.text })
    await readCodePage(language)
    for (const person of demoPeople) {
      const client = await signedIn(served, person, language)
      // Their page lists where they are signed in: here alone, in either language.
      await client.post('/account/sessions/end', { session: 'others' })
      await read(client, person.username, language)
      if (person.username === 'demo-crc') await sendForms(client, person.username, language)
      if (person.username === 'demo-dm') await sendRecruitment(client, person.username, language)
      pages.push({
        ...{ person: person.username, route: 'not found', path: '/no-such-page', language, status: 404 },
        html: (await client.get('/no-such-page')).text,
      })
    }
  }
  await readLocked()
}, 120_000)

/** What is read of a trial while it is locked, and the forms of its end as they come back when they were refused. */
async function readLocked(): Promise<void> {
  const here = '/trials/SSC-BMC'
  const passwordOf = (username: DemoName) => demoPeople.find((one) => one.username === username)?.password ?? ''
  const [dm, pi] = [demoPeople.find(isNamed('demo-dm')), demoPeople.find(isNamed('demo-pi'))]
  if (dm === undefined || pi === undefined) throw new Error('nobody is there')
  for (const language of languages) {
    const [manager, investigator] = [await signedIn(served, dm, language), await signedIn(served, pi, language)]
    const keep = async (
      client: Client,
      person: DemoName,
      route: string,
      path: string,
      fields?: Record<string, string>,
    ) => {
      const { status, text } = fields === undefined ? await client.get(path) : await client.post(path, fields)
      pages.push({ person, route, path, language, status, html: text })
    }
    await keep(manager, 'demo-dm', 'refused lock', `${here}/locks`, { because: '' })
    await keep(manager, 'demo-dm', 'refused retention', `${here}/retention`, { years: '0', retentionEnd: '2026-02-30' })
    const typed = { because: '最終報告書の提出', submissionKey: randomUUID() }
    await manager.post(`${here}/locks`, { ...typed, password: passwordOf('demo-dm') })
    const { text } = await investigator.get(`${here}/profile`)
    const [end = ''] = /\/trials\/SSC-BMC\/locks\/[\w-]{36}\/end/.exec(text) ?? []
    await keep(investigator, 'demo-pi', 'locked profile', `${here}/profile`)
    await keep(investigator, 'demo-pi', 'locked overview', here)
    await keep(investigator, 'demo-pi', '/trials/:trial/locks/:lock/end/new', `${end}/new`)
    await keep(manager, 'demo-dm', 'locked settings', `${here}/settings`)
    await keep(manager, 'demo-dm', 'refused unlocking', end, { because: '', submissionKey: randomUUID() })
    await investigator.post(end, { ...typed, submissionKey: randomUUID(), password: passwordOf('demo-pi') })
  }
}
const isNamed = (name: DemoName) => (one: { username: string }) => one.username === name

const placeOf = ({ person, path, language }: Read) => `${person} ${language} ${path}`

/** Every page of which something is true, with what it was. */
function where(told: (page: Read) => readonly string[]): string[] {
  return pages.flatMap((page) => told(page).map((what) => `${placeOf(page)}: ${what}`))
}

/** Rules about how HTML is written, not about what it means to a reader. */
const matterOfTaste = {
  'void-style': 'off',
  'no-trailing-whitespace': 'off',
  'attribute-boolean-style': 'off',
  'attribute-empty-style': 'off',
  'doctype-style': 'off',
  'long-title': 'off',
  'require-sri': 'off', // all files come from here
  'no-raw-characters': ['error', { relaxed: true }],
  // The summary of what is to mend stands above the heading, where it is read first.
  'heading-level': ['error', { minInitialRank: 'h2' }],
  // Several boxes of one question have one name, as HTML has it.
  'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'button', 'reset', 'submit'] }],
} as const satisfies ConfigData['rules']

/** What a validator looks at, line by line: elements and attributes, with every text, number and identifier alike. */
const shapesIn = (html: string) =>
  html
    .replace(/<svg\b[\s\S]*?<\/svg>/g, '')
    .split('\n')
    .map((line) =>
      line
        .replace(/>[^<]+</g, '>x<')
        .replace(/\s(?:class|selected|checked|aria-current|aria-sort)(?:="[^"]*")?(?=[\s>])/g, '')
        .replace(/\b(href|value|content|title|data-label|action|datetime|aria-label)="[^"]+"/g, '$1')
        .replace(/[\da-f-]{8,}|\d+/g, '0')
        .replace(/(<(th|td|li|div|option|label)\b(?:(?!<\2\b).)*?<\/\2>x?)\1+/g, '$1'),
    )
const withoutData = (html: string) => html.replace(/<script type="application\/json"[\s\S]*?<\/script>/g, '')
const withoutFiles = (html: string) => html.replace(/<(link|script)\b[^>]*>/g, '')
const texts = (html: string) => withoutData(html).replace(/<[^>]*>/g, '\n')

const readable = routes
  .filter(({ method, path }) => method === 'get' && !isFile(path) && !atProvider.test(path))
  .map(({ path }) => path)

describe('all of them', () => {
  it('were read: every address that can be read, and by everybody who may', () => {
    const shown = new Set(pages.filter(({ status }) => status === 200).map(({ route }) => route))
    expect(readable.filter((route) => !shown.has(route))).toEqual([importUnderWay, currentReview])
    expect(shown).toContain('confirmation')
    expect(pages.filter(({ status }) => ![200, 201, 403, 404, 409, 422].includes(status)).map(placeOf)).toEqual([])
    const statusesOf = (who: DemoName, route: string) =>
      new Set(pages.filter(({ person, ...page }) => person === who && page.route === route).map(({ status }) => status))
    expect(statusesOf('demo-irb', '/trials/:trial/subjects')).toEqual(new Set([403]))
    expect(statusesOf('demo-dm', '/trials/:trial/subjects')).toEqual(new Set([200, 422]))
  })

  it('are valid HTML, with names for fields, ids that exist once, and tables that can be read aloud', async () => {
    const validator = new HtmlValidate(
      new StaticConfigLoader({
        extends: ['html-validate:recommended', 'html-validate:a11y', 'html-validate:document'],
        rules: matterOfTaste,
      }),
    )
    const complaintsAbout = async (html: string) =>
      (await validator.validateString(html)).results
        .flatMap((result) => result.messages)
        .map(({ ruleId, message }) => `${ruleId}: ${message}`)

    const bad = '<input id="a"><p id="a"></p><img src="x"><table><tr><th>x</th></tr></table>'
    expect((await complaintsAbout(bad)).map((complaint) => complaint.split(':')[0])).toEqual(
      expect.arrayContaining(['input-missing-label', 'no-dup-id', 'prefer-tbody', 'wcag/h37']),
    )
    const seen = new Set<string>()
    let validated = 0
    const complaints: string[] = []
    for (const page of pages) {
      // A page with nothing new in it is as valid as the pages that had the same before.
      const news = shapesIn(page.html).filter((shape) => !seen.has(shape))
      if (news.length === 0) continue
      for (const shape of news) seen.add(shape)
      validated += 1
      complaints.push(...(await complaintsAbout(page.html)).map((complaint) => `${placeOf(page)}: ${complaint}`))
    }
    expect(validated).toBeGreaterThan(25)
    expect(complaints).toEqual([])
  }, 120_000)

  it('have no id twice, and none that is spoken of and missing', () => {
    expect(
      where(({ html }) => {
        const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id)
        const spokenOf = [...html.matchAll(/\s(?:for|aria-labelledby|aria-describedby|popovertarget)="([^"]+)"/g)]
          .flatMap(([, names = '']) => names.split(' '))
          .concat([...html.matchAll(/\shref="#([^"]+)"/g)].map(([, id = '']) => id))
        const twice = ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} twice`)
        return [...twice, ...spokenOf.filter((id) => !ids.includes(id)).map((id) => `${id} missing`)]
      }),
    ).toEqual([])
  })

  it('have one main heading, a title that says where one is, and a main part to skip to', () => {
    expect(
      where(({ html }) => [
        ...((html.match(/<h1\b/g) ?? []).length === 1 ? [] : ['not one h1']),
        ...(/<title>[^<]{3,} — 登録 Toroku<\/title>/.test(html) ? [] : ['no title']),
        ...(html.includes('<a class="skip" href="#main">') && html.includes('<main id="main"') ? [] : ['no main']),
      ]),
    ).toEqual([])
  })

  it('are rendered to the end: no brace, no mark of the words, no key', () => {
    const tables = Object.keys(ja).join('|')
    const key = new RegExp(`\\b(?:${tables})\\.(?!(?:csv|xlsx|json|docx)\\b)[a-z_]+\\b(?!\\.)`, 'g')
    expect(where(({ html }) => withoutData(html).match(/[{}].{0,20}/g) ?? [])).toEqual([])
    expect(where(({ html }) => html.match(/(?:\[\[|\]\]|\*\*).{0,20}/g) ?? [])).toEqual([])
    expect(where(({ html }) => withoutFiles(html).match(key) ?? [])).toEqual([])
  })

  it('show no value that is none', () => {
    const none = /(?:\bundefined\b|\bNaN\b|\[object|\bInfinity\b|∞|>null<|Invalid Date).{0,20}/g
    expect(where(({ html }) => html.match(none) ?? [])).toEqual([])
    expect(where(({ html }) => html.match(/\b(?:href|action|id|for|name)=""/g) ?? [])).toEqual([])
  })

  it('ask no other host for anything, and carry no style and no script of their own', () => {
    const elsewhere = /(?:https?:)?\/\/(?!www\.w3\.org\/)[a-z0-9-]+\.[a-z]+/gi
    const inline =
      /\sstyle=|<style\b|\son[a-z]+=|javascript:|<script(?![^>]*(?:\bsrc=|type="application\/json"))[^>]*>/gi
    expect(where(({ html }) => html.match(elsewhere) ?? [])).toEqual([])
    expect(where(({ html }) => html.match(inline) ?? [])).toEqual([])
  })

  it('keep data for scripts from ending its element', () => {
    const data = pages.flatMap(({ html }) => [
      ...html.matchAll(/<script type="application\/json"[^>]*>([\s\S]*?)<\/script>/g),
    ])
    expect(data.length).toBeGreaterThan(20)
    for (const [, json = ''] of data) {
      expect(json).not.toContain('<')
      expect(() => JSON.parse(json)).not.toThrow()
    }
  })
})

describe('the two languages', () => {
  it('have the same addresses, and say in the page which one it is', () => {
    const addresses = (language: Language) =>
      pages
        .filter((page) => page.language === language)
        .map(({ person, path, status }) => `${person} ${path.replace(/(?<=\/locks\/)[\w-]{36}/, ':lock')} ${status}`)
    expect(addresses('en')).toEqual(addresses('ja'))
    expect(where(({ html, language }) => (html.includes(`<html lang="${language}">`) ? [] : ['wrong lang']))).toEqual(
      [],
    )
  })

  it('have the same structure: element by element, but for words', () => {
    const skeleton = (html: string) =>
      (withoutData(html).match(/<\/?[a-z0-9-]+/g) ?? []).join('').replace(/<span<\/span|<br|<b<\/b/g, '')
    const inJapanese = pages.filter(({ language }) => language === 'ja')
    const inEnglish = pages.filter(({ language }) => language === 'en')
    // They say what was done meanwhile: every page that was read, and the lock that was ended in the other language.
    const grown = new Set(['/trials/:trial/accesses', 'locked profile', 'locked overview'])
    const differing = inJapanese.filter((page, index) => {
      const other = inEnglish[index]?.html ?? ''
      return !grown.has(page.route) && skeleton(page.html) !== skeleton(other)
    })
    expect(differing.map(placeOf)).toEqual([])
  })

  it('do not mix: no sentence of one stands on a page of the other', () => {
    const letters = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u
    // Shorter ones are words, which records may hold as well.
    const isSentence = (text: string) => letters.test(text) && !text.includes('{') && text.length > 7
    const sentences = new Set(sentencesOf(ja).filter(isSentence))
    expect(sentences.size).toBeGreaterThan(60)
    const said = where(({ html, language }) =>
      language === 'ja'
        ? []
        : texts(html)
            .split('\n')
            .map((line) => line.trim())
            .filter((line) => sentences.has(line)),
    )
    expect(said).toEqual([])
  })

  it('lead from one to the other and back to the same page', () => {
    expect(
      where(({ html, path, status, route }) => {
        const to = /name="language" value="en"><input type="hidden" name="returnTo" value="([^"]*)"/.exec(html)?.[1]
        // A report stands alone: it has no form, not even that of the languages.
        if (route.endsWith('/report') && status === 200) return to === undefined ? [] : ['a form']
        const isOfForm = !routes.some((known) => known.path === route) || status === 403
        const withSigns = (address = '') => address.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')
        // A form keeps what was chosen in it.
        const isSame = withSigns(to) === path || (route.endsWith('/new') && withSigns(to).startsWith(`${path}?`))
        return isOfForm || isSame ? [] : [`returns to ${to}`]
      }),
    ).toEqual([])
  })
})

function sentencesOf(dictionary: object): string[] {
  return Object.values(dictionary).flatMap((value) => (typeof value === 'string' ? [value] : sentencesOf(value)))
}

describe('what people wrote', () => {
  it('is text wherever it stands: in names, titles, labels, sources, and in the data of charts', () => {
    expect(where(({ html }) => (html.includes('<b id=') ? ['not escaped'] : []))).toEqual([])
    const escaped = pages.filter(({ html }) => html.includes('&lt;b id&#x3D;&quot;pasted&quot;&gt;&amp;'))
    const told = new Set(escaped.filter(({ status }) => status === 200).map(({ route }) => route))
    const silent = readable.filter((path) => !told.has(path))
    // Who is not signed in reads no name but those of the demonstration, which no database holds.
    expect(silent).toEqual([importUnderWay, '/session/new', '/session/code', currentReview])
  })
})

describe('what a page must not tell', () => {
  it('an arm stands in the profile and the settings, where the design is told, and on no page about subjects, sites or counts', () => {
    const telling = pages.filter(({ html }) => html.includes(canaries.ja) || html.includes(canaries.en))
    const blinded = telling.filter(({ person }) => person !== 'demo-stat')
    const settings = blinded.filter(({ route }) => route.startsWith('/trials/:trial/settings'))
    expect(new Set(settings.map(({ person }) => person))).toEqual(new Set(['demo-dm']))
    const elsewhere = blinded.filter((page) => !settings.includes(page))
    expect(new Set(elsewhere.map(({ route }) => route))).toEqual(new Set(['/trials/:trial/profile']))
    const unblinded = new Set(telling.filter(({ person }) => person === 'demo-stat').map(({ route }) => route))
    const own = ['/trials/:trial/subjects/:subject', '/trials/:trial/subjects/:subject/allocation/new']
    expect(unblinded).toEqual(new Set(['/trials/:trial/profile', ...own]))
  })

  it('a password, a hash, a token but the form’s own, or an identifier of a person stands nowhere', async () => {
    const people = await served.db.selectFrom('person').select(['id', 'password_hash']).execute()
    expect(people.length).toBeGreaterThan(5)
    const secret = (html: string) =>
      people.filter(({ id, password_hash }) => html.includes(id) || html.includes(password_hash)).map(({ id }) => id)
    expect(where(({ html }) => [...secret(html), ...(html.match(/scrypt\$/g) ?? [])])).toEqual([])
    const passwords = demoPeople.map(({ password }) => password)
    expect(
      where(({ html, person }) => (person === 'nobody' ? [] : passwords.filter((password) => html.includes(password)))),
    ).toEqual([])
  })

  it('a form for what the reader may not do is not offered', () => {
    const readers: readonly Read['person'][] = ['demo-pi', 'demo-irb', 'demo-audit']
    // What the principal investigator does beside reading: outside the period, recruitment, the calendar, the end of a trial.
    const ofPrincipal =
      /\/override(\/new)?$|\/(countermeasures|pools|reviews|locks|redactions)(\/|$)|\/calendar\/(meetings|conditions|entries|reports)\b/
    const offered = where(({ html, person }) =>
      readers.includes(person)
        ? [...html.matchAll(/<form\b[^>]*method="post"[^>]*action="([^"]+)"/g)]
            .map(([, action = '']) => action)
            .filter((action) => !/^\/(language|session\/end|access|account\/.*)$/.test(action))
            .filter((action) => !(person === 'demo-pi' && ofPrincipal.test(action)))
            .filter((action) => !(person !== 'demo-audit' && action.includes('/requests')))
            // An address of their own calendar is for everybody who reads it.
            .filter((action) => !/\/calendar\/feeds(\/|$)/.test(action))
        : [],
    )
    expect(offered).toEqual([])
    expect(
      where(({ html, person }) => {
        const leading = readers.includes(person) ? (html.match(/href="[^"]*\/new\b/g) ?? []) : []
        return leading
          .filter((href) => !(person === 'demo-pi' && ofPrincipal.test(href)))
          .filter((href) => !(person !== 'demo-audit' && href.includes('/requests/')))
      }),
    ).toEqual([])
  })

  it('every link leads to a page that its reader may open', async () => {
    const broken: string[] = []
    for (const person of demoPeople) {
      const client = await signedIn(served, person)
      const own = pages.filter(
        (page) => page.person === person.username && page.language === 'ja' && page.status === 200,
      )
      const links = new Set(
        own.flatMap(({ html, path }) =>
          [...html.matchAll(/<a\b[^>]*\bhref="([^"#][^"]*)"/g)].map(([, href = '']) => {
            const to = href.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=').replace(/#.*/, '')
            return to.startsWith('?') ? path.split('?')[0] + to : to
          }),
        ),
      )
      expect(links.size).toBeGreaterThan(5)
      await withEach([...links], async (link) => {
        const { status, location } = await client.get(link)
        const isSignpost = link.endsWith('/reviews/current') && location !== null && links.has(location)
        // A lock that was ended since has no form any more.
        const isOver = status === 303 && link.includes('/locks/')
        if (status !== 200 && !isSignpost && !isOver) broken.push(`${person.username} ${link}: ${status}`)
      })
    }
    expect(broken).toEqual([])
  }, 120_000)
})
