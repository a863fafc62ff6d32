/** The settings of a trial: an overview, and for each section its list, its forms and its changes. */
import { isRefused, type Parsed, type Problem } from '../domain/parsed.ts'
import type { Typed } from '../pages/settings/field-spec.ts'
import {
  type Ability,
  type Doing,
  doings,
  offerPage,
  retirementPage,
  type SectionName,
  sectionNames,
  sectionPage,
  settingFormPage,
  settingsOverview,
} from '../pages/settings/settings-page.ts'
import { button, readForm, text } from './forms.ts'
import { withSuggestion } from './screenings.ts'
import { arms } from './settings/arms.ts'
import { caps } from './settings/caps.ts'
import { consents } from './settings/consents.ts'
import { facts } from './settings/facts.ts'
import { pathway } from './settings/pathway.ts'
import { readFields, typedFields } from './settings/read-fields.ts'
import { reasons } from './settings/reasons.ts'
import { schemes } from './settings/schemes.ts'
import type { Section } from './settings/section.ts'
import { sites } from './settings/sites.ts'
import { statuses } from './settings/statuses.ts'
import { type Reply, type TrialVisit, textOf } from './visit.ts'

const sections: Record<SectionName, Section> = {
  pathway,
  arms,
  reasons,
  caps,
  sites,
  statuses,
  consents,
  schemes,
  facts,
}

type Here = { name: SectionName; section: Section }

function sectionOf({ request }: TrialVisit, ability?: Ability): Here | null {
  const name = sectionNames.find((known) => known === request.params.section)
  if (name === undefined) return null
  const section = sections[name]
  return ability === undefined || section.can.includes(ability) ? { name, section } : null
}

export async function showSettings(visit: TrialVisit): Promise<Reply> {
  const shown = []
  for (const name of sectionNames) shown.push({ name, section: await sections[name].show(visit) })
  return { page: settingsOverview(visit.trial, shown, visit.words) }
}

export async function showSection(visit: TrialVisit): Promise<Reply> {
  const here = sectionOf(visit)
  if (here === null) return { error: 'not_found' }
  const done = doings.find((known) => known === visit.request.query.done) ?? null
  return showList(visit, here, done, [], 200)
}

async function showList(
  visit: TrialVisit,
  { name, section }: Here,
  done: Doing | null,
  problems: readonly Problem[],
  status: number,
): Promise<Reply> {
  const { trial, words } = visit
  const shown = await section.show(visit)
  const named = await withNames(visit, section, problems)
  return { page: sectionPage({ trial, name, can: section.can, shown, done, problems: named }, words), status }
}

/** A problem names a milestone by its code; people know it by its label. */
async function withNames(visit: TrialVisit, section: Section, problems: readonly Problem[]): Promise<Problem[]> {
  const names = problems.length === 0 ? new Map<string, string>() : await section.names(visit)
  return problems.map((problem) => {
    const values = Object.entries(problem.values ?? {}).map(([name, value]) => [
      name,
      names.get(String(value)) ?? value,
    ])
    return { ...problem, values: Object.fromEntries(values) }
  })
}

const isConflict = (problems: readonly Problem[]) => problems.some(({ code }) => code === 'setting_changed_meanwhile')

function entryOf({ request }: TrialVisit): string {
  return String(request.params.entry)
}

export async function newSetting(visit: TrialVisit): Promise<Reply> {
  return showForm(visit, null, null, [], 200)
}

export async function editSetting(visit: TrialVisit): Promise<Reply> {
  return showForm(visit, entryOf(visit), null, [], 200)
}

/** The form: as it stands, or as it was typed. Whoever meets another's change sees what is set now beside it (409). */
async function showForm(
  visit: TrialVisit,
  id: string | null,
  typed: Typed | null,
  problems: readonly Problem[],
  status: number,
): Promise<Reply> {
  const { context, request, trial, words } = visit
  const here = sectionOf(visit, id === null ? undefined : 'change')
  const form = await here?.section.form(visit, id)
  if (here === null || form === null || form === undefined) return { error: 'not_found' }
  const isChangedMeanwhile = isConflict(problems)
  const page = settingFormPage(
    {
      trial,
      name: here.name,
      id,
      form,
      typed: typed ?? form.typed,
      seen: typed === null || isChangedMeanwhile ? form.seen : textOf(request.body?.seen),
      submissionKey: context.newId(),
      isChangedMeanwhile,
      problems: await withNames(visit, here.section, problems),
    },
    words,
  )
  return { page, status: isChangedMeanwhile ? 409 : status }
}

export async function createSetting(visit: TrialVisit): Promise<Reply> {
  return save(visit, null)
}

export async function changeSetting(visit: TrialVisit): Promise<Reply> {
  return save(visit, entryOf(visit))
}

