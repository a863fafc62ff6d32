/** Days on which the conditions of registration changed: who bears the cost, and which sites are open. */
import type { CalendarDate } from './calendar-date.ts'
import { type Site, siteStatusOn } from './site.ts'
import { type CostBearer, type TrialTerms, termsPromised } from './trial-terms.ts'

/** From this day on somebody else bears the cost. */
export type CostChange = { on: CalendarDate; version: number; from: CostBearer; to: CostBearer }

/** In order of the versions known on a day: version 3 takes effect on 2026-07-19 and moves the cost to the patient. */
export function costChanges(versions: readonly TrialTerms[], asOf: CalendarDate): CostChange[] {
  const newest = termsPromised(versions, asOf)?.version ?? 0
  const known = versions.filter(({ version }) => version <= newest).sort((a, b) => a.version - b.version)
  return known.flatMap((terms, place) => {
    const before = known[place - 1]
    if (before === undefined || before.costBearer === terms.costBearer) return []
    const { effectiveFrom: on, version, costBearer: to } = terms
    return [{ on, version, from: before.costBearer, to }]
  })
}

/** How many sites opened for registration on a day, or again, and how many stopped, for good or for a while. */
export type SiteChange = { on: CalendarDate; opened: number; stopped: number }

/** Days up to one on which a site turned from closed to open or back, in order; five that open at once are one entry. */
export function siteChanges(sites: readonly Site[], until: CalendarDate): SiteChange[] {
  const days = new Map<CalendarDate, SiteChange>()
  for (const site of sites) {
    let wasOpen = false
    for (const { from } of site.statuses) {
      const isOpen = siteStatusOn(site, from) === 'open'
      if (isOpen !== wasOpen && from <= until) {
        const day = days.get(from) ?? { on: from, opened: 0, stopped: 0 }
        days.set(from, isOpen ? { ...day, opened: day.opened + 1 } : { ...day, stopped: day.stopped + 1 })
      }
      wasOpen = isOpen
    }
  }
  return [...days.values()].sort((a, b) => (a.on < b.on ? -1 : 1))
}
