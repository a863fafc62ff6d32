/**
 * The extension request's trial: five sites, 2 of 12 registered after five years, and a promise of 13.
 * Facts are those of the request and its two rounds of replies; what they do not state is marked as assumed.
 */

import { addCalendarEntry } from '../server/actions/add-calendar-entry.ts'
import { adoptTerms } from '../server/actions/adopt-terms.ts'
import { attestNothingToReport } from '../server/actions/attest-nothing-to-report.ts'
import { openTrial } from '../server/actions/open-trial.ts'
import type { Actor, Context } from '../server/context.ts'
import { listConsentVersions, type TrialProfile } from '../server/db/trials.ts'
import type { Basis } from '../server/domain/bilingual.ts'
import { addDays, addMonths, type CalendarDate } from '../server/domain/calendar-date.ts'
import type { EntryDraft } from '../server/domain/calendar-entry.ts'
import type { Milestone } from '../server/domain/milestone.ts'
import type { TrialTerms } from '../server/domain/trial-terms.ts'
import { reportMoments } from './calendar-story.ts'
import { type Cast, castIn } from './demo-people.ts'
import { oneStageReasons } from './exit-reasons.ts'
import { measuresOf, tellPools } from './ssc-bmc-recruitment.ts'
import { committee, tellExtensionRequest } from './ssc-bmc-request.ts'
import { openReviewOfExtension, signedReviews } from './ssc-bmc-reviews.ts'
import { day, done, type Story, story } from './story.ts'
import { type Moment, momentsOf, type SubjectStory, tellInOrder } from './subject-story.ts'

const request = { ja: '変更申請書', en: 'Change request' }
const reply = { ja: '照会事項への回答', en: 'Reply to inquiries' }

const firstTerms: TrialTerms = {
  version: 1,
  targetNumber: 12,
  registrationFrom: day('2021-07-19'),
  registrationUntil: day('2024-07-18'),
  studyUntil: null,
  costBearer: 'research_funds',
  reviewIntervalMonths: 6,
  reviewAnchor: 'registration_start',
  plan: { startsOn: day('2021-07-19'), startsAtNumber: 0, reachesNumber: 12 },
  effectiveFrom: day('2021-07-19'),
  approval: null,
  basis: 'assumed',
  assumption: {
    ja: '最初の期限は、2年間の延長から逆算した。',
    en: 'The first deadline is inferred from the extension by two years.',
  },
}

const laterTerms: readonly TrialTerms[] = [
  {
    ...firstTerms,
    version: 2,
    registrationUntil: day('2026-07-18'),
    studyUntil: day('2029-07-18'),
    plan: { startsOn: day('2024-07-19'), startsAtNumber: 1, reachesNumber: 12 },
    effectiveFrom: day('2024-07-19'),
    approval: {
      body: { ja: '2024年の延長（機関と月日の記載なし）', en: 'Extension of 2024 (body and day not stated)' },
      approvedOn: null,
      document: request,
    },
    basis: 'assumed',
    assumption: {
      ja: '有効になる日と計画の線は仮定。延長が2024年に承認されたことは記載がある。',
      en: 'Effective date and plan line are assumed; the approval in 2024 is stated.',
    },
  },
]

const milestones: readonly Milestone[] = [
  milestone('consent', '同意取得', 'Consent', 'screening', 'required'),
  milestone('eligibility', '適格判定', 'Eligibility', 'eligibility', 'required'),
  { ...milestone('registration', '登録', 'Registration', 'registration_stage', 'required'), counting: 'target' },
  milestone('treatment', '治療', 'Treatment', 'treatment', 'optional'),
  visit('week_12', '12週', 'Week 12', 84),
  visit('week_24', '24週', 'Week 24', 168),
  visit('week_96', '96週', 'Week 96', 672),
]

function milestone(
  code: string,
  ja: string,
  en: string,
  kind: Milestone['kind'],
  necessity: Milestone['necessity'],
): Milestone {
  return { code, label: { ja, en }, kind, necessity, counting: 'none', repetition: 'once', schedule: null }
}

function visit(code: string, ja: string, en: string, offsetDays: number): Milestone {
  const schedule = { anchorCode: 'treatment', offsetDays, windowBeforeDays: 14, windowAfterDays: 14 }
  return { ...milestone(code, ja, en, 'visit', 'optional'), schedule }
}

const siteNames = [
  { ja: '横浜市立大学附属病院', en: 'Yokohama City University Hospital' },
  { ja: '日本医科大学付属病院', en: 'Nippon Medical School Hospital' },
  { ja: '参加施設C', en: 'Participating site C' },
  { ja: '参加施設D', en: 'Participating site D' },
  { ja: '参加施設E', en: 'Participating site E' },
]

