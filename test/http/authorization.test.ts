/**
 * Who gets what, over HTTP: every route, asked by every kind of person, for their own and for other sites' subjects,
 * in their trial, in another one and where there is nothing. The table below is written independently of the code's;
 * every answer is held against the document of `toroku policy` as well, so that the document is what really happens.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoPeople } from '../../seeds/demo-people.ts'
import { day, done } from '../../seeds/story.ts'
import { addCalendarEntry } from '../../server/actions/add-calendar-entry.ts'
import { askRedaction } from '../../server/actions/ask-redaction.ts'
import { attachFile } from '../../server/actions/attach-file.ts'
import { changeExitReasons } from '../../server/actions/change-exit-reasons.ts'
import { changeReportingSchemes } from '../../server/actions/change-reporting-schemes.ts'
import { draftRequest } from '../../server/actions/draft-request.ts'
import { endAccess } from '../../server/actions/end-access.ts'
import { makeCalendarFeed } from '../../server/actions/make-calendar-feed.ts'
import { makeGuestLink } from '../../server/actions/make-guest-link.ts'
import { openReview } from '../../server/actions/open-review.ts'
import { openTrial } from '../../server/actions/open-trial.ts'
import { putInquiry } from '../../server/actions/put-inquiry.ts'
import { recordMilestone } from '../../server/actions/record-milestone.ts'
import { recordScreening } from '../../server/actions/record-screening.ts'
import { setCondition } from '../../server/actions/set-condition.ts'
import { signReview } from '../../server/actions/sign-review.ts'
import { type Actor, commandLine } from '../../server/context.ts'
import { findAccount } from '../../server/db/accounts.ts'
import { listAuditEntries } from '../../server/db/audit-trail.ts'
import { listCalendarEntries } from '../../server/db/calendar-entries.ts'
import { listCountermeasures } from '../../server/db/countermeasures.ts'
import { listReasonSettings } from '../../server/db/exit-reason-settings.ts'
import { listGuestLinks } from '../../server/db/guest-links.ts'
import { findPersonId } from '../../server/db/people.ts'
import { findRedacting, findRedaction, findTextAsked } from '../../server/db/redactions.ts'
import { listReportingSchemes } from '../../server/db/reporting-schemes.ts'
import { findRetention } from '../../server/db/retention.ts'
import { findReviewDraft, listReviews } from '../../server/db/reviews.ts'
import { listSites } from '../../server/db/sites.ts'
import { listEvents } from '../../server/db/subject-events.ts'
import { findTrialByCode, listConsentVersions } from '../../server/db/trials.ts'
import type { Grant, Role } from '../../server/domain/permission.ts'
import { policyOf } from '../../server/domain/policy.ts'
import { seenOf } from '../../server/domain/redaction.ts'
import { routes } from '../../server/http/routes.ts'
import { drafted, requestOf, submitted } from '../actions/a-drafted-request.ts'
import type { Client } from '../support/client.ts'
import { rawWriter } from '../support/raw.ts'
import { measureFields, newRecruitment, poolFields } from './recruitment-of-a-trial.ts'
import { everythingIn, forgetFailures, newcomer, serveForFile, signedIn, visitor } from './served.ts'

/** What one may ask for in a trial; `add`, `record`, `attest`, `void`, `override`,
 * `allocation`, `write`, `attach` and `judge` are posts; the last are about change requests. */
const columns = [
  'counts',
  'audit trail',
  'log',
  'add form',
  'add',
  'subject at 01',
  'subject at 02',
  'subject at 03',
  'form at 01',
  'form at 02',
  'form at 03',
  'record at 01',
  'record at 02',
  'record at 03',
  'attest at 01',
  'attest at 02',
  'attest at 03',
  'void form',
  'void',
  'override form',
  'override',
  'allocation form',
  'allocation',
  'settings form',
  'settings',
  'recruitment form',
  'recruitment',
  'calendar form',
  'calendar',
  'feed made',
  'feed asked',
  'feed revoked',
  'reviews',
  'current review',
  'work on review',
  'sign form',
  'sign',
  'write form',
  'write',
  'attach',
  'judge form',
  'judge',
  'lock form',
  'lock',
  'unlock',
  'redact form',
  'redact',
] as const
type Column = (typeof columns)[number]

/**
 * 200 and 303: allowed. 403: the person has a role in the trial, but not this act.
 * 404: for this person there is no such subject, or the trial allocates nobody. 422: allowed, but the form is empty.
 * 201: allowed, and what was made is shown this once.
 * The columns are those above, in their order.
 */
const inTheirTrial = parsed(`
                        | counts audit log add form | subject at  | form at     | record at   | attest at   | void    | override | allocation | settings | recruitment | calendar | feed | reviews | work | sign | requests    | judge | lock            | redact
                        |                          | 01  02  03  | 01  02  03  | 01  02  03  | 01  02  03  | form    | form     | form       | form | form | form     | made asked revoked |         |      | form | form    att | form | form   end      | form
coordinator of site 01  | 200    403   200 200 303 | 200 404 404 | 200 404 404 | 303 404 404 | 303 404 404 | 403 403 | 403 403  | 403 403 | 403 403 | 403 403 | 403 403 | 201 200 303 | 200 303 | 403 | 403 403 | 403 403 403 | 403 403 | 403 403 403 | 403 403
coordinator of site 02  | 200    403   200 200 303 | 404 200 404 | 404 200 404 | 404 303 404 | 404 303 404 | 403 403 | 403 403  | 403 403 | 403 403 | 403 403 | 403 403 | 201 200 303 | 200 303 | 403 | 403 403 | 403 403 403 | 403 403 | 403 403 403 | 403 403
investigator of site 01 | 200    403   200 200 303 | 200 404 404 | 200 404 404 | 303 404 404 | 303 404 404 | 403 403 | 403 403  | 403 403 | 403 403 | 403 403 | 403 403 | 201 200 303 | 200 303 | 403 | 403 403 | 403 403 403 | 403 403 | 403 403 403 | 403 403
data manager            | 200    200   200 200 303 | 200 200 200 | 200 200 200 | 303 303 303 | 303 303 303 | 200 303 | 403 403  | 403 403 | 200 303 | 200 303 | 200 303 | 201 200 303 | 200 303 | 403 | 403 403 | 200 303 422 | 403 403 | 200 422 404 | 200 303
principal investigator  | 200    200   200 403 403 | 200 200 200 | 403 403 403 | 403 403 403 | 403 403 403 | 403 403 | 200 422  | 403 403 | 403 403 | 200 303 | 200 303 | 201 200 303 | 200 303 | 303 | 200 303 | 200 303 422 | 403 403 | 200 422 404 | 200 303
unblinded statistician  | 200    403   200 403 403 | 200 200 200 | 403 403 403 | 403 403 403 | 403 403 403 | 403 403 | 403 403  | 404 404 | 403 403 | 403 403 | 403 403 | 201 200 303 | 200 303 | 403 | 403 403 | 403 403 403 | 403 403 | 403 403 403 | 403 403
committee member        | 200    403   403 403 403 | 403 403 403 | 403 403 403 | 403 403 403 | 403 403 403 | 403 403 | 403 403  | 403 403 | 403 403 | 403 403 | 403 403 | 201 200 303 | 200 303 | 403 | 403 403 | 403 403 403 | 200 303 | 403 403 403 | 403 403
auditor                 | 200    200   200 403 403 | 200 200 200 | 403 403 403 | 403 403 403 | 403 403 403 | 403 403 | 403 403  | 403 403 | 403 403 | 403 403 | 403 403 | 201 200 303 | 200 303 | 403 | 403 403 | 403 403 403 | 403 403 | 403 403 403 | 403 403
`)

