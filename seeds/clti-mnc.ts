/**
 * The limb-ischaemia trial: two-stage registration (仮登録, then 本登録), exclusion in between by ulcer and SPP, two arms.
 * The document states the design; every subject, site, number and date here is made up.
 */
import { openTrial } from '../server/actions/open-trial.ts'
import type { Actor, Context } from '../server/context.ts'
import { listConsentVersions, type TrialProfile } from '../server/db/trials.ts'
import { addDays } from '../server/domain/calendar-date.ts'
import type { Milestone } from '../server/domain/milestone.ts'
import { reportMoments, retentionMoment } from './calendar-story.ts'
import { type Cast, castIn } from './demo-people.ts'
import { twoStageReasons } from './exit-reasons.ts'
import { day, done, story } from './story.ts'
import { type Moment, momentsOf, type Step, tellInOrder } from './subject-story.ts'

const plan = { ja: '実施計画の概要', en: 'Outline of the plan' }

const once = { counting: 'none', repetition: 'once', schedule: null } as const
const milestones: readonly Milestone[] = [
  { ...once, code: 'consent', label: { ja: '同意取得', en: 'Consent' }, kind: 'screening', necessity: 'required' },
  {
    ...once,
    code: 'provisional',
    label: { ja: '仮登録', en: 'Provisional registration' },
    kind: 'registration_stage',
    necessity: 'required',
  },
  {
    ...once,
    code: 'final',
    label: { ja: '本登録', en: 'Registration' },
    kind: 'registration_stage',
    necessity: 'required',
    counting: 'target',
  },
  { ...once, code: 'allocation', label: { ja: '割付', en: 'Allocation' }, kind: 'allocation', necessity: 'required' },
  { ...once, code: 'treatment', label: { ja: '治療', en: 'Treatment' }, kind: 'treatment', necessity: 'optional' },
  {
    ...once,
    code: 'week_52',
    label: { ja: '52週', en: 'Week 52' },
    kind: 'visit',
    necessity: 'optional',
    schedule: { anchorCode: 'final', offsetDays: 364, windowBeforeDays: 28, windowAfterDays: 28 },
  },
]

const profile: TrialProfile = {
  identifiers: [],
  arms: [
    { code: 'A', label: { ja: '血管再生治療群', en: 'Regenerative treatment' }, ratio: 1 },
    { code: 'B', label: { ja: '標準治療群', en: 'Standard treatment' }, ratio: 1 },
  ],
  facts: [
    {
      kind: 'method',
      label: { ja: '仮登録のあとの除外', en: 'Excluded after provisional registration' },
      value: { ja: '潰瘍が改善したもの、SPPが40 mmHg以上になったもの', en: 'Ulcer improved, or SPP 40 mmHg or more' },
      source: plan,
      basis: 'recorded',
    },
    {
      kind: 'method',
      label: { ja: '主要評価', en: 'Primary endpoint' },
      value: { ja: '本登録後52週でのイベント発生までの期間', en: 'Time to event within 52 weeks of registration' },
      source: plan,
      basis: 'recorded',
    },
    {
      kind: 'cost',
      label: { ja: '総費用', en: 'Total cost' },
      value: {
        ja: '742,390円（患者 399,993円、保険者 342,397円）',
        en: '742,390 yen (patient 399,993, insurer 342,397)',
      },
      source: plan,
      basis: 'recorded',
    },
    {
      kind: 'cost',
      label: { ja: '先進医療にかかる費用', en: 'Advanced-care part' },
      value: { ja: '245,000円', en: '245,000 yen' },
      source: plan,
      basis: 'recorded',
    },
  ],
}

/** Days between consents, taken in turn: an even flow would look invented. */
const gaps = [31, 44, 19, 57, 38, 26, 61, 35]
const opening = day('2024-04-01')
const toldUntil = '2026-06-24'

