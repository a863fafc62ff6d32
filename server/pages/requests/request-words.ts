/** What pages about change requests say alike: how one stands, what a question is called, where a finding belongs. */
import type { ConditionStanding } from '../../domain/request/condition.ts'
import { type InquiryNumber, inquiryNumberInDocuments } from '../../domain/request/inquiry.ts'
import type { RequestStanding } from '../../domain/request/life-cycle.ts'
import type { Finding } from '../../domain/request-check/finding.ts'
import type { Trial } from '../../domain/trial.ts'
import type { Words } from '../../i18n/words.ts'
import { findingInWords } from '../finding-words.ts'
import { type Look, type Mark, mark } from '../page.ts'

export function requestAddress(trial: Trial, number: number): string {
  return `/trials/${trial.code}/requests/${number}`
}

const standingLooks: Record<RequestStanding, Look> = {
  draft: ['open', ''],
  submitted: ['half', 'is-wait'],
  inquiry: ['half', 'is-wait'],
  approved: ['full', 'is-real'],
  approved_with_conditions: ['full', 'is-real'],
  in_force: ['full', 'is-real'],
  refused: ['cross', ''],
  withdrawn: ['cross', ''],
}

export function standingMark(standing: RequestStanding, words: Words): Mark {
  return mark(...standingLooks[standing], words.of('request_state', standing))
}

const conditionLooks: Record<ConditionStanding, Look> = {
  met: ['full', 'is-real'],
  due: ['half', 'is-wait'],
  overdue: ['over', 'is-act'],
  lapsed: ['cross', ''],
}

export function conditionMark(standing: ConditionStanding, words: Words): Mark {
  return mark(...conditionLooks[standing], words.of('condition_standing', standing))
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
