/** How a date is understood while it is typed: the same reading that the form's answer would give, as plain text. */
import { dateProblem } from '../domain/date-problem.ts'
import { readDate } from '../domain/read-date.ts'
import { readingInWords } from '../pages/date-field.ts'
import { problemsInWords } from '../pages/page.ts'
import { type Reply, type SignedInVisit, textOf } from './visit.ts'

export async function showDateReading({ request, words }: SignedInVisit): Promise<Reply> {
  const typed = textOf(request.query.typed)
  if (typed.trim() === '') return { text: '', status: 200 }
  const reading = readDate(typed.slice(0, 64))
  if ('date' in reading) return { text: readingInWords(reading, words), status: 200 }
  const [problem] = problemsInWords([dateProblem('', reading)], words)
  return { text: problem?.text ?? '', status: 200 }
}
