/**
 * A trial's pathway: its milestones in order. A milestone is a step that every subject may reach,
 * or a scheduled procedure or visit; exactly one of them counts toward the target.
 */
import type { Bilingual } from './bilingual.ts'

export const milestoneKinds = [
  'screening',
  'eligibility',
  'registration_stage',
  'allocation',
  'treatment',
  'procedure',
  'visit',
] as const
export type MilestoneKind = (typeof milestoneKinds)[number]

/** When a milestone is due, in days from another; the window is inclusive on both sides. */
export type Schedule = { anchorCode: string; offsetDays: number; windowBeforeDays: number; windowAfterDays: number }

export type Milestone = {
  code: string
  label: Bilingual
  kind: MilestoneKind
  necessity: 'required' | 'optional'
  counting: 'target' | 'none'
  repetition: 'once' | 'repeatable'
  schedule: Schedule | null
}

/** In order. Made by `pathwayOf`, so that it has a screening, a registration and exactly one milestone that counts. */
export type Pathway = {
  milestones: readonly Milestone[]
  screening: Milestone
  /** Registration before the final one (仮登録、一次登録); null in one-stage trials. */
  provisional: Milestone | null
  /** The final, or only, registration (本登録、登録、二次登録): a registration number is given here. */
  registration: Milestone
  /** The milestone that counts toward the target: the final registration, unless the trial says otherwise. */
  counting: Milestone
}

/** The pathway of a trial's milestones; throws where they make none, which only a programmer can mend. */
export function pathwayOf(milestones: readonly Milestone[]): Pathway {
  const screening = milestones.find((milestone) => milestone.kind === 'screening')
  const stages = milestones.filter((milestone) => milestone.kind === 'registration_stage')
  const registration = stages.at(-1)
  const counting = milestones.filter((milestone) => milestone.counting === 'target')
  if (screening === undefined || registration === undefined) {
    throw new Error('a pathway needs a screening and a registration milestone')
  }
  if (counting.length !== 1 || counting[0] === undefined) {
    throw new Error(`exactly one milestone counts toward the target, not ${counting.length}`)
  }
  return { milestones, screening, provisional: stages.at(-2) ?? null, registration, counting: counting[0] }
}

export function milestoneOf(pathway: Pathway, code: string): Milestone | null {
  return pathway.milestones.find((milestone) => milestone.code === code) ?? null
}
