/** One subject's way, told in a line: who logs it, where, and what happened on which day. */
import { recordExit } from '../server/actions/record-exit.ts'
import { recordMilestone } from '../server/actions/record-milestone.ts'
import { recordRegistration } from '../server/actions/record-registration.ts'
import { recordScreening } from '../server/actions/record-screening.ts'
import type { Actor } from '../server/context.ts'
import type { Basis } from '../server/domain/bilingual.ts'
import type { Exit } from '../server/domain/subject-state.ts'
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
  | { left: Exit; on: string; note: string }

export async function tellSubject(
  story: Story,
  actor: Actor,
  trialId: string,
  { steps, siteId, consentedOn, consentVersionId, referralSource }: SubjectStory,
  basis: Basis = 'assumed',
): Promise<void> {
  const draft = {
    trialId,
    siteId,
    number: null,
    consentedOn: day(consentedOn),
    consentVersionId,
    referralSource,
    basis,
  }
  const { subjectId } = await done(recordScreening(story.on(consentedOn), actor, draft))
  for (const step of steps) {
    const common = { trialId, subjectId, occurredOn: day(step.on), basis }
    // What lies before the consent was learnt with it.
    const context = story.on(step.on < consentedOn ? consentedOn : step.on)
    if ('left' in step) await done(recordExit(context, actor, { ...common, exit: step.left, note: step.note }))
    else if ('registered' in step) {
      await done(recordRegistration(context, actor, { ...common, code: step.registered, note: null }))
    } else await done(recordMilestone(context, actor, { ...common, code: step.reached, note: null }))
  }
}
