/** What a new entry of the log is given: its number, the attempt it follows, and the digest that recognises the person. */
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Problem } from '../domain/parsed.ts'
import { attemptProblems, type Recognition } from '../domain/screening.ts'
import type { Site } from '../domain/site.ts'
import type { Subject } from '../domain/subject.ts'
import { subjectNumber } from '../domain/subject-number.ts'
import { isEnded, type SubjectState } from '../domain/subject-state.ts'
import type { Trial } from '../domain/trial.ts'
import type { Db } from './database.ts'
import { findCandidateHash } from './settings.ts'
import { findSubject, isNumberTaken, lastOwnNumber, lastSiteSequence, listLinkedAttempts } from './subjects.ts'

export type NewEntry = {
  number: string
  siteSequence: number
  attempt: number
  earlierAttemptId: string | null
  candidateHash: string | null
}

type Asked = Recognition & { number: string | null }

/** The number that a site's next entry gets: the one that was asked for, or the next that nobody has. */
export async function findNewEntry(
  db: Db,
  trial: Trial,
  site: Site,
  asked: Asked,
  on: CalendarDate,
): Promise<{ entry: NewEntry; problems: Problem[] }> {
  const problems: Problem[] = []
  if (asked.number !== null && (await isNumberTaken(db, trial.id, asked.number))) {
    problems.push({ field: 'number', code: 'number_taken', values: { number: asked.number } })
  }
  const earlierAttemptId = asked.earlierAttemptId ?? null
  const earlier = earlierAttemptId === null ? null : await findSubject(db, trial.id, earlierAttemptId, [site.id])
  const after = earlier === null ? null : (await listLinkedAttempts(db, earlier)).after
  if (earlierAttemptId !== null) problems.push(...attemptProblems(earlier, after, site.id, on))
  const key = asked.candidateKey ?? ''
  const candidateHash = key === '' ? null : await findCandidateHash(db, trial.id, key)
  if (candidateHash !== null && asked.isDuplicateAcknowledged !== true) {
    const isElsewhere = await isActiveElsewhere(db, trial.id, site.id, candidateHash)
    if (isElsewhere) problems.push({ field: 'candidateKey', code: 'candidate_active_elsewhere' })
  }
  return {
    entry: {
      ...(await nextNumber(db, trial, site, asked.number)),
      attempt: (earlier?.attempt ?? 0) + 1,
      earlierAttemptId,
      candidateHash,
    },
    problems,
  }
}

async function nextNumber(db: Db, trial: Trial, site: Site, asked: string | null) {
  // The place among the site's entries, whatever they are called; the number that is given counts by itself.
  const siteSequence = (await lastSiteSequence(db, site.id)) + 1
  return { number: asked ?? (await findNextNumber(db, trial, site)), siteSequence }
}

/** The number that a site's next subject gets: it follows the highest that looks like one of ours. */
export async function findNextNumber(
  db: Db,
  trial: Pick<Trial, 'id' | 'code'>,
  site: Pick<Site, 'id' | 'code'>,
): Promise<string> {
  for (let next = (await lastOwnNumber(db, trial, site)) + 1; ; next++) {
    const number = subjectNumber(trial.code, site.code, next)
    // Another site may have taken it by hand; the next free one follows.
    if (!(await isNumberTaken(db, trial.id, number))) return number
  }
}

/** Whether another site has the same candidate, still under way. */
async function isActiveElsewhere(db: Db, trialId: string, siteId: string, candidateHash: string): Promise<boolean> {
  const rows = await db
    .selectFrom('subject')
    .select('state')
    .where('trial_id', '=', trialId)
    .where('candidate_hash', '=', candidateHash)
    .where('site_id', '!=', siteId)
    .execute()
  return rows.some(({ state }) => !isEnded(state as SubjectState))
}

/** Whether another site has the same person, still under way, as far as a matching key was given. */
export async function isUnderWayElsewhere(db: Db, trialId: string, { id, siteId }: Subject): Promise<boolean> {
  const row = await db.selectFrom('subject').select('candidate_hash').where('id', '=', id).executeTakeFirstOrThrow()
  const { candidate_hash: candidateHash } = row
  return candidateHash !== null && (await isActiveElsewhere(db, trialId, siteId, candidateHash))
}