function parsed(table: string): Record<string, readonly number[]> {
  const rows = table.split('\n').filter((line) => /^\w/.test(line))
  return Object.fromEntries(
    rows.map((row) => [row.split('|')[0]?.trim(), row.match(/(?<= )\d{3}/g)?.map(Number) ?? []]),
  )
}

/** Where somebody has no role there is nothing for them; who is not signed in is asked to sign in, whatever they ask for. */
const nothingThere = columns.map(() => 404)
const askedToSignIn = columns.map(() => 303)

const strangers = ['administrator', 'data manager of another trial', 'nobody'] as const
type Person = string
const everybody: Person[] = [...Object.keys(inTheirTrial), ...strangers]

type TrialName = 'SSC-BMC' | 'OUTSIDE' | 'NO-SUCH-TRIAL'

function expected(person: Person, trial: TrialName): readonly number[] {
  if (person === 'nobody') return askedToSignIn
  const isTheirs = trial === 'SSC-BMC' ? person in inTheirTrial : person === 'data manager of another trial'
  if (!isTheirs || trial === 'NO-SUCH-TRIAL') return nothingThere
  return inTheirTrial[trial === 'SSC-BMC' ? person : 'data manager'] ?? []
}

const served = serveForFile('demo')
const clients = new Map<Person, Client>()
function clientOf(person: Person): Client {
  const client = clients.get(person)
  if (client === undefined) throw new Error(`nobody is ${person}`)
  return client
}

const ownSite: Record<Person, string> = { 'coordinator of site 02': '02' }

type World = { trialId: string; siteIds: Record<string, string>; consentVersionId: string; manager: Actor }
const worlds = {} as Record<'SSC-BMC' | 'OUTSIDE', World>

async function worldOf(code: 'SSC-BMC' | 'OUTSIDE'): Promise<World> {
  const trial = await findTrialByCode(served.db, code)
  if (trial === null) throw new Error(`no trial ${code}`)
  const sites = await listSites(served.db, trial.id)
  const grant: Grant = { role: 'data_manager', trialId: trial.id, siteId: null }
  return {
    trialId: trial.id,
    siteIds: Object.fromEntries(sites.map((site) => [site.code, site.id])),
    consentVersionId: (await listConsentVersions(served.db, trial.id))[0]?.id ?? '',
    manager: { ...commandLine, grants: [grant] },
  }
}

/** A subject in screening, that nothing was recorded of yet. */
async function newSubject({ trialId, siteIds, consentVersionId, manager }: World, siteCode: string): Promise<string> {
  const consent = { consentedOn: day('2026-06-01'), consentVersionId, referralSource: null, basis: 'recorded' as const }
  const draft = { trialId, siteId: siteIds[siteCode] ?? '', number: null, ...consent }
  return (await done(recordScreening(served.context, manager, draft))).subjectId
}

/** The judgement of a new subject, which the subject's site may take back. */
async function judge(world: World, subjectId: string): Promise<void> {
  const { trialId, manager } = world
  const judgement = { trialId, subjectId, code: 'eligibility', occurredOn: day('2026-06-10'), note: null }
  await done(recordMilestone(served.context, manager, { ...judgement, basis: 'recorded', seenEventId: null }))
}

/** What was recorded of a subject first and last. */
async function eventsOf(subject: string): Promise<{ first: string; last: string }> {
  const events = await listEvents(served.db, subject)
  return { first: events[0]?.id ?? '', last: events.at(-1)?.id ?? '' }
}

beforeAll(async () => {
  const label = { ja: '外', en: 'Outside' }
  const once = { label, necessity: 'required', counting: 'none', repetition: 'once', schedule: null } as const
  await done(
    openTrial(served.context, commandLine, {
      trial: {
        code: 'OUTSIDE',
        name: label,
        title: label,
        condition: label,
        design: 'single_arm',
        riskClass: 'none',
        timeZone: 'Asia/Tokyo',
        phase: null,
        retentionYears: null,
      },
      terms: {
        version: 1,
        targetNumber: 5,
        registrationFrom: day('2023-01-01'),
        registrationUntil: day('2026-12-31'),
        studyUntil: null,
        costBearer: 'research_funds',
        reviewIntervalMonths: 6,
        reviewAnchor: 'registration_start',
        plan: { startsOn: day('2023-01-01'), startsAtNumber: 0, reachesNumber: 5 },
        effectiveFrom: day('2023-01-01'),
        approval: null,
        basis: 'recorded',
        assumption: null,
      },
      sites: ['01', '02', '03'].map((code) => ({
        code,
        name: label,
        statuses: [{ status: 'open', from: day('2023-01-01'), basis: 'recorded' }],
      })),
      milestones: [
        { ...once, code: 'consent', kind: 'screening' },
        { ...once, code: 'eligibility', kind: 'eligibility' },
        { ...once, code: 'registration', kind: 'registration_stage', counting: 'target' },
      ],
      consentVersions: [{ label, approvedOn: null, basis: 'recorded' }],
      profile: { identifiers: [], arms: [], facts: [] },
    }),
  )
  worlds['SSC-BMC'] = await worldOf('SSC-BMC')
  worlds.OUTSIDE = await worldOf('OUTSIDE')

  const demo = {
    'coordinator of site 01': 'demo-crc',
    'coordinator of site 02': 'demo-crc2',
    'principal investigator': 'demo-pi',
    'data manager': 'demo-dm',
    'committee member': 'demo-irb',
    auditor: 'demo-audit',
  } as const
  for (const [person, username] of Object.entries(demo)) {
    const known = demoPeople.find((one) => one.username === username)
    if (known !== undefined) clients.set(person, await signedIn(served, known))
    personIds.set(person, (await findPersonId(served.db, username)) ?? '')
  }
  const { trialId, siteIds } = worlds['SSC-BMC']
  const added: Record<Person, Grant> = {
    'investigator of site 01': { role: 'investigator', trialId, siteId: siteIds['01'] ?? '' },
    'unblinded statistician': { role: 'unblinded_statistician', trialId, siteId: null },
    administrator: { role: 'administrator', trialId: null, siteId: null },
    'data manager of another trial': { role: 'data_manager', trialId: worlds.OUTSIDE.trialId, siteId: null },
  }
  for (const [person, grant] of Object.entries(added)) {
    const added = await newcomer(served, [grant])
    personIds.set(person, added.personId)
    clients.set(person, await signedIn(served, added))
  }
  clients.set('nobody', await visitor(served))
  await signOutside()
})

/** The other trial has a review too, which its investigator signed. */
async function signOutside(): Promise<void> {
  const { trialId } = worlds.OUTSIDE
  const grant: Grant = { role: 'principal_investigator', trialId, siteId: null }
  const { personId, password, username } = await newcomer(served, [grant])
  const investigator = { ...commandLine, personId, username, grants: [grant] }
  const { reviewId } = await done(openReview(served.context, investigator, trialId, day('2023-07-01')))
  const draft = await findReviewDraft(served.db, trialId, reviewId, day('2026-06-24'))
  const signing = { reviewId, meaning: 'agreed', password, seen: draft?.seen ?? '' } as const
  await done(signReview(served.context, investigator, trialId, signing, { address: '' }))
}

/** The newest review of a trial that is signed, and the newest that is not. */
async function reviewsOf({ trialId }: World): Promise<{ signed: string; open: string }> {
  const all = await listReviews(served.db, trialId)
  const idOf = (isSigned: boolean) => all.find(({ signature }) => (signature !== null) === isSigned)?.id ?? randomUUID()
  return { signed: idOf(true), open: idOf(false) }
}

/** A month in which the site had nothing to report; each is named once, for saying it again writes nothing. */
function silentMonth(column: Column, trial: TrialName): string {
  const nth = (attested.get(`${trial} ${column}`) ?? 0) + 1
  attested.set(`${trial} ${column}`, nth)
  return `2023-${String(nth).padStart(2, '0')}`
}
const attested = new Map<string, number>()

