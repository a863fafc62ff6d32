/** What the feasibility sheet is made from, for a record: its terms have the record's target and deadline. */
import { attainmentOn } from '../../server/domain/attainment.ts'
import {
  type TrialRecord,
  trialOutlook,
  usualAlternative,
  whatIfOutcome,
} from '../../server/domain/projection/trial-outlook.ts'
import { asItIs } from '../../server/domain/projection/what-if.ts'
import type { Site } from '../../server/domain/site.ts'
import { smallNumbers } from '../../server/domain/small-numbers.ts'
import type { Trial } from '../../server/domain/trial.ts'
import type { Words } from '../../server/i18n/words.ts'
import { cumulativeFigure } from '../../server/pages/charts.ts'
import type { FeasibilityInput } from '../../server/pages/feasibility-sheet-page.ts'
import { day } from '../domain/projection/ssc-bmc-record.ts'
import { termsOf } from '../domain/protocols.ts'

const both = (text: string) => ({ ja: text, en: text })
const trial: Trial = {
  id: 'trial',
  code: 'TRIAL',
  name: both('trial'),
  title: both('trial'),
  condition: both('condition'),
  design: 'single_arm',
  riskClass: 'none',
  timeZone: 'Asia/Tokyo',
  phase: null,
  retentionYears: null,
  leastShown: null,
}

export function feasibilityInput(record: TrialRecord, words: Words): FeasibilityInput {
  const sites = record.sites.map(({ id, open }): Site => {
    const statuses = open.flatMap(({ from, until }): Site['statuses'] => [
      { status: 'open', from, basis: 'recorded' },
      ...(until === null ? [] : [{ status: 'closed' as const, from: until, basis: 'recorded' as const }]),
    ])
    return { id, code: id, name: both(`site ${id}`), plannedPerYear: null, statuses }
  })
  const terms = termsOf({
    targetNumber: record.target ?? 0,
    registrationFrom: day('2021-07-19'),
    registrationUntil: record.deadline,
    plan: { startsOn: day('2021-07-19'), startsAtNumber: 0, reachesNumber: record.target ?? 0 },
    effectiveFrom: day('2021-07-19'),
  })
  const registered = record.sites.reduce((sum, each) => sum + each.registered, 0)
  const attainment = attainmentOn(record.asOf, [terms], sites, registered)
  if (attainment === null) throw new Error('the terms are in force')
  const outlook = trialOutlook(record)
  const scenarios = { A: asItIs, B: usualAlternative(outlook) }
  return {
    trial,
    asOf: { today: record.asOf, day: record.asOf, typed: record.asOf, problem: null },
    notableDays: [],
    fields: [],
    shown: {},
    problems: [],
    small: smallNumbers(null, []),
    request: null,
    isIdentical: false,
    isEdited: record.claims.length > 0,
    attainment,
    sites,
    versions: [terms],
    record,
    outlook,
    scenarios,
    outcomes: { A: whatIfOutcome(record, scenarios.A), B: whatIfOutcome(record, scenarios.B) },
    figure: cumulativeFigure(attainment, [terms], sites, [], words),
    registeredToday: registered,
    promises: [],
    isCompared: true,
    inputHash: '0123456789abcdef',
    findings: null,
  }
}
