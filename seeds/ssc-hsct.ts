/**
 * The single-centre transplantation trial: 15 treated, milestones from mobilisation to transplant, cost by research funds.
 * Fifteen subjects are stated, their dates are not: all dates are assumed.
 */
import { openTrial } from '../server/actions/open-trial.ts'
import type { Context } from '../server/context.ts'
import { listConsentVersions } from '../server/db/trials.ts'
import { addDays } from '../server/domain/calendar-date.ts'
import type { Milestone } from '../server/domain/milestone.ts'
import type { ProfileFact } from '../server/domain/trial.ts'
import { type Cast, castIn } from './demo-people.ts'
import { day, done, story } from './story.ts'
import { type Moment, momentsOf, tellInOrder } from './subject-story.ts'

const outline = { ja: '先進医療の内容（概要）', en: 'Outline of the advanced care' }

const plain = { necessity: 'optional', counting: 'none', repetition: 'once', schedule: null } as const
const milestones: readonly Milestone[] = [
  { ...plain, code: 'consent', label: { ja: '同意取得', en: 'Consent' }, kind: 'screening', necessity: 'required' },
  {
    ...plain,
    code: 'registration',
    label: { ja: '登録', en: 'Registration' },
    kind: 'registration_stage',
    necessity: 'required',
    counting: 'target',
  },
  { ...plain, code: 'mobilisation', label: { ja: '動員', en: 'Mobilisation' }, kind: 'procedure' },
  { ...plain, code: 'apheresis', label: { ja: 'アフェレーシス', en: 'Apheresis' }, kind: 'procedure' },
  { ...plain, code: 'selection', label: { ja: 'CD34選択', en: 'CD34 selection' }, kind: 'procedure' },
  { ...plain, code: 'conditioning', label: { ja: '前治療', en: 'Conditioning' }, kind: 'procedure' },
  { ...plain, code: 'transplant', label: { ja: '移植', en: 'Transplant' }, kind: 'treatment' },
]

function fact(kind: ProfileFact['kind'], label: [string, string], value: [string, string]): ProfileFact {
  const [ja, en] = label
  return { kind, label: { ja, en }, value: { ja: value[0], en: value[1] }, source: outline, basis: 'recorded' }
}

const facts: ProfileFact[] = [
  fact(
    'product',
    ['CliniMACS CD34陽性細胞分離装置', 'CliniMACS CD34 selection device'],
    [
      '未承認。米国 2014-01-23 承認（HUD）、欧州 1997年11月 CEマーク',
      'Unapproved. USA 2014-01-23 (HUD), Europe CE mark 1997-11',
    ],
  ),
  fact('product', ['CD34陽性細胞分離キット', 'CD34 selection kit'], ['未承認', 'Unapproved']),
  fact(
    'product',
    ['注射用エンドキサン 500mg', 'Cyclophosphamide for injection 500 mg'],
    ['適応外。承認番号 14000AZY00518', 'Off label. Approval 14000AZY00518'],
  ),
  fact(
    'product',
    ['グラン', 'Filgrastim (Gran)'],
    ['適応内。承認番号 20300AMZ00752、21200AMZ00154', 'On label. Approvals 20300AMZ00752, 21200AMZ00154'],
  ),
  fact(
    'method',
    ['移植する細胞数', 'Dose'],
    ['CD34陽性細胞 2×10⁶/kg 以上', 'CD34-positive cells, 2×10⁶ per kg or more'],
  ),
  fact('cost', ['総費用（典型例）', 'Total (typical)'], ['4,136,390円', '4,136,390 yen']),
  fact(
    'cost',
    ['先進医療にかかる費用', 'Advanced-care part'],
    ['923,000円、全額を研究費で負担', '923,000 yen, all by research funds'],
  ),
  fact(
    'result',
    ['5年生存率', 'Five-year survival'],
    [
      '80.0%（15例、2017-03-01時点）。治療関連死なし',
      '80.0% (15 subjects, as of 2017-03-01); no treatment-related death',
    ],
  ),
]

const opening = day('2004-04-01')

export async function tellSscHsct(context: Context, people: Cast): Promise<void> {
  const told = story(context)
  const { trialId, siteIds } = await done(
    openTrial(told.on(opening), people['demo-dm'], {
      trial: {
        code: 'SSC-HSCT',
        name: {
          ja: '重症全身性硬化症・自己造血幹細胞移植',
          en: 'Stem-cell transplantation in severe systemic sclerosis',
        },
        title: {
          ja: '重症全身性硬化症に対する自己造血幹細胞移植',
          en: 'Autologous haematopoietic stem-cell transplantation in severe systemic sclerosis',
        },
        condition: { ja: '重症全身性硬化症', en: 'Severe systemic sclerosis' },
        design: 'single_arm',
        riskClass: 'none',
        timeZone: 'Asia/Tokyo',
        phase: null,
        retentionYears: null,
      },
      terms: {
        version: 1,
        targetNumber: 15,
        registrationFrom: opening,
        registrationUntil: day('2017-03-31'),
        studyUntil: null,
        costBearer: 'research_funds',
        reviewIntervalMonths: 6,
        reviewAnchor: 'registration_start',
        plan: { startsOn: opening, startsAtNumber: 0, reachesNumber: 15 },
        effectiveFrom: opening,
        approval: null,
        basis: 'assumed',
        assumption: {
          ja: '期間と目標は仮定。治療された15例を目標とした。',
          en: 'Periods and target are assumed: the 15 treated are taken as the target.',
        },
      },
      sites: [
        {
          code: '01',
          name: { ja: '九州大学病院', en: 'Kyushu University Hospital' },
          statuses: [
            { status: 'open', from: opening, basis: 'assumed' },
            { status: 'closed', from: day('2017-04-01'), basis: 'assumed' },
          ],
        },
      ],
      milestones,
      consentVersions: [{ label: { ja: '第1版', en: 'Version 1' }, approvedOn: null, basis: 'assumed' }],
      profile: { identifiers: [], arms: [], facts },
    }),
  )
  const manager = (await castIn(told.on(opening), people, trialId, siteIds))['demo-dm']
  const consentVersionId = (await listConsentVersions(context.db, trialId))[0]?.id ?? ''
  const moments: Moment[] = []
  for (let index = 0; index < 15; index++) {
    const consentedOn = addDays(opening, 70 + index * 290 + (index % 4) * 31)
    const after = (days: number) => addDays(consentedOn, days)
    const way = momentsOf(told, manager, trialId, {
      siteId: siteIds['01'] ?? '',
      consentedOn,
      consentVersionId,
      referralSource: null,
      steps: [
        { registered: 'registration', on: after(7) },
        { reached: 'mobilisation', on: after(21) },
        { reached: 'apheresis', on: after(33) },
        { reached: 'selection', on: after(34) },
        { reached: 'conditioning', on: after(62) },
        { reached: 'transplant', on: after(67) },
      ],
    })
    moments.push(...way)
  }
  await tellInOrder(moments)
}
