/**
 * SSC-BMC's change request as a record: five items, the claims of the extension, two rounds of inquiries and what was
 * decided, in words of our own. Where the documents are silent (when a question was put, whether terms wait for the
 * board, what the board decided) the record says so or leaves it open.
 */
import { draftRequest } from '../server/actions/draft-request.ts'
import { putInquiry } from '../server/actions/put-inquiry.ts'
import { recordDecision } from '../server/actions/record-decision.ts'
import { replyToInquiry } from '../server/actions/reply-to-inquiry.ts'
import { setCondition } from '../server/actions/set-condition.ts'
import { submitRequest } from '../server/actions/submit-request.ts'
import { findWholeRequest } from '../server/db/request-records.ts'
import type { Bilingual } from '../server/domain/bilingual.ts'
import type { CalendarDate } from '../server/domain/calendar-date.ts'
import type { Decision } from '../server/domain/request/decisions.ts'
import type { StandingClaim } from '../server/domain/request/request-record.ts'
import type { TermsAsked } from '../server/domain/request/terms-asked.ts'
import type { Cast } from './demo-people.ts'
import { day, done, type Story } from './story.ts'

const say = (ja: string, en: string): Bilingual => ({ ja, en })
const requestDocument = say('変更申請書', 'Change request')
const reason5 = say('申請書 理由5', 'Request, reason 5')
const reply2 = say('回答 2－2', 'Reply 2-2')

export const committee = say(
  '京都府立医科大学特定認定再生医療等委員会',
  'Certified special committee for regenerative medicine, Kyoto Prefectural University of Medicine',
)
const board = say('先進医療技術審査部会', 'Technical review board for advanced medical care')

const termsAsked: TermsAsked = {
  targetNumber: 12,
  registrationFrom: day('2021-07-19'),
  registrationUntil: day('2029-07-18'),
  studyUntil: day('2032-07-18'),
  costBearer: 'patient',
  effectiveFrom: day('2026-07-19'),
  basis: 'assumed',
  assumption: say(
    '有効になる日は仮定。承認日は申請書で2026-06-12、回答書では2026-05-29の委員会で「適」。',
    'Effective date assumed. Approved on 2026-06-12 by the request, at the meeting of 2026-05-29 by the reply.',
  ),
}

const items = [
  {
    title: say('費用の負担', 'Who bears the cost'),
    before: say('研究費', 'Research funds'),
    after: say('患者', 'The patient'),
    reason: say(
      '支援が終わり、新しい研究費を得られていない。目的、評価項目、方法、体制は変わらない。',
      'Funding ended and no new one was found. Aim, endpoints, methods and organisation stay.',
    ),
  },
  {
    title: say('医療機器', 'Medical devices'),
    before: null,
    after: null,
    reason: say(
      '血液成分分離装置が古くなり、審議済みの機器に替えた。手順は変わらない。',
      'The cell separator had aged and was replaced by one already reviewed; the procedure stays.',
    ),
  },
  {
    title: say('医療材料、医薬品、人件費', 'Materials, drugs and staff costs'),
    before: null,
    after: null,
    reason: say('機種に合わせて、材料、薬の納入価、人件費を見直した。', 'Prices were reviewed with the new device.'),
  },
  {
    title: say('実施体制', 'Organisation'),
    before: null,
    after: null,
    reason: say('5施設で人事異動があった。', 'Staff changed at the five sites.'),
  },
  {
    title: say('登録期間と研究期間の延長', 'Registration and study periods'),
    before: say('登録 2026-07-18まで、研究 2029-07-18まで', 'Registration until 2026-07-18, study until 2029-07-18'),
    after: say('登録 2029-07-18まで、研究 2032-07-18まで', 'Registration until 2029-07-18, study until 2032-07-18'),
    reason: say(
      '希少疾患で候補が少ない。感染症の流行、候補患者の診療科への分散、周知の不足で、登録が計画より遅れた。2024年の延長の後、4件のスクリーニングを始めた。',
      'A rare disease with few candidates. An epidemic, candidates spread over departments and little publicity delayed registration. Since the extension of 2024, four screenings were started.',
    ),
  },
].map((item, index) => ({ number: index + 1, ...item }))

