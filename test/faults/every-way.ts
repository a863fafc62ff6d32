/** A form that is accepted for every route that changes what is recorded, on the days on which each can be. */
import { demoPeople } from '../../seeds/demo-people.ts'
import { day, done } from '../../seeds/story.ts'
import { recordMilestone } from '../../server/actions/record-milestone.ts'
import { recordRegistration } from '../../server/actions/record-registration.ts'
import { recordScreening } from '../../server/actions/record-screening.ts'
import { commandLine } from '../../server/context.ts'
import { listSites } from '../../server/db/sites.ts'
import { listEvents } from '../../server/db/subject-events.ts'
import { findTrialByCode, listConsentVersions } from '../../server/db/trials.ts'
import type { Served } from '../http/served.ts'
import { Client } from '../support/client.ts'
import { confirmed, ready, type Way } from './failing-forms.ts'
import { formOn } from './filled-forms.ts'
import { waysOfCalendar } from './ways-of-calendar.ts'
import { waysOfPeople } from './ways-of-people.ts'
import { waysOfRedactions } from './ways-of-redactions.ts'
import { waysOfRequests } from './ways-of-requests.ts'
import { waysOfReviews } from './ways-of-reviews.ts'

const cast = ['crc', 'dm', 'stat', 'pi', 'irb', 'admin'] as const
const base = '/trials/SSC-BMC'

/** Days in the order in which they come: each has its forms, for which somebody has to be signed in on that day. */
export type DayOfWays = { when: string; ways: readonly Way[]; begin(): Promise<void> }

