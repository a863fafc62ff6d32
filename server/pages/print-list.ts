/** Lists for paper: the screening log, the registration log, and the blank list of identification codes. */

import type { Site } from '../domain/site.ts'
import { reachedOn } from '../domain/subject.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { addressWith, type BothClocks, clocksKept, fixedClocks } from './as-of.ts'
import { stateWords } from './event-words.ts'
import { freeTextOrNull } from './free-text.ts'
import { exitOf, type FileEntry, type FileWorld, reasonsOf } from './log-file.ts'
import type { Page } from './page.ts'

export const printLists = ['screening_log', 'registration_log', 'identification_codes'] as const
export type PrintListName = (typeof printLists)[number]

export type PrintListInput = FileWorld & {
  list: PrintListName
  trial: Trial
  clocks: BothClocks
  /** The site that was asked for; null for all within the reader's reach. */
  site: Site | null
  entries: readonly FileEntry[]
  /** How many there are: more than the rows where the paper would never end. */
  total: number
}

type PrintCell = { text: string; kind: 'code' | 'date' | 'words' | 'by_hand' }

export type PrintSection = {
  site: string
  asOf: string
  count: string
  columns: { label: string; kind: PrintCell['kind'] }[]
  rows: { head: string; assumed: boolean; cells: PrintCell[] }[]
}

export type PrintListPage = Page & {
  trial: string
  /** The list lies on its side. */
  isWide: boolean
  note: string
  cut: string | null
  back: string
  sites: { name: string; href: string; current: boolean }[]
  sections: PrintSection[]
}

type Column = { label: string; kind: PrintCell['kind']; of(entry: FileEntry): string }

export function printListPage(input: PrintListInput, words: Words): PrintListPage {
  const { list, trial, sites, site, entries, clocks, total } = input
  const days = clocksKept(clocks)
  const here = `/trials/${trial.code}/print/${list.replaceAll('_', '-')}`
  const every = { name: words.t('subjects.any_site'), href: here + addressWith(days), current: site === null }
  return {
    ...fixedClocks(clocks, words, site === null ? [] : [['site', site.code]]),
    template: 'print/list',
    title: words.of('print_list', list),
    place: 'subjects',
    trial: `${trial.code}　${words.pick(trial.title)}`,
    isWide: list !== 'identification_codes',
    note: words.of('print_note', list),
    cut: entries.length < total ? words.t('print.cut', { shown: entries.length, total }) : null,
    back: `/trials/${trial.code}/subjects`,
    sites:
      sites.length < 2
        ? []
        : [
            every,
            ...sites.map((one) => ({
              name: `${one.code} ${words.pick(one.name)}`,
              href: here + addressWith([['site', one.code], ...days]),
              current: one.id === site?.id,
            })),
          ],
    sections: sectionsOf(input, words),
  }
}

/** Codes belong to one site and stay there: one sheet for each. The other lists are one, with a column for the site. */
function sectionsOf(input: PrintListInput, words: Words): PrintSection[] {
  const { list, sites, site, entries } = input
  if (site !== null) return [sectionOf(input, site, entries, words)]
  if (list !== 'identification_codes' && sites.length !== 1) return [sectionOf(input, null, entries, words)]
  return sites.flatMap((one) => {
    const own = entries.filter(({ subject }) => subject.siteId === one.id)
    return own.length === 0 ? [] : [sectionOf(input, one, own, words)]
  })
}

function sectionOf(
  input: PrintListInput,
  site: Site | null,
  entries: readonly FileEntry[],
  words: Words,
): PrintSection {
  const columns = columnsOf(input, site, words)
  const [first, ...others] = columns
  if (first === undefined) throw new Error(`a list without columns: ${input.list}`)
  return {
    site: site === null ? words.t('subjects.any_site') : `${site.code} ${words.pick(site.name)}`,
    asOf: words.date(input.clocks.day),
    count: words.t('format.subjects', { count: entries.length }),
    columns: columns.map(({ label, kind }) => ({ label, kind })),
    rows: entries.map((entry) => ({
      head: first.of(entry),
      assumed: input.list !== 'identification_codes' && entry.subject.basis === 'assumed',
      cells: others.map(({ kind, of }) => ({ text: of(entry), kind })),
    })),
  }
}