type Request = { route: string; path: string; fields: Record<string, string> | null }

const read = (route: string, path: string): Request => ({ route: `get ${route}`, path, fields: null })
const post = (route: string, path: string, fields: Record<string, string>): Request => ({
  route: `post ${route}`,
  path,
  fields: { ...fields, submissionKey: randomUUID() },
})

let codes = 0
function newCode(): string {
  codes += 1
  return `R${codes}`
}

/** A reason that nobody has changed yet, behind another one. */
async function newReason({ trialId, manager }: World): Promise<{ id: string; seen: string }> {
  const fresh = [newCode(), newCode()].map((code) => ({ exit: 'lost' as const, code, label: { ja: code, en: code } }))
  await done(changeExitReasons(served.context, manager, trialId, { do: 'addAll', to: fresh }))
  const last = (await listReasonSettings(served.db, trialId)).find(({ value }) => value.code === fresh[1]?.code)
  return { id: last?.id ?? '', seen: last?.seen ?? '' }
}

/** How long records are kept, as the form sends it: another rule every time. */
async function retentionFields({ trialId }: World): Promise<Record<string, string>> {
  const seen = (await findRetention(served.db, trialId))?.seen ?? ''
  const why = seen === '' ? {} : { why: '規則の確認' }
  return { seen, years: '5', ruleJa: newCode(), ruleEn: '', retentionEnd: '', retentionBasis: 'recorded', ...why }
}

/** Conditions that nobody has met, changed or voided yet. */
async function newEntries({ trialId, manager }: World) {
  const words = { ja: '指示', en: 'Condition' }
  const condition = { kind: 'condition', title: words, body: words, source: words, basis: 'recorded' } as const
  const due = { dueOn: day('2026-07-31'), meetingId: null, met: { on: null, evidence: '' } }
  const ids: string[] = []
  for (let count = 0; count < 3; count++) {
    ids.push((await done(addCalendarEntry(served.context, manager, trialId, { ...condition, ...due }))).entryId)
  }
  return (await listCalendarEntries(served.db, trialId)).filter(({ id }) => ids.includes(id))
}

/** The first day of a year of advanced care that nobody has reported yet. */
async function newYear({ trialId, manager }: World): Promise<string> {
  const known = await listReportingSchemes(served.db, trialId)
  const old = known.find(({ value }) => value.scheme === 'advanced_care')
  const nth = (reported.get(trialId) ?? 0) + 1
  reported.set(trialId, nth)
  const rule = { scheme: 'advanced_care', startsOn: day(`19${String(nth + 10)}-07-01`), basis: 'recorded' } as const
  if (old === undefined) {
    await done(changeReportingSchemes(served.context, manager, trialId, { do: 'add', to: rule }))
  } else {
    const change = { do: 'change', id: old.id, seen: old.seen, to: rule, reason: 'another year' } as const
    await done(changeReportingSchemes(served.context, manager, trialId, change))
  }
  return rule.startsOn
}
const reported = new Map<string, number>()

/** An address of the person's own calendar; for those who are nobody here, one that does not exist. */
async function newFeed(person: Person, { trialId }: World): Promise<string> {
  const personId = personIds.get(person)
  if (personId === undefined) return randomUUID()
  const owner = { ...commandLine, personId }
  const feed = { trialId, language: 'ja', token: randomBytes(32).toString('base64url') }
  return (await done(makeCalendarFeed(served.context, owner, feed))).feedId
}
const personIds = new Map<Person, string>()

/** The import's pages. Rows that were not checked are checked first, so that a form alone records nothing. */
function importsOf(base: string, site: string): Request[] {
  const route = '/trials/:trial/import'
  const rows = ['施設\t症例番号\t同意取得日', `${site}\t${newCode()}\t2026-06-24`].join('\n')
  const paths = ['', '/confirm'].map((path) => post(route + path, `${base}/import${path}`, { rows }))
  return [read(route, `${base}/import`), ...paths]
}

const reqRoute = '/trials/:trial/requests'

/** A change request of the trial that was submitted, with a question, a condition and a file. */
async function newAskedRequest({ trialId, manager }: World) {
  const { context, db } = served
  const found = await submitted({ context, db, trialId, manager })
  const { number } = found.record
  const bodyId = found.bodies[0]?.id ?? ''
  const said = { ja: '質問', en: 'A question' }
  const common = { bodyId, basis: 'recorded' as const }
  const question = { ...common, round: 1, item: 1, askedOn: day('2026-06-20'), question: said, dueOn: null }
  const { inquiryId } = await done(putInquiry(context, manager, trialId, number, question))
  const demand = { ...common, text: said, dueOn: day('2026-07-31'), meetingId: null, source: said }
  const { conditionId } = await done(setCondition(context, manager, trialId, number, demand))
  const content = new TextEncoder().encode(`%PDF-1.7 ${number}`)
  const { attachmentId } = await done(attachFile(context, manager, trialId, number, { name: 'a.pdf', content }))
  const guest = { label: 'a guest', validUntil: day('2026-07-08'), content: {} }
  await done(makeGuestLink(context, manager, trialId, number, guest))
  const guestLinkId = (await listGuestLinks(db, found.record.id))[0]?.id ?? ''
  return { number, bodyId, inquiryId, conditionId, attachmentId, guestLinkId }
}

/** A draft as its form sends it. */
const draftFields = {
  ...{ title: '延長', asOf: '2026-06-24', writtenOn: '', registeredNumber: '2', targetNumber: '12', statedTotal: '2' },
  ...{ statedSites: '', registrationFrom: '2021-07-19', registrationUntil: '2029-07-18', studyUntil: '' },
  ...{ effectiveFrom: '2026-07-19', costBearer: 'patient', followUpDays: '', screeningsFrom: '' },
  ...{ itemTitle1: '期間', itemBefore1: '', itemAfter1: '', itemReason1: '', claim1: 'registered', number1: '2' },
  ...{ bodyName1: '委員会', bodyNecessity1: 'needed', bodyItems1: '' },
}

async function newDraft({ trialId, manager }: World): Promise<{ number: number; seen: string }> {
  const { context, db } = served
  const { number } = await done(draftRequest(context, manager, trialId, drafted()))
  return { number, seen: (await requestOf({ db, trialId }, number)).seen }
}

async function requestPages(base: string, world: World): Promise<Request[]> {
  const { number, attachmentId } = await newAskedRequest(world)
  const here = `${base}/requests/${number}`
  return [
    read(reqRoute, `${base}/requests`),
    ...['', '/document', '/document.docx', '/replies', '/replies.docx'].map((page) =>
      read(`${reqRoute}/:request${page}`, here + page),
    ),
    read(`${reqRoute}/:request/replay`, `${here}/replay`),
    read(`${reqRoute}/:request/attachments/:attachment`, `${here}/attachments/${attachmentId}`),
  ]
}

