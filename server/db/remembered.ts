/**
 * What was read of a trial, remembered until the trial changes. Every change leaves an audit entry, so the head of the
 * trial's chain is its version: while it stands, the same question has the same answer, in every process.
 */
import { keepNewest } from '../keep-newest.ts'
import { type ChainHead, chainHead, emptyChain, listChainHeads } from './audit-trail.ts'
import type { Db } from './database.ts'

/** So many answers are kept for each open database, several for each of a thousand trials; those asked for longest ago go first. */
export const mostKept = 5000

type Kept = { head: ChainHead; answer: Promise<unknown> }
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
  read: (head: ChainHead) => Promise<T>,
): Promise<T> {
  const head = await chainHead(db, trialId)
  return underHead(db, head, trialId, question, () => read(head), null)
}

/** Says by what the chain holds between two heads whether an answer is still one. */
export type Stands<T> = (db: Db, trialId: string, before: ChainHead, head: ChainHead, answer: T) => Promise<boolean>

/**
 * As `remembered`, for an answer that most changes of a trial do not touch: where the head moved on, `stands` says whether it
 * outlives what lies between the two. Whatever it rests on must be read within `read`. Whoever has just asked for the head
 * gives it, and it is not asked for again.
 */
export async function rememberedWhile<T>(
  db: Db,
  trialId: string,
  question: string,
  stands: Stands<T>,
  read: (head: ChainHead) => Promise<T>,
  under: ChainHead | null = null,
): Promise<T> {
  const head = under ?? (await chainHead(db, trialId))
  return underHead(db, head, trialId, question, () => read(head), stands)
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
    const head = heads.get(trial.id) ?? emptyChain
    answers.push(await underHead(db, head, trial.id, question(trial), () => read(trial), null))
  }
  return answers
}

/** Whoever asks while it is read for somebody else waits for that; what could not be read is read again by the next. */
function underHead<T>(
  db: Db,
  head: ChainHead,
  trialId: string,
  question: string,
  read: () => Promise<T>,
  stands: Stands<T> | null,
): Promise<T> {
  const answers = keptOf.get(db) ?? new Map<string, Kept>()
  keptOf.set(db, answers)
  const place = `${trialId} ${question}`
  const known = answers.get(place)
  const kept = known?.head.hash === head.hash ? known : { head, answer: readUnlessStanding() }
  keepNewest(answers, place, kept, mostKept)
  if (kept !== known) {
    kept.answer.catch(() => {
      if (answers.get(place) === kept) answers.delete(place)
    })
  }
  return kept.answer as Promise<T>

  async function readUnlessStanding(): Promise<T> {
    if (known === undefined || stands === null) return read()
    const before = await (known.answer as Promise<T>).catch(() => null)
    return before !== null && (await stands(db, trialId, known.head, head, before)) ? before : read()
  }
}
