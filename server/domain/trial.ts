/** A clinical trial as the product knows it: who it is, how it is designed, where it is led. */
import type { Bilingual } from './bilingual.ts'

export type Design = 'single_arm' | 'randomised'
/** Class of the Act on the Safety of Regenerative Medicine; `none` where it does not apply. */
export type RiskClass = 'class_1' | 'class_2' | 'class_3' | 'none'

/** `phase_1` holds early and first-in-human trials as well; `not_applicable` says that the trial has no phase. */
export const phases = ['phase_1', 'phase_1_2', 'phase_2', 'phase_2_3', 'phase_3', 'not_applicable'] as const
export type Phase = (typeof phases)[number]

export type Trial = {
  id: string
  /** STUDYID: short, unique in the installation, part of every subject number. */
  code: string
  name: Bilingual
  title: Bilingual
  condition: Bilingual
  design: Design
  riskClass: RiskClass
  /** Null where no document states it. */
  phase: Phase | null
  /** IANA name; "today" is the trial's own date. */
  timeZone: string
  retentionYears: number | null
  /** Counts of single sites below it are not shown to committees and guests; null shows every count. */
  leastShown: number | null
}

/** An announcement number, a registry number: re-issued over time, so each carries the dates of its validity. */
export type TrialIdentifier = {
  kind: 'registry' | 'announcement'
  value: string
  validFrom: string | null
  validUntil: string | null
  source: Bilingual
}

export type Arm = { code: string; label: Bilingual; ratio: number }

export const factKinds = ['product', 'cost', 'pool', 'measure', 'method', 'result'] as const
/** One fact of a trial's profile, with the document that states it. */
export type ProfileFact = {
  kind: (typeof factKinds)[number]
  label: Bilingual
  value: Bilingual
  source: Bilingual
  basis: 'recorded' | 'assumed'
}