async function writingOf(column: 'write form' | 'write' | 'attach', base: string, world: World): Promise<Request[]> {
  const [draft, ready] = [await newDraft(world), await newDraft(world)]
  const { number, inquiryId, conditionId, attachmentId, guestLinkId } = await newAskedRequest(world)
  const [there, here] = [`${base}/requests/${draft.number}`, `${base}/requests/${number}`]
  const of = `${reqRoute}/:request`
  const reply = [`${of}/inquiries/:inquiry/reply`, `${here}/inquiries/${inquiryId}/reply`] as const
  const fulfilment = [`${of}/conditions/:condition/fulfilment`, `${here}/conditions/${conditionId}/fulfilment`] as const
  const revocation = [`${of}/guest-links/:link/revocation`, `${here}/guest-links/${guestLinkId}/revocation`] as const
  if (column === 'attach') {
    return ['/attachments', '/guest-links'].map((list) => post(of + list, here + list, {}))
  }
  const file = ':attachment/withdrawal'
  const detachment = [`${of}/attachments/${file}`, `${here}/attachments/${attachmentId}/withdrawal`] as const
  if (column === 'write form') {
    return [
      read(`${reqRoute}/new`, `${base}/requests/new`),
      read(`${of}/draft`, `${there}/draft`),
      read(`${of}/submission`, `${there}/submission`),
      read(`${of}/withdrawal`, `${there}/withdrawal`),
      read(`${of}/attachments/new`, `${here}/attachments/new`),
      read(`${of}/guest-links/new`, `${here}/guest-links/new`),
      read(...revocation),
      read(...detachment),
      read(...reply),
      read(...fulfilment),
    ]
  }
  return [
    post(reqRoute, `${base}/requests`, draftFields),
    post(`${of}/draft`, `${there}/draft`, { ...draftFields, seen: draft.seen }),
    post(`${of}/submission`, `${base}/requests/${ready.number}/submission`, { seen: ready.seen }),
    post(...reply, { answer: '回答', answeredOn: '2026-06-24', sameAs: '' }),
    post(...fulfilment, { metOn: '2026-06-24', metNote: '' }),
    post(...revocation, {}),
    post(...detachment, { withdrawnBecause: '版を取り違えたため' }),
    post(`${of}/withdrawal`, `${here}/withdrawal`, { withdrawnBecause: '出し直すため' }),
  ]
}

async function judgingOf(column: 'judge form' | 'judge', base: string, world: World): Promise<Request[]> {
  const { number, bodyId } = await newAskedRequest(world)
  const [of, here] = [`${reqRoute}/:request`, `${base}/requests/${number}`]
  const places = ['inquiries', 'decisions', 'conditions']
  if (column === 'judge form') return places.map((place) => read(`${of}/${place}/new`, `${here}/${place}/new`))
  const fields: Record<string, string>[] = [
    { bodyId, inquiryNumber: '２－１', question: '理由は何か', askedOn: '2026-06-24', dueOn: '' },
    {
      ...{ bodyId, itemNumbers: '1', outcome: 'approved', heldOn: '', decidedOn: '2026-06-24' },
      ...{ notifiedOn: '', decisionText: '', source: '通知書' },
    },
    { bodyId, conditionText: 'データを示す', dueOn: '2026-07-31', meetingId: '', source: '通知書' },
  ]
  return places.map((place, index) => post(`${of}/${place}`, `${here}/${place}`, fields[index] ?? {}))
}

/** The place in the trail of a note that should not have been typed. */
async function newNote(world: World): Promise<number> {
  const { trialId, manager } = world
  const subjectId = await newSubject(world, '01')
  const judgement = { trialId, subjectId, code: 'eligibility', occurredOn: day('2026-06-10'), note: newCode() }
  await done(recordMilestone(served.context, manager, { ...judgement, basis: 'recorded', seenEventId: null }))
  const entries = await listAuditEntries(served.db, trialId, { before: null, limit: 5 })
  return entries.find(({ after }) => after.note === judgement.note)?.sequence ?? 0
}

/** A text that somebody else asked to be taken out. */
async function newRedaction(world: World): Promise<{ redactionId: string; seen: string }> {
  const { trialId, manager } = world
  const draft = { trialId, sequence: await newNote(world), place: 'subject_event.note', words: null }
  const { redactionId } = await done(askRedaction(served.context, manager, { ...draft, kind: 'person_name' }))
  const redaction = await findRedaction(served.db, trialId, redactionId)
  const asked = redaction === null ? null : await findTextAsked(served.db, trialId, redaction)
  if (redaction === null || asked === null) throw new Error('it was asked for')
  return { redactionId, seen: seenOf((await findRedacting(served.db, trialId, redaction, asked)).entries) }
}

async function redactingOf(base: string, world: World): Promise<Request[]> {
  const route = '/trials/:trial/redactions'
  const [one, other] = [await newRedaction(world), await newRedaction(world)]
  const typed = { place: 'subject_event.note', kind: 'person_name', words: '' }
  return [
    post(route, `${base}/redactions`, { entry: String(await newNote(world)), ...typed }),
    post(`${route}/:redaction/confirmation`, `${base}/redactions/${one.redactionId}/confirmation`, { seen: one.seen }),
    post(`${route}/:redaction/refusal`, `${base}/redactions/${other.redactionId}/refusal`, { seen: other.seen }),
  ]
}

