/** Two protocols that the tests of the domain speak of, and their sites and terms: plain values, no database. */
import { calendarDate } from '../../server/domain/calendar-date.ts'
import { type Milestone, type Pathway, pathwayOf } from '../../server/domain/milestone.ts'
import type { Site, SiteStatus } from '../../server/domain/site.ts'
import { noDetails, type SubjectEvent } from '../../server/domain/subject.ts'
import { type Exit, withdrawalScopes } from '../../server/domain/subject-state.ts'
import type { TrialTerms } from '../../server/domain/trial-terms.ts'

export const day = calendarDate
const both = (text: string) => ({ ja: text, en: text })

export function milestone(code: string, kind: Milestone['kind'], differences: Partial<Milestone> = {}): Milestone {
  const usual = { necessity: 'optional', counting: 'none', repetition: 'once', schedule: null } as const
  return { code, label: both(code), kind, ...usual, ...differences }
}

const required = { necessity: 'required' } as const
const counted = { necessity: 'required', counting: 'target' } as const

/** Consent, a judgement of eligibility, one registration, a treatment, a visit. */
export const oneStage: Pathway = pathwayOf([
  milestone('consent', 'screening', required),
  milestone('eligibility', 'eligibility', required),
  milestone('registration', 'registration_stage', counted),
  milestone('treatment', 'treatment'),
  milestone('week_12', 'visit'),
])

/** An index date before consent, two registrations of which the final one counts, blood samples, two arms, visits. */
export const twoStage: Pathway = pathwayOf([
  milestone('injury', 'procedure'),
  milestone('consent', 'screening', required),
  milestone('provisional', 'registration_stage', required),
  milestone('blood', 'procedure', { repetition: 'repeatable' }),
  milestone('final', 'registration_stage', counted),
  milestone('arm', 'allocation'),
  milestone('treatment', 'treatment', { repetition: 'repeatable' }),
  milestone('visit', 'visit', { repetition: 'repeatable' }),
])

export function site(id: string, ...statuses: [SiteStatus, string][]): Site {
  const entries = statuses.map(([status, from]) => ({ status, from: day(from), basis: 'recorded' as const }))
  return { id, code: id, name: both(id), plannedPerYear: null, statuses: entries }
}

/** 12 subjects from 2026-01-01 to 2026-12-31, in force from the first day, promised evenly from none to 12. */
export function termsOf(differences: Partial<TrialTerms> = {}): TrialTerms {
  return {
    version: 1,
    targetNumber: 12,
    registrationFrom: day('2026-01-01'),
    registrationUntil: day('2026-12-31'),
    studyUntil: null,
    costBearer: 'research_funds',
    reviewIntervalMonths: 6,
    reviewAnchor: 'registration_start',
    plan: { startsOn: day('2026-01-01'), startsAtNumber: 0, reachesNumber: 12 },
    effectiveFrom: day('2026-01-01'),
    approval: null,
    basis: 'recorded',
    assumption: null,
    ...differences,
  }
}

export function approvedOn(date: string | null): TrialTerms['approval'] {
  return { body: both('committee'), approvedOn: date === null ? null : day(date), document: both('request') }
}

/** Everything that any exit may have to say, where the trial names no reasons: a withdrawal takes all of it back. */
export const said = { reasons: [], measuredValue: 'SPP 42 mmHg', scope: withdrawalScopes } as const

/** `['eligibility', '2026-03-02']` is a milestone reached, `['exit:died', '2026-03-02']` an exit; recorded in this order. */
export type Told = readonly [what: string, on: string]

function whatOf(what: string): SubjectEvent['what'] {
  if (what === 'prescreening') return { kind: 'prescreening' }
  return what.startsWith('exit:') ? { kind: 'exit', exit: what.slice(5) as Exit } : { kind: 'milestone', code: what }
}

export function eventsOf(...told: readonly Told[]): SubjectEvent[] {
  return told.map(([what, on], index) => ({
    id: `event-${String(index).padStart(3, '0')}`,
    originId: `event-${String(index).padStart(3, '0')}`,
    what: whatOf(what),
    occurredOn: day(on),
    recordedAt: `2026-06-24T03:00:00.${String(index).padStart(3, '0')}Z`,
    recordedBy: 'coordinator',
    note: null,
    basis: 'recorded',
    ...noDetails,
  }))
}
