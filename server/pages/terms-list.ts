/** The versions of a trial's terms, each with its period, target and approval, and what of it is assumed. */
import type { Attainment } from '../domain/attainment.ts'
import type { TrialTerms } from '../domain/trial-terms.ts'
import type { Words } from '../i18n/words.ts'
import { type Mark, mark } from './page.ts'

export type TermsInWords = {
  name: string
  state: Mark
  period: string
  effective: string
  study: string
  target: string
  approval: string
  assumption: string | null
}

/** The versions known on the day of the attainment, the first one first. */
export function termsInWords(versions: readonly TrialTerms[], attainment: Attainment, words: Words): TermsInWords[] {
  const known = versions.filter(({ version }) => version <= attainment.promised.version)
  return known.map((terms) => ({
    name: words.t('terms.version', { version: terms.version }),
    state:
      terms.version === attainment.inForce.version
        ? mark('full', 'is-real', words.t('terms.in_force'))
        : terms.effectiveFrom > attainment.asOf
          ? mark('open', 'is-wait', words.t('terms.to_come'))
          : mark('open', '', words.t('terms.past')),
    period: words.t('terms.registration_until', { date: terms.registrationUntil }),
    effective: words.t('terms.from', { date: terms.effectiveFrom }),
    study:
      terms.studyUntil === null
        ? words.t('terms.study_unknown')
        : words.t('terms.study_until', { date: terms.studyUntil }),
    target: words.t('terms.target', { number: terms.targetNumber, plan: terms.plan.reachesNumber }),
    approval:
      terms.approval === null
        ? words.t('terms.no_approval')
        : words.t('terms.approved', {
            date: terms.approval.approvedOn ?? words.t('terms.date_unknown'),
            body: words.pick(terms.approval.body),
          }),
    assumption: terms.assumption === null ? null : words.pick(terms.assumption),
  }))
}
