/** Subjects for whom a scheduled step is overdue, or due in the month of a day; and how many steps are due by day. */
import { addDays, type CalendarDate, dayNumber, fromDayNumber, laterOf } from '../domain/calendar-date.ts'
import type { Milestone, Pathway, Schedule } from '../domain/milestone.ts'
import { isUnderWay, type SubjectState, subjectStates } from '../domain/subject-state.ts'
import { type DueKind, dueKindsOf, monthAround, timelineOf } from '../domain/timeline.ts'
import { keepNewest } from '../keep-newest.ts'
import type { ChainHead } from './audit-trail.ts'
import { changedSince } from './changed-subjects.ts'
import type { Db } from './database.ts'
import { remembered } from './remembered.ts'
import { listEventsOf } from './subject-events.ts'
import { findPathway } from './trials.ts'

export type DueSubject = { id: string; siteId: string; kinds: readonly DueKind[] }

/** The events of so many subjects are read at once. */
const partSize = 500

/** Visits are counted at most so many days ahead: a month's last day is never further. */
const horizonDays = 62

/** In the whole trial, on a day: read once for each day and state of the trial. */
export function listDueSubjects(db: Db, trialId: string, today: CalendarDate): Promise<readonly DueSubject[]> {
  return remembered(db, trialId, `due ${today}`, async (head) => (await standingsAt(db, trialId, today, head)).due)
}

/** So many steps are due on a day at a site, and nothing of whom. */
export type DueVisits = { siteId: string; dueOn: CalendarDate; count: number }

/** Scheduled steps not recorded whose due day lies within so many days (62 at most) from today on, by day. */
export function listDueVisits(
  db: Db,
  trialId: string,
  today: CalendarDate,
  daysAhead: number,
): Promise<readonly DueVisits[]> {
  if (daysAhead > horizonDays) throw new Error(`visits are counted ${horizonDays} days ahead, not ${daysAhead}`)
  return remembered(db, trialId, `visits ${today} ${daysAhead}`, async (head) => {
    const [first, last] = [dayNumber(today), dayNumber(today) + daysAhead]
    const counts = new Map<string, DueVisits>()
    const { of } = await standingsAt(db, trialId, today, head)
    for (const { siteId, dueDays } of of.values()) {
      for (const dueDay of dueDays.filter((one) => one >= first && one <= last)) {
        const dueOn = fromDayNumber(dueDay)
        const count = (counts.get(`${dueOn} ${siteId}`)?.count ?? 0) + 1
        counts.set(`${dueOn} ${siteId}`, { siteId, dueOn, count })
      }
    }
    return [...counts.values()].sort((a, b) => (a.dueOn < b.dueOn ? -1 : 1))
  })
}

/** Of one subject: what is due or overdue, and on which days (as numbers) the steps to come are due. */
type Standing = DueSubject & { dueDays: readonly number[] }
/** Everybody's standing on a day, and of those the ones for whom something is due or overdue. */
type Standings = { of: ReadonlyMap<string, Standing>; due: readonly DueSubject[] }
/** What stood under a head of the trial's chain. */
type Known = { head: ChainHead; today: CalendarDate; standings: Standings }

/** Of so many trials of an open database it is kept, of each the newest. */
const mostKept = 100
const kept = new WeakMap<Db, Map<string, Known>>()

/** Read in full once a day; after a change, only of those whom the chain since then names. */
async function standingsAt(db: Db, trialId: string, today: CalendarDate, head: ChainHead): Promise<Standings> {
  const ofDatabase = kept.get(db) ?? new Map<string, Known>()
  kept.set(db, ofDatabase)
  const known = ofDatabase.get(trialId)
  const before = known?.today === today ? known : undefined
  const changed = before === undefined ? 'anybody' : await changedSince(db, trialId, before.head, head)
  const pathway = await findPathway(db, trialId)
  const begunBy = laterOf(monthAround(today).last, addDays(today, horizonDays))
  const candidates = await (changed === 'anybody'
    ? candidatesOf(db, trialId, pathway, begunBy)
    : underWayAmong(db, changed))
  const read = await readStandings(db, candidates, pathway, today)
  const standings =
    before === undefined || changed === 'anybody' ? standingsOf(read) : standingsAfter(before.standings, changed, read)
  keepNewest(ofDatabase, trialId, { head, today, standings }, mostKept)
  return standings
}

