/** Writing down the arm of a registered subject: the form, the page that asks once, the record. */
import { z } from 'zod'
import { recordAllocation } from '../actions/record-allocation.ts'
import { findSubjectInTrial } from '../db/subject-in-trial.ts'
import { findProfile } from '../db/trials.ts'
import type { AllocationDraft } from '../domain/allocation.ts'
import { newestEvent } from '../domain/next-event.ts'
import { isRefused, type Parsed, type Problem } from '../domain/parsed.ts'
import { sitesWithin } from '../domain/permission.ts'
import { type AllocationTyped, allocationFormPage, confirmAllocationPage } from '../pages/allocation-form-page.ts'
import { readDateField, readForm, text } from './forms.ts'
import { refusedAs } from './meanwhile.ts'
import { withSuggestion } from './screenings.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

async function findHere({ actor, context, request, trial }: TrialVisit) {
  const scope = sitesWithin(actor.grants, 'record_allocation', trial.id)
  const here = await findSubjectInTrial(context.db, trial.id, String(request.params.subject), scope)
  if (here === null || !here.pathway.milestones.some(({ kind }) => kind === 'allocation')) return null
  return { ...here, arms: (await findProfile(context.db, trial.id)).arms }
}
type Here = NonNullable<Awaited<ReturnType<typeof findHere>>>

export async function newAllocation(visit: TrialVisit): Promise<Reply> {
  const here = await findHere(visit)
  if (here === null) return { error: 'not_found' }
  const { context, trial } = visit
  const typed = {
    armCode: '',
    stratum: '',
    occurredOn: context.today(trial.timeZone),
    seenEventId: newestEvent(here.events)?.id ?? '',
    submissionKey: context.newId(),
  }
  return show(visit, here, typed, [], 200)
}

const fields = z.object({
  armCode: text(64),
  stratum: text(100),
  occurredOn: text(64),
  seenEventId: text(64),
  submissionKey: text(64),
  suggested: text(80),
  confirmed: text(8),
  edit: text(8),
})

function readAllocation(here: Here, body: unknown): Parsed<AllocationDraft> {
  const read = readForm(fields, body)
  if (isRefused(read)) return read
  const { armCode, stratum, seenEventId } = read.value
  const problems: Problem[] = []
  if (armCode === '') problems.push({ field: 'armCode', code: 'arm_missing' })
  else if (!here.arms.some(({ code }) => code === armCode)) problems.push({ field: 'armCode', code: 'arm_unknown' })
  const date = readDateField('occurredOn', read.value.occurredOn)
  if (isRefused(date)) problems.push(...date.problems)
  if (isRefused(date) || problems.length > 0) return { problems }
  return {
    value: {
      trialId: here.trial.id,
      subjectId: here.subject.id,
      armCode,
      stratum: stratum === '' ? null : stratum,
      occurredOn: date.value,
      note: null,
      basis: 'recorded',
      seenEventId: seenEventId === '' ? null : seenEventId,
    },
  }
}

export async function createAllocation(visit: TrialVisit): Promise<Reply> {
  const { actor, context, request, trial, words } = visit
  const here = await findHere(visit)
  if (here === null) return { error: 'not_found' }
  const suggested = withSuggestion(request.body)
  if (suggested !== null) return show(visit, here, { ...typedIn(visit), ...suggested }, [], 200)
  if (request.body.edit === 'yes') return show(visit, here, typedIn(visit), [], 200)
  const draft = readAllocation(here, request.body)
  if (isRefused(draft)) return show(visit, here, typedIn(visit), draft.problems, 422)
  if (request.body.confirmed !== 'yes') {
    const { occurredOn } = draft.value
    const typed = typedIn(visit)
    return { page: confirmAllocationPage({ ...here, typed, problems: [], occurredOn }, words) }
  }
  const outcome = await recordAllocation(context, actor, draft.value)
  if (!isRefused(outcome)) return { seeOther: `/trials/${trial.code}/subjects/${here.subject.id}?done=event` }
  const { typed, status } = refusedAs(here.events, typedIn(visit), outcome.problems)
  return show(visit, here, typed, outcome.problems, status)
}

export async function showAllocationAgain(visit: TrialVisit, problems: readonly Problem[]): Promise<Reply> {
  const here = await findHere(visit)
  return here === null ? { error: 'not_found' } : show(visit, here, typedIn(visit), problems, 422)
}

function typedIn({ context, request: { body = {} } }: TrialVisit): AllocationTyped {
  return {
    armCode: textOf(body.armCode),
    stratum: textOf(body.stratum),
    occurredOn: textOf(body.occurredOn),
    seenEventId: textOf(body.seenEventId),
    submissionKey: context.newId(),
  }
}

async function show(
  visit: TrialVisit,
  here: Here,
  typed: AllocationTyped,
  problems: readonly Problem[],
  status: number,
): Promise<Reply> {
  return { page: allocationFormPage({ ...here, typed, problems }, visit.words), status }
}
