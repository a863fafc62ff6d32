/** A subject with everything that decides what may happen to it next, read in the trial's turn. */

import type { SubjectInTrial } from '../domain/next-event.ts'
import type { Trial } from '../domain/trial.ts'
import type { Db } from './database.ts'
import { findSite } from './sites.ts'
import { listEvents } from './subject-events.ts'
import { findSubject, type Scope } from './subjects.ts'
import { findPathway, findTrial } from './trials.ts'

/** Null where there is no such subject within the scope. */
export async function findSubjectInTrial(
  db: Db,
  trialId: string,
  subjectId: string,
  scope: Scope,
): Promise<({ trial: Trial } & SubjectInTrial) | null> {
  const trial = await findTrial(db, trialId)
  const subject = await findSubject(db, trialId, subjectId, scope)
  const site = subject === null ? null : await findSite(db, trialId, subject.siteId)
  if (subject === null || site === null) return null
  const pathway = await findPathway(db, trialId)
  return { trial, pathway, site, subject, events: await listEvents(db, subject.id) }
}
