/**
 * STR01-03: 17 first-stage and 13 second-stage registrations, and the days from injury of Table 6.
 * The days are stated; the dates of injury behind them, and the four who were not registered again, are assumed.
 */
import { openTrial } from '../server/actions/open-trial.ts'
import type { Context } from '../server/context.ts'
import { listConsentVersions } from '../server/db/trials.ts'
import { addDays } from '../server/domain/calendar-date.ts'
import type { Milestone } from '../server/domain/milestone.ts'
import { type Cast, castIn } from './demo-people.ts'
import { day, done, story } from './story.ts'
import { type Moment, momentsOf, type Step, tellInOrder } from './subject-story.ts'

const guideline = { ja: '最適使用推進ガイドライン', en: 'Optimal-use guideline' }

/** Days from injury: marrow, up to five blood collections, dosing. Table 6, subjects 1 to 13. */
const table6: readonly { marrow: number; blood: readonly number[]; dosing: number }[] = [
  { marrow: 11, blood: [5, 8, 13, 15], dosing: 47 },
  { marrow: 19, blood: [12, 15, 22, 26, 29], dosing: 49 },
  { marrow: 23, blood: [12, 17, 26, 32], dosing: 46 },
  { marrow: 23, blood: [17, 20, 31, 35], dosing: 49 },
  { marrow: 22, blood: [14, 19, 26, 30, 37], dosing: 54 },
  { marrow: 25, blood: [17, 21, 28, 39], dosing: 53 },
  { marrow: 16, blood: [9, 13, 20, 26], dosing: 46 },
  { marrow: 25, blood: [17, 22, 32, 39], dosing: 51 },
  { marrow: 22, blood: [16, 20, 26, 33], dosing: 51 },
  { marrow: 21, blood: [14, 18, 30], dosing: 43 },
  { marrow: 21, blood: [15, 27, 34, 39], dosing: 54 },
  { marrow: 21, blood: [15, 18, 25, 30], dosing: 51 },
  { marrow: 18, blood: [12, 15, 23, 29], dosing: 43 },
]

const plain = { necessity: 'optional', counting: 'none', repetition: 'once', schedule: null } as const

function milestone(code: string, ja: string, en: string, kind: Milestone['kind']): Milestone {
  return { ...plain, code, label: { ja, en }, kind }
}

function due(offsetDays: number, windowBeforeDays: number, windowAfterDays: number): Milestone['schedule'] {
  return { anchorCode: 'injury', offsetDays, windowBeforeDays, windowAfterDays }
}

const circled = ['①', '②', '③', '④', '⑤']
const milestones: readonly Milestone[] = [
  milestone('injury', '受傷', 'Injury', 'procedure'),
  { ...milestone('consent', '同意取得', 'Consent', 'screening'), necessity: 'required' },
  { ...milestone('first', '一次登録', 'First stage', 'registration_stage'), necessity: 'required' },
  { ...milestone('marrow', '骨髄液採取', 'Marrow', 'procedure'), schedule: due(31, 31, 0) },
  ...circled.map((number, index) =>
    milestone(`blood_${index + 1}`, `末梢血${number}`, `Blood ${index + 1}`, 'procedure'),
  ),
  {
    ...milestone('second', '二次登録', 'Second stage', 'registration_stage'),
    necessity: 'required',
    counting: 'target',
  },
  { ...milestone('dosing', '投与', 'Dosing', 'treatment'), schedule: due(40, 14, 14) },
  { ...milestone('day_220', '220日', 'Day 220', 'visit'), schedule: due(220, 14, 14) },
]

const opening = day('2014-01-15')

