/**
 * Pathways to begin with: one registration, or two of which the final one counts. Their labels are words, so whoever
 * asks for one says them.
 */
import type { Bilingual } from './bilingual.ts'
import type { Milestone, MilestoneKind } from './milestone.ts'
import type { Design } from './trial.ts'

export const pathwayTemplates = ['one_stage', 'two_stage', 'two_stage_numbered'] as const
export type PathwayTemplate = (typeof pathwayTemplates)[number]

/** What the steps of the templates are called: a code is the same where only its label differs. */
export const templateLabels = [
  'consent',
  'eligibility',
  'registration',
  'provisional',
  'final',
  'primary',
  'secondary',
  'allocation',
  'treatment',
] as const
export type TemplateLabel = (typeof templateLabels)[number]

type Step = readonly [step: string, kind: MilestoneKind, label: TemplateLabel]

const entry: readonly Step[] = [
  ['consent', 'screening', 'consent'],
  ['eligibility', 'eligibility', 'eligibility'],
]
const stages: Record<PathwayTemplate, readonly Step[]> = {
  one_stage: [['registration', 'registration_stage', 'registration']],
  two_stage: [
    ['provisional', 'registration_stage', 'provisional'],
    ['final', 'registration_stage', 'final'],
  ],
  two_stage_numbered: [
    ['provisional', 'registration_stage', 'primary'],
    ['final', 'registration_stage', 'secondary'],
  ],
}

/** The milestones of a template: the last registration counts, a randomised trial has an allocation behind it. */
export function templateMilestones(
  template: PathwayTemplate,
  design: Design,
  labelOf: (label: TemplateLabel) => Bilingual,
): Milestone[] {
  const allocation: readonly Step[] = design === 'randomised' ? [['allocation', 'allocation', 'allocation']] : []
  const steps: readonly Step[] = [...entry, ...stages[template], ...allocation, ['treatment', 'treatment', 'treatment']]
  const last = stages[template].at(-1)
  return steps.map((step) => {
    const [code, kind, label] = step
    return {
      code,
      label: labelOf(label),
      kind,
      necessity: kind === 'treatment' ? 'optional' : 'required',
      counting: step === last ? 'target' : 'none',
      repetition: 'once',
      schedule: null,
    }
  })
}
