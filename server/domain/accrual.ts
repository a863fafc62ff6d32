/**
 * What a trial's counts say: how many were screened, registered and lost, per site and in all, by a day.
 * Made from sums of the daily counts, never from the subjects, so the cost grows with sites and months, not with rows.
 */
import { type CalendarDate, laterOf } from './calendar-date.ts'
import type { Pathway } from './milestone.ts'
import { type Exit, isRegistered, type SubjectState } from './subject-state.ts'

/** The sum of one step's daily counts at one site by a day, and the last day on which there was one. */
export type SiteCount = { siteId: string; step: string; number: number; lastOn: CalendarDate }

/** So many on one day, in all sites. */
export type DayCount = { date: CalendarDate; number: number }

function total(counts: readonly SiteCount[], belongs: (step: string) => boolean): number {
  return counts.reduce((sum, count) => (belongs(count.step) ? sum + count.number : sum), 0)
}

/** The sums of all sites together, a handful of steps instead of one for every site: 2 at one site and 1 at another -> 3. */
export function inAllSites(counts: readonly SiteCount[]): SiteCount[] {
  const sums = new Map<string, SiteCount>()
  for (const { step, number, lastOn } of counts) {
    const sum = sums.get(step) ?? { siteId: '', step, number: 0, lastOn }
    sums.set(step, { ...sum, number: sum.number + number, lastOn: laterOf(lastOn, sum.lastOn) })
  }
  return [...sums.values()]
}

export type SiteAccrual = {
  siteId: string
  screened: number
  registered: number
  treated: number
  lastActivityOn: CalendarDate | null
}

/** Per site, in the order of the given sites; a site without counts has zeros and no last activity. */
export function accrualBySite(
  pathway: Pathway,
  siteIds: readonly string[],
  counts: readonly SiteCount[],
): SiteAccrual[] {
  const bySite = new Map<string, SiteCount[]>(siteIds.map((siteId) => [siteId, []]))
  for (const count of counts) bySite.get(count.siteId)?.push(count)
  const treatments = pathway.milestones.filter(({ kind }) => kind === 'treatment').map(({ code }) => code)
  return siteIds.map((siteId) => {
    const own = bySite.get(siteId) ?? []
    // That nobody knows an outcome is no activity of the site, nor that an entry was a mistake.
    const days = own
      .filter(({ step }) => !step.startsWith('unaccounted@') && !step.startsWith('void@'))
      .map(({ lastOn }) => lastOn)
      .sort()
    return {
      siteId,
      screened: total(own, (step) => step === pathway.screening.code),
      registered: total(own, (step) => step === pathway.counting.code),
      treated: total(own, (step) => treatments.includes(step)),
      lastActivityOn: days.at(-1) ?? null,
    }
  })
}

/** The running total after each day: 1 on 2022-03-02 and 1 on 2024-10-24 -> 1, then 2. Days in any order. */
export function cumulative(days: readonly DayCount[]): DayCount[] {
  let number = 0
  return [...days]
    .sort((a, b) => (a.date < b.date ? -1 : 1))
    .map(({ date, number: added }) => {
      number += added
      return { date, number }
    })
}

/** The way from screening to registration, in subjects; the parts add up to `screened`. */
export type ScreeningFlow = {
  screened: number
  /** First-stage registrations: ever, still waiting for the final one, and left in between; null in one-stage trials. */
  provisional: { ever: number; waiting: number; excluded: number } | null
  registered: number
  inScreening: number
  /** Screen failures, refusals and deaths before any registration; and each of them. */
  notRegistered: number
  leftBefore: { failed: number; declined: number; died: number }
  unaccounted: number
}

/** Candidates who were written down before consent, whether or not they gave it: the pool that the screened come from. */
export function candidatesIn(counts: readonly SiteCount[]): number {
  return total(counts, (step) => step === 'prescreened')
}

const beforeRegistration = ['screening', 'eligible', 'unaccounted']

/** The flow: 6 screened = 2 registered + 2 in screening + 0 failed + 2 unaccounted. */
export function screeningFlow(pathway: Pathway, counts: readonly SiteCount[]): ScreeningFlow {
  const reached = (code: string) => total(counts, (step) => step === code)
  const left = (from: readonly string[], counted: (exit: Exit) => boolean) =>
    total(counts, (step) => {
      const [exit, state] = step.split('@')
      return state !== undefined && from.includes(state) && counted(exit as Exit)
    })
  const screened = reached(pathway.screening.code)
  const registered = reached(pathway.registration.code)
  const unaccounted = left(beforeRegistration, (exit) => exit === 'unaccounted')
  const leftBefore = {
    failed: left(beforeRegistration, (exit) => exit === 'screen_failed'),
    declined: left(beforeRegistration, (exit) => exit === 'declined'),
    died: left(beforeRegistration, (exit) => exit === 'died'),
  }
  const notRegistered = left(beforeRegistration, (exit) => exit !== 'unaccounted')
  if (pathway.provisional === null) {
    const inScreening = screened - registered - notRegistered - unaccounted
    return { screened, provisional: null, registered, inScreening, notRegistered, leftBefore, unaccounted }
  }
  const ever = reached(pathway.provisional.code)
  const excluded = left(['provisional'], () => true)
  const provisional = { ever, excluded, waiting: ever - registered - excluded }
  const inScreening = screened - ever - notRegistered - unaccounted
  return { screened, provisional, registered, inScreening, notRegistered, leftBefore, unaccounted }
}

/** What became of those who were registered, in subjects: each who left is counted once, under the way they left by. */
export type AfterRegistration = {
  /** Null where a trial has no treatment among its milestones, or one that may be repeated: then events are counted. */
  treated: number | null
  notTreated: number
  completed: number
  withdrawn: number
  lost: number
  died: number
  /** Registered and not left. Whoever took back a part of the consent has left here, though visits may go on. */
  underWay: number
}

/**
 * The lower half of the flow as CONSORT draws it (Schulz, Altman & Moher 2010): 5 registered, of whom 4 were treated,
 * 1 completed, 1 withdrew and 1 died, leave 2 under way.
 */
export function afterRegistration(pathway: Pathway, counts: readonly SiteCount[]): AfterRegistration {
  const treatment = pathway.milestones.find(({ kind, repetition }) => kind === 'treatment' && repetition === 'once')
  const registered = total(counts, (step) => step === pathway.registration.code)
  const left = (exit: Exit) =>
    total(counts, (step) => {
      const [by, state = ''] = step.split('@')
      return by === exit && isRegistered(state as SubjectState) && state !== 'withdrawn_in_part'
    })
  const [completed, withdrawn, lost, died] = [left('completed'), left('withdrawn'), left('lost'), left('died')]
  return {
    treated: treatment === undefined ? null : total(counts, (step) => step === treatment.code),
    notTreated: left('not_treated'),
    completed,
    withdrawn,
    lost,
    died,
    underWay: registered - completed - withdrawn - lost - died,
  }
}