function product(ja: string, en: string, maker: string, approval: string, isOnLabel: 'on' | 'off') {
  const use = isOnLabel === 'on' ? { ja: '適応内', en: 'on label' } : { ja: '適応外', en: 'off label' }
  return {
    kind: 'product' as const,
    label: { ja, en },
    value: { ja: `${maker}、承認番号 ${approval}、${use.ja}`, en: `${maker}, approval ${approval}, ${use.en}` },
    source: request,
    basis: 'recorded' as const,
  }
}

function fact(kind: 'cost', label: [string, string], value: [string, string], source = request) {
  const [ja, en] = label
  return { kind, label: { ja, en }, value: { ja: value[0], en: value[1] }, source, basis: 'recorded' as const }
}

const profile: TrialProfile = {
  identifiers: [
    { kind: 'announcement', value: '19', validFrom: null, validUntil: null, source: request },
    {
      kind: 'registry',
      value: 'jRCTb032210204',
      validFrom: '2021-07-19',
      validUntil: null,
      source: { ja: '公開の登録簿。申請書には記載なし', en: 'public registry; not stated in the request' },
    },
  ],
  arms: [],
  facts: [
    product('白血球セット (P1Y) F02-0114', 'Leukocyte set (P1Y) F02-0114', 'Fresenius Kabi', '225AFBZX00079000', 'off'),
    product(
      'BMSC骨髄バッグセット F02-0132',
      'BMSC marrow bag set F02-0132',
      'Fresenius Kabi',
      '225AFBZX00079000',
      'off',
    ),
    product(
      'ボーンマロウコレクションキット',
      'Bone marrow collection kit',
      'Fresenius Kabi',
      '20500BZY00152000',
      'off',
    ),
    product('スペクトラオプティア IDLセット', 'Spectra Optia IDL set', 'Terumo BCT', '22200BZX00554000', 'on'),
    product('スペクトラオプティア BMPセット', 'Spectra Optia BMP set', 'Terumo BCT', '22200BZX00554000', 'on'),
    fact(
      'cost',
      ['変更前の負担', 'Borne before the change'],
      [
        '研究費（AMED 2020〜2022年度の3年間）。2例目は診療科の研究費',
        'Research funds (AMED, fiscal years 2020 to 2022); the second subject by funds of the department',
      ],
      reply,
    ),
    fact('cost', ['変更後の負担', 'Borne after the change'], ['患者', 'The patient']),
  ],
}

/** Months in which a site said that nothing happened; the documents do not speak of reports, so these are made up. */
const quietMonths = [
  {
    site: '01',
    months: [
      '2025-07',
      '2025-08',
      '2025-09',
      '2025-10',
      '2025-11',
      '2025-12',
      '2026-02',
      '2026-03',
      '2026-04',
      '2026-05',
    ],
  },
  { site: '02', months: ['2025-12', '2026-01', '2026-02', '2026-04', '2026-05'] },
  { site: '04', months: ['2026-03', '2026-05'] },
]

/** When the committee met, and when it meets: all but the meeting of December is in the reply. `meetings` learns each by its day. */
function committeeMoments(told: Story, keeper: Actor, trialId: string, meetings: Map<CalendarDate, string>): Moment[] {
  const meeting = (on: string, ja: string, en: string, basis: Basis) => ({
    kind: 'committee_meeting' as const,
    title: { ja, en },
    body: committee,
    dueOn: day(on),
    meetingId: null,
    met: { on: null, evidence: '' },
    source: basis === 'recorded' ? reply : { ja: '', en: '' },
    basis,
  })
  const add = (on: string, draft: EntryDraft) => done(addCalendarEntry(told.on(on), keeper, trialId, draft))
  const decided = meeting('2026-05-29', '変更5の審議（「適」）', 'Deliberation of change 5 (approved)', 'recorded')
  const next = meeting('2026-07-31', '承認の条件の確認', 'Review of the condition of the approval', 'recorded')
  const later = meeting('2026-12-11', '定例の委員会', 'Regular meeting', 'assumed')
  return [
    {
      on: '2026-06-12',
      tell: async () => {
        for (const one of [decided, next, later]) meetings.set(one.dueOn, (await add('2026-06-12', one)).entryId)
      },
    },
  ]
}

