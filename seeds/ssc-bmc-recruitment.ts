/**
 * What the extension request says of recruitment: three measures that were begun, and two groups of patients that were
 * counted. It states no day on which a measure began, nor who leads it: those are assumed, as the basis says.
 */
import { countPool } from '../server/actions/count-pool.ts'
import { planCountermeasure } from '../server/actions/plan-countermeasure.ts'
import type { Actor } from '../server/context.ts'
import type { CalendarDate } from '../server/domain/calendar-date.ts'
import type { CountermeasureDraft } from '../server/domain/countermeasure.ts'
import type { PoolDraft } from '../server/domain/eligibility-pool.ts'
import { day, done, type Story } from './story.ts'
import type { Moment } from './subject-story.ts'

const places = {
  affiliated: { ja: '横浜市立大学附属市民総合医療センター', en: 'Yokohama City University Medical Center' },
  lead: { ja: '横浜市立大学附属病院', en: 'Yokohama City University Hospital' },
} as const

const pool: Omit<PoolDraft, 'place' | 'size'> = {
  partOf: null,
  department: { ja: '', en: '' },
  siteId: null,
  countedOn: day('2026-06-24'),
  reviewed: null,
  eligible: null,
  source: '申請書 理由5。数えた日は記載がなく、申請の時点とした',
  basis: 'recorded',
}

/** The measures in the order of the request; `lead` is the site at which they were begun. */
function measures(lead: string): CountermeasureDraft[] {
  const common = {
    siteIds: [lead],
    sources: [],
    endedOn: null,
    owner: '研究代表医師',
    basis: 'assumed' as const,
  }
  return [
    {
      ...common,
      category: 'liaison_institutions',
      title: {
        ja: '関連医療機関との連携（関連の医療センターを最重点に）',
        en: 'Liaison with institutions, the affiliated centre first',
      },
      sources: ['他の医療機関からの紹介'],
      startedOn: day('2025-05-01'),
      evidence: '申請書 理由5（1）。開始日と担当は記載なし',
    },
    {
      ...common,
      category: 'liaison_departments',
      title: {
        ja: '院内の診療科との連携（皮膚科と候補患者を定期的に抽出・共有）',
        en: 'Liaison between departments: candidates searched for and shared with dermatology',
      },
      startedOn: day('2025-10-01'),
      evidence: '申請書 理由5（2）。開始日と担当は記載なし',
    },
    {
      ...common,
      category: 'information',
      title: {
        ja: '研究情報の周知（研究会、メール、医療従事者向けSNS）',
        en: 'Information: meetings, mail and networks of the profession',
      },
      siteIds: [],
      startedOn: day('2026-01-05'),
      evidence: '申請書 理由5（3）。開始日と担当は記載なし',
    },
  ]
}

/** The measures, each written down on the day on which it began; reviews ask which of them had begun by a day. */
export type MeasuresTold = { moments: Moment[]; begunBy(on: CalendarDate): string[] }

export function measuresOf(told: Story, manager: Actor, trialId: string, leadSiteId: string): MeasuresTold {
  const begun: { id: string; startedOn: CalendarDate }[] = []
  const moments = measures(leadSiteId).map((measure): Moment => {
    const { startedOn } = measure
    const plan = () => done(planCountermeasure(told.on(startedOn), manager, trialId, measure))
    return { on: startedOn, tell: async () => void begun.push({ id: (await plan()).countermeasureId, startedOn }) }
  })
  return { moments, begunBy: (on) => begun.filter(({ startedOn }) => startedOn <= on).map(({ id }) => id) }
}

export async function tellPools(
  told: Story,
  manager: Actor,
  { trialId, siteIds }: { trialId: string; siteIds: Record<string, string> },
): Promise<void> {
  const lead = siteIds['01'] ?? ''
  const count = (draft: Pick<PoolDraft, 'place' | 'size'> & Partial<PoolDraft>) =>
    done(countPool(told.on('2026-06-24'), manager, trialId, { poolId: null, draft: { ...pool, ...draft } }))
  const whole = await count({ place: places.lead, siteId: lead, size: 187, eligible: { low: 1, high: 2 } })
  const department = { ja: '皮膚科だけで診ている患者', en: 'seen by dermatology alone' }
  await count({ place: places.lead, siteId: lead, department, partOf: whole.poolId, size: 82 })
  await count({ place: places.affiliated, size: 55 })
}
