/**
 * Which changes of a trial's arms are refused: once anybody was allocated all arms stay, whoever was given which, so that
 * the answer tells nothing of an arm; and a new ratio says why.
 */
import type { Problem } from './parsed.ts'
import type { SettingChange } from './setting-change.ts'
import type { Arm } from './trial.ts'

/** What already hangs on the arms: whether anybody was allocated, and the codes that have a cap. */
export type ArmUse = { isAllocated: boolean; capped: readonly string[] }

export function armProblems(arms: readonly Arm[], was: Arm | null, change: SettingChange<Arm>, use: ArmUse): Problem[] {
  if (change.do === 'add') {
    const isTaken = arms.some(({ code }) => code === change.to.code)
    return isTaken ? [{ field: 'code', code: 'code_taken', values: { taken: change.to.code } }] : []
  }
  if (was === null) return []
  if (change.do === 'retire') {
    const problems: Problem[] = []
    if (use.isAllocated) problems.push({ field: '', code: 'arms_allocated' })
    if (use.capped.includes(was.code)) problems.push({ field: '', code: 'arm_capped', values: { arm: was.code } })
    return problems
  }
  if (change.do === 'change' && change.to.ratio !== was.ratio && change.reason === null) {
    return [{ field: 'reason', code: 'ratio_reason_missing' }]
  }
  return []
}