export function everyWay(served: Served): readonly DayOfWays[] {
  const people = {} as Record<(typeof cast)[number], Client>

  /** Sets the clock, and signs everybody in at that time. */
  async function at(now: string): Promise<void> {
    served.now = now
    for (const who of cast) people[who] = await new Client(served.url).signIn(`demo-${who}`)
  }

  /** A subject in screening at the coordinator's own site; judged eligible where that is asked for. */
  async function subjectOf(code: string, { on = '2026-06-01', state = 'screening' } = {}): Promise<string> {
    const trialId = (await findTrialByCode(served.db, code))?.id ?? ''
    const siteId = (await listSites(served.db, trialId)).find((site) => site.code === '01')?.id ?? ''
    const consentVersionId = (await listConsentVersions(served.db, trialId))[0]?.id ?? ''
    const actor = { ...commandLine, grants: [{ role: 'data_manager', trialId, siteId: null }] as const }
    const consent = { consentedOn: day(on), consentVersionId, referralSource: null }
    const draft = { trialId, siteId, number: null, ...consent, basis: 'recorded' as const }
    const { subjectId } = await done(recordScreening(served.context, actor, draft))
    if (state === 'eligible') {
      const judged = {
        code: 'eligibility',
        occurredOn: day(on),
        note: null,
        basis: 'recorded' as const,
        seenEventId: null,
      }
      await done(recordMilestone(served.context, actor, { trialId, subjectId, ...judged }))
    }
    return subjectId
  }

  const pathOf = (subjectId: string, code = 'SSC-BMC') => `/trials/${code}/subjects/${subjectId}`

  const measure = {
    category: 'funding',
    titleJa: '費用の説明資料',
    startedOn: '2026-06-01',
    owner: '研究代表医師',
    evidence: '2026年5月の議事録',
  }
  const pool = { placeJa: '近隣の病院', countedOn: '2026-06-01', size: '12', source: '診療録' }

  /** The newest page of an entry below a list, such as the last countermeasure's. */
  async function newestBelow(list: string, entry: RegExp): Promise<string> {
    const { text } = await people.dm.get(list)
    const found = [...text.matchAll(/href="([^"?#]+)/g)]
      .map(([, address = '']) => address)
      .filter((one) => entry.test(one))
    return found.at(-1) ?? `${list}: no ${entry}`
  }
  const newestMeasure = () => newestBelow(`${base}/countermeasures`, /countermeasures\/[\w-]{36}$/)
  const newestCount = () => newestBelow(`${base}/pools`, /counts\/[\w-]{36}$/)

  const label = { labelJa: '理由', labelEn: 'Reason' }
  /** Months in which nothing happened: saying so twice writes nothing. */
  let silentMonths = 0
  const rows = '施設\tスクリーニング番号\t同意取得日\n01\tF-1\t2026-02-10\n01\tF-2\t2026-02-11'

  /** Every route that changes what is recorded, with a form for it. Those that are asked for later come later. */
  const ways: Way[] = [
    [
      '/trials/:trial/subjects',
      () => ready(people.crc, `${base}/subjects/new`, /\/subjects$/, { consentedOn: '2026-06-24' }),
    ],
    [
      '/trials/:trial/subjects/:subject/events',
      async () => {
        const here = pathOf(await subjectOf('SSC-BMC'))
        const typed = { what: 'eligibility', occurredOn: '2026-06-20', note: '' }
        return ready(people.crc, `${here}/events/new?what=eligibility`, /\/events$/, typed)
      },
    ],
    [
      '/trials/:trial/subjects/:subject/events',
      async () => {
        const here = pathOf(await subjectOf('SSC-BMC', { state: 'eligible' }))
        const typed = { what: 'registration', occurredOn: '2026-06-20', note: '' }
        return confirmed(await ready(people.crc, `${here}/events/new?what=registration`, /\/events$/, typed))
      },
    ],
    [
      '/trials/:trial/subjects/:subject/events/:event/corrections',
      async () => {
        const subject = await subjectOf('SSC-BMC')
        const [event] = await listEvents(served.db, subject)
        const typed = { occurredOn: '2026-06-02', reason: 'transcription', note: '転記を誤った' }
        return ready(people.crc, `${pathOf(subject)}/events/${event?.id}/corrections/new`, /corrections$/, typed)
      },
    ],
    [
      '/trials/:trial/subjects/:subject/events/:event/taking-back',
      async () => {
        const subject = await subjectOf('SSC-BMC', { state: 'eligible' })
        const event = (await listEvents(served.db, subject)).at(-1)
        const typed = { reason: 'transcription', note: '別の症例だった' }
        return ready(people.crc, `${pathOf(subject)}/events/${event?.id}/taking-back/new`, /taking-back$/, typed)
      },
    ],
    [
      '/trials/:trial/subjects/:subject/void',
      async () => {
        const here = pathOf(await subjectOf('SSC-BMC'))
        return ready(people.dm, `${here}/void/new`, /void$/, { reason: 'wrong_subject', note: '別の人の記録だった' })
      },
    ],
    [
      '/trials/:trial/sites/:site/attestations',
      async () => {
        silentMonths += 1
        const month = `2023-${String(silentMonths).padStart(2, '0')}`
        return { who: people.crc, action: `${base}/sites/01/attestations`, fields: { month } }
      },
    ],
    [
      '/trials/:trial/timelines/days',
      () =>
        ready(people.dm, '/trials/STR01-03/timelines/days/new', /timelines\/days$/, {
          anchorCode: 'injury',
          rows: 'case\tdosing\nP1\t47\nP2\t48',
        }),
    ],
    [
      '/trials/:trial/settings/:section',
      () => ready(people.dm, `${base}/settings/reasons/new`, /reasons$/, { exit: 'lost', code: 'F1', ...label }),
    ],
    [
      '/trials/:trial/settings/:section',
      () => ready(people.dm, `${base}/settings/caps/new`, /caps$/, { capOf: 'trial', hardNumber: '50' }),
    ],
    [
      '/trials/:trial/settings/:section/offers',
      async () => ({
        who: people.dm,
        action: `${base}/settings/reasons/offers`,
        fields: { offer: 'prescreen_excluded', seen: '' },
      }),
    ],
    [
      '/trials/:trial/settings/:section/entries/:entry',
      async () => ready(people.dm, await lastEntry('reasons'), /entries\/[\w-]+$/, { labelEn: 'Another label' }),
    ],
    [
      '/trials/:trial/settings/:section/entries/:entry/place',
      async () => {
        const form = await ready(people.dm, `${base}/settings/reasons`, /\/place$/)
        return { ...form, fields: { ...form.fields, direction: 'down' } }
      },
    ],
    [
      '/trials/:trial/settings/:section/entries/:entry/retirement',
      async () => ready(people.dm, `${await lastEntry('reasons')}/retirement`, /retirement$/),
    ],
    [
      '/trials/:trial/subjects/:subject/allocation',
      async () => {
        const here = pathOf(await registeredForAllocation(), 'CLTI-MNC')
        const typed = { armCode: 'B', stratum: 'St-7', occurredOn: '2026-06-12' }
        return confirmed(await ready(people.stat, `${here}/allocation/new`, /allocation$/, typed))
      },
    ],
    [
      '/trials/:trial/countermeasures',
      () => ready(people.dm, `${base}/countermeasures/new`, /countermeasures$/, measure),
    ],
    [
      '/trials/:trial/countermeasures/:countermeasure',
      async () =>
        ready(people.dm, await newestMeasure(), /countermeasures\/[\w-]{36}$/, {
          owner: '別の担当者',
          reason: '担当の交代',
        }),
    ],
    [
      '/trials/:trial/countermeasures/:countermeasure/end',
      async () => ready(people.dm, `${await newestMeasure()}/end/new`, /[\w-]{36}\/end$/, { endedOn: '2026-06-20' }),
    ],
    [
      '/trials/:trial/countermeasures/:countermeasure/void',
      async () => ready(people.dm, `${await newestMeasure()}/void/new`, /void$/, { reason: '別の試験の記録だった' }),
    ],
    ['/trials/:trial/pools', () => ready(people.dm, `${base}/pools/new`, /pools$/, pool)],
    [
      '/trials/:trial/pools/:pool/counts',
      async () => {
        const page = await newestBelow(`${base}/pools`, /counts\/new$/)
        return ready(people.dm, page, /counts$/, { countedOn: '2026-06-20', size: '13', source: '診療録' })
      },
    ],
    [
      '/trials/:trial/pools/:pool/counts/:count',
      async () => ready(people.dm, await newestCount(), /counts\/[\w-]{36}$/, { size: '14', reason: '数え直した' }),
    ],
    [
      '/trials/:trial/pools/:pool/counts/:count/void',
      async () => ready(people.dm, `${await newestCount()}/void/new`, /void$/, { reason: '数え間違い' }),
    ],
    [
      '/trials/:trial/import/confirm',
      async () => {
        await people.crc.get(`${base}/import`)
        const checked = await people.crc.post(`${base}/import`, { rows })
        return { who: people.crc, ...formOn(checked.text, /^import-preview$/), action: `${base}/import/confirm` }
      },
    ],
    [
      '/trials/:trial/retention',
      () => ready(people.dm, `${base}/retention`, /retention$/, { years: '5', ruleJa: '臨床研究法施行規則' }),
    ],
    // Locked, the trial changes in one way only: the last one.
    [
      '/trials/:trial/locks',
      () => {
        const typed = { because: '最終報告書を提出した', password: passwordOf('demo-dm') }
        return ready(people.dm, `${base}/locks/new`, /locks$/, typed)
      },
    ],
    [
      '/trials/:trial/locks/:lock/end',
      async () => {
        const { text } = await people.pi.get(`${base}/profile`)
        const [page = ''] = /\/trials\/SSC-BMC\/locks\/[\w-]{36}\/end\/new/.exec(text) ?? []
        return ready(people.pi, page, /\/locks\/.*\/end$/, { because: '訂正のため', password: passwordOf('demo-pi') })
      },
    ],
  ]

  const passwordOf = (username: string) => demoPeople.find((one) => one.username === username)?.password ?? ''

  /** Who was registered in a randomised trial, and is to be allocated. */
  async function registeredForAllocation(): Promise<string> {
    const subject = await subjectOf('CLTI-MNC')
    const trialId = (await findTrialByCode(served.db, 'CLTI-MNC'))?.id ?? ''
    const actor = { ...commandLine, grants: [{ role: 'data_manager', trialId, siteId: null }] as const }
    const said = { note: null, basis: 'recorded' as const, seenEventId: null }
    for (const [code, on] of [
      ['provisional', '2026-06-05'],
      ['final', '2026-06-10'],
    ] as const) {
      const draft = { trialId, subjectId: subject, code, occurredOn: day(on), ...said }
      await done(recordRegistration(served.context, actor, draft))
    }
    return subject
  }

  const waysOfTheDay: Way[] = [
    ...ways,
    ...waysOfRequests(
      served,
      () => people.dm,
      () => people.irb,
    ),
    ...waysOfCalendar(() => people.pi),
    ...waysOfRedactions(
      served,
      () => people.dm,
      () => people.pi,
    ),
    ...waysOfPeople(served, () => people.admin),
  ]

  /** While a review waits for its signature. */
  const waysOfAReview = waysOfReviews(served, () => people.pi)

  /** Long after the period of registration. */
  const lateWays: Way[] = [
    [
      '/trials/:trial/subjects/:subject/override',
      async () => {
        const here = pathOf(await subjectOf('SSC-BMC', { on: '2029-07-10', state: 'eligible' }))
        const typed = { occurredOn: '2029-07-25', reason: '委員会の了承による' }
        return ready(people.pi, `${here}/override/new`, /override$/, typed)
      },
    ],
  ]

  async function lastEntry(section: string): Promise<string> {
    const { text } = await people.dm.get(`${base}/settings/${section}`)
    return [...text.matchAll(/href="([^"]+\/entries\/[\w-]{36})"/g)].at(-1)?.[1] ?? ''
  }

  return [
    { when: 'on a day like any other', ways: waysOfTheDay, begin: () => at('2026-06-24T03:00:00.000Z') },
    { when: 'while a review waits', ways: waysOfAReview, begin: () => at('2026-11-21T03:00:00.000Z') },
    { when: 'outside the period of registration', ways: lateWays, begin: () => at('2029-07-25T03:00:00.000Z') },
  ]
}