function claimsAt(siteIds: Record<string, string>): StandingClaim[] {
  const at = (...codes: string[]) => codes.map((code) => siteIds[code] ?? '')
  return [
    {
      claim: { kind: 'registered', number: 2 },
      label: say('登録済み（治療実施済み）', 'Registered (treated)'),
      source: reason5,
      siteIds: [],
      standing: 'counted',
    },
    {
      claim: { kind: 'pipeline', number: 2, conversion: 1 },
      label: say('スクリーニング継続中', 'In screening'),
      source: reason5,
      siteIds: at('01', '02'),
      standing: 'counted',
    },
    {
      claim: { kind: 'siteRate', sites: 2, ratePerSiteYear: 1, years: 3 },
      label: say('治療実績のある施設', 'Sites that have treated'),
      source: reply2,
      siteIds: at('01', '02'),
      standing: 'counted',
    },
    {
      claim: { kind: 'siteRate', sites: 3, ratePerSiteYear: 1, years: 3 },
      label: say('治療実績のない施設（年間1例程度）', 'Sites that have not (about 1 a year)'),
      source: reply2,
      siteIds: at('03', '04', '05'),
      standing: 'beside_the_sum',
    },
    {
      claim: { kind: 'siteMinimum', sites: 3, minimumPerSite: 1 },
      label: say('治療実績のない施設', 'Sites that have not'),
      source: reason5,
      siteIds: at('03', '04', '05'),
      standing: 'counted',
    },
  ]
}

/** Each question, and its reply of the same document; the day on which it was put is not stated. */
const rounds: readonly { on: string; inquiries: readonly { question: Bilingual; answer: Bilingual }[] }[] = [
  {
    on: '2026-02-12',
    inquiries: [
      {
        question: say(
          '公的支援はいつからいつまでか。2例で費用が尽きたのか。',
          'From when until when was the grant? Were two subjects enough to use it up?',
        ),
        answer: say(
          '2020年度から2022年度の3年間。立ち上げ、体制の構築、1例目に充てた。2023年以後は新しい研究費がなく、2例目は診療科の研究費による。続けることは難しい。',
          'Three fiscal years, 2020 to 2022: for setting up and for the first subject. No new funds since 2023; the second subject was paid by the department, which cannot go on.',
        ),
      },
      {
        question: say(
          '2例しか登録がない。今後どう進めるか。患者の負担が増える影響はないか。',
          'Only two are registered. How will it go on? What will the higher cost for patients do?',
        ),
        answer: say(
          '影響がないとは言えず、分からない。合同の会議、学会、医師向けの情報発信で紹介を増やし、参加を希望する施設とも検討している。',
          'An effect cannot be ruled out. Joint meetings, societies and networks for physicians are to bring referrals; sites that asked to take part are being considered.',
        ),
      },
      {
        question: say(
          '委員会が伝えた意見（研究費を続けられないか、負担の変更による登録への影響と偏り）を、その後どう検討したか。',
          'The committee asked whether funding could continue, and what the change does to recruitment and bias. What came of it?',
        ),
        answer: say(
          '研究費を続ける確かな方法はない。中断と負担の変更を比べ、2例の経過と対象患者がいることを確かめた上で、説明と同意により続けることとした。',
          'There is no sure way to fund it. Having weighed a pause against the change, the course of the two subjects and that there are patients, the group goes on, with explanation and consent.',
        ),
      },
    ],
  },
  {
    on: '2026-07-01',
    inquiries: [
      {
        question: say(
          '照会回答１－３の、2例の効果と安全性の内容を示すこと。',
          'Reply 1-3 speaks of effect and safety in two subjects: show them.',
        ),
        answer: say(
          '中央の評価は盲検のためまだ見られない。担当医の観察では2例とも12週で主要な評価を満たし、1例は24週で治癒して96週まで再発がない。有害事象はない。',
          'The central assessment is blinded. By the investigators both met the main endpoint at week 12; one had healed by week 24 without relapse until week 96. No adverse events.',
        ),
      },
      {
        question: say(
          '照会回答１－３の対象患者は、どのくらいいるのか。登録期間のうちに予定症例数に届くのか。',
          'How many of the patients of reply 1-3 are there? Will the number be reached within the period?',
        ),
        answer: say(
          '現行の期間では難しい。3年間の延長で、実績のある2施設が年1例で6例、ない3施設が少なくとも1例ずつで3例、登録済み2例と継続中2例を合わせて13例を見込む。取組と6か月ごとの評価を続ける。',
          'Not within the present period. In three more years two sites at 1 a year bring 6, three sites at least 1 each bring 3; with 2 registered and 2 in screening 13. The measures and the six-monthly review go on.',
        ),
      },
      {
        question: say(
          '照会回答１－３の検討結果は、認定委員会に報告したか。',
          'Was the outcome of reply 1-3 reported to the committee?',
        ),
        answer: say(
          '2026-05-29の委員会に報告し「適」とされた。次回（2026-07-31の予定）に募集の方策と目標の妥当性を資料で示すよう指示があり、回答２－２の内容を示す予定。',
          'It was, on 2026-05-29, and found acceptable. At the next meeting, planned for 2026-07-31, strategy and target are to be shown with data: the content of reply 2-2.',
        ),
      },
      {
        question: say(
          '実現可能性、費用の負担、資金についても、委員会で審議されたか。',
          'Did the committee also discuss feasibility, cost and funding?',
        ),
        answer: say(
          '説明した上で「適」とされた。指示については回答２－３のとおり、次回に回答２－２の内容を示す。',
          'Yes, and it was found acceptable. As said in reply 2-3, the content of reply 2-2 will be shown at the next meeting.',
        ),
      },
    ],
  },
]

