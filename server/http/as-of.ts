/** The day a page looks at: today where the trial is, or the one in the address; and the day by whose end things were known. */
import type { CalendarDate } from '../domain/calendar-date.ts'
import { dateProblem } from '../domain/date-problem.ts'
import type { Problem } from '../domain/parsed.ts'
import { readDate } from '../domain/read-date.ts'
import { type Clocks, endOfDay } from '../domain/two-clocks.ts'
import type { AsOf, BothClocks } from '../pages/as-of.ts'
import { type TrialVisit, textOf } from './visit.ts'

/** A day that cannot be read, or lies in the future, is refused in words and today is shown. */
export function asOfDay(visit: TrialVisit): AsOf {
  const today = visit.context.today(visit.trial.timeZone)
  const { typed, day, problem } = dayIn(visit, 'asOf', today)
  return { today, day: day ?? today, typed: day ?? (typed === '' ? today : typed), problem }
}

/** Both days: of the second one, today is as good as none, for everything that is known is known by the end of today. */
export function bothClocks(visit: TrialVisit): BothClocks {
  const asOf = asOfDay(visit)
  const known = dayIn(visit, 'knownAt', asOf.today)
  const day = known.day === asOf.today ? null : known.day
  return { ...asOf, known: { day, typed: known.day ?? known.typed, problem: known.problem } }
}

/** The days as the domain reads them; null where both are today's. */
export function clocksOf({ trial }: TrialVisit, { today, day, known }: BothClocks): Clocks | null {
  if (day === today && known.day === null) return null
  return { asOf: day, knownBefore: known.day === null ? null : endOfDay(trial.timeZone, known.day) }
}

function dayIn(
  { request }: TrialVisit,
  field: 'asOf' | 'knownAt',
  today: CalendarDate,
): { typed: string; day: CalendarDate | null; problem: Problem | null } {
  const typed = textOf(request.query[field])
  if (typed === '') return { typed, day: null, problem: null }
  const reading = readDate(typed)
  if ('problem' in reading) return { typed, day: null, problem: dateProblem(field, reading) }
  if (reading.date > today) return { typed, day: null, problem: { field, code: 'as_of_future', values: { today } } }
  return { typed, day: reading.date, problem: null }
}
