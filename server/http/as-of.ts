/** The day a page looks at: today where the trial is, or the one in the address. */

import { dateProblem } from '../domain/date-problem.ts'
import { readDate } from '../domain/read-date.ts'
import type { AsOf } from '../pages/as-of.ts'
import { type TrialVisit, textOf } from './visit.ts'

/** A day that cannot be read, or lies in the future, is refused in words and today is shown. */
export function asOfDay({ context, request, trial }: TrialVisit): AsOf {
  const today = context.today(trial.timeZone)
  const typed = textOf(request.query.asOf)
  if (typed === '') return { today, day: today, typed: today, problem: null }
  const reading = readDate(typed)
  if ('problem' in reading) return { today, day: today, typed, problem: dateProblem('asOf', reading) }
  if (reading.date > today)
    return { today, day: today, typed, problem: { field: 'asOf', code: 'as_of_future', values: { today } } }
  return { today, day: reading.date, typed: reading.date, problem: null }
}
