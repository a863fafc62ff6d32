/** The change requests of a trial: what each asks for, how it stands, and what is still owed. */
import type { CalendarDate } from '../../domain/calendar-date.ts'
import { standingOn } from '../../domain/request/life-cycle.ts'
import type { RequestSummary } from '../../domain/request/whole-request.ts'
import type { Trial } from '../../domain/trial.ts'
import type { TrialTerms } from '../../domain/trial-terms.ts'
import type { Words } from '../../i18n/words.ts'
import type { Mark, Page } from '../page.ts'
import { requestAddress, standingMark } from './request-words.ts'

export type RequestsPage = Page & {
  subtitle: string
  newHref: string | null
  requests: {
    number: string
    href: string
    name: string
    standing: Mark
    asOf: string
    submitted: string
    until: string
    promised: string
    open: string
  }[]
  pager: { range: string; previous: string | null; next: string | null } | null
}

/** So many stand on one page. */
export const requestsOnPage = 50

export function requestsPage(
  input: {
    trial: Trial
    today: CalendarDate
    requests: readonly RequestSummary[]
    versions: readonly TrialTerms[]
    mayWrite: boolean
    page: number
  },
  words: Words,
): RequestsPage {
  const { trial, requests, versions, today, page } = input
  const first = (page - 1) * requestsOnPage
  const shown = requests.slice(first, first + requestsOnPage)
  const here = `/trials/${trial.code}/requests`
  return {
    template: 'requests/index',
    title: words.t('requests.title'),
    place: 'requests',
    subtitle: words.t('requests.subtitle', { count: requests.length }),
    newHref: input.mayWrite ? `${here}/new` : null,
    requests: shown.map((request) => {
      const adopted = versions.find(({ version }) => version === request.adoptedVersion)
      const open = request.openInquiries + request.openConditions
      return {
        number: words.t('requests.number', { number: request.number }),
        href: requestAddress(trial, request.number),
        name: words.pick(request.title),
        standing: standingMark(standingOn(request.state, adopted?.effectiveFrom ?? null, today), words),
        asOf: request.asOf,
        submitted: request.submittedOn ?? '—',
        until: request.registrationUntil,
        promised: words.t('requests.promised', { total: request.statedTotal, target: request.targetNumber }),
        open:
          open === 0
            ? '—'
            : words.t('requests.open_counts', {
                inquiries: request.openInquiries,
                conditions: request.openConditions,
              }),
      }
    }),
    pager:
      requests.length <= requestsOnPage
        ? null
        : {
            range: words.t('format.range_of', {
              first: Math.min(first + 1, requests.length),
              last: Math.min(first + requestsOnPage, requests.length),
              total: words.number(requests.length),
            }),
            previous: page > 1 ? `${here}?page=${page - 1}` : null,
            next: first + requestsOnPage < requests.length ? `${here}?page=${page + 1}` : null,
          },
  }
}
