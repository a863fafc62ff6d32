/** Why some milestones make no pathway, before `pathwayOf` would throw: each reason with its code and its field. */
import type { Milestone, MilestoneKind } from './milestone.ts'
import type { Problem } from './parsed.ts'
import { exits } from './subject-state.ts'

/** Steps that happen once by their nature: a second consent is a second subject. */
const onlyOnce: readonly MilestoneKind[] = ['screening', 'eligibility', 'registration_stage', 'allocation']
/** Steps that the state machine allows only after the final registration. */
const afterRegistration: readonly MilestoneKind[] = ['allocation', 'treatment', 'visit']

/** Words that mean something of their own where a milestone's code may stand: in counts and in addresses. */
const ownWords: readonly string[] = ['prescreened', 'any', 'exit', ...exits]

/** Empty where the milestones make a pathway; `values.milestone` is the code of the one that stands in the way. */
export function pathwayProblems(milestones: readonly Milestone[]): Problem[] {
  return [
    ...codeProblems(milestones),
    ...stageProblems(milestones),
    ...countingProblems(milestones),
    ...orderProblems(milestones),
    ...scheduleProblems(milestones),
  ]
}

const ofKind = (milestones: readonly Milestone[], kind: MilestoneKind) =>
  milestones.filter((milestone) => milestone.kind === kind)

function codeProblems(milestones: readonly Milestone[]): Problem[] {
  const codes = milestones.map(({ code }) => code)
  const twice = codes.filter((code, index) => codes.indexOf(code) !== index)
  return [
    ...twice.map((code) => ({ field: 'code', code: 'pathway_code_twice', values: { taken: code } })),
    ...codes
      .filter((code) => ownWords.includes(code) || code in {})
      .map((code) => ({ field: 'code', code: 'pathway_code_reserved', values: { taken: code } })),
  ]
}

function stageProblems(milestones: readonly Milestone[]): Problem[] {
  const problems: Problem[] = []
  const screenings = ofKind(milestones, 'screening').length
  const stages = ofKind(milestones, 'registration_stage').length
  if (screenings === 0) problems.push({ field: 'milestoneKind', code: 'pathway_no_screening' })
  if (screenings > 1) problems.push({ field: 'milestoneKind', code: 'pathway_screened_twice' })
  if (stages === 0) problems.push({ field: 'milestoneKind', code: 'pathway_no_registration' })
  if (stages > 2) problems.push({ field: 'milestoneKind', code: 'pathway_stages_many' })
  if (ofKind(milestones, 'allocation').length > 1) {
    problems.push({ field: 'milestoneKind', code: 'pathway_allocated_twice' })
  }
  for (const { code, kind, repetition } of milestones) {
    if (repetition === 'once' || !onlyOnce.includes(kind)) continue
    problems.push({ field: 'repetition', code: 'pathway_only_once', values: { milestone: code } })
  }
  return problems
}

/** The target is counted in registrations of people: one stage of registration, which target and caps can refuse. */
function countingProblems(milestones: readonly Milestone[]): Problem[] {
  const counting = milestones.filter((milestone) => milestone.counting === 'target')
  if (counting.length === 0) return [{ field: 'counting', code: 'pathway_counts_none' }]
  if (counting.length > 1) return [{ field: 'counting', code: 'pathway_counts_twice' }]
  // Without any stage of registration that is said instead.
  if (ofKind(milestones, 'registration_stage').length === 0) return []
  return counting
    .filter(({ kind }) => kind !== 'registration_stage')
    .map(({ code }) => ({ field: 'counting', code: 'pathway_counts_no_registration', values: { milestone: code } }))
}

/** Screening, then eligibility, then registrations, then what only the registered go through. */
function orderProblems(milestones: readonly Milestone[]): Problem[] {
  const screening = milestones.findIndex(({ kind }) => kind === 'screening')
  const firstStage = milestones.findIndex(({ kind }) => kind === 'registration_stage')
  const lastStage = milestones.findLastIndex(({ kind }) => kind === 'registration_stage')
  return milestones.flatMap(({ code, kind }, index): Problem[] => {
    const values = { milestone: code }
    const isBeforeScreening = index < screening && (kind === 'eligibility' || kind === 'registration_stage')
    if (isBeforeScreening) return [{ field: 'place', code: 'pathway_before_screening', values }]
    if (kind === 'eligibility' && firstStage >= 0 && index > firstStage) {
      return [{ field: 'place', code: 'pathway_after_registration', values }]
    }
    if (afterRegistration.includes(kind) && index < lastStage) {
      return [{ field: 'place', code: 'pathway_before_registration', values }]
    }
    return []
  })
}

function scheduleProblems(milestones: readonly Milestone[]): Problem[] {
  const byCode = new Map(milestones.map((milestone) => [milestone.code, milestone]))
  return milestones.flatMap(({ code, kind, schedule }, index): Problem[] => {
    if (schedule === null) return []
    const values = { milestone: code }
    const field = 'anchorCode'
    const anchor = byCode.get(schedule.anchorCode)
    if (anchor === undefined) {
      return [{ field, code: 'pathway_anchor_unknown', values: { ...values, anchor: schedule.anchorCode } }]
    }
    if (anchor.code === code) return [{ field, code: 'pathway_anchor_itself', values }]
    if (goesInACircle(byCode, code)) return [{ field, code: 'pathway_anchor_circle', values }]
    // A visit waits for its anchor, so one behind it would never come.
    if (kind === 'visit' && milestones.indexOf(anchor) > index) {
      return [{ field, code: 'pathway_anchor_later', values }]
    }
    return []
  })
}

/** Whether the anchors lead from a milestone back to it: a from b, b from c, c from a. */
function goesInACircle(byCode: ReadonlyMap<string, Milestone>, start: string): boolean {
  const passed = new Set<string>()
  let code = byCode.get(start)?.schedule?.anchorCode
  while (code !== undefined && !passed.has(code)) {
    if (code === start) return true
    passed.add(code)
    code = byCode.get(code)?.schedule?.anchorCode
  }
  return false
}
