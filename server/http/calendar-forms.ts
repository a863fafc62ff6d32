/** How every form of the calendar is opened, sent, and shown again as it was typed. */
import { isRecordedAlready } from '../db/submissions.ts'
import { isRefused, type Parsed, type Problem } from '../domain/parsed.ts'
import { type CalendarForm, calendarFormPage } from '../pages/calendar-form-page.ts'
import type { CalendarDoing } from '../pages/calendar-page.ts'
import type { Typed } from '../pages/settings/field-spec.ts'
import { withSuggestion } from './screenings.ts'
import { type Read, readFields, typedFields } from './settings/read-fields.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

/** A form with the verb behind it; `seen` is what its reader had seen. */
export type Asking = {
  form: CalendarForm
  doing: CalendarDoing
  save(read: Read, seen: string): Promise<Parsed<unknown>>
}

/**
 * The three answers of a form that is found at an address: null where there is nothing at it. `whenGone` is what the form
 * did that takes away what it is about: sent once more, it is answered as it was.
 */
export function formAt(find: (visit: TrialVisit) => Promise<Asking | null>, whenGone: CalendarDoing | null = null) {
  async function open(visit: TrialVisit): Promise<Reply> {
    const asking = await find(visit)
    return asking === null ? { error: 'not_found' } : show(visit, asking, asking.form.typed, [], 200)
  }

  async function again(visit: TrialVisit, problems: readonly Problem[]): Promise<Reply> {
    const asking = await find(visit)
    if (asking === null) return { error: 'not_found' }
    return show(visit, asking, typedFields(asking.form.specs, visit.request.body), problems, 422)
  }

  async function send(visit: TrialVisit): Promise<Reply> {
    const { actor, context, request, trial } = visit
    const asking = await find(visit)
    if (asking === null) {
      const isHeard = whenGone !== null && (await isRecordedAlready(context, actor))
      return isHeard ? { seeOther: `/trials/${trial.code}/calendar?done=${whenGone}` } : { error: 'not_found' }
    }
    const { specs } = asking.form
    const suggested = withSuggestion(request.body)
    if (suggested !== null) return show(visit, asking, { ...typedFields(specs, request.body), ...suggested }, [], 200)
    const read = readFields(specs, request.body)
    const outcome = isRefused(read) ? read : await asking.save(read.value, textOf(request.body.seen))
    if (!isRefused(outcome)) return { seeOther: `/trials/${trial.code}/calendar?done=${asking.doing}` }
    const { problems } = outcome
    const isChanged = problems.some(({ code }) => code === 'setting_changed_meanwhile')
    // Whoever meets another's change sees what stands there now, with what they typed themselves.
    return show(visit, asking, typedFields(specs, request.body), problems, isChanged ? 409 : 422)
  }

  return { open, again, send }
}

function show(
  { context, request, trial, words }: TrialVisit,
  { form }: Asking,
  typed: Typed,
  problems: readonly Problem[],
  status: 200 | 409 | 422,
): Reply {
  const seen = status === 422 ? textOf(request.body?.seen) : form.seen
  const page = calendarFormPage({ trial, form, typed, seen, submissionKey: context.newId(), problems }, words)
  return { page, status }
}
