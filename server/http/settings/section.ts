/** A section of the settings, as the handlers use it: what it shows, what its form asks, and the verb that changes it. */
import type { Parsed } from '../../domain/parsed.ts'
import type { SettingChange } from '../../domain/setting-change.ts'
import type { Ability, SectionForm, SectionShown } from '../../pages/settings/settings-page.ts'
import type { TrialVisit } from '../visit.ts'
import type { Read } from './read-fields.ts'

export type Section = {
  can: readonly Ability[]
  show(visit: TrialVisit): Promise<SectionShown>
  /** The form of an entry, or of a new one for null; null where there is no such entry. */
  form(visit: TrialVisit, id: string | null): Promise<SectionForm | null>
  change(visit: TrialVisit, change: SettingChange<Read>): Promise<Parsed<unknown>>
  /** Sets what one button offers. */
  take(visit: TrialVisit, offer: string, seen: string): Promise<Parsed<unknown>>
  /** How the problems' codes are called: milestones by their labels. */
  names(visit: TrialVisit): Promise<ReadonlyMap<string, string>>
}

/** Sections without buttons that set several things at once. */
export const noOffers: Pick<Section, 'take'> = {
  take: async () => ({ problems: [{ field: '', code: 'choice_missing' }] }),
}
export const noNames: Pick<Section, 'names'> = { names: async () => new Map() }
