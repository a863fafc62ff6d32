/** The end of a trial: how long its records are kept, its lock, and the lock's end. Each is one form on the profile. */
import { lockTrial } from '../actions/lock-trial.ts'
import { setRetention } from '../actions/set-retention.ts'
import { unlockTrial } from '../actions/unlock-trial.ts'
import { findRetention } from '../db/retention.ts'
import { isRecordedAlready } from '../db/submissions.ts'
import { listTrialLocks } from '../db/trial-locks.ts'
import type { Basis } from '../domain/bilingual.ts'
import { isRefused, type Parsed, type Problem } from '../domain/parsed.ts'
import { nameInBoth } from '../domain/person.ts'
import type { Typed } from '../pages/settings/field-spec.ts'
import {
  type EndField,
  type EndForm,
  endFormPage,
  lockForm,
  retentionForm,
  unlockForm,
} from '../pages/trial-end-form.ts'
import { withSuggestion } from './screenings.ts'
import { type Read, readFields, typedFields } from './settings/read-fields.ts'
import { placeOf } from './signed-in.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

type Handlers = {
  /** What it asks; null where there is nothing to ask it of. */
  ask(visit: TrialVisit): Promise<EndForm | null>
  /** The verb that it leads to. */
  act(visit: TrialVisit, read: Read<EndField>): Promise<Parsed<unknown>>
  /** What the profile says afterwards. */
  done: 'locked' | 'unlocked' | 'retention'
}

function handlersOf({ ask, act, done }: Handlers) {
  async function open(visit: TrialVisit): Promise<Reply> {
    const form = await ask(visit)
    return form === null ? { error: 'not_found' } : show(visit, form, form.typed, [], 200)
  }

  async function again(visit: TrialVisit, problems: readonly Problem[]): Promise<Reply> {
    const form = await ask(visit)
    if (form === null) return { error: 'not_found' }
    const status = problems.some(({ code }) => code === 'setting_changed_meanwhile') ? 409 : 422
    return show(visit, form, typedFields(form.specs, visit.request.body), problems, status)
  }

  async function send(visit: TrialVisit): Promise<Reply> {
    const { actor, context, request, trial } = visit
    const said = { seeOther: `/trials/${trial.code}/profile?done=${done}` }
    const form = await ask(visit)
    if (form === null) return (await isRecordedAlready(context, actor)) ? said : { error: 'not_found' }
    const suggested = withSuggestion(request.body)
    if (suggested !== null) {
      return show(visit, form, { ...typedFields(form.specs, request.body), ...suggested }, [], 200)
    }
    const isSigned = form.signing === 'signed'
    const read = readFields(form.specs, request.body, isSigned ? ['password'] : [])
    const missing: Problem[] =
      isSigned && textOf(request.body?.password) === '' ? [{ field: 'password', code: 'password_missing' }] : []
    if (isRefused(read)) {
      // Once it is recorded, a reason is asked for as well: the same form sent again is not asked for one.
      return (await isRecordedAlready(context, actor)) ? said : again(visit, [...read.problems, ...missing])
    }
    if (missing.length > 0) return again(visit, missing)
    const outcome = await act(visit, read.value)
    if (isRefused(outcome)) return again(visit, outcome.problems)
    return said
  }

  return { open, send, again }
}

/** As it stands, or as it was typed; whoever meets another's change is given what stands now. */
function show(
  { context, request, trial, words }: TrialVisit,
  form: EndForm,
  typed: Typed<EndField>,
  problems: readonly Problem[],
  status: number,
): Reply {
  const seen = request.method === 'POST' && status !== 409 ? textOf(request.body?.seen) : form.seen
  const page = endFormPage({ trial, form, typed, seen, submissionKey: context.newId(), problems }, words)
  return { page, status }
}

const passwordIn = ({ request }: TrialVisit) => textOf(request.body?.password).slice(0, 256)

async function findLock({ context, request, trial }: TrialVisit) {
  return (await listTrialLocks(context.db, trial.id)).find(({ id }) => id === request.params.lock) ?? null
}

export const locking = handlersOf({
  ask: async ({ trial, words }) => lockForm(trial, words),
  act: (visit, read) =>
    lockTrial(
      visit.context,
      visit.actor,
      visit.trial.id,
      {
        because: read.text('because'),
        password: passwordIn(visit),
      },
      placeOf(visit.request),
    ),
  done: 'locked',
})

const ending = handlersOf({
  ask: async (visit) => {
    const lock = await findLock(visit)
    return lock === null ? null : unlockForm(visit.trial, lock, visit.words)
  },
  act: (visit, read) =>
    unlockTrial(
      visit.context,
      visit.actor,
      visit.trial.id,
      {
        lockId: String(visit.request.params.lock),
        because: read.text('because'),
        password: passwordIn(visit),
      },
      placeOf(visit.request),
    ),
  done: 'unlocked',
})

/** A lock that has ended has no form any more; the same form sent twice is still answered as it was. */
export const unlocking = {
  ...ending,
  open: async (visit: TrialVisit): Promise<Reply> => {
    const lock = await findLock(visit)
    return lock === null || lock.ended === null
      ? ending.open(visit)
      : { seeOther: `/trials/${visit.trial.code}/profile` }
  },
}

export const retaining = handlersOf({
  ask: async ({ context, trial, words }) => retentionForm(trial, await findRetention(context.db, trial.id), words),
  act: async ({ actor, context, request, trial }, read) => {
    const rule = nameInBoth(read.text('ruleJa'), read.text('ruleEn'))
    if (rule === null) return { problems: [{ field: 'ruleJa', code: 'setting_missing' }] }
    const seen = textOf(request.body?.seen)
    return setRetention(context, actor, trial.id, {
      years: read.number('years') ?? 0,
      rule,
      endedOn: read.date('retentionEnd'),
      basis: read.text('retentionBasis') as Basis,
      seen: seen === '' ? null : seen,
      reason: read.textOrNull('why') ?? '',
    })
  },
  done: 'retention',
})