export async function tellStr0103(context: Context, people: Cast): Promise<void> {
  const told = story(context)
  const { trialId, siteIds } = await done(
    openTrial(told.on(opening), people['demo-dm'], {
      trial: {
        code: 'STR01-03',
        name: { ja: '脊髄損傷・自己骨髄間葉系幹細胞', en: 'Autologous marrow stem cells in spinal cord injury' },
        title: {
          ja: '脊髄損傷に対する自己骨髄間葉系幹細胞の第Ⅱ相試験',
          en: 'Phase II trial of autologous bone-marrow mesenchymal stem cells in spinal cord injury',
        },
        condition: { ja: '外傷性脊髄損傷（AIS A〜C）', en: 'Traumatic spinal cord injury (AIS A to C)' },
        design: 'single_arm',
        riskClass: 'none',
        timeZone: 'Asia/Tokyo',
        phase: 'phase_2',
        retentionYears: null,
      },
      terms: {
        version: 1,
        targetNumber: 13,
        registrationFrom: opening,
        registrationUntil: day('2017-12-31'),
        studyUntil: day('2018-12-31'),
        costBearer: 'research_funds',
        reviewIntervalMonths: 6,
        reviewAnchor: 'registration_start',
        plan: { startsOn: opening, startsAtNumber: 0, reachesNumber: 13 },
        effectiveFrom: opening,
        approval: null,
        basis: 'assumed',
        assumption: {
          ja: '期間と目標は仮定。二次登録された13例を目標とした。',
          en: 'Periods and target are assumed: the 13 of the second stage are taken as the target.',
        },
      },
      sites: [
        {
          code: '01',
          name: { ja: '実施施設（1施設）', en: 'The one site' },
          statuses: [
            { status: 'open', from: opening, basis: 'assumed' },
            { status: 'closed', from: day('2018-01-01'), basis: 'assumed' },
          ],
        },
      ],
      milestones,
      consentVersions: [{ label: { ja: '第1版', en: 'Version 1' }, approvedOn: null, basis: 'assumed' }],
      profile: {
        identifiers: [],
        arms: [],
        facts: [
          {
            kind: 'result',
            label: { ja: 'AISが1段階以上改善', en: 'AIS improved by one grade or more' },
            value: { ja: '12/13（A 5/6、B 2/2、C 5/5）', en: '12/13 (A 5/6, B 2/2, C 5/5)' },
            source: guideline,
            basis: 'recorded',
          },
        ],
      },
    }),
  )
  const manager = (await castIn(told.on(opening), people, trialId, siteIds))['demo-dm']
  const consentVersionId = (await listConsentVersions(context.db, trialId))[0]?.id ?? ''
  const siteId = siteIds['01'] ?? ''
  const moments: Moment[] = []
  const subject = (consentedOn: string, steps: readonly Step[]) =>
    momentsOf(told, manager, trialId, { siteId, consentedOn, consentVersionId, referralSource: null, steps })

  for (const [index, { marrow, blood, dosing }] of table6.entries()) {
    const injury = addDays(opening, 10 + index * 85)
    const on = (days: number) => addDays(injury, days)
    const consentedOn = on((blood[0] ?? 10) - 2)
    const procedures: Step[] = [
      { reached: 'marrow', on: on(marrow) },
      ...blood.map((days, number) => ({ reached: `blood_${number + 1}`, on: on(days) })),
    ]
    const way = subject(consentedOn, [
      { reached: 'injury', on: injury },
      { registered: 'first', on: on((blood[0] ?? 10) - 1) },
      ...procedures.sort((a, b) => (a.on < b.on ? -1 : 1)),
      { registered: 'second', on: on(dosing - 1) },
      { reached: 'dosing', on: on(dosing) },
      { reached: 'day_220', on: on(220) },
    ])
    moments.push(...way)
    // Four of the seventeen are not in Table 6: they were registered once and not again.
    if (index % 4 === 1 || index === 11) {
      const another = addDays(injury, 40)
      const left: Step = {
        left: 'excluded_after_provisional',
        on: addDays(another, 30),
        note: '二次登録の基準を満たさない',
        measured: 'AIS D',
      }
      const once = subject(addDays(another, 9), [
        { reached: 'injury', on: another },
        { registered: 'first', on: addDays(another, 10) },
        left,
      ])
      moments.push(...once)
    }
  }
  await tellInOrder(moments)
}