/** The requests of a column, each with the route it is meant for; a subject of `world` is new for every request. */
async function requestsOf(column: Column, trial: TrialName, world: World, person: Person): Promise<Request[]> {
  const route = '/trials/:trial'
  const base = `/trials/${trial}`
  switch (column) {
    case 'counts':
      return [
        ...[
          '',
          '/profile',
          '/sites',
          '/projection',
          '/projection/sheet',
          '/projection.json',
          '/countermeasures',
          '/pools',
          '/sources',
          '/calendar',
        ].map((page) => read(route + page, base + page)),
        read(`${route}/sites/:site`, `${base}/sites/02`),
        ...(await requestPages(base, world)),
      ]
    case 'audit trail':
      return [
        ...['/audit', '/audit.csv', '/accesses', '/accesses.csv', '/redactions'].map((page) =>
          read(route + page, base + page),
        ),
        read(`${route}/redactions/:redaction`, `${base}/redactions/${(await newRedaction(world)).redactionId}`),
      ]
    case 'redact form':
      return [read(`${route}/redactions/new`, `${base}/redactions/new?entry=${await newNote(world)}`)]
    case 'redact':
      return redactingOf(base, world)
    case 'log':
      return [
        ...['/subjects', '/timelines', '/subjects.csv', '/subjects.xlsx'],
        ...['/print/screening-log', '/print/registration-log', '/print/identification-codes'],
      ].map((page) => read(route + page, base + page))
    case 'settings form': {
      const settings = `${base}/settings`
      const { id } = await newReason(world)
      const there = `${route}/settings/:section`
      return [
        read(`${route}/settings`, settings),
        read(there, `${settings}/pathway`),
        read(`${there}/new`, `${settings}/caps/new`),
        read(`${there}/entries/:entry`, `${settings}/reasons/entries/${id}`),
        read(`${there}/entries/:entry/retirement`, `${settings}/reasons/entries/${id}/retirement`),
        read(`${route}/timelines/days/new`, `${base}/timelines/days/new`),
        read(`${route}/retention`, `${base}/retention`),
      ]
    }
    case 'settings': {
      const reasons = `${base}/settings/reasons`
      const there = `${route}/settings/:section`
      const label = { labelJa: '理由', labelEn: 'Reason' }
      const entry = async (path: string, fields: Record<string, string>) => {
        const { id, seen } = await newReason(world)
        return post(`${there}/entries/:entry${path}`, `${reasons}/entries/${id}${path}`, { seen, ...fields })
      }
      return [
        post(there, reasons, { exit: 'lost', code: newCode(), ...label }),
        await entry('', label),
        await entry('/retirement', {}),
        // Asked for at the end, when no later one can change its place before it is moved.
        post(`${there}/offers`, `${reasons}/offers`, { offer: 'prescreen_excluded', seen: '' }),
        await entry('/place', { direction: 'up' }),
        post(`${route}/retention`, `${base}/retention`, await retentionFields(world)),
        post(`${route}/timelines/days`, `${base}/timelines/days`, {
          anchorCode: 'consent',
          rows: `number,eligibility\n${newCode()},5`,
          because: '',
        }),
      ]
    }
    case 'write form':
    case 'write':
    case 'attach':
      return writingOf(column, base, world)
    case 'judge form':
    case 'judge':
      return judgingOf(column, base, world)
    case 'recruitment form': {
      const { measure, count } = await newRecruitment(served, world.trialId)
      const [measures, counts] = ['/countermeasures', `/pools/${count.id}/counts`]
      return [
        read(`${route}/countermeasures/new`, `${base}${measures}/new`),
        read(`${route}/countermeasures/:countermeasure`, `${base}${measures}/${measure.id}`),
        read(`${route}/countermeasures/:countermeasure/end/new`, `${base}${measures}/${measure.id}/end/new`),
        read(`${route}/countermeasures/:countermeasure/void/new`, `${base}${measures}/${measure.id}/void/new`),
        read(`${route}/pools/new`, `${base}/pools/new`),
        read(`${route}/pools/:pool/counts/new`, `${base}${counts}/new`),
        read(`${route}/pools/:pool/counts/:count`, `${base}${counts}/${count.id}`),
        read(`${route}/pools/:pool/counts/:count/void/new`, `${base}${counts}/${count.id}/void/new`),
      ]
    }
    case 'recruitment': {
      const about = async (what: 'measure' | 'count', tail: string, fields: Record<string, string>) => {
        const { [what]: one } = await newRecruitment(served, world.trialId)
        const [path, there] =
          what === 'measure'
            ? [`/countermeasures/${one.id}`, '/countermeasures/:countermeasure']
            : [`/pools/${one.id}/counts/${one.id}`, '/pools/:pool/counts/:count']
        return post(`${route}${there}${tail}`, `${base}${path}${tail}`, { seen: one.seen, ...fields })
      }
      const measures = `${base}/countermeasures`
      const { count } = await newRecruitment(served, world.trialId)
      const why = { reason: '記録の誤り' }
      return [
        post(`${route}/countermeasures`, measures, measureFields),
        await about('measure', '', { ...measureFields, ...why }),
        await about('measure', '/end', { endedOn: '2026-06-24' }),
        await about('measure', '/void', why),
        post(`${route}/pools`, `${base}/pools`, poolFields),
        post(`${route}/pools/:pool/counts`, `${base}/pools/${count.id}/counts`, {
          ...poolFields,
          countedOn: '2026-06-02',
        }),
        await about('count', '', { ...poolFields, ...why }),
        await about('count', '/void', why),
      ]
    }
    case 'calendar form': {
      const [condition] = await newEntries(world)
      const entry = `${base}/calendar/entries/${condition?.id}`
      const there = `${route}/calendar/entries/:entry`
      return [
        read(`${route}/calendar/meetings/new`, `${base}/calendar/meetings/new`),
        read(`${route}/calendar/conditions/new`, `${base}/calendar/conditions/new`),
        read(there, entry),
        read(`${there}/met`, `${entry}/met`),
        read(`${there}/void`, `${entry}/void`),
        read(
          `${route}/calendar/reports/:scheme/:from`,
          `${base}/calendar/reports/advanced_care/${await newYear(world)}`,
        ),
      ]
    }
    case 'calendar': {
      const title = {
        whatJa: '件名',
        whatEn: 'Title',
        bodyJa: '委員会',
        bodyEn: 'Committee',
        sourceJa: '',
        sourceEn: '',
      }
      const fields = { ...title, basis: 'recorded' }
      const entries = await newEntries(world)
      const at = (index: number, path: string, more: Record<string, string>) => {
        const { id = '', seen = '' } = entries[index] ?? {}
        const place = `${route}/calendar/entries/:entry${path}`
        return post(place, `${base}/calendar/entries/${id}${path}`, { seen, ...more })
      }
      const year = await newYear(world)
      return [
        post(`${route}/calendar/meetings`, `${base}/calendar/meetings`, { ...fields, heldOn: '2026-09-25' }),
        post(`${route}/calendar/conditions`, `${base}/calendar/conditions`, { ...fields, dueOn: '2026-09-25' }),
        at(0, '', { ...fields, dueOn: '2026-10-25', reason: '延期' }),
        at(1, '/met', { metOn: '2026-06-24', shownBy: '議事録' }),
        at(2, '/void', { reason: '二重' }),
        post(`${route}/calendar/reports/:scheme/:from`, `${base}/calendar/reports/advanced_care/${year}`, {
          ...{ submittedOn: '2026-06-24', document: '報告書', seen: '' },
        }),
      ]
    }
    case 'feed made': {
      const path = '/calendar/feeds'
      return [post(route + path, base + path, { of: 'trial' })]
    }
    case 'feed asked':
    case 'feed revoked': {
      const there = `${route}/calendar/feeds/:feed/revocation`
      const path = `${base}/calendar/feeds/${await newFeed(person, world)}/revocation`
      return [column === 'feed asked' ? read(there, path) : post(there, path, {})]
    }
    case 'reviews': {
      const { signed } = await reviewsOf(world)
      const reviews = `${base}/reviews`
      const there = `${route}/reviews/:review`
      return [
        read(`${route}/reviews`, reviews),
        read(there, `${reviews}/${signed}`),
        read(`${there}/report`, `${reviews}/${signed}/report`),
        read(`${there}/report.json`, `${reviews}/${signed}/report.json`),
      ]
    }
    case 'current review':
      return [read(`${route}/reviews/current`, `${base}/reviews/current`)]
    case 'work on review':
    case 'sign form':
    case 'sign': {
      const { open } = await reviewsOf(world)
      const here = `${base}/reviews/${open}`
      const there = `${route}/reviews/:review`
      if (column === 'sign form') return [read(`${there}/signature/new`, `${here}/signature/new`)]
      if (column === 'work on review') {
        // With a measure, which a trial below its promise needs before it is signed.
        const [measure] = await listCountermeasures(served.db, world.trialId)
        return [
          post(`${there}/comments`, `${here}/comments`, { text: '次の評価で確かめる' }),
          post(`${there}/freezing`, `${here}/freezing`, {}),
          post(`${there}/measures`, `${here}/measures`, { measures: measure?.id ?? '' }),
        ]
      }
      const password = demoPeople.find(({ username }) => username === 'demo-pi')?.password ?? ''
      const draft = await findReviewDraft(served.db, world.trialId, open, day('2026-06-24'))
      const signing = { meaning: 'agreed', password, seen: draft?.seen ?? '' }
      return [
        post(`${there}/signature`, `${here}/signature`, signing),
        post(`${route}/reviews`, `${base}/reviews`, { dueOn: '2022-01-19' }),
      ]
    }
    // Locked, the trial would answer nobody else: an empty form says who may.
    case 'lock form':
      return [read(`${route}/locks/new`, `${base}/locks/new`)]
    case 'lock':
      return [post(`${route}/locks`, `${base}/locks`, {})]
    case 'unlock': {
      const path = `${base}/locks/${randomUUID()}/end`
      return [read(`${route}/locks/:lock/end/new`, `${path}/new`), post(`${route}/locks/:lock/end`, path, {})]
    }
    case 'add form':
      return [read(`${route}/subjects/new`, `${base}/subjects/new`), ...importsOf(base, ownSite[person] ?? '01')]
    case 'add': {
      const siteId = world.siteIds[ownSite[person] ?? '01'] ?? ''
      const fields = { siteId, number: '', consentedOn: '2026-06-24', consentVersionId: world.consentVersionId }
      return [post(`${route}/subjects`, `${base}/subjects`, fields)]
    }
    case 'attest at 01':
    case 'attest at 02':
    case 'attest at 03': {
      const path = `${base}/sites/${column.slice(-2)}/attestations`
      return [post(`${route}/sites/:site/attestations`, path, { month: silentMonth(column, trial) })]
    }
    default: {
      const subject = await newSubject(world, /\d\d$/.exec(column)?.[0] ?? ownSite[person] ?? '01')
      const here = `${base}/subjects/${subject}`
      if (column.startsWith('subject')) return [read(`${route}/subjects/:subject`, here)]
      await judge(world, subject)
      const of = `${route}/subjects/:subject`
      const events = `${of}/events`
      const { first, last } = await eventsOf(subject)
      const correction = `${here}/events/${first}/corrections`
      const takingBack = `${here}/events/${last}/taking-back`
      const why = { reason: 'wrong_subject', note: '別の人の記録だった' }
      if (column.startsWith('form')) {
        return [
          read(`${events}/new`, `${here}/events/new`),
          read(`${events}/:event/corrections/new`, `${correction}/new`),
          read(`${events}/:event/taking-back/new`, `${takingBack}/new`),
        ]
      }
      if (column === 'void form') return [read(`${of}/void/new`, `${here}/void/new`)]
      if (column === 'void') return [post(`${of}/void`, `${here}/void`, why)]
      if (column === 'override form') return [read(`${of}/override/new`, `${here}/override/new`)]
      if (column === 'override') return [post(`${of}/override`, `${here}/override`, {})]
      if (column === 'allocation form') return [read(`${of}/allocation/new`, `${here}/allocation/new`)]
      if (column === 'allocation') return [post(`${of}/allocation`, `${here}/allocation`, {})]
      return [
        post(`${events}/:event/taking-back`, takingBack, why),
        post(`${events}/:event/corrections`, correction, { occurredOn: '2026-06-02', reason: 'transcription' }),
        post(events, `${here}/events`, { what: 'eligibility', occurredOn: '2026-06-24', note: '' }),
      ]
    }
  }
}

