/** Texts typed by mistake: the list of what was asked, the form that asks, and the page on which another person decides. */
import { z } from 'zod'
import { askRedaction } from '../actions/ask-redaction.ts'
import { confirmRedaction } from '../actions/confirm-redaction.ts'
import { refuseRedaction } from '../actions/refuse-redaction.ts'
import {
  countRedactions,
  findEntry,
  findRedacting,
  findRedaction,
  findSubjectOf,
  findTextAsked,
  isSigned,
  listRedactions,
} from '../db/redactions.ts'
import { manyShown, oneShown } from '../domain/access-record.ts'
import { isRefused, type Parsed, type Problem } from '../domain/parsed.ts'
import { mayIn } from '../domain/permission.ts'
import {
  type FoundText,
  type Redaction,
  type RedactionDraft,
  redactionKinds,
  seenOf,
  textsOf,
} from '../domain/redaction.ts'
import { type RedactionTyped, redactionFormPage } from '../pages/redactions/redaction-form-page.ts'
import { redactionDoings, redactionPage } from '../pages/redactions/redaction-page.ts'
import { redactionsPage } from '../pages/redactions/redactions-page.ts'
import { auditWorldOf } from './audit-world.ts'
import { readForm, text } from './forms.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

const pageSize = 50

export async function listRedactionsOfTrial(visit: TrialVisit): Promise<Reply> {
  const { context, request, trial, words } = visit
  const total = await countRedactions(context.db, trial.id, null)
  const last = Math.max(1, Math.ceil(total / pageSize))
  const asked = /^[1-9]\d{0,5}$/.test(textOf(request.query.page)) ? Number(request.query.page) : 1
  const page = Math.min(asked, last)
  const redactions = await listRedactions(context.db, trial.id, { limit: pageSize, offset: (page - 1) * pageSize })
  const world = await worldOf(visit, redactions)
  const subjects = new Set(redactions.flatMap(({ subjectId }) => subjectId ?? []))
  const shown = manyShown('redaction', 'page', subjects.size)
  return { page: redactionsPage({ world, redactions, page, pageSize, total }, words), shown }
}

function worldOf(visit: TrialVisit, redactions: readonly Redaction[]) {
  const people = redactions.flatMap(({ askedBy, decidedBy }) => [askedBy, decidedBy ?? askedBy])
  const subjects = redactions.flatMap(({ subjectId }) => subjectId ?? [])
  return auditWorldOf(visit, [], people, subjects)
}

/** The entry of the trail that the address or the form names. */
async function findPointed({ context, trial }: TrialVisit, place: unknown) {
  const sequence = /^[1-9]\d{0,8}$/.test(textOf(place)) ? Number(place) : 0
  return findEntry(context.db, trial.id, sequence)
}

export async function newRedaction(visit: TrialVisit): Promise<Reply> {
  const typed = { place: '', kind: '', words: '', submissionKey: visit.context.newId() }
  return showForm(visit, visit.request.query.entry, typed, [], 200)
}

export function showRedactionFormAgain(visit: TrialVisit, problems: readonly Problem[]): Promise<Reply> {
  return showForm(visit, visit.request.body?.entry, typedIn(visit), problems, 422)
}

function typedIn({ context, request: { body = {} } }: TrialVisit): RedactionTyped {
  return {
    place: textOf(body.place),
    kind: textOf(body.kind),
    words: textOf(body.words),
    submissionKey: context.newId(),
  }
}

async function showForm(
  visit: TrialVisit,
  place: unknown,
  typed: RedactionTyped,
  problems: readonly Problem[],
  status: number,
): Promise<Reply> {
  const entry = await findPointed(visit, place)
  if (entry === null) return { error: 'not_found' }
  const world = await auditWorldOf(visit, [entry], [], [])
  const texts = textsOf(entry)
  const signed: FoundText[] = []
  for (const one of texts) if (await isSigned(visit.context.db, one)) signed.push(one)
  const open = texts.filter((one) => !signed.includes(one))
  const subjectId = await findSubjectOf(visit.context.db, entry)
  const page = redactionFormPage({ world, entry, texts: open, signed, typed, problems }, visit.words)
  return { page, status, ...(subjectId === null ? {} : { shown: oneShown('redaction', 'form', subjectId) }) }
}

