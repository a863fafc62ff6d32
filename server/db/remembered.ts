/**
 * What was read of a trial, remembered until the trial changes. Every change leaves an audit entry, so the head of the
 * trial's chain is its version: while it stands, the same question has the same answer, in every process.
 */
import { keepNewest } from '../keep-newest.ts'
import { chainHead, listChainHeads } from './audit-trail.ts'
import type { Db } from './database.ts'

/** So many answers are kept for each open database, several for each of a thousand trials; those asked for longest ago go first. */
export const mostKept = 5000

type Kept = { head: string; answer: Promise<unknown> }
const keptOf = new WeakMap<Db, Map<string, Kept>>()

/**
 * The answer to a question about a trial, read at most once for each state of the trial. The question names everything
 * besides the trial's data that the answer depends on, such as the day; the answer must not be changed by its reader. It
 * may hold the head it was read under: while the answer stands, so does that.
 */
export async function remembered<T>(
  db: Db,
  trialId: string,
  question: string,
  read: (head: { sequence: number; hash: string }) => Promise<T>,
): Promise<T> {
  const head = await chainHead(db, trialId)
  return underHead(db, head.hash, trialId, question, () => read(head))
}

/** The answers about several trials, in their order: however many they are, their heads are read at once. */
export async function listRemembered<Of extends { id: string }, T>(
  db: Db,
  trials: readonly Of[],
  question: (trial: Of) => string,
  read: (trial: Of) => Promise<T>,
): Promise<T[]> {
  const heads = await listChainHeads(
    db,
    trials.map(({ id }) => id),
  )
  const answers: T[] = []
  for (const trial of trials) {
    const head = heads.get(trial.id) ?? ''
    answers.push(await underHead(db, head, trial.id, question(trial), () => read(trial)))
  }
  return answers
}

/** Whoever asks while it is read for somebody else waits for that; what could not be read is read again by the next. */
function underHead<T>(db: Db, head: string, trialId: string, question: string, read: () => Promise<T>): Promise<T> {
  const answers = keptOf.get(db) ?? new Map<string, Kept>()
  keptOf.set(db, answers)
  const place = `${trialId} ${question}`
  const known = answers.get(place)
  const kept = known?.head === head ? known : { head, answer: read() }
  keepNewest(answers, place, kept, mostKept)
  if (kept !== known) {
    kept.answer.catch(() => {
      if (answers.get(place) === kept) answers.delete(place)
    })
  }
  return kept.answer as Promise<T>
}