export async function tellExtensionRequest(
  told: Story,
  cast: Cast,
  trialId: string,
  siteIds: Record<string, string>,
  /** The committee's meetings in the calendar, by their days. */
  meetings: ReadonlyMap<CalendarDate, string>,
): Promise<void> {
  const { 'demo-dm': manager, 'demo-irb': member } = cast
  const then = told.on('2026-06-24')
  const { number } = await done(
    draftRequest(then, manager, trialId, {
      content: {
        title: say('登録期間を2029-07-18まで延長する変更申請', 'Request to extend registration to 2029-07-18'),
        asOf: day('2026-06-24'),
        writtenOn: day('2026-07-01'),
        registrationUntil: day('2029-07-18'),
        targetNumber: 12,
        statedTotal: 13,
        registeredNumber: 2,
        basis: 'recorded',
        claims: claimsAt(siteIds),
        items,
        termsAsked,
        statedSites: 5,
        followUpDays: 672,
        screeningsFrom: day('2025-05-01'),
        told: [
          {
            text: say('直近2年間のスクリーニング', 'Screenings of the last two years'),
            from: day('2025-05-01'),
            until: day('2027-03-31'),
            source: reason5,
            promised: null,
            registered: null,
          },
        ],
      },
      bodies: [
        { name: committee, necessity: 'needed', items: [1, 2, 3, 4, 5], basis: 'recorded' },
        { name: board, necessity: 'informed', items: [1, 2, 3, 4, 5], basis: 'assumed' },
      ],
    }),
  )
  const drafted = await findWholeRequest(then.db, trialId, number)
  const [committeeId = '', boardId = ''] = drafted?.bodies.map(({ id }) => id) ?? []
  await done(submitRequest(then, manager, trialId, number, drafted?.seen ?? ''))

  for (const [index, { on, inquiries }] of rounds.entries()) {
    // The first round was asked and answered before the request was recorded here.
    const context = told.on(on < '2026-06-24' ? '2026-06-24' : on)
    for (const [place, { question, answer }] of inquiries.entries()) {
      const asked = { bodyId: boardId, round: index + 1, item: place + 1, askedOn: day(on), dueOn: null }
      const { inquiryId } = await done(
        putInquiry(context, member, trialId, number, { ...asked, question, basis: 'assumed' }),
      )
      const reply = { answer, answeredOn: day(on), sameAsId: null }
      await done(replyToInquiry(context, manager, trialId, number, inquiryId, reply))
    }
    if (index === 0) await tellDecisions(then, member, trialId, number, committeeId)
  }
  const july = told.on('2026-07-01')
  const twice = decision(committeeId, [5], '2026-05-29', say('回答 2－3', 'Reply 2-3'))
  await done(recordDecision(july, member, trialId, number, { ...twice, metOn: day('2026-05-29') }))
  await done(
    setCondition(july, member, trialId, number, {
      bodyId: committeeId,
      text: say(
        '募集の方策と目標症例数の妥当性を、具体的なデータとともに示す',
        'Show the recruitment strategy and the validity of the target with concrete data',
      ),
      dueOn: null,
      meetingId: meetings.get(day('2026-07-31')) ?? null,
      source: say('回答 2－3', 'Reply 2-3'),
      basis: 'recorded',
    }),
  )
}

function decision(bodyId: string, decided: readonly number[], on: string, source: Bilingual) {
  return {
    bodyId,
    items: decided,
    outcome: 'approved' as Decision['outcome'],
    metOn: null,
    decidedOn: day(on),
    notifiedOn: null,
    text: null,
    source,
    basis: 'recorded' as const,
  }
}

async function tellDecisions(
  context: ReturnType<Story['on']>,
  member: Cast['demo-irb'],
  trialId: string,
  number: number,
  committeeId: string,
): Promise<void> {
  await done(
    recordDecision(
      context,
      member,
      trialId,
      number,
      decision(committeeId, [1, 2, 3, 4], '2026-01-23', requestDocument),
    ),
  )
  const last = decision(committeeId, [5], '2026-06-12', requestDocument)
  await done(
    recordDecision(context, member, trialId, number, {
      ...last,
      outcome: 'approved_with_conditions',
      text: say(
        '承認。次回の委員会で、募集の方策と目標の妥当性を示すこと。',
        'Approved; strategy and target are to be shown at the next meeting.',
      ),
    }),
  )
}