export async function tellCltiMnc(context: Context, people: Cast): Promise<void> {
  const told = story(context)
  const { trialId, siteIds } = await done(
    openTrial(told.on(opening), people['demo-dm'], {
      trial: {
        code: 'CLTI-MNC',
        name: {
          ja: '包括的高度慢性下肢虚血・骨髄単核球移植',
          en: 'Marrow cells in chronic limb-threatening ischaemia',
        },
        title: {
          ja: '閉塞性動脈硬化症に伴う包括的高度慢性下肢虚血に対する自家骨髄単核球移植による血管再生治療',
          en: 'Autologous bone-marrow mononuclear cells in chronic limb-threatening ischaemia',
        },
        condition: { ja: '閉塞性動脈硬化症に伴う包括的高度慢性下肢虚血', en: 'Chronic limb-threatening ischaemia' },
        design: 'randomised',
        riskClass: 'none',
        timeZone: 'Asia/Tokyo',
        phase: null,
        retentionYears: null,
      },
      terms: {
        version: 1,
        targetNumber: 40,
        registrationFrom: opening,
        registrationUntil: day('2028-03-31'),
        studyUntil: day('2029-03-31'),
        costBearer: 'patient',
        reviewIntervalMonths: 6,
        reviewAnchor: 'registration_start',
        plan: { startsOn: opening, startsAtNumber: 0, reachesNumber: 40 },
        effectiveFrom: opening,
        approval: null,
        basis: 'assumed',
        assumption: { ja: '目標と期間は仮定。', en: 'Target and periods are assumed.' },
      },
      sites: ['A', 'B', 'C', 'D'].map((letter, index) => ({
        code: `0${index + 1}`,
        name: { ja: `参加施設${letter}`, en: `Participating site ${letter}` },
        statuses: [{ status: 'open', from: addDays(opening, index * 20), basis: 'assumed' }],
      })),
      milestones,
      consentVersions: [{ label: { ja: '第1版', en: 'Version 1' }, approvedOn: null, basis: 'assumed' }],
      profile,
      exitReasons: twoStageReasons,
    }),
  )
  const cast = await castIn(told.on(opening), people, trialId, siteIds)
  const manager = cast['demo-dm']
  const consentVersionId = (await listConsentVersions(context.db, trialId))[0]?.id ?? ''
  const moments: Moment[] = []
  let consentedOn = addDays(opening, 20)
  for (let index = 0; ; index++) {
    consentedOn = addDays(consentedOn, gaps[index % gaps.length] ?? 30)
    if (consentedOn > toldUntil) break
    const siteId = siteIds[`0${(index % 4) + 1}`] ?? ''
    const steps = stepsOf(index, consentedOn, cast['demo-stat']).filter(({ on }) => on <= toldUntil)
    const subject = { siteId, consentedOn, consentVersionId, referralSource: null, steps }
    moments.push(...momentsOf(told, manager, trialId, subject))
  }
  // Its document is that of advanced medical care; when it was admitted, it does not say.
  moments.push(
    ...reportMoments(told, manager, trialId, { scheme: 'advanced_care', startsOn: opening, dueBy: toldUntil }),
    retentionMoment(told, manager, trialId, opening),
  )
  await tellInOrder(moments)
}

function stepsOf(index: number, consentedOn: ReturnType<typeof day>, statistician: Actor): Step[] {
  const after = (days: number) => addDays(consentedOn, days)
  if (index % 9 === 4) return [{ left: 'declined', on: after(6), note: null, reasons: ['patient_wish'] }]
  const provisional: Step = { registered: 'provisional', on: after(9) }
  if (index % 7 === 3) {
    return [
      provisional,
      {
        left: 'excluded_after_provisional',
        on: after(41),
        note: null,
        reasons: ['ulcer_improved'],
        measured: '潰瘍面積 −60%',
      },
    ]
  }
  if (index % 11 === 6) {
    return [
      provisional,
      {
        left: 'excluded_after_provisional',
        on: after(48),
        note: null,
        reasons: ['flow_improved'],
        measured: 'SPP 42 mmHg',
      },
    ]
  }
  return [
    provisional,
    { registered: 'final', on: after(45) },
    { allocated: index % 2 === 0 ? 'A' : 'B', on: after(46), by: statistician },
    { reached: 'treatment', on: after(58) },
    { reached: 'week_52', on: after(45 + 361) },
  ]
}