export async function tellSscBmc(context: Context, people: Cast): Promise<void> {
  const told = story(context)
  const opened = await done(
    openTrial(told.on('2021-07-19'), people['demo-dm'], {
      trial: {
        code: 'SSC-BMC',
        name: { ja: '強皮症皮膚潰瘍・骨髄単核球移植', en: 'Marrow cells for skin ulcers in systemic sclerosis' },
        title: {
          ja: '全身性強皮症の難治性皮膚潰瘍に対する自家骨髄単核球移植による血管再生治療',
          en: 'Autologous bone-marrow mononuclear cells for refractory skin ulcers in systemic sclerosis',
        },
        condition: {
          ja: '全身性強皮症（難治性皮膚潰瘍を伴うものに限る）',
          en: 'Systemic sclerosis with refractory skin ulcers',
        },
        design: 'single_arm',
        riskClass: 'none',
        timeZone: 'Asia/Tokyo',
        phase: null,
        retentionYears: null,
      },
      terms: firstTerms,
      sites: siteNames.map((name, index) => ({
        code: `0${index + 1}`,
        name,
        statuses: [{ status: 'open', from: day('2021-07-19'), basis: 'assumed' }],
      })),
      milestones,
      consentVersions: [1, 2, 3, 4].map((version) => ({
        label: { ja: `第${version}版`, en: `Version ${version}` },
        approvedOn: null,
        basis: 'assumed',
      })),
      profile,
      exitReasons: oneStageReasons,
    }),
  )
  const { trialId, siteIds } = opened
  const cast = await castIn(told.on('2021-07-19'), people, trialId, siteIds)
  const versions = await listConsentVersions(context.db, trialId)
  const consent = (version: number) => versions.at(-version)?.id ?? ''
  const [lead, second, third] = ['01', '02', '03'].map((code) => siteIds[code] ?? '')
  const referred = '他の医療機関からの紹介'
  const unknown = '申請書の記載から、結果が分からない。'

  const subjects: SubjectStory[] = [
    {
      siteId: lead ?? '',
      consentedOn: '2022-02-10',
      consentVersionId: consent(1),
      referralSource: referred,
      steps: [
        { reached: 'eligibility', on: '2022-02-24' },
        { registered: 'registration', on: '2022-03-02' },
        { reached: 'treatment', on: '2022-03-23' },
        { reached: 'week_12', on: '2022-06-15' },
        { reached: 'week_24', on: '2022-09-07' },
        { reached: 'week_96', on: '2024-01-24' },
        { left: 'completed', on: '2024-01-24', note: '96週の観察を終えた。' },
      ],
    },
    {
      siteId: second ?? '',
      consentedOn: '2024-10-03',
      consentVersionId: consent(2),
      referralSource: null,
      steps: [
        { reached: 'eligibility', on: '2024-10-17' },
        { registered: 'registration', on: '2024-10-23' },
        { corrected: 'registration', on: '2024-10-25', to: '2024-10-24' },
        { reached: 'treatment', on: '2024-11-13' },
        { reached: 'week_12', on: '2025-02-05' },
        { reached: 'week_24', on: '2025-04-30' },
      ],
    },
    {
      siteId: lead ?? '',
      consentedOn: '2025-06-12',
      consentVersionId: consent(2),
      referralSource: referred,
      steps: [{ left: 'unaccounted', on: '2026-06-24', note: unknown }],
    },
    {
      siteId: third ?? '',
      consentedOn: '2025-09-25',
      consentVersionId: consent(2),
      referralSource: null,
      steps: [{ left: 'unaccounted', on: '2026-06-24', note: unknown }],
    },
    {
      siteId: lead ?? '',
      consentedOn: '2026-01-22',
      consentVersionId: consent(2),
      referralSource: referred,
      steps: [],
    },
    { siteId: second ?? '', consentedOn: '2026-03-12', consentVersionId: consent(3), referralSource: null, steps: [] },
  ]
  const manager = cast['demo-dm']
  const keeperOf = (siteId: string) =>
    siteId === lead ? cast['demo-crc'] : siteId === second ? cast['demo-crc2'] : manager
  const versionsOfTerms = laterTerms.map((terms): Moment => {
    const on = terms.approval?.approvedOn ?? terms.effectiveFrom
    return { on, tell: async () => void (await done(adoptTerms(told.on(on), manager, trialId, terms))) }
  })
  const nothing = quietMonths.flatMap(({ site, months }) =>
    months.map((month): Moment => {
      const on = addDays(addMonths(day(`${month}-01`), 1), -1)
      const siteId = siteIds[site] ?? ''
      const attest = () => attestNothingToReport(told.on(on), keeperOf(siteId), { trialId, siteId, month })
      return { on, tell: async () => void (await done(attest())) }
    }),
  )
  const startsOn = day('2021-07-19')
  const measures = measuresOf(told, manager, trialId, lead ?? '')
  const meetings = new Map<CalendarDate, string>()
  await tellInOrder([
    ...versionsOfTerms,
    ...nothing,
    ...reportMoments(told, manager, trialId, { scheme: 'advanced_care', startsOn, dueBy: '2026-06-24' }),
    ...reportMoments(told, manager, trialId, { scheme: 'regenerative', startsOn, dueBy: '2026-06-24' }),
    ...committeeMoments(told, cast['demo-pi'], trialId, meetings),
    ...measures.moments,
    ...signedReviews(told, cast['demo-pi'], trialId, measures.begunBy),
    ...subjects.flatMap((subject) => momentsOf(told, keeperOf(subject.siteId), trialId, subject)),
  ])

  await tellExtensionRequest(told, cast, trialId, siteIds, meetings)
  await tellPools(told, manager, { trialId, siteIds })
  await openReviewOfExtension(told, cast['demo-pi'], trialId)
}
