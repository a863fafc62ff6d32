/** The sizes that are measured, and how a database of one is made: trials by their verb, their subjects in one transaction. */
import { done } from '../../seeds/story.ts'
import { addPerson } from '../../server/actions/add-person.ts'
import { grantRole } from '../../server/actions/grant-role.ts'
import { openTrial } from '../../server/actions/open-trial.ts'
import { databaseAddress } from '../../server/config.ts'
import { type Context, commandLine } from '../../server/context.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { migrate } from '../../server/db/schema.ts'
import { listConsentVersions } from '../../server/db/trials.ts'
import { addDays } from '../../server/domain/calendar-date.ts'
import { trialDraft } from '../actions/small-trial.ts'
import { milestone, termsOf } from '../domain/protocols.ts'
import { openBulk } from '../support/bulk.ts'
import { testContext } from '../support/context.ts'
import { firstDay, type LargeTrial, largeTrialRows, openDays, weekTwelve } from './large-trial.ts'

/** How many trials of a kind there are; the first of all is the one whose pages are measured. */
type Kind = { trials: number; sites: number; subjects: number }

export const worlds = {
  S: [{ trials: 1, sites: 5, subjects: 30 }],
  M: [{ trials: 1, sites: 200, subjects: 5000 }],
  L: [
    { trials: 2, sites: 10, subjects: 16_667 },
    { trials: 1, sites: 10, subjects: 16_666 },
  ],
  // The measured trial is that of M, among 999 others.
  XL: [
    { trials: 1, sites: 200, subjects: 5000 },
    { trials: 995, sites: 10, subjects: 996 },
    { trials: 4, sites: 10, subjects: 995 },
  ],
} satisfies Record<string, Kind[]>
export type Size = keyof typeof worlds

/** They read a few trials, and all of them. */
export const reader = { username: 'bench-pi', password: 'five years of registrations' }
export const director = { username: 'bench-director', password: 'every trial of the house' }
const fewTrials = 3

export const trialCode = (place: number) => `T${String(place + 1).padStart(4, '0')}`

/** Makes a world in a database that is there and empty; `tell` hears what has been done, now and then. */
export async function makeWorld(address: string, size: Size, tell: (said: string) => void): Promise<void> {
  const kinds: Kind[] = worlds[size].flatMap((kind: Kind) => Array.from({ length: kind.trials }, () => kind))
  const db = await openDatabase(databaseAddress(address))
  await migrate(db)
  const context = testContext(db)
  const trials: LargeTrial[] = []
  for (const [place, kind] of kinds.entries()) {
    trials.push(await openOne(context, trialCode(place), kind))
    if (place % 100 === 99) tell(`${place + 1} of ${kinds.length} trials opened`)
  }
  await addReader(context, reader, trials.slice(0, fewTrials))
  await addReader(context, director, trials)
  await engineOf(db).close()

  const bulk = await openBulk(databaseAddress(address))
  const heads = await bulk.heads()
  let written = 0
  for (const [place, trial] of trials.entries()) {
    const { subjects } = kinds[place] as Kind
    const head = heads.get(trial.id)
    if (head === undefined) throw new Error(`${trial.code} has no chain`)
    const rows = largeTrialRows(trial, subjects, head, context.newId)
    for (const [table, some] of Object.entries(rows)) await bulk.insert(table, some)
    const before = written
    written += subjects
    if (Math.floor(written / 100_000) > Math.floor(before / 100_000)) tell(`${written} subjects written`)
  }
  await bulk.commit()
}

async function openOne(context: Context, code: string, { sites, subjects }: Kind): Promise<LargeTrial> {
  // Two in three are registered; there is room for those whom a measurement adds.
  const target = Math.round(subjects * 0.9) + 100
  const { trialId, siteIds } = await done(
    openTrial(context, commandLine, {
      ...trialDraft(),
      trial: { ...trialDraft().trial, code, name: { ja: `第${code}試験`, en: `Trial ${code}` } },
      terms: termsOf({
        targetNumber: target,
        registrationFrom: firstDay,
        registrationUntil: addDays(firstDay, openDays + 730),
        plan: { startsOn: firstDay, startsAtNumber: 0, reachesNumber: target },
        effectiveFrom: firstDay,
      }),
      sites: Array.from({ length: sites }, (_, place) => ({
        code: String(place + 1).padStart(3, '0'),
        name: { ja: `第${place + 1}施設`, en: `Site ${place + 1}` },
        statuses: [{ status: 'open' as const, from: addDays(firstDay, place % 90), basis: 'recorded' as const }],
      })),
      milestones: [
        milestone('consent', 'screening', { necessity: 'required' }),
        milestone('eligibility', 'eligibility', { necessity: 'required' }),
        milestone('registration', 'registration_stage', { necessity: 'required', counting: 'target' }),
        milestone('treatment', 'treatment'),
        milestone('week_12', 'visit', { schedule: weekTwelve }),
      ],
    }),
  )
  const [version] = await listConsentVersions(context.db, trialId)
  const ofTrial = Object.entries(siteIds).map(([siteCode, id]) => ({ id, code: siteCode }))
  return { id: trialId, code, consentVersionId: version?.id ?? '', sites: ofTrial }
}

/** Reads everything and records as a data manager does. */
async function addReader(
  context: Context,
  who: { username: string; password: string },
  trials: readonly LargeTrial[],
): Promise<void> {
  const { personId } = await done(
    addPerson(context, commandLine, { ...who, name: { ja: who.username, en: who.username } }),
  )
  for (const { id: trialId } of trials) {
    await done(grantRole(context, commandLine, personId, { role: 'data_manager', trialId, siteId: null }))
  }
}
