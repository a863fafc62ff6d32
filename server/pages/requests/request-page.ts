/**
 * One change request: how it stands, what it asks for and claims, what was asked and answered, what was decided and
 * demanded. What the checks found stands in a list, and again at the place that it concerns.
 */
import { isAsked, standingOn } from '../../domain/request/life-cycle.ts'
import type { Words } from '../../i18n/words.ts'
import type { Mark, Page } from '../page.ts'
import { type GuestLinkList, guestLinkList } from './guest-links.ts'
import { type RequestContentShown, requestContent } from './request-content.ts'
import { type RequestCorrespondence, requestCorrespondence } from './request-correspondence.ts'
import type { FindingsAt, RequestInput } from './request-input.ts'
import { type RequestStandingShown, requestStanding } from './request-standing.ts'
import { type FindingShown, findingShown, requestAddress, standingMark } from './request-words.ts'

export type RequestPage = Page & {
  heading: string
  parts: string[]
  done: string | null
  standing: Mark
  papers: { label: string; href: string }[]
  findings: FindingShown[]
  findingsTitle: string
  files: {
    name: string
    href: string | null
    size: string
    hash: string
    gone: string | null
    withdrawHref: string | null
  }[]
  /** Null for readers who make no links. */
  guests: GuestLinkList
  colophon: string
  back: string
} & RequestStandingShown &
  RequestContentShown &
  RequestCorrespondence

export function requestPage(input: RequestInput, words: Words): RequestPage {
  const { trial, request, today, may } = input
  const { record } = request
  const here = requestAddress(trial, record.number)
  const heading = words.pick(record.title)
  const findings = input.findings.map((finding) => findingShown(finding, input.decisionPlaces, words))
  const at: FindingsAt = (anchor) => findings.filter((finding) => finding.anchor === anchor)
  const adopted = input.versions.find(({ version }) => version === record.adoptedVersion) ?? null
  const standing = standingOn(record.state, adopted?.effectiveFrom ?? null, today)
  return {
    template: 'requests/show',
    title: heading,
    place: 'requests',
    heading,
    parts: [
      words.t('requests.number', { number: record.number }),
      words.t('format.as_of', { asOf: record.asOf }),
      ...(record.submittedOn === null ? [] : [words.t('requests.submitted_on', { date: record.submittedOn })]),
    ],
    done: input.done === null ? null : words.of('request_done', input.done),
    standing: standingMark(standing, words),
    papers: [
      { label: words.t('requests.document_link'), href: `${here}/document` },
      { label: words.t('requests.docx_link'), href: `${here}/document.docx` },
      ...(request.inquiries.length === 0
        ? []
        : [
            { label: words.t('requests.replies_link'), href: `${here}/replies` },
            { label: words.t('requests.replies_docx_link'), href: `${here}/replies.docx` },
          ]),
      { label: words.t('requests.replay_link'), href: `${here}/replay` },
      { label: words.t('requests.projection_link'), href: `/trials/${trial.code}/projection?asOf=${record.asOf}` },
    ],
    findings,
    findingsTitle: words.t('requests.findings_title', { count: findings.length }),
    ...requestStanding(input, adopted, words),
    ...requestContent(input, at, words),
    ...requestCorrespondence(input, at, words),
    files: request.attachments.map(({ id, name, sizeBytes, sha256, withdrawn }) => ({
      name,
      href: withdrawn === null ? `${here}/attachments/${id}` : null,
      size: words.t('requests.kilobytes', { size: words.number(Math.max(sizeBytes / 1000, 0.1), 1) }),
      hash: words.t('requests.file_hash', { hash: sha256.slice(0, 12) }),
      gone:
        withdrawn === null
          ? null
          : words.t('requests.file_withdrawn', {
              at: words.instant(withdrawn.at, trial.timeZone),
              because: withdrawn.because,
            }),
      withdrawHref: may.write && withdrawn === null ? `${here}/attachments/${id}/withdrawal` : null,
    })),
    guests: guestsOf(input, words),
    colophon: words.t(input.isIdentical ? 'requests.identical' : 'requests.differs', {
      version: record.methodVersion,
      hash: record.inputHash.slice(0, 12),
    }),
    back: `/trials/${trial.code}/requests`,
  }
}

/** A draft has none: it is nobody else's to read. */
function guestsOf({ trial, request, today, may, guestLinks }: RequestInput, words: Words): GuestLinkList {
  const { number, state } = request.record
  const mayMake = may.write && isAsked(state)
  if (!mayMake && guestLinks.length === 0) return null
  return guestLinkList({ trial, number, links: guestLinks, mayMake, today }, words)
}
