/** A coordinator registers a subject: provisionally, or for good. Places and numbers are decided in the trial's turn. */
import type { Actor, Context } from '../context.ts'
import { countPlaces } from '../db/places.ts'
import { listCaps } from '../db/settings.ts'
import { insertNextEvent } from '../db/subject-changes.ts'
import { findSubjectInTrial } from '../db/subject-in-trial.ts'
import { lastRegistrationNumber } from '../db/subjects.ts'
import { listTerms } from '../db/trial-terms.ts'
import { transact } from '../db/write.ts'
import { milestoneOf } from '../domain/milestone.ts'
import { type MilestoneDraft, registrationProblems } from '../domain/next-event.ts'
import type { Parsed } from '../domain/parsed.ts'
import { sitesWithin } from '../domain/permission.ts'

/** Gives the registration number (null for a provisional one), or why the subject was not registered. */
export function recordRegistration(
  context: Context,
  actor: Actor,
  draft: MilestoneDraft,
): Promise<Parsed<{ subjectId: string; registrationNumber: number | null }>> {
  return transact(context, actor, draft.trialId, async (write) => {
    const overrideReason = draft.overrideReason ?? null
    // Outside its period a registration is the principal investigator's act; every other is the site's.
    const act = overrideReason === null ? 'log_subjects' : 'override_period'
    const scope = sitesWithin(actor.grants, act, draft.trialId)
    const here = await findSubjectInTrial(write, draft.trialId, draft.subjectId, scope)
    if (here === null) return { problems: [{ field: '', code: 'subject_unknown' }] }

    const { trial, pathway, subject } = here
    const milestone = milestoneOf(pathway, draft.code)
    if (milestone !== null && milestone.kind !== 'registration_stage') {
      throw new Error(`${draft.code} is no registration: recordMilestone records it`)
    }
    const today = context.today(trial.timeZone)
    const where = { siteId: subject.siteId, armCode: null }
    const counted = await countPlaces(write, { trialId: trial.id, pathway }, where, today)
    const places = { counted, caps: await listCaps(write, trial.id) }
    const problems = registrationProblems(here, draft, await listTerms(write, trial.id), places, today)
    if (problems.length > 0) return { problems }

    const isFinal = draft.code === pathway.registration.code
    const registrationNumber = isFinal ? (await lastRegistrationNumber(write, trial.id)) + 1 : null
    await insertNextEvent(write, context, here, {
      what: { kind: 'milestone', code: draft.code },
      occurredOn: draft.occurredOn,
      note: draft.note,
      basis: draft.basis,
      overrideReason,
      also: registrationNumber === null ? {} : { registration_number: registrationNumber },
      auditAs: isFinal ? 'registration_recorded' : 'provisional_registration_recorded',
    })
    return { value: { subjectId: subject.id, registrationNumber } }
  })
}