/** The role in which each person of the table asks, and the site to which it holds. */
const heldBy: Record<Person, { role: Role; site: string | null }> = {
  'coordinator of site 01': { role: 'coordinator', site: '01' },
  'coordinator of site 02': { role: 'coordinator', site: '02' },
  'investigator of site 01': { role: 'investigator', site: '01' },
  'data manager': { role: 'data_manager', site: null },
  'principal investigator': { role: 'principal_investigator', site: null },
  'unblinded statistician': { role: 'unblinded_statistician', site: null },
  'committee member': { role: 'committee', site: null },
  auditor: { role: 'auditor', site: null },
  'data manager of another trial': { role: 'data_manager', site: null },
}
const policy = new Map(policyOf(routes).routes.map((row) => [`${row.method} ${row.path}`, row]))

/** What the document says that a person is answered: the door, or that they are let in. */
function documentSays(route: string, person: Person, trial: TrialName): 303 | 403 | 404 | 'let in' {
  if (person === 'nobody') return 303
  const held = heldBy[person]
  const isTheirs = (trial === 'OUTSIDE') === (person === 'data manager of another trial') && trial !== 'NO-SUCH-TRIAL'
  if (held === undefined || !isTheirs) return 404
  return policy.get(route)?.roles?.includes(held.role) === true ? 'let in' : 403
}

/** Whether an answer is what the document says. Who is let in may still find nothing at a site that is not theirs. */
function agreesWithDocument(said: ReturnType<typeof documentSays>, status: number, person: Person, column: Column) {
  if (said !== 'let in') return status === said
  const site = / at (\d\d)$/.exec(column)?.[1]
  const isElsewhere = site !== undefined && (heldBy[person]?.site ?? site) !== site
  const mayFindNothing = isElsewhere || /^(allocation|unlock)/.test(column)
  return isElsewhere ? status === 404 : status !== 403 && (status !== 404 || mayFindNothing)
}

/** Every cell that was asserted: `person, trial: route`. */
const asserted = new Set<string>()
const cellOf = (person: Person, trial: TrialName, route: string) => `${person}, ${trial}: ${route}`

const asked = new Set<string>()
const importUnderWay = 'get /trials/:trial/import/jobs/:job'

/** What each column answered to a person, and whether anything was written where the answer was no. */
async function answersTo(person: Person, trial: TrialName, world: World, refused: (status: number) => boolean) {
  const answers: [Column, number][] = []
  for (const column of columns) {
    for (const { route, path, fields } of await requestsOf(column, trial, world, person)) {
      asked.add(route)
      const before = fields === null ? null : await everythingIn(served.db)
      const client = clientOf(person)
      const { status } = fields === null ? await client.get(path) : await client.post(path, fields)
      answers.push([column, status])
      const said = documentSays(route, person, trial)
      expect([route, path, said, agreesWithDocument(said, status, person, column)]).toEqual([route, path, said, true])
      asserted.add(cellOf(person, trial, route))
      if (before === null) continue
      const after = await everythingIn(served.db)
      if (refused(status)) expect([path, after]).toEqual([path, before])
      else expect(after.audit_entry).not.toBe(before.audit_entry)
    }
  }
  return answers
}

/** How many addresses a column has, where it is more than one. */
const addressesOf = {
  'audit trail': 6,
  redact: 3,
  counts: 19,
  'calendar form': 6,
  calendar: 6,
  log: 7,
  form: 3,
  record: 3,
  'add form': 4,
  'settings form': 7,
  settings: 7,
  unlock: 2,
  'write form': 10,
  write: 8,
  attach: 2,
  'judge form': 3,
  judge: 3,
  'recruitment form': 8,
  recruitment: 8,
  reviews: 4,
  'work on review': 3,
  sign: 2,
} as Record<string, number>

const spread = (statuses: readonly number[]) =>
  columns.flatMap((column, index) =>
    Array.from({ length: addressesOf[column.replace(/ at \d\d$/, '')] ?? 1 }, () => [column, statuses[index]]),
  )

describe.each(everybody)('%s', (person) => {
  const refused = (status: number) => ![201, 303].includes(status) || person === 'nobody'

  it('gets from the trial what the role table says, and writes nothing where it says no', async () => {
    const answers = await answersTo(person, 'SSC-BMC', worlds['SSC-BMC'], refused)
    expect(answers).toEqual(spread(expected(person, 'SSC-BMC')))
  })

  it('gets from another trial what a role there gives, and nothing without one', async () => {
    const answers = await answersTo(person, 'OUTSIDE', worlds.OUTSIDE, refused)
    expect(answers).toEqual(spread(expected(person, 'OUTSIDE')))
  })

  it('gets nothing from a trial that does not exist', async () => {
    const answers = await answersTo(person, 'NO-SUCH-TRIAL', worlds['SSC-BMC'], refused)
    expect(answers).toEqual(spread(expected(person, 'NO-SUCH-TRIAL')))
  })

  it('finds no subject of another trial under this trial’s address, and none that does not exist', async () => {
    const elsewhere = await newSubject(worlds.OUTSIDE, '01')
    const row = expected(person, 'SSC-BMC')
    // Whoever may do it for their own subject is told that there is none; everybody else what they are always told.
    const instead = (column: Column) => {
      const usual = Math.min(
        ...['01', '02', '03'].map((site) => row[columns.indexOf(`${column.slice(0, -2)}${site}` as Column)] ?? 0),
      )
      return usual === 403 || person === 'nobody' ? usual : 404
    }
    for (const subject of [elsewhere, randomUUID(), 'constructor', '..%2f..%2fsubjects']) {
      const here = `/trials/SSC-BMC/subjects/${subject}`
      const before = await everythingIn(served.db)
      const client = clientOf(person)
      const fields = { what: 'eligibility', occurredOn: '2026-06-24', submissionKey: randomUUID() }
      const statuses = [
        (await client.get(here)).status,
        (await client.get(`${here}/events/new`)).status,
        (await client.get(`${here}/events/${subject}/corrections/new`)).status,
        (await client.post(`${here}/events`, fields)).status,
        (await client.post(`${here}/events/${subject}/corrections`, { occurredOn: '2026-06-02' })).status,
      ]
      const [seen, form, record] = [instead('subject at 01'), instead('form at 01'), instead('record at 01')]
      expect([subject, statuses]).toEqual([subject, [seen, form, form, record, record]])
      expect(await everythingIn(served.db)).toEqual(before)
    }
  })

  it('gets the pages that belong to no trial as signed in or not', async () => {
    const isNobody = person === 'nobody'
    const client = clientOf(person)
    expect((await client.get('/')).status).toBe(isNobody ? 303 : 200)
    expect((await client.get('/dates/reading.txt?typed=R8.6.18')).status).toBe(isNobody ? 303 : 200)
    expect((await client.get('/session/new')).status).toBe(isNobody ? 200 : 303)
    expect((await client.post('/language', { language: 'ja', returnTo: '/' })).status).toBe(303)
    expect((await client.get('/no-such-page')).status).toBe(404)
    expect((await client.get(`/calendar/${'x'.repeat(43)}.ics`)).status).toBe(404)
    for (const route of [
      'get /',
      'get /dates/reading.txt',
      'get /session/new',
      'post /language',
      'get /calendar/:token.ics',
    ])
      asked.add(route)
  })
})

