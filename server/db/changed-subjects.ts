/** What the chain of a trial says happened between two readings of it, so that only that is read again. */
import { keepNewest } from '../keep-newest.ts'
import type { ChainHead } from './audit-trail.ts'
import type { Db } from './database.ts'

/** More changes than that are read as if anybody had changed. */
const mostChanges = 1000

/** What is read of a subject may differ after these without an entry that names the subject. */
const ofEverybody = ['milestone', 'redaction']

/** The subjects that entries between two heads are about; `anybody` where the pathway changed, or too much. */
export async function changedSince(
  db: Db,
  trialId: string,
  before: ChainHead,
  head: ChainHead,
): Promise<ReadonlySet<string> | 'anybody'> {
  const changes = await changesBetween(db, trialId, before, head)
  if (changes === null || changes.some(({ table }) => ofEverybody.includes(table))) return 'anybody'
  return new Set(changes.flatMap(({ subjectId }) => (subjectId === null ? [] : [subjectId])))
}

/** Whether nothing but subjects and what happened to them changed between two heads. */
export async function isOnlyAboutSubjects(
  db: Db,
  trialId: string,
  before: ChainHead,
  head: ChainHead,
): Promise<boolean> {
  const changes = await changesBetween(db, trialId, before, head)
  return changes?.every(({ subjectId }) => subjectId !== null) ?? false
}

/**
 * Whether besides that every subject reached a step on the same days as before: nobody's event of that step is among what
 * changed, nor an entry that was a mistake, which takes all events of its subject with it.
 */
export async function isOnlyAboutOtherSteps(
  db: Db,
  trialId: string,
  before: ChainHead,
  head: ChainHead,
  step: string,
): Promise<boolean> {
  const changes = await changesBetween(db, trialId, before, head)
  return (
    changes?.every(({ subjectId, reached }) => subjectId !== null && reached !== step && reached !== 'void') ?? false
  )
}

/** Of an entry about a subject, whose it is; of one about an event, the code of what happened. */
type Change = { table: string; subjectId: string | null; reached: string | null }

/** What lies between two heads never changes, and after a change everybody asks for the same. */
const mostKept = 100
const keptOf = new WeakMap<Db, Map<string, Promise<Change[]>>>()

/** The changes after one head, up to another; null where they are too many to be worth it. */
async function changesBetween(
  db: Db,
  trialId: string,
  before: ChainHead,
  head: ChainHead,
): Promise<readonly Change[] | null> {
  if (head.hash === before.hash) return []
  if (head.sequence <= before.sequence || head.sequence - before.sequence > mostChanges) return null
  const kept = keptOf.get(db) ?? new Map<string, Promise<Change[]>>()
  keptOf.set(db, kept)
  const place = `${before.hash} ${head.hash}`
  const known = kept.get(place)
  const changes = known ?? readBetween(db, trialId, before, head)
  keepNewest(kept, place, changes, mostKept)
  if (known === undefined) changes.catch(() => kept.delete(place))
  return changes
}

async function readBetween(db: Db, trialId: string, before: ChainHead, head: ChainHead): Promise<Change[]> {
  const entries = await db
    .selectFrom('audit_entry')
    .select(['record_table', 'record_id', 'after'])
    .where('chain', '=', trialId)
    .where('sequence', '>', before.sequence)
    .where('sequence', '<=', head.sequence)
    .execute()
  return entries.map(({ record_table: table, record_id: id, after }) => {
    if (table === 'subject') return { table, subjectId: id, reached: null }
    if (table !== 'subject_event') return { table, subjectId: null, reached: null }
    const { subject_id: subjectId, step } = JSON.parse(after)
    return { table, subjectId, reached: step }
  })
}
