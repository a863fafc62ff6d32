/** The timelines of all subjects within reach, a page of lanes at a time. */
import { listDayTimelines } from '../db/day-timelines.ts'
import { countSubjectsByState, listSubjects } from '../db/subjects.ts'
import { findPathway } from '../db/trials.ts'
import { manyShown } from '../domain/access-record.ts'
import { mayIn, sitesWithin } from '../domain/permission.ts'
import { isUnderWay, subjectStates } from '../domain/subject-state.ts'
import type { Scale } from '../pages/lanes-chart.ts'
import { anchorsOf, timelinesPage } from '../pages/timelines-page.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

const pageSize = 60
/** What is due is looked for among so many subjects under way, those that moved longest ago first. */
const mostUnderWay = 2000

/** Those who gave consent: a candidate has no timeline yet, and a void entry none any more. */
const shown = {
  by: 'states',
  states: subjectStates.filter((state) => !['prescreened', 'prescreen_excluded', 'void'].includes(state)),
} as const

/** Those whose next step can be due: as in the log, whose lists of what is due have the same subjects. */
const underWay = { by: 'states', states: shown.states.filter(isUnderWay) } as const

export async function showTimelines({ actor, context, request, trial, words }: TrialVisit): Promise<Reply> {
  const { db } = context
  const scope = sitesWithin(actor.grants, 'see_subjects', trial.id)
  const pathway = await findPathway(db, trial.id)
  const by = textOf(request.query.by)
  const anchor = anchorsOf(pathway).find(({ code }) => code === by)
  // They belong to no site: whoever sees one site's subjects only does not see them.
  const days = scope === 'every' ? await listDayTimelines(db, trial.id) : []
  const scale: Scale = anchor === undefined ? { by: 'date' } : { by: 'day', anchorCode: anchor.code }
  const typed = Number(textOf(request.query.page))
  const all = { scope, siteId: null, search: null, consented: null }
  const states = await countSubjectsByState(db, trial.id, all)
  const total = states.reduce((sum, { state, number }) => (shown.states.includes(state) ? sum + number : sum), 0)
  const last = Math.max(1, Math.ceil(total / pageSize))
  const page = Number.isInteger(typed) && typed > 0 ? Math.min(typed, last) : 1
  const entries = await listSubjects(db, trial.id, {
    ...all,
    list: shown,
    order: 'consented',
    direction: 'asc',
    limit: pageSize,
    offset: (page - 1) * pageSize,
  })
  const expected = await listSubjects(db, trial.id, {
    ...all,
    list: underWay,
    order: 'last',
    direction: 'asc',
    limit: mostUnderWay,
    offset: 0,
  })
  const today = context.today(trial.timeZone)
  const mayAddDays = mayIn(actor.grants, 'configure_trial', trial.id)
  const input = { trial, pathway, today, scale, entries, underWay: expected, days, mayAddDays, total, page, pageSize }
  const subjects = manyShown('timelines', 'page', entries.length + days.length, {
    by: anchor?.code ?? '',
    page: String(page),
  })
  return { page: timelinesPage(input, words), shown: subjects }
}