export function showNewSettingAgain(visit: TrialVisit, problems: readonly Problem[]): Promise<Reply> {
  return showAgain(visit, null, problems)
}

export function showSettingAgain(visit: TrialVisit, problems: readonly Problem[]): Promise<Reply> {
  return showAgain(visit, entryOf(visit), problems)
}

async function showAgain(visit: TrialVisit, id: string | null, problems: readonly Problem[]): Promise<Reply> {
  const form = await sectionOf(visit)?.section.form(visit, id)
  return showForm(visit, id, typedFields(form?.specs ?? [], visit.request.body), problems, 422)
}

async function save(visit: TrialVisit, id: string | null): Promise<Reply> {
  const { request } = visit
  const here = sectionOf(visit, id === null ? undefined : 'change')
  const form = await here?.section.form(visit, id)
  if (here === null || form === null || form === undefined) return { error: 'not_found' }
  const suggested = withSuggestion(request.body)
  if (suggested !== null) {
    return showForm(visit, id, { ...typedFields(form.specs, request.body), ...suggested }, [], 200)
  }
  const read = readFields(form.specs, request.body)
  if (isRefused(read)) return showAgain(visit, id, read.problems)
  const to = read.value
  const outcome =
    id === null
      ? await here.section.change(visit, { do: 'add', to })
      : await here.section.change(visit, {
          do: 'change',
          id,
          seen: textOf(request.body.seen),
          to,
          reason: to.textOrNull('reason'),
        })
  if (isRefused(outcome)) return showAgain(visit, id, outcome.problems)
  return toList(visit, here, id === null ? 'added' : 'changed')
}

function toList({ trial }: TrialVisit, { name }: Here, done: Doing): Reply {
  return { seeOther: `/trials/${trial.code}/settings/${name}?done=${done}` }
}

/** Changes made on the list itself are answered there. */
async function answered(visit: TrialVisit, here: Here, outcome: Parsed<unknown>, done: Doing): Promise<Reply> {
  if (!isRefused(outcome)) return toList(visit, here, done)
  return showList(visit, here, null, outcome.problems, isConflict(outcome.problems) ? 409 : 422)
}

const moving = button.extend({ direction: text(8) })
const offering = button.extend({ offer: text(100), confirmed: text(8) })

export async function moveSetting(visit: TrialVisit): Promise<Reply> {
  const here = sectionOf(visit, 'move')
  const { body } = visit.request
  const direction = body?.direction === 'up' || body?.direction === 'down' ? body.direction : null
  const id = entryOf(visit)
  if (here === null || (await here.section.form(visit, id)) === null) return { error: 'not_found' }
  if (direction === null || isRefused(readForm(moving, body))) return { error: 'unprocessable' }
  const outcome = await here.section.change(visit, { do: 'move', id, seen: textOf(body.seen), direction })
  return answered(visit, here, outcome, 'moved')
}

export async function askRetirement(visit: TrialVisit): Promise<Reply> {
  const here = sectionOf(visit, 'retire')
  const id = entryOf(visit)
  const form = await here?.section.form(visit, id)
  if (here === null || form === null || form === undefined) return { error: 'not_found' }
  return { page: retirementPage({ trial: visit.trial, name: here.name, id, form }, visit.words) }
}

export async function retireSetting(visit: TrialVisit): Promise<Reply> {
  const here = sectionOf(visit, 'retire')
  const id = entryOf(visit)
  if (here === null || (await here.section.form(visit, id)) === null) return { error: 'not_found' }
  if (isRefused(readForm(button, visit.request.body))) return { error: 'unprocessable' }
  const outcome = await here.section.change(visit, { do: 'retire', id, seen: textOf(visit.request.body?.seen) })
  return answered(visit, here, outcome, 'retired')
}

export async function takeOffer(visit: TrialVisit): Promise<Reply> {
  const here = sectionOf(visit)
  if (here === null) return { error: 'not_found' }
  const { body } = visit.request
  if (isRefused(readForm(offering, body))) return { error: 'unprocessable' }
  const asked = await offerAsked(visit, here)
  if (asked !== null) return asked
  const outcome = await here.section.take(visit, textOf(body?.offer), textOf(body?.seen))
  return answered(visit, here, outcome, 'taken')
}

/** A template takes the place of everything that is set: that is asked about once. Other offers only add. */
async function offerAsked(visit: TrialVisit, { name, section }: Here): Promise<Reply | null> {
  const { body } = visit.request
  if (name !== 'pathway' || body?.confirmed === 'yes') return null
  const shown = await section.show(visit)
  const offer = shown.offers.find(({ value }) => value === body?.offer)
  if (offer === undefined) return null
  return { page: offerPage({ trial: visit.trial, name, shown, offer }, visit.words) }
}
