/** Coded reasons for exits of the trials that are still registering. */
import type { ExitReason } from '../server/domain/exit-reason.ts'
import type { Exit } from '../server/domain/subject-state.ts'

function reasonsOf(exit: Exit, ...reasons: readonly [code: string, ja: string, en: string][]): ExitReason[] {
  const own = reasons.map(([code, ja, en]) => ({ exit, code, label: { ja, en } }))
  return [...own, { exit, code: 'other', label: { ja: 'その他', en: 'Other' } }]
}

const beforeRegistration = [
  ...reasonsOf(
    'screen_failed',
    ['inclusion', '選択基準に合わない', 'Inclusion criteria not met'],
    ['exclusion', '除外基準に該当', 'Exclusion criterion met'],
    ['consent_withdrawn', '同意撤回', 'Consent withdrawn'],
  ),
  ...reasonsOf(
    'declined',
    ['patient_wish', '本人の希望', 'Wish of the patient'],
    ['distance', '通院が困難', 'Visits too difficult'],
  ),
]

export const oneStageReasons: readonly ExitReason[] = [
  ...beforeRegistration,
  ...reasonsOf(
    'not_treated',
    ['worsened', '病状の悪化', 'Condition worsened'],
    ['product', '製品の規格外・製造の不成立', 'Product out of specification or not made'],
  ),
]

export const twoStageReasons: readonly ExitReason[] = [
  ...beforeRegistration,
  ...reasonsOf(
    'excluded_after_provisional',
    ['ulcer_improved', '潰瘍の改善', 'Ulcer improved'],
    ['flow_improved', '血流の改善', 'Blood flow improved'],
  ),
]
