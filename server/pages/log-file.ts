/** The log as rows of a file: what is on the page, with everything that has no room there. Arms are never in it. */

import type { Bilingual } from '../domain/bilingual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Pathway } from '../domain/milestone.ts'
import type { ConsentVersion } from '../domain/screening.ts'
import type { Site } from '../domain/site.ts'
import { reachedOn, type Subject, type SubjectEvent } from '../domain/subject.ts'
import type { SubjectState } from '../domain/subject-state.ts'
import type { Words } from '../i18n/words.ts'
import { stateWords } from './event-words.ts'
import { freeTextOrNull } from './free-text.ts'

/** A workbook is made in memory: 20,000 rows take a second and a half, and 100 MB. A longer log is a file as CSV only. */
export const mostRowsInWorkbook = 20_000

/** A value as it is: text, a whole number, a day, or nothing. */
export type FileCell = string | number | { date: CalendarDate } | null

export type FileEntry = {
  subject: Subject
  consentVersionId: string | null
  referralSource: string | null
  events: readonly SubjectEvent[]
}

export type FileWorld = {
  pathway: Pathway
  sites: readonly Site[]
  versions: readonly ConsentVersion[]
  /** Words of the trial's reasons, by `exit code`. */
  reasonLabels: ReadonlyMap<string, Bilingual>
}

/** The names of the columns, in order. */
export function fileHeader({ pathway }: FileWorld, words: Words): string[] {
  return [
    words.t('subjects.number'),
    words.t('file.registration_number'),
    words.t('file.site_code'),
    words.t('subjects.site'),
    words.t('subjects.state'),
    words.t('file.attempt'),
    words.t('file.entered_on'),
    words.t('file.consent_version'),
    words.t('file.referral_source'),
    ...pathway.milestones.map(({ label }) => words.pick(label)),
    words.t('file.exited_on'),
    words.t('file.exit'),
    words.t('file.reasons'),
    words.t('file.measured_value'),
    words.t('file.note'),
    words.t('file.basis'),
  ]
}

export function fileRow(world: FileWorld, entry: FileEntry, words: Words): FileCell[] {
  const { pathway, sites, versions } = world
  const { subject, events } = entry
  const site = sites.find(({ id }) => id === subject.siteId)
  const version = versions.find(({ id }) => id === entry.consentVersionId)
  const exit = exitOf(subject.state, events)
  return [
    subject.number,
    subject.registrationNumber,
    site?.code ?? null,
    site === undefined ? null : words.pick(site.name),
    stateWords(subject.state, pathway, words),
    subject.attempt,
    { date: subject.enteredOn },
    // The version stands in the row from the consent on: before the consent there is none to show.
    subject.consentedOn === null || version === undefined ? null : words.pick(version.label),
    freeTextOrNull(entry.referralSource, words),
    ...pathway.milestones.map(({ code }) => dated(reachedOn(events, code))),
    dated(exit?.occurredOn ?? null),
    exit === null ? null : stateWords(exit.what.exit, pathway, words),
    exit === null ? null : reasonsOf(exit, world, words),
    freeTextOrNull(events.findLast(({ measuredValue }) => measuredValue !== null)?.measuredValue ?? null, words),
    events.flatMap(({ note }) => freeTextOrNull(note, words) ?? []).join(' / ') || null,
    words.of('basis', subject.basis),
  ]
}

type ExitEvent = SubjectEvent & { what: Extract<SubjectEvent['what'], { kind: 'exit' }> }

/** The exit that stands: an outcome that nobody knew is none any more once there was another one. */
export function exitOf(state: SubjectState, events: readonly SubjectEvent[]): ExitEvent | null {
  const isExit = (event: SubjectEvent): event is ExitEvent => event.what.kind === 'exit'
  const exits = events.filter(isExit).filter(({ what }) => what.exit !== 'unaccounted' || state === 'unaccounted')
  return exits.at(-1) ?? null
}

/** The words of an exit's reasons; the code itself where the trial has no words for it. */
export function reasonsOf(
  { reasons, what }: ExitEvent,
  { reasonLabels }: Pick<FileWorld, 'reasonLabels'>,
  words: Words,
): string | null {
  const labels = reasons.map((code) => {
    const label = reasonLabels.get(`${what.exit} ${code}`)
    return label === undefined ? code : words.pick(label)
  })
  return labels.length === 0 ? null : labels.join(words.t('file.and'))
}

function dated(date: CalendarDate | null): FileCell {
  return date === null ? null : { date }
}
