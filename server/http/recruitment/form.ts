/** The three handlers of a form about recruitment: it is opened, sent, and shown again as it was typed. */
import { isRecordedAlready } from '../../db/submissions.ts'
import { isRefused, type Parsed, type Problem } from '../../domain/parsed.ts'
import { type Asked, recruitmentFormPage } from '../../pages/recruitment/form-page.ts'
import type { Typed } from '../../pages/settings/field-spec.ts'
import { withSuggestion } from '../screenings.ts'
import { type Read, readFields, typedFields } from '../settings/read-fields.ts'
import { type Reply, type TrialVisit, textOf } from '../visit.ts'

export type RecruitmentForm = {
  /** What it asks of the entry in the address; null where there is none. */
  ask(visit: TrialVisit): Promise<Asked | null>
  /** The verb that it leads to. */
  act(visit: TrialVisit, read: Read, seen: string): Promise<Parsed<unknown>>
  /** What the list says afterwards. */
  done: string
}

export function handlersOf({ ask, act, done }: RecruitmentForm) {
  async function open(visit: TrialVisit): Promise<Reply> {
    const asked = await ask(visit)
    return asked === null ? { error: 'not_found' } : show(visit, asked, asked.typed, [], 200)
  }

  async function again(visit: TrialVisit, problems: readonly Problem[]): Promise<Reply> {
    const asked = await ask(visit)
    return asked === null ? { error: 'not_found' } : refused(visit, asked, problems)
  }

  async function send(visit: TrialVisit): Promise<Reply> {
    const { body } = visit.request
    const asked = await ask(visit)
    if (asked === null) return gone(visit)
    const suggested = withSuggestion(body)
    if (suggested !== null) {
      return show(visit, asked, { ...typedFields(asked.specs, body), ...suggested }, [], 200)
    }
    const read = readFields(asked.specs, body)
    if (isRefused(read)) return refused(visit, asked, read.problems)
    const outcome = await act(visit, read.value, textOf(body?.seen))
    if (isRefused(outcome)) return refused(visit, asked, outcome.problems)
    return { seeOther: `${asked.back}?done=${done}` }
  }

  /** Nothing is there: sent once more, the form that took it away is answered as it was. */
  async function gone({ actor, context, request }: TrialVisit): Promise<Reply> {
    if (!(await isRecordedAlready(context, actor))) return { error: 'not_found' }
    const list = request.path.split('/').slice(0, 4).join('/')
    return { seeOther: `${list}?done=${done}` }
  }

  return { open, send, again }
}

function refused(visit: TrialVisit, asked: Asked, problems: readonly Problem[]): Reply {
  const status = problems.some(({ code }) => code === 'setting_changed_meanwhile') ? 409 : 422
  return show(visit, asked, typedFields(asked.specs, visit.request.body), problems, status)
}

/** As it stands, or as it was typed; whoever meets another's change sees what is written now beside it (409). */
function show(
  { context, request, words }: TrialVisit,
  asked: Asked,
  typed: Typed,
  problems: readonly Problem[],
  status: number,
): Reply {
  const isChangedMeanwhile = status === 409
  const isSent = request.method === 'POST'
  const seen = isSent && !isChangedMeanwhile ? textOf(request.body?.seen) : asked.seen
  const submissionKey = context.newId()
  return {
    page: recruitmentFormPage({ asked, typed, seen, submissionKey, isChangedMeanwhile, problems }, words),
    status,
  }
}
