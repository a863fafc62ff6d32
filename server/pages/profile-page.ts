/** What a trial is: its identifiers, arms, versions of its terms, and facts with the document that states each. */

import type { FactWithHistory } from '../domain/fact-history.ts'
import type { Arm, TrialIdentifier } from '../domain/trial.ts'
import { factKinds, type Trial } from '../domain/trial.ts'
import type { TrialTerms } from '../domain/trial-terms.ts'
import type { Words } from '../i18n/words.ts'
import { type EndDoing, type EndInput, type EndOfTrial, endOfTrial } from './end-of-trial.ts'
import type { Page } from './page.ts'

export type ProfileInput = {
  trial: Trial
  identifiers: readonly TrialIdentifier[]
  arms: readonly Arm[]
  /** Those that hold, each with the versions before it. */
  facts: readonly FactWithHistory[]
  versions: readonly TrialTerms[]
  end: EndInput
  done: EndDoing | null
}

export type ProfilePage = Page & {
  subtitle: string
  /** What was just done; null where nothing was. */
  done: string | null
  end: EndOfTrial
  facts: { label: string; value: string }[]
  terms: {
    version: string
    target: string
    registration: string
    study: string
    cost: string
    approval: string
    assumed: boolean
    assumption: string | null
  }[]
  groups: {
    title: string
    rows: {
      label: string
      value: string
      source: string
      assumed: boolean
      earlierTitle: string
      /** Earlier versions, the latest first, each with the day until which it stood. */
      earlier: { until: string; text: string }[]
    }[]
  }[]
}

export function profilePage(input: ProfileInput, words: Words): ProfilePage {
  const { trial, identifiers, arms, facts, versions } = input
  return {
    template: 'trials/profile',
    title: words.t('profile.title'),
    place: 'profile',
    subtitle: words.pick(trial.title),
    done: input.done === null ? null : words.of('end_done', input.done),
    end: endOfTrial(trial, input.end, words),
    facts: [
      { label: words.t('profile.code'), value: trial.code },
      { label: words.t('profile.condition'), value: words.pick(trial.condition) },
      { label: words.t('profile.design'), value: words.of('design', trial.design) },
      { label: words.t('profile.phase'), value: trial.phase === null ? '—' : words.of('phase', trial.phase) },
      { label: words.t('profile.risk_class'), value: words.of('risk_class', trial.riskClass) },
      ...identifiers.map(({ kind, value, source }) => ({
        label: words.of('identifier', kind),
        value: words.t('profile.with_source', { value, source: words.pick(source) }),
      })),
      ...arms.map(({ label, code, ratio }) => ({
        label: words.t('profile.arm', { code }),
        value: words.t('profile.arm_ratio', { label: words.pick(label), ratio }),
      })),
    ],
    terms: versions.map((terms) => ({
      version: words.t('terms.version', { version: terms.version }),
      target: words.number(terms.targetNumber),
      registration: words.t('format.from_until', { from: terms.registrationFrom, until: terms.registrationUntil }),
      study: terms.studyUntil ?? '—',
      cost: words.of('cost_bearer', terms.costBearer),
      approval:
        terms.approval === null
          ? '—'
          : `${terms.approval.approvedOn ?? words.t('terms.date_unknown')}　${words.pick(terms.approval.body)}`,
      assumed: terms.basis === 'assumed',
      assumption: terms.assumption === null ? null : words.pick(terms.assumption),
    })),
    groups: factKinds
      .map((kind) => ({
        title: words.of('fact_kind', kind),
        rows: facts
          .filter(({ fact }) => fact.kind === kind)
          .map(({ fact, earlier }) => ({
            label: words.pick(fact.label),
            value: words.pick(fact.value),
            source: words.pick(fact.source),
            assumed: fact.basis === 'assumed',
            earlierTitle: words.t('profile.earlier', { count: earlier.length }),
            earlier: earlier.map((version) => ({
              until: words.t('profile.until', { at: words.instant(version.replacedAt ?? '', trial.timeZone) }),
              text: words.t('profile.with_source', {
                value: words.pick(version.fact.value),
                source: words.pick(version.fact.source),
              }),
            })),
          })),
      }))
      .filter(({ rows }) => rows.length > 0),
  }
}
