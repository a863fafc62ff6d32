/** The forms of a trial as a coordinator of its site 01 fills them in: what is accepted, and every way to get it wrong. */
import { randomUUID } from 'node:crypto'
import { day, done } from '../../seeds/story.ts'
import { recordScreening } from '../../server/actions/record-screening.ts'
import { commandLine } from '../../server/context.ts'
import { listSites } from '../../server/db/sites.ts'
import { listEvents } from '../../server/db/subject-events.ts'
import { findTrialByCode, listConsentVersions } from '../../server/db/trials.ts'
import type { Served } from './served.ts'

export type Language = 'ja' | 'en'
export type Fields = Record<string, string>

/** What is changed in a form that would be accepted, and the code and values of the refusal that must follow. */
export type Case = [name: string, change: Fields, code: string, values?: Record<string, string | number>]

export type Form = {
  name: string
  /** Where it is posted to; about a new subject each time, where it is about one. */
  address(): Promise<string>
  /** Filled in so that it is accepted. */
  accepted(): Fields
  refusals(language: Language): Case[]
  /** What the form can show again of what was sent: what is not on offer cannot stay chosen; the key is its own matter. */
  shownAgain(typed: Fields): Fields
  /** Fields of free text, and how long it may be. */
  free: Record<string, number>
  /** Fields that must name a thing or a day. */
  naming: readonly string[]
  /** Fields that nobody fills in by hand. */
  hidden: readonly string[]
}

export type FormsOfTrial = {
  trialId: string
  log: string
  forms: { screening: Form; event: Form; correction: Form }
  /** A subject at the coordinator's own site, in screening since 1 June. */
  newSubject(): Promise<string>
}

const badDates: readonly [string, string, string, Record<string, string | number>][] = [
  ['a day that the month has not', '2026-02-30', 'date_impossible_day', { month: '2026-02', lastDay: 28 }],
  ['a month that there is not', '2026-13-01', 'date_impossible_month', { month: '2026-13' }],
  ['a day after the era ended', 'H31.5.1', 'date_eraMismatch_ended', { lastDay: '2019-04-30' }],
  ['a day before the era began', '令和元年4月30日', 'date_eraMismatch_notBegun', { firstDay: '2019-05-01' }],
  ['no year', '6/24', 'date_ambiguous_year', {}],
  ['two readings', '7/8/2026', 'date_ambiguous_order', { monthFirst: '2026-07-08', dayFirst: '2026-08-07' }],
  ['another day’s weekday', '2026-06-24(土)', 'date_ambiguous_weekday', {}],
  ['a date of the future', '2026-06-25', 'date_in_future', { today: '2026-06-24' }],
  ['no date at all', '', 'date_missing', {}],
  ['words', 'きのう', 'date_unreadable', {}],
]

const datesIn = (field: string): Case[] =>
  badDates.map(([name, typed, code, values]) => [name, { [field]: typed }, code, values])

