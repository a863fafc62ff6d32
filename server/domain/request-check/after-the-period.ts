/** What a request waits for comes before the period that it wants to extend is over. */
import type { CheckedRequest } from './checked-request.ts'
import type { Finding, RequestCheck } from './finding.ts'

/**
 * A condition due at the meeting of 2026-07-31, where registration ends on 2026-07-18: from the 19th nobody can be
 * registered until it is met. The same of a decision. The last day itself is in time.
 */
export const afterThePeriod: RequestCheck = (request) => {
  const { registrationUntil } = request.before
  return awaited(request)
    .filter(({ on }) => on > registrationUntil)
    .map(({ on, place, what }): Finding => {
      const values = { what, on, registrationUntil }
      return { check: 'after_the_period', kind: 'after_the_period', severity: 'warning', place, values }
    })
}

function awaited({ decisions, conditions }: CheckedRequest) {
  return [
    ...decisions.map(({ decidedOn, body }, index) => ({ on: decidedOn, what: body, place: `$.decisions[${index}]` })),
    ...conditions.map(({ dueOn, text }, index) => ({ on: dueOn, what: text, place: `$.conditions[${index}]` })),
  ]
}
