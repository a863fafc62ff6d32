/** The timelines of all subjects within reach, a page of lanes at a time. */
import { countSubjectsByState, listSubjects } from '../db/subjects.ts'
import { findPathway } from '../db/trials.ts'
import { sitesWithin } from '../domain/permission.ts'
import { listCounts } from '../domain/saved-list.ts'
import type { Scale } from '../pages/lanes-chart.ts'
import { anchorsOf, timelinesPage } from '../pages/timelines-page.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

const pageSize = 60
/** What is due is looked for among so many subjects under way, those that moved longest ago first. */
const mostUnderWay = 2000

export async function showTimelines({ actor, context, request, trial, words }: TrialVisit): Promise<Reply> {
  const { db } = context
  const scope = sitesWithin(actor.grants, 'see_subjects', trial.id)
  const pathway = await findPathway(db, trial.id)
  const by = textOf(request.query.by)
  const anchor = anchorsOf(pathway).find(({ code }) => code === by)
  const scale: Scale = anchor === undefined ? { by: 'date' } : { by: 'day', anchorCode: anchor.code }
  const typed = Number(textOf(request.query.page))
  const page = Number.isInteger(typed) && typed > 0 && typed < 1e6 ? typed : 1
  const all = { scope, siteId: null, search: null }
  const entries = await listSubjects(db, trial.id, {
    ...all,
    list: { by: 'every' },
    order: 'consented',
    direction: 'asc',
    limit: pageSize,
    offset: (page - 1) * pageSize,
  })
  const underWay = await listSubjects(db, trial.id, {
    ...all,
    list: {
      by: 'states',
      states: ['registered', 'allocated', 'treated', 'not_treated', 'follow_up', 'withdrawn_in_part'],
    },
    order: 'last',
    direction: 'asc',
    limit: mostUnderWay,
    offset: 0,
  })
  const total = listCounts(await countSubjectsByState(db, trial.id, all)).all
  const today = context.today(trial.timeZone)
  return { page: timelinesPage({ trial, pathway, today, scale, entries, underWay, total, page, pageSize }, words) }
}
