/** Taking back the last thing recorded of a subject, and voiding a whole entry: a reason, one button. */
import { z } from 'zod'
import { takeBack } from '../actions/take-back.ts'
import { voidSubject } from '../actions/void-subject.ts'
import { findSubjectInTrial } from '../db/subject-in-trial.ts'
import { correctionReasons } from '../domain/correction.ts'
import { newestEvent } from '../domain/next-event.ts'
import { isRefused, type Parsed, type Problem } from '../domain/parsed.ts'
import { type Act, sitesWithin } from '../domain/permission.ts'
import { takenBackNext, type VoidDraft } from '../domain/taking-back.ts'
import { eventWords } from '../pages/event-words.ts'
import { type ReasonTyped, reasonFormPage } from '../pages/reason-form-page.ts'
import { readForm, text } from './forms.ts'
import { refusedAs } from './meanwhile.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

type Kind = 'take_back' | 'void'
const acts: Record<Kind, Act> = { take_back: 'log_subjects', void: 'void_subjects' }

function findHere({ actor, context, request, trial }: TrialVisit, kind: Kind) {
  const scope = sitesWithin(actor.grants, acts[kind], trial.id)
  return findSubjectInTrial(context.db, trial.id, String(request.params.subject), scope)
}
type Here = NonNullable<Awaited<ReturnType<typeof findHere>>>

export const newTakingBack = (visit: TrialVisit) => open(visit, 'take_back')
export const newVoid = (visit: TrialVisit) => open(visit, 'void')
export const showTakingBackAgain = (visit: TrialVisit, problems: readonly Problem[]) =>
  again(visit, 'take_back', problems)
export const showVoidAgain = (visit: TrialVisit, problems: readonly Problem[]) => again(visit, 'void', problems)

async function open(visit: TrialVisit, kind: Kind): Promise<Reply> {
  const here = await findHere(visit, kind)
  if (here === null) return { error: 'not_found' }
  const seenEventId = newestEvent(here.events)?.id ?? ''
  const typed = { reason: '', note: '', seenEventId, submissionKey: visit.context.newId() }
  return show(visit, here, kind, typed, [], 200)
}

async function again(visit: TrialVisit, kind: Kind, problems: readonly Problem[]): Promise<Reply> {
  const here = await findHere(visit, kind)
  return here === null ? { error: 'not_found' } : show(visit, here, kind, typedIn(visit), problems, 422)
}

const fields = z.object({ reason: text(64), note: text(1000), seenEventId: text(64), submissionKey: text(64) })

function readReason(here: Here, body: unknown): Parsed<VoidDraft> {
  const read = readForm(fields, body)
  if (isRefused(read)) return read
  const { note, seenEventId } = read.value
  const reason = correctionReasons.find((one) => one === read.value.reason)
  const problems: Problem[] = []
  if (reason === undefined) problems.push({ field: 'reason', code: 'reason_missing' })
  if (note === '') problems.push({ field: 'note', code: 'note_missing' })
  if (reason === undefined || problems.length > 0) return { problems }
  const whose = { trialId: here.trial.id, subjectId: here.subject.id }
  return { value: { ...whose, reason, note, seenEventId: seenEventId === '' ? null : seenEventId } }
}

export const createTakingBack = (visit: TrialVisit) => create(visit, 'take_back')
export const createVoid = (visit: TrialVisit) => create(visit, 'void')

async function create(visit: TrialVisit, kind: Kind): Promise<Reply> {
  const { actor, context, request, trial } = visit
  const here = await findHere(visit, kind)
  if (here === null) return { error: 'not_found' }
  const draft = readReason(here, request.body)
  if (isRefused(draft)) return show(visit, here, kind, typedIn(visit), draft.problems, 422)
  const outcome =
    kind === 'void'
      ? await voidSubject(context, actor, draft.value)
      : await takeBack(context, actor, { ...draft.value, eventId: String(request.params.event) })
  if (!isRefused(outcome))
    return {
      seeOther: `/trials/${trial.code}/subjects/${here.subject.id}?done=${kind === 'void' ? 'void' : 'taking_back'}`,
    }
  const { typed, status } = refusedAs(here.events, typedIn(visit), outcome.problems)
  return show(visit, here, kind, typed, outcome.problems, status)
}

function typedIn({ context, request: { body = {} } }: TrialVisit): ReasonTyped {
  return {
    reason: textOf(body.reason),
    note: textOf(body.note),
    seenEventId: textOf(body.seenEventId),
    submissionKey: context.newId(),
  }
}

async function show(
  { request, trial, words }: TrialVisit,
  here: Here,
  kind: Kind,
  typed: ReasonTyped,
  problems: readonly Problem[],
  status: number,
): Promise<Reply> {
  const { subject, pathway } = here
  if (kind === 'void') {
    const asks = { kind, path: 'void' } as const
    return { page: reasonFormPage({ trial, subject, pathway, asks, typed, problems }, words), status }
  }
  const event = takenBackNext(here)
  if (event === null || (event.id !== request.params.event && problems.length === 0)) return { error: 'not_found' }
  const asks = { kind, what: eventWords(event, pathway, words), path: `events/${event.id}/taking-back` } as const
  return { page: reasonFormPage({ trial, subject, pathway, asks, typed, problems }, words), status }
}
