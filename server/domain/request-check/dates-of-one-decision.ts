/** One decision of one body has one date. */
import type { StatedDecision } from './checked-request.ts'
import type { RequestCheck } from './finding.ts'

/** Item 5 approved by the same body on 2026-06-12 and on 2026-05-29: told once, at the later of the two statements. */
export const datesOfOneDecision: RequestCheck = ({ decisions }) => {
  const first = new Map<string, StatedDecision>()
  return decisions.flatMap((decision, index) => {
    const subject = JSON.stringify([decision.item, decision.body])
    const before = first.get(subject)
    if (before === undefined) first.set(subject, decision)
    if (before === undefined || before.decidedOn === decision.decidedOn) return []
    const values = {
      item: decision.item,
      body: decision.body,
      one: before.decidedOn,
      oneSource: before.source,
      other: decision.decidedOn,
      otherSource: decision.source,
    }
    const place = `$.decisions[${index}]`
    return [{ check: 'dates_of_one_decision', kind: 'dates_of_one_decision', severity: 'error', place, values }]
  })
}