export async function formsOfTrial(served: Served, code = 'SSC-BMC'): Promise<FormsOfTrial> {
  const trialId = (await findTrialByCode(served.db, code))?.id ?? ''
  const sites = await listSites(served.db, trialId)
  const siteId = sites.find((site) => site.code === '01')?.id ?? ''
  const otherSite = sites.find((site) => site.code === '02')?.id ?? ''
  const consentVersionId = (await listConsentVersions(served.db, trialId))[0]?.id ?? ''
  const log = `/trials/${code}/subjects`

  async function newSubject(): Promise<string> {
    const actor = { ...commandLine, grants: [{ role: 'data_manager', trialId, siteId: null }] as const }
    const consent = { consentedOn: day('2026-06-01'), consentVersionId, referralSource: null }
    const draft = { trialId, siteId, number: null, ...consent, basis: 'recorded' as const }
    return (await done(recordScreening(served.context, actor, draft))).subjectId
  }

  const screening: Form = {
    name: 'a screening',
    address: async () => log,
    accepted: () => ({
      opening: 'consent',
      siteId,
      number: '',
      offeredNumber: '',
      consentedOn: '2026-06-24',
      consentVersionId,
      referralSource: '紹介元の病院',
      submissionKey: randomUUID(),
    }),
    refusals: () => [
      ...datesIn('consentedOn'),
      [
        'a date before the site opened',
        { consentedOn: '2021-07-18', confirmed: '2021-07-18' },
        'before_site_opened',
        { opens: '2021-07-19' },
      ],
      ['a date far back', { consentedOn: '2025-06-24' }, 'date_far', { days: 365 }],
      ['no site', { siteId: '' }, 'site_missing'],
      ['an unknown site', { siteId: randomUUID() }, 'site_unknown'],
      ['another site', { siteId: otherSite }, 'site_unknown'],
      ['a site’s code for its id', { siteId: '01' }, 'site_unknown'],
      ['no consent version', { consentVersionId: '' }, 'consent_version_missing'],
      ['an unknown consent version', { consentVersionId: randomUUID() }, 'consent_version_unknown'],
      ['a number that is taken', { number: `${code}-01-001` }, 'number_taken', { number: `${code}-01-001` }],
      ['a number on two lines', { number: 'A\nB' }, 'number_malformed', { most: 64 }],
      ['a number too long in plain letters', { number: 'ﷺ'.repeat(10) }, 'number_malformed', { most: 64 }],
      ['a source that is too long', { referralSource: 'あ'.repeat(201) }, 'text_too_long', { most: 200, length: 201 }],
    ],
    shownAgain: ({
      siteId: site,
      consentVersionId: version,
      number = '',
      submissionKey: _key,
      confirmed: _day,
      ...always
    }) => ({
      ...always,
      ...(site === siteId || site === '' ? { siteId: site } : {}),
      ...(version === consentVersionId ? { consentVersionId: version } : {}),
      ...(number.includes('\n') ? {} : { number }),
    }),
    free: { referralSource: 200 },
    naming: ['siteId', 'consentVersionId', 'consentedOn'],
    hidden: [
      ...['offeredNumber', 'submissionKey', 'suggested', 'opening', 'earlierAttemptId', 'confirmed'],
      ...['candidateKey', 'acknowledged', 'note'],
    ],
  }

  const event: Form = {
    name: 'an event',
    address: async () => `${log}/${await newSubject()}/events`,
    accepted: () => ({
      what: 'eligibility',
      occurredOn: '2026-06-24',
      note: '検査の結果による',
      seenEventId: '',
      submissionKey: randomUUID(),
    }),
    refusals: (language) => [
      ...datesIn('occurredOn'),
      ['a date before the consent', { occurredOn: '2026-05-31' }, 'before_previous_step', { previous: '2026-06-01' }],
      ['no event', { what: '' }, 'what_missing'],
      ['an event of no pathway', { what: 'week_13' }, 'step_unknown'],
      ['an exit that there is not', { what: 'exit:vanished' }, 'step_unknown'],
      [
        'an event whose turn it is not',
        { what: 'treatment' },
        'stage_missing',
        { milestone: language === 'ja' ? '適格判定' : 'Eligibility' },
      ],
      ['an event that has happened', { what: 'consent' }, 'already_recorded', { on: '2026-06-01' }],
      ['an exit not possible from here', { what: 'exit:completed' }, 'not_possible_from_state', { state: 'screening' }],
      ['an exit without its reason', { what: 'exit:declined', note: '' }, 'exit_reason_missing'],
      ['an exit without words', { what: 'exit:died', note: '' }, 'note_missing'],
      ['a note that is too long', { note: 'あ'.repeat(1001) }, 'text_too_long', { most: 1000, length: 1001 }],
    ],
    shownAgain: ({ what = '', submissionKey: _, ...always }) =>
      ['eligibility', 'exit:declined', 'exit:died'].includes(what) ? { what, ...always } : always,
    free: { note: 1000 },
    naming: ['what', 'occurredOn'],
    hidden: [
      ...['submissionKey', 'suggested', 'confirmed', 'seenEventId'],
      ...['reasons', 'measuredValue', 'scope', 'consentVersionId'],
    ],
  }

  const correction: Form = {
    name: 'a correction',
    address: async () => {
      const subject = await newSubject()
      const [first] = await listEvents(served.db, subject)
      return `${log}/${subject}/events/${first?.id}/corrections`
    },
    accepted: () => ({
      occurredOn: '2026-06-02',
      reason: 'transcription',
      note: '転記を誤った',
      seenEventId: '',
      submissionKey: randomUUID(),
    }),
    refusals: () => [
      ...datesIn('occurredOn'),
      ['the date that stands there', { occurredOn: '2026-06-01' }, 'date_unchanged'],
      ['a date before the site opened', { occurredOn: '2021-07-18' }, 'before_site_opened', { opens: '2021-07-19' }],
      ['no reason', { reason: '' }, 'reason_missing'],
      ['a reason that there is not', { reason: 'because' }, 'reason_missing'],
      ['another reason without words', { reason: 'other', note: '' }, 'note_missing'],
      ['a note that is too long', { note: 'あ'.repeat(1001) }, 'text_too_long', { most: 1000, length: 1001 }],
    ],
    shownAgain: ({ reason = '', submissionKey: _, ...always }) =>
      ['transcription', 'other'].includes(reason) ? { reason, ...always } : always,
    free: { note: 1000 },
    naming: ['occurredOn', 'reason'],
    hidden: ['submissionKey', 'suggested', 'seenEventId'],
  }

  return { trialId, log, forms: { screening, event, correction }, newSubject }
}
