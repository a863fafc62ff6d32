/** The fields of the projection's address: of each claim, and of each of the two scenarios, under its place or name. */

import type { Claim } from '../domain/projection/site-per-year.ts'
import type { Choice } from './page.ts'

/** So many claims can be laid down in one address. */
export const mostClaims = 12
export const claimFields = ['claim', 'number', 'amount', 'years', 'sites'] as const
export const claimKinds = ['registered', 'pipeline', 'siteRate', 'siteMinimum'] as const satisfies Claim['kind'][]

export const scenarioNames = ['A', 'B'] as const
export type ScenarioName = (typeof scenarioNames)[number]
export const scenarioFields = ['until', 'added', 'rate', 'conversion', 'weight', 'drift'] as const
export type ScenarioField = (typeof scenarioFields)[number]

/** Fields with their values, as they stand in an address. */
export type Parameters = readonly (readonly [name: string, value: string])[]

/** `rest`: where it stands while its field is empty. */
export type Slider = { min: number; max: number; step: number; rest: number }

/** One field of a claim or of a scenario: a choice, or a figure that may have a slider beside it. */
export type FigureField = {
  id: string
  label: string
  value: string
  error: string | null
  options: Choice[] | null
  slider: Slider | null
}

/** Whether a field belongs to the claims. */
export function isOfClaims(name: string): boolean {
  return name === 'claims' || name === 'remove' || /^(claim|number|amount|years|sites)\d+$/.test(name)
}

/** Whether a field belongs to a scenario. */
export function isOfScenarios(name: string): boolean {
  return /^(until|added|rate|conversion|weight|drift)[AB]$/.test(name)
}

/** The address with these fields: `?asOf=2026-06-24&claims=own`; `?` for nothing, which is the page as it opens. */
export function addressOf(parameters: Parameters): string {
  return `?${new URLSearchParams(parameters.map(([name, value]): [string, string] => [name, value]))}`
}
