/** What pages about change requests say alike: how one stands, what a question is called, where a finding belongs. */
import type { ConditionStanding } from '../../domain/request/condition.ts'
import { type InquiryNumber, inquiryNumberInDocuments } from '../../domain/request/inquiry.ts'
import type { RequestStanding } from '../../domain/request/life-cycle.ts'
import type { Finding } from '../../domain/request-check/finding.ts'
import type { Trial } from '../../domain/trial.ts'
import type { Words } from '../../i18n/words.ts'
import { findingInWords } from '../finding-words.ts'
import { type Mark, mark } from '../page.ts'

export function requestAddress(trial: Trial, number: number): string {
  return `/trials/${trial.code}/requests/${number}`
}

export function standingMark(standing: RequestStanding, words: Words): Mark {
  const text = words.of('request_state', standing)
  switch (standing) {
    case 'draft':
      return mark('open', '', text)
    case 'submitted':
    case 'inquiry':
      return mark('half', 'is-wait', text)
    case 'approved':
    case 'approved_with_conditions':
    case 'in_force':
      return mark('full', 'is-real', text)
    case 'refused':
    case 'withdrawn':
      return mark('cross', '', text)
  }
}

export function conditionMark(standing: ConditionStanding, words: Words): Mark {
  const text = words.of('condition_standing', standing)
  switch (standing) {
    case 'met':
      return mark('full', 'is-real', text)
    case 'due':
      return mark('half', 'is-wait', text)
    case 'overdue':
      return mark('over', 'is-act', text)
    case 'lapsed':
      return mark('cross', '', text)
  }
}

/** As documents write it; in English in plain digits. */
export function inquiryName(number: InquiryNumber, words: Words): string {
  return words.language === 'ja' ? inquiryNumberInDocuments(number) : `${number.round}-${number.item}`
}

/** A finding in words, with the mark of its weight and the place on the page that it concerns. */
export type FindingShown = { mark: Mark; message: string; remedy: string; href: string; anchor: string }

export function findingShown(finding: Finding, decisionPlaces: readonly number[], words: Words): FindingShown {
  const { message, remedy } = findingInWords(finding, words)
  const anchor = anchorOf(finding.place, decisionPlaces)
  const weight =
    finding.severity === 'error'
      ? mark('cross', 'is-act', words.t('requests.severity_error'))
      : mark('half', 'is-wait', words.t('requests.severity_warning'))
  return { mark: weight, message, remedy, anchor, href: `#${anchor}` }
}

/** `$.claims[2].sites` is `claim-3`; a statement of a decision belongs to the decision that it was recorded with. */
function anchorOf(place: string, decisionPlaces: readonly number[]): string {
  const [, list = '', at = '0'] = /^\$\.(\w+)(?:\[(\d+)\])?/.exec(place) ?? []
  const index = Number(at)
  switch (list) {
    case 'claims':
      return `claim-${index + 1}`
    case 'decisions':
      return `decision-${decisionPlaces[index] ?? 1}`
    case 'conditions':
      return `condition-${index + 1}`
    case 'told':
      return `told-${index + 1}`
    case 'screenings':
      return 'screenings'
    case 'after':
      return 'terms'
    case 'asOf':
      return 'facts'
    default:
      return 'sum'
  }
}