/** What belongs to no trial, and what an administrator, anybody else who is signed in, and nobody are answered. */
const ofPeople: readonly [address: string, administrator: number, others: number, nobody: number][] = [
  ['get /people', 200, 403, 303],
  ['get /invitations/new', 200, 403, 303],
  ['post /invitations', 422, 403, 303],
  ['get /sign-in-rules', 200, 403, 303],
  ['post /sign-in-rules', 422, 403, 303],
  ['get /people/:person', 200, 403, 303],
  ['get /people/:person/steps/:step', 200, 403, 303],
  ['post /people/:person/steps/:step', 303, 403, 303],
  ['get /people/:person/roles/new', 200, 403, 303],
  ['post /people/:person/roles', 422, 403, 303],
  ['get /people/:person/roles/:role/end', 200, 403, 303],
  ['post /people/:person/roles/:role/end', 303, 403, 303],
  ['get /account', 200, 200, 303],
  ['post /account/sessions/end', 422, 422, 303],
  ['get /account/password', 200, 200, 303],
  ['post /account/password', 422, 422, 303],
  ['get /account/second-factor', 200, 200, 303],
  ['post /account/second-factor', 422, 422, 303],
  ['get /account/second-factor/codes', 200, 200, 303],
  ['post /account/second-factor/codes', 422, 422, 303],
  ['get /account/second-factor/end', 200, 200, 303],
  ['post /account/second-factor/end', 422, 422, 303],
  // Nobody is signed in by a provider here, and none is set up.
  ['get /account/openid', 404, 404, 303],
  ['post /account/openid', 404, 404, 303],
  ['get /account/openid/end', 303, 303, 303],
  ['post /account/openid/end', 303, 303, 303],
  ['get /session/oidc', 404, 404, 404],
  ['get /session/oidc/callback', 404, 404, 404],
  // Open to anyone: without a link or a password before it, they lead to nothing.
  ['get /session/code', 303, 303, 303],
  ['post /session/code', 303, 303, 303],
  ['get /access', 404, 404, 404],
  ['post /access', 404, 404, 404],
  ['get /guest/:token', 404, 404, 404],
]

describe.each(everybody)('%s, at the pages about people,', (person) => {
  it('is answered as the administrator is, or as everybody, and writes nothing where the answer is no', async () => {
    const { trialId, siteIds } = worlds['SSC-BMC']
    const grant = { role: 'coordinator', trialId, siteId: siteIds['01'] ?? '' } as const
    const client = clientOf(person)
    for (const [address, administrator, others, nobody] of ofPeople) {
      const { username } = await newcomer(served, [grant])
      const role = (await findAccount(served.db, username))?.roles[0]?.id ?? ''
      const [method = '', route = ''] = address.split(' ')
      const path = route.replace(':person', username).replace(':step', 'end').replace(':role', role)
      asked.add(address)
      const before = await everythingIn(served.db)
      const answer = method === 'get' ? await client.get(path) : await client.post(path, {})
      const right = person === 'administrator' ? administrator : person === 'nobody' ? nobody : others
      expect([address, answer.status]).toEqual([address, right])
      const isDone =
        person === 'administrator' &&
        method === 'post' &&
        answer.status === 303 &&
        !['/session/code', '/account/openid/end'].includes(path)
      if (isDone) expect((await everythingIn(served.db)).audit_entry).not.toBe(before.audit_entry)
      else expect(await everythingIn(served.db)).toEqual(before)
      if (method === 'post') await forgetFailures(served)
    }
  })

  it('finds nobody who is not there, and no step or role that there is not', async () => {
    const status = person === 'administrator' ? 404 : person === 'nobody' ? 303 : 403
    for (const path of [
      '/people/nobody-here',
      '/people/demo-crc/steps/no-such-step',
      '/people/demo-crc/steps/reopening',
      `/people/demo-crc/roles/${randomUUID()}/end`,
      '/people/constructor',
    ]) {
      expect([path, (await clientOf(person).get(path)).status]).toEqual([path, status])
    }
  })
})

/** Something at every address: what stands behind it does not matter to whom the door does not know. */
function addressOf(path: string): string {
  const parts: Record<string, string> = { ':trial': 'SSC-BMC', ':site': '02', ':section': 'reasons', ':token': 'x' }
  return path.replace(/:[a-z]+/g, (name) => parts[name] ?? randomUUID())
}

/** Ways in which somebody who had every right a moment ago has none. */
const noLonger: Record<string, (session: Client, person: { username: string; personId: string }) => Promise<unknown>> =
  {
    'whose session was idle for more than 30 minutes': async () => {
      served.now = later(31)
    },
    'whose session is older than 12 hours, however much it was used': async (session) => {
      for (let minutes = 0; minutes <= 12 * 60; minutes += 20) {
        expect((await session.get('/account')).status).toBe(200)
        served.now = later(20)
      }
    },
    'whose account was ended': (_session, { username }) => done(endAccess(served.context, commandLine, username)),
    'whose account was disabled while a session was left over': (_session, { personId }) =>
      rawWriter(served.db).updateTable('person').set({ disabled_at: served.now }).where('id', '=', personId).execute(),
  }
const later = (minutes: number) => new Date(Date.parse(served.now) + minutes * 60_000).toISOString()

describe.each(Object.entries(noLonger))('somebody %s', (_name, end) => {
  const start = served.now
  afterAll(() => {
    served.now = start
  })

  it('is asked to sign in at every address, and writes nothing anywhere', async () => {
    const { trialId } = worlds['SSC-BMC']
    const held = ['data_manager', 'principal_investigator', 'unblinded_statistician', 'committee'] as const
    const grants: Grant[] = held.map((role) => ({ role, trialId, siteId: null }))
    const person = await newcomer(served, [...grants, { role: 'administrator', trialId: null, siteId: null }])
    const session = await signedIn(served, person)
    for (const path of ['/trials/SSC-BMC', '/people', '/account']) {
      expect([path, (await session.get(path)).status]).toEqual([path, 200])
    }
    await end(session, person)
    const before = await everythingIn(served.db)
    for (const { method, path, access } of policy.values()) {
      if (access === 'anyone') continue
      const address = addressOf(path)
      const fields = { submissionKey: randomUUID() }
      const answer = method === 'get' ? await session.get(address) : await session.post(address, fields)
      expect([method, address, answer.status]).toEqual([method, address, 303])
      expect(answer.location).toMatch(/^\/session\/new/)
    }
    expect(await everythingIn(served.db)).toEqual(before)
  })
})

