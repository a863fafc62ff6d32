/** A date that could not be read, as a problem of its field. */
import type { Problem } from './parsed.ts'
import type { DateReading } from './read-date.ts'

export function dateProblem(field: string, { problem }: Extract<DateReading, { problem: unknown }>): Problem {
  const { code, ...values } = problem
  const because = 'because' in problem ? `_${problem.because}` : ''
  return { field, code: `date_${code}${because}`, values }
}
