/** Why a trial may not be opened so: what its terms, its sites and its pathway say has to make sense together. */
import type { Milestone } from './milestone.ts'
import type { Problem } from './parsed.ts'
import { pathwayProblems } from './pathway-problems.ts'
import type { TrialTerms } from './trial-terms.ts'

type Opening = {
  terms: TrialTerms
  sites: readonly { code: string }[]
  milestones: readonly Milestone[]
}

/** Each problem's field is the part of the opening that it is about. */
export function openingProblems({ terms, sites, milestones }: Opening): Problem[] {
  const codes = sites.map(({ code }) => code)
  const twice = codes.find((code, index) => codes.indexOf(code) !== index)
  return [
    ...termsProblems(terms),
    ...(twice === undefined ? [] : [{ field: 'sites', code: 'site_code_taken', values: { site: twice } }]),
    ...pathwayProblems(milestones).map((problem) => ({ ...problem, field: 'milestones' })),
  ]
}

/** A target of nobody, or a period that ends before it begins, can be promised by no one. */
export function termsProblems(terms: TrialTerms): Problem[] {
  const { targetNumber, registrationFrom: from, registrationUntil: until, studyUntil, plan } = terms
  const problems: Problem[] = []
  if (targetNumber < 1) problems.push({ field: 'terms', code: 'target_of_nobody' })
  if (until < from) problems.push({ field: 'terms', code: 'period_ends_first', values: { from, until } })
  if (studyUntil !== null && studyUntil < until) {
    problems.push({ field: 'terms', code: 'study_ends_first', values: { until, study: studyUntil } })
  }
  if (plan.startsOn > until) {
    problems.push({ field: 'terms', code: 'plan_starts_after', values: { starts: plan.startsOn, until } })
  }
  if (plan.reachesNumber < plan.startsAtNumber) problems.push({ field: 'terms', code: 'plan_falls' })
  return problems
}