describe('beside the table', () => {
  it('an administrator reads of trials and sites their codes alone', async () => {
    const client = clientOf('administrator')
    const trials = await served.db.selectFrom('trial').select(['name_ja', 'title_ja', 'condition_ja']).execute()
    const sites = await served.db.selectFrom('site').select('name_ja').execute()
    const told = [...trials, ...sites].flatMap((row) => Object.values(row)).filter((name) => name.length > 3)
    expect(told.length).toBeGreaterThan(10)
    for (const path of [
      '/people',
      '/people/demo-crc',
      '/people/demo-crc/roles/new',
      '/sign-in-rules',
      '/account',
      '/',
    ]) {
      const { status, text } = await client.get(path)
      expect([path, status, told.filter((name) => text.includes(name))]).toEqual([path, 200, []])
    }
    expect((await client.get('/people/demo-crc/roles/new')).text).toContain('SSC-BMC 01')
  })

  it('a role is not granted at a site of another trial, however the form names it', async () => {
    const { username } = await newcomer(served, [])
    const client = clientOf('administrator')
    await client.get(`/people/${username}/roles/new`)
    const before = await everythingIn(served.db)
    const place = `${worlds['SSC-BMC'].trialId}/${worlds.OUTSIDE.siteIds['01']}`
    for (const fields of [
      { role: 'coordinator', place },
      { role: 'coordinator', place: worlds['SSC-BMC'].trialId },
      { role: 'auditor', place },
      { role: 'administrator', place: worlds['SSC-BMC'].trialId },
      { role: 'auditor', place: 'installation' },
      { role: 'administrator', place: '' },
      { role: 'coordinator', place: 'no-such-trial' },
      { role: 'owner', place: '' },
      { role: '', place: '' },
    ]) {
      const answer = await client.post(`/people/${username}/roles`, { ...fields, submissionKey: randomUUID() })
      expect([fields, answer.status]).toEqual([fields, 422])
    }
    expect(await everythingIn(served.db)).toEqual(before)
    const right = { role: 'coordinator', place: `${worlds.OUTSIDE.trialId}/${worlds.OUTSIDE.siteIds['01']}` }
    expect((await client.post(`/people/${username}/roles`, { ...right, submissionKey: randomUUID() })).status).toBe(303)
  })

  it('every route was asked for', () => {
    // Signing in and out has its own tests; an import under way exists only for whom it is of, and while it lasts.
    const elsewhere = ['post /session', 'post /session/end', importUnderWay]
    const all = routes.map(({ method, path }) => `${method} ${path}`)
    expect(all.filter((route) => !asked.has(route) && !elsewhere.includes(route))).toEqual([])
  })

  it('every cell was asserted: every address of a trial, by everybody, in their trial, in another and in none', () => {
    const ofTrials = [...policy.keys()].filter((route) => route.includes('/trials/:trial') && route !== importUnderWay)
    const cells = ofTrials.flatMap((route) =>
      everybody.flatMap((person) =>
        (['SSC-BMC', 'OUTSIDE', 'NO-SUCH-TRIAL'] as const).map((trial) => cellOf(person, trial, route)),
      ),
    )
    expect(cells.filter((cell) => !asserted.has(cell))).toEqual([])
    expect(cells.length).toBeGreaterThan(3000)
  })

  it('nobody is sent to sign in with an address that tells whether there is something', async () => {
    const there = await clientOf('nobody').get('/trials/SSC-BMC/subjects')
    const missing = await clientOf('nobody').get('/trials/NO-SUCH-TRIAL/subjects')
    expect(there.location).toBe('/session/new?returnTo=%2Ftrials%2FSSC-BMC%2Fsubjects')
    expect(missing.location).toBe('/session/new?returnTo=%2Ftrials%2FNO-SUCH-TRIAL%2Fsubjects')
    expect(there.text.replace('SSC-BMC', '')).toBe(missing.text.replace('NO-SUCH-TRIAL', ''))
  })

  it('another site’s subject is answered letter for letter as one that does not exist', async () => {
    const theirs = await newSubject(worlds['SSC-BMC'], '02')
    const client = clientOf('coordinator of site 01')
    const missing = randomUUID()
    for (const page of ['', '/events/new']) {
      const hidden = await client.get(`/trials/SSC-BMC/subjects/${theirs}${page}`)
      const nothing = await client.get(`/trials/SSC-BMC/subjects/${missing}${page}`)
      expect(hidden.text).toContain(theirs)
      expect(hidden.text.replaceAll(theirs, '')).toBe(nothing.text.replaceAll(missing, ''))
    }
  })

  it('a site that is not one’s own cannot be written to by naming it, and nothing is kept', async () => {
    const { siteIds, consentVersionId } = worlds['SSC-BMC']
    const before = await everythingIn(served.db)
    const fields = { number: '', consentedOn: '2026-06-24', consentVersionId, submissionKey: randomUUID() }
    const client = clientOf('coordinator of site 01')
    for (const siteId of [siteIds['02'] ?? '', worlds.OUTSIDE.siteIds['01'] ?? '']) {
      const answer = await client.post('/trials/SSC-BMC/subjects', { ...fields, siteId })
      expect(answer.status).toBe(422)
      expect(answer.text).toContain('この施設には記録できません')
    }
    expect(await everythingIn(served.db)).toEqual(before)
  })

  it('an event is not found under another subject’s address, be it of the same site', async () => {
    const [mine, other] = [await newSubject(worlds['SSC-BMC'], '01'), await newSubject(worlds['SSC-BMC'], '01')]
    const address = `/trials/SSC-BMC/subjects/${mine}/events/${(await eventsOf(other)).first}/corrections`
    const before = await everythingIn(served.db)
    const client = clientOf('coordinator of site 01')
    expect((await client.get(`${address}/new`)).status).toBe(404)
    const fields = { occurredOn: '2026-06-02', reason: 'transcription', submissionKey: randomUUID() }
    expect((await client.post(address, fields)).status).toBe(404)
    expect(await everythingIn(served.db)).toEqual(before)
  })

  it('no page shows a coordinator a subject of another site, or a committee member any', async () => {
    await newSubject(worlds['SSC-BMC'], '01')
    const pages = [
      '',
      '/profile',
      '/sites',
      '/projection',
      '/countermeasures',
      '/pools',
      '/sources',
      '/audit',
      '/timelines',
      '/subjects',
      '/subjects?site=02',
      '/subjects?search=02',
    ]
    const numbersSeenBy = async (person: Person) => {
      const texts = await Promise.all(
        pages.map(async (page) => (await clientOf(person).get(`/trials/SSC-BMC${page}`)).text),
      )
      return new Set(texts.join().match(/SSC-BMC-\d\d-(?=\d{3})/g))
    }
    expect(await numbersSeenBy('coordinator of site 01')).toEqual(new Set(['SSC-BMC-01-']))
    expect(await numbersSeenBy('coordinator of site 02')).toEqual(new Set(['SSC-BMC-02-']))
    expect(await numbersSeenBy('committee member')).toEqual(new Set())
    expect((await numbersSeenBy('data manager')).size).toBeGreaterThan(2)
  })

  it('a person reads the list of their own trials and of no others', async () => {
    const trialsOf = async (person: Person) =>
      new Set((await clientOf(person).get('/')).text.match(/(?<=href="\/trials\/)[\w-]+(?=")/g))
    expect(await trialsOf('administrator')).toEqual(new Set())
    expect(await trialsOf('data manager of another trial')).toEqual(new Set(['OUTSIDE']))
    expect(await trialsOf('unblinded statistician')).toEqual(new Set(['SSC-BMC']))
    expect(await trialsOf('coordinator of site 02')).toEqual(new Set(['SSC-BMC', 'CLTI-MNC']))
  })
})