const fields = z.object({ entry: text(12), place: text(80), kind: text(40), words: text(300), submissionKey: text(64) })

function readRedaction({ request, trial }: TrialVisit, sequence: number): Parsed<RedactionDraft> {
  const read = readForm(fields, request.body)
  if (isRefused(read)) return read
  const { place, words } = read.value
  const kind = redactionKinds.find((one) => one === read.value.kind)
  const problems: Problem[] = []
  if (place === '') problems.push({ field: 'place', code: 'redaction_place_missing' })
  if (kind === undefined) problems.push({ field: 'kind', code: 'redaction_kind_missing' })
  if (kind === undefined || problems.length > 0) return { problems }
  return { value: { trialId: trial.id, sequence, place, kind, words: words === '' ? null : words } }
}

export async function createRedaction(visit: TrialVisit): Promise<Reply> {
  const { actor, context, request, trial } = visit
  const entry = await findPointed(visit, request.body?.entry)
  if (entry === null) return { error: 'not_found' }
  const draft = readRedaction(visit, entry.sequence)
  if (isRefused(draft)) return showRedactionFormAgain(visit, draft.problems)
  const outcome = await askRedaction(context, actor, draft.value)
  if (isRefused(outcome)) return showRedactionFormAgain(visit, outcome.problems)
  return { seeOther: `/trials/${trial.code}/redactions/${outcome.value.redactionId}?done=asked` }
}

export function showRedaction(visit: TrialVisit): Promise<Reply> {
  return show(visit, [], 200)
}

export function showRedactionAgain(visit: TrialVisit, problems: readonly Problem[]): Promise<Reply> {
  return show(visit, problems, problems.some(({ code }) => code === 'redaction_went_on') ? 409 : 422)
}

async function show(visit: TrialVisit, problems: readonly Problem[], status: number): Promise<Reply> {
  const { actor, context, request, trial, words } = visit
  const redaction = await findRedaction(context.db, trial.id, String(request.params.redaction))
  if (redaction === null) return { error: 'not_found' }
  const world = await worldOf(visit, [redaction])
  const mayDecide = mayIn(actor.grants, 'confirm_redaction', trial.id) && redaction.askedBy !== actor.personId
  const asked = redaction.state === 'asked' ? await findTextAsked(context.db, trial.id, redaction) : null
  const found = asked === null ? null : await findRedacting(context.db, trial.id, redaction, asked)
  const input = {
    world,
    redaction,
    entries: found?.entries ?? redaction.entries,
    // Who decides must see what it is about; everybody else who may read the trail finds it there.
    deciding:
      mayDecide && asked !== null && found !== null
        ? { text: asked, seen: seenOf(found.entries), submissionKey: context.newId() }
        : null,
    isOwn: redaction.askedBy === actor.personId,
    problems,
    done: redactionDoings.find((known) => known === request.query.done) ?? null,
  }
  const { subjectId } = redaction
  const shown = subjectId === null ? {} : { shown: oneShown('redaction', 'page', subjectId) }
  return { page: redactionPage(input, words), status, ...shown }
}

const decision = z.object({ seen: text(20_000), submissionKey: text(64) })

export async function createConfirmation(visit: TrialVisit): Promise<Reply> {
  const { actor, context, request, trial } = visit
  const read = readForm(decision, request.body)
  if (isRefused(read)) return showRedactionAgain(visit, read.problems)
  const redactionId = String(request.params.redaction)
  const outcome = await confirmRedaction(context, actor, { trialId: trial.id, redactionId, seen: read.value.seen })
  return decided(visit, outcome, 'confirmed')
}

export async function createRefusal(visit: TrialVisit): Promise<Reply> {
  const { actor, context, request, trial } = visit
  const read = readForm(decision, request.body)
  if (isRefused(read)) return showRedactionAgain(visit, read.problems)
  const redactionId = String(request.params.redaction)
  return decided(visit, await refuseRedaction(context, actor, { trialId: trial.id, redactionId }), 'refused')
}

function decided(
  visit: TrialVisit,
  outcome: Parsed<{ redactionId: string }>,
  done: 'confirmed' | 'refused',
): Reply | Promise<Reply> {
  if (isRefused(outcome)) return showRedactionAgain(visit, outcome.problems)
  return { seeOther: `/trials/${visit.trial.code}/redactions/${outcome.value.redactionId}?done=${done}` }
}