/** Of those with steps to come; the others are left out. */
async function readStandings(
  db: Db,
  candidates: readonly { id: string; site_id: string }[],
  pathway: Pathway,
  today: CalendarDate,
): Promise<Standing[]> {
  const found: Standing[] = []
  for (let from = 0; from < candidates.length; from += partSize) {
    const part = candidates.slice(from, from + partSize)
    const events = await listEventsOf(
      db,
      part.map(({ id }) => id),
    )
    for (const { id, site_id: siteId } of part) {
      const timeline = timelineOf(pathway, events.get(id) ?? [], today)
      const kinds = dueKindsOf(timeline, today)
      const dueDays = timeline.flatMap(({ standing, window }) =>
        window !== null && standing === 'upcoming' ? [window.dueDay] : [],
      )
      if (kinds.length > 0 || dueDays.length > 0) found.push({ id, siteId, kinds, dueDays })
    }
  }
  return found
}

function standingsOf(standings: Iterable<Standing>): Standings {
  const of = new Map(Array.from(standings, (standing) => [standing.id, standing]))
  const due = [...of.values()].flatMap(({ id, siteId, kinds }) => (kinds.length === 0 ? [] : [{ id, siteId, kinds }]))
  return { of, due }
}

/** The same as before where nobody who changed has steps to come, or had: most who are screened have none yet. */
function standingsAfter(before: Standings, changed: ReadonlySet<string>, read: readonly Standing[]): Standings {
  if (read.length === 0 && ![...changed].some((id) => before.of.has(id))) return before
  return standingsOf([...[...before.of.values()].filter(({ id }) => !changed.has(id)), ...read])
}

async function underWayAmong(db: Db, ids: ReadonlySet<string>): Promise<{ id: string; site_id: string }[]> {
  if (ids.size === 0) return []
  // By nothing but their identifiers: asked for their trial or their states as well, an engine may look through all those.
  const rows = await db
    .selectFrom('subject')
    .select(['id', 'site_id', 'state'])
    .where('id', 'in', [...ids])
    .execute()
  return rows.filter(({ state }) => isUnderWay(state as SubjectState))
}

/**
 * Everybody who can be among them, and few others: still under way, with a step not recorded whose window has begun by
 * a day. What the window says of them is the timeline's to decide, so that there is one rule.
 */
async function candidatesOf(
  db: Db,
  trialId: string,
  { milestones }: Pathway,
  begunBy: CalendarDate,
): Promise<{ id: string; site_id: string }[]> {
  const isScheduled = (one: Milestone): one is Milestone & { schedule: Schedule } => one.schedule !== null
  const scheduled = milestones.filter(isScheduled)
  if (scheduled.length === 0) return []
  return db
    .selectFrom('subject')
    .select(['id', 'site_id'])
    .where('trial_id', '=', trialId)
    .where('state', 'in', subjectStates.filter(isUnderWay))
    .where(({ or, and, not, exists, selectFrom }) => {
      const reached = (code: string, by: CalendarDate | null) => {
        const events = selectFrom('subject_event')
          .select('subject_event.id')
          .whereRef('subject_event.subject_id', '=', 'subject.id')
          .where('subject_event.kind', '=', 'milestone')
          .where('subject_event.step', '=', code)
          .where('subject_event.withdrawn_at', 'is', null)
        return exists(by === null ? events : events.where('subject_event.occurred_on', '<=', by))
      }
      return or(
        scheduled.map(({ code, schedule }) => {
          const anchoredBy = addDays(begunBy, schedule.windowBeforeDays - schedule.offsetDays)
          return and([reached(schedule.anchorCode, anchoredBy), not(reached(code, null))])
        }),
      )
    })
    .execute()
}
