/**
 * Imports that take longer than a page should: they go on, and a page of their own says how far they are. Kept in this
 * process, for the person who began them; what is recorded does not depend on anybody looking.
 */
import type { Progress } from '../actions/import/unknown-sites.ts'
import type { Reply, TrialVisit } from './visit.ts'

type Job = {
  trialId: string
  personId: string
  done: number
  total: number
  /** An instant. */
  begunAt: string
  /** Null while it goes on. */
  outcome: { reply: Reply } | { error: unknown } | null
}

const jobs = new Map<string, Job>()

/** How long an answer is waited for before the person is shown the progress instead. */
const patienceMilliseconds = 2500
/** How long an answer is kept for who comes back for it. */
const keptMilliseconds = 30 * 60_000

/** The answer of some work, or, where it takes longer, the way to the page of its progress. */
export async function answerOrProgress(
  { actor, context, trial }: TrialVisit,
  work: (progress: Progress) => Promise<Reply>,
): Promise<Reply> {
  forgetOld(context.now())
  const job: Job = {
    trialId: trial.id,
    personId: actor.personId,
    done: 0,
    total: 0,
    begunAt: context.now(),
    outcome: null,
  }
  const progress: Progress = async (done, total) => {
    Object.assign(job, { done, total })
    // Others get their turn: the rows of a file are otherwise read and written without a pause.
    await new Promise((resolve) => setImmediate(resolve))
  }
  const ended = work(progress).then(
    (reply) => {
      job.outcome = { reply }
    },
    (error: unknown) => {
      job.outcome = { error }
    },
  )
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMilliseconds)
  })
  await Promise.race([ended, patience])
  clearTimeout(timer)
  if (job.outcome !== null) return replyOf(job.outcome)
  const id = context.newId()
  jobs.set(id, job)
  return { seeOther: `/trials/${trial.code}/import/jobs/${id}` }
}

function replyOf(outcome: NonNullable<Job['outcome']>): Reply {
  if ('error' in outcome) throw outcome.error
  return outcome.reply
}

/** How far an import of this person is, or its answer; null where they have no such one. */
export function progressOf(
  { actor, trial }: TrialVisit,
  id: string,
): { done: number; total: number } | { reply: Reply } | null {
  const job = jobs.get(id)
  if (job === undefined || job.trialId !== trial.id || job.personId !== actor.personId) return null
  return job.outcome === null ? { done: job.done, total: job.total } : { reply: replyOf(job.outcome) }
}

function forgetOld(now: string): void {
  for (const [id, { begunAt, outcome }] of jobs) {
    if (outcome !== null && Date.parse(now) - Date.parse(begunAt) > keptMilliseconds) jobs.delete(id)
  }
}
