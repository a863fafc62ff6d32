/**
 * Rows of the log: subjects as written down, with their events and the versions of them that are no longer believed. Those
 * read last are kept until the trial's chain names them: the same row is then the same object, for whoever makes something
 * of it.
 */
import type { WithdrawnEvent } from '../domain/correction.ts'
import type { SubjectEvent } from '../domain/subject.ts'
import { keepNewest } from '../keep-newest.ts'
import { type ChainHead, chainHead } from './audit-trail.ts'
import { changedSince } from './changed-subjects.ts'
import type { Db } from './database.ts'
import { type LoggedSubject, listLoggedSubjects } from './logs.ts'
import { listEventsOf, listWithdrawnEvents } from './subject-events.ts'
import { findSubject } from './subjects.ts'

export type LogEntry = LoggedSubject & { events: readonly SubjectEvent[]; withdrawn: readonly WithdrawnEvent[] }

/** Of so many trials of an open database they are kept, and so many of each: those read longest ago go first. */
const mostTrials = 10
const mostOfTrial = 1000

type Kept = { head: ChainHead; entries: Map<string, LogEntry> }
const keptOf = new WeakMap<Db, Map<string, Kept>>()

/** In the order of the identifiers as given; those of nobody are left out. */
export async function listLogEntries(db: Db, trialId: string, ids: readonly string[]): Promise<LogEntry[]> {
  // Rows are read after the head: what is kept under a head is never older than it.
  const known = await knownEntries(db, trialId)
  const missing = ids.filter((id) => !known.has(id))
  const read = new Map((await readEntries(db, missing)).map((entry) => [entry.subject.id, entry]))
  return ids.flatMap((id) => {
    const entry = known.get(id) ?? read.get(id)
    if (entry === undefined) return []
    keepNewest(known, id, entry, mostOfTrial)
    return [entry]
  })
}

/**
 * One subject of a trial, whoever asks; null where it has none of that name. Whoever was on a page of the log is known; one
 * that is looked up does not take another's place.
 */
export async function findLogEntry(db: Db, trialId: string, id: string): Promise<LogEntry | null> {
  const known = (await knownEntries(db, trialId)).get(id)
  if (known !== undefined) return known
  if ((await findSubject(db, trialId, id, 'every')) === null) return null
  return (await readEntries(db, [id]))[0] ?? null
}

/** What is kept of a trial, without those whom its chain has named since. */
async function knownEntries(db: Db, trialId: string): Promise<Map<string, LogEntry>> {
  const head = await chainHead(db, trialId)
  const trials = keptOf.get(db) ?? new Map<string, Kept>()
  keptOf.set(db, trials)
  const before = trials.get(trialId)
  const changed = before === undefined ? 'anybody' : await changedSince(db, trialId, before.head, head)
  const kept =
    before?.head.hash === head.hash
      ? before
      : {
          head,
          entries: new Map(
            changed === 'anybody' ? [] : [...(before?.entries ?? [])].filter(([id]) => !changed.has(id)),
          ),
        }
  keepNewest(trials, trialId, kept, mostTrials)
  return kept.entries
}

async function readEntries(db: Db, ids: readonly string[]): Promise<LogEntry[]> {
  if (ids.length === 0) return []
  const events = await listEventsOf(db, ids)
  const withdrawn = await listWithdrawnBySubject(db, ids)
  return (await listLoggedSubjects(db, ids)).map((logged) => ({
    ...logged,
    events: events.get(logged.subject.id) ?? [],
    withdrawn: withdrawn.get(logged.subject.id) ?? [],
  }))
}

/** The versions of events that are no longer believed, by subject. */
export async function listWithdrawnBySubject(db: Db, ids: readonly string[]): Promise<Map<string, WithdrawnEvent[]>> {
  const bySubject = new Map<string, WithdrawnEvent[]>(ids.map((id) => [id, []]))
  for (const event of await listWithdrawnEvents(db, ids)) bySubject.get(event.subjectId)?.push(event)
  return bySubject
}