const numberOf = ({ subject }: FileEntry) => subject.number
const registrationNumberOf = ({ subject }: FileEntry) =>
  subject.registrationNumber === null ? '—' : String(subject.registrationNumber)

function columnsOf(input: PrintListInput, site: Site | null, words: Words): Column[] {
  const { pathway, sites, versions } = input
  const dateOf =
    (code: string) =>
    ({ events }: FileEntry) =>
      reachedOn(events, code) ?? '—'
  const number: Column = { label: words.t('subjects.number'), kind: 'code', of: numberOf }
  const registrationNumber: Column = {
    label: words.t('file.registration_number'),
    kind: 'code',
    of: registrationNumberOf,
  }
  const siteColumn: Column[] =
    site !== null
      ? []
      : [
          {
            label: words.t('subjects.site'),
            kind: 'words',
            of: ({ subject }) => {
              const own = sites.find(({ id }) => id === subject.siteId)
              return own === undefined ? '' : `${own.code} ${words.pick(own.name)}`
            },
          },
        ]
  const state: Column = {
    label: words.t('subjects.state'),
    kind: 'words',
    of: ({ subject }) => stateWords(subject.state, pathway, words),
  }
  const milestones = (codes: readonly string[]): Column[] =>
    pathway.milestones
      .filter(({ code }) => codes.includes(code))
      .map(({ code, label }) => ({ label: words.pick(label), kind: 'date', of: dateOf(code) }))
  switch (input.list) {
    case 'screening_log': {
      const stages = [pathway.provisional?.code ?? '', pathway.registration.code]
      const judged = pathway.milestones.filter(({ kind }) => kind === 'eligibility').map(({ code }) => code)
      // Only where somebody was written down before the consent is there another day to show.
      const isKept = input.entries.some(({ subject }) => subject.enteredOn !== subject.consentedOn)
      const entered: Column = {
        label: words.t('file.entered_on'),
        kind: 'date',
        of: ({ subject }) => subject.enteredOn,
      }
      const beforeConsent = isKept ? [entered] : []
      return [
        number,
        ...siteColumn,
        ...beforeConsent,
        {
          label: words.t('file.consent_version'),
          kind: 'words',
          of: ({ subject, consentVersionId }) => {
            const version = versions.find(({ id }) => id === consentVersionId)
            return subject.consentedOn === null || version === undefined ? '—' : words.pick(version.label)
          },
        },
        ...milestones([pathway.screening.code, ...judged, ...stages]),
        state,
        {
          label: words.t('file.exited_on'),
          kind: 'date',
          of: ({ subject, events }) => exitOf(subject.state, events)?.occurredOn ?? '—',
        },
        { label: words.t('print.why'), kind: 'words', of: (entry) => whyOf(input, entry, words) },
      ]
    }
    case 'registration_log': {
      const stages = [pathway.screening.code, pathway.provisional?.code ?? '', pathway.registration.code]
      return [
        registrationNumber,
        number,
        ...siteColumn,
        ...milestones(stages),
        state,
        { label: words.t('print.last_event_on'), kind: 'date', of: ({ subject }) => subject.lastEventOn },
      ]
    }
    case 'identification_codes':
      return [
        number,
        registrationNumber,
        ...(['name', 'chart_number', 'written_on'] as const).map(
          (what): Column => ({ label: words.of('print_by_hand', what), kind: 'by_hand', of: () => '' }),
        ),
      ]
  }
}

/** Why somebody left: the trial's reasons, or what was written where it has none. */
function whyOf(world: FileWorld, { subject, events }: FileEntry, words: Words): string {
  const exit = exitOf(subject.state, events)
  if (exit === null) return '—'
  return reasonsOf(exit, world, words) ?? freeTextOrNull(exit.note, words) ?? '—'
}
