/** Subjects' ways, each told in a line: where, from which day, and what happened on which day. */
import { correctEvent } from '../server/actions/correct-event.ts'
import { recordAllocation } from '../server/actions/record-allocation.ts'
import { recordExit } from '../server/actions/record-exit.ts'
import { recordMilestone } from '../server/actions/record-milestone.ts'
import { recordRegistration } from '../server/actions/record-registration.ts'
import { recordScreening } from '../server/actions/record-screening.ts'
import type { Actor, Context } from '../server/context.ts'
import { listEvents } from '../server/db/subject-events.ts'
import type { Basis } from '../server/domain/bilingual.ts'
import { type Exit, withdrawalScopes } from '../server/domain/subject-state.ts'
import { day, done, type Story } from './story.ts'

export type SubjectStory = {
  siteId: string
  consentedOn: string
  consentVersionId: string
  referralSource: string | null
  steps: readonly Step[]
}

/** A milestone's code with its day; registrations are told apart, because they are another verb. */
export type Step =
  | { reached: string; on: string }
  | { registered: string; on: string }
  | { allocated: string; on: string; by: Actor }
  | { left: Exit; on: string; note: string | null; measured?: string; reasons?: readonly string[] }
  | { corrected: string; on: string; to: string }

/** Something that happens on a day of a story. */
export type Moment = { on: string; tell(): Promise<void> }

/** Tells what happened in the order of the days; what happened on the same day, in the order of the list. */
export async function tellInOrder(moments: readonly Moment[]): Promise<void> {
  for (const { tell } of [...moments].sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))) await tell()
}

/** A subject's moments: the screening first, because what lay before the consent was learnt with it. */
export function momentsOf(
  story: Story,
  actor: Actor,
  trialId: string,
  { steps, siteId, consentedOn, consentVersionId, referralSource }: SubjectStory,
): Moment[] {
  const basis: Basis = 'assumed'
  let subjectId = ''
  const screening = async () => {
    const told = { consentedOn: day(consentedOn), consentVersionId, referralSource, basis }
    const draft = { trialId, siteId, number: null, ...told }
    subjectId = (await done(recordScreening(story.on(consentedOn), actor, draft))).subjectId
  }
  const following = steps.map((step): Moment => {
    const on = step.on < consentedOn ? consentedOn : step.on
    return { on, tell: () => tellStep(story.on(on), actor, { trialId, subjectId, basis }, step) }
  })
  return [{ on: consentedOn, tell: screening }, ...following]
}

/** Whoever withdrew after a registration took everything back. */
function saidOf({ left, measured, reasons }: { left: Exit; measured?: string; reasons?: readonly string[] }) {
  const scope = left === 'withdrawn' ? withdrawalScopes : []
  return { reasons: reasons ?? [], measuredValue: measured ?? null, scope }
}

async function tellStep(
  context: Context,
  actor: Actor,
  whose: { trialId: string; subjectId: string; basis: Basis },
  step: Step,
): Promise<void> {
  if ('corrected' in step) {
    const events = await listEvents(context.db, whose.subjectId)
    const wrong = events.find(({ what }) => what.kind === 'milestone' && what.code === step.corrected)
    const { trialId, subjectId } = whose
    const right = { eventId: wrong?.id ?? '', occurredOn: day(step.to), reason: 'transcription' as const }
    await done(correctEvent(context, actor, { trialId, subjectId, ...right, note: null, seenEventId: null }))
    return
  }
  const common = { ...whose, occurredOn: day(step.on), seenEventId: null }
  if ('left' in step)
    await done(recordExit(context, actor, { ...common, exit: step.left, note: step.note, ...saidOf(step) }))
  else if ('allocated' in step) {
    const arm = { ...common, armCode: step.allocated, stratum: null, note: null }
    await done(recordAllocation(context, step.by, arm))
  } else if ('registered' in step) {
    await done(recordRegistration(context, actor, { ...common, code: step.registered, note: null }))
  } else await done(recordMilestone(context, actor, { ...common, code: step.reached, note: null }))
}
