/** The forms of a calendar's entries: a meeting, a condition, that it was met, that it was written by mistake. */
import type { CalendarEntry, EntryKind } from '../domain/calendar-entry.ts'
import type { Setting } from '../domain/setting-change.ts'
import type { Words } from '../i18n/words.ts'
import type { CalendarForm } from './calendar-form-page.ts'
import { type FieldSpec, nameFields, optionsFrom, type Typed } from './settings/field-spec.ts'

type Entry = Setting<CalendarEntry>

const placeOf: Record<EntryKind, string> = { committee_meeting: 'meetings', condition: 'conditions' }

const reason: FieldSpec = { id: 'reason', must: 'must', as: 'line', most: 200 }
const metFields = (must: 'must' | 'may'): FieldSpec[] => [
  { id: 'metOn', must, as: 'date' },
  { id: 'shownBy', must, as: 'line', most: 300 },
]

/** Of a new entry, or of one that is changed: with the reason, and with what shows that it was met where it was. */
export function entryForm(
  kind: EntryKind,
  setting: Entry | null,
  meetings: readonly CalendarEntry[],
  words: Words,
): CalendarForm {
  const entry = setting?.value ?? null
  const bases = optionsFrom(['recorded', 'assumed'] as const, (basis) => words.of('basis', basis))
  const due: FieldSpec[] = [{ id: 'dueOn', must: 'may', as: 'date' }]
  const at: FieldSpec[] = [{ id: 'meetingId', must: 'may', as: 'choice', options: meetingOptions(meetings, words) }]
  const when: FieldSpec[] =
    kind === 'committee_meeting'
      ? [{ id: 'heldOn', must: 'must', as: 'date' }]
      : meetings.length === 0
        ? [{ id: 'dueOn', must: 'must', as: 'date' }]
        : [...at, ...due]
  return {
    opens: entry === null ? `${placeOf[kind]}/new` : `entries/${entry.id}`,
    sendsTo: entry === null ? placeOf[kind] : `entries/${entry.id}`,
    heading:
      entry === null
        ? words.of('calendar_add', kind)
        : words.t('calendar.change_what', { what: words.pick(entry.title) }),
    note: words.of('calendar_form_note', kind),
    warning: null,
    button: words.t(entry === null ? 'calendar.add' : 'calendar.save'),
    facts: [],
    specs: [
      ...nameFields('whatJa', 'whatEn', 300),
      ...nameFields('bodyJa', 'bodyEn'),
      ...when,
      ...(entry === null || entry.met === null ? [] : metFields('may')),
      { id: 'sourceJa', must: 'may', as: 'line', most: 200 },
      { id: 'sourceEn', must: 'may', as: 'line', most: 200 },
      { id: 'basis', must: 'must', as: 'choice', options: bases },
      ...(entry === null ? [] : [reason]),
    ],
    typed: entry === null ? { basis: 'recorded' } : typedOf(entry),
    seen: setting?.seen ?? '',
  }
}

/** The meetings of a calendar, the first one first, after the choice of none. */
export function meetingOptions(meetings: readonly CalendarEntry[], words: Words) {
  return [
    { value: '', label: words.t('calendar.no_meeting') },
    ...meetings.map(({ id, title, dueOn }) => ({ value: id, label: `${dueOn}　${words.pick(title)}` })),
  ]
}

/** A condition that is due at a meeting has its day from there. */
function typedOf(entry: CalendarEntry): Typed {
  return {
    whatJa: entry.title.ja,
    whatEn: entry.title.en,
    bodyJa: entry.body.ja,
    bodyEn: entry.body.en,
    heldOn: entry.dueOn,
    dueOn: entry.meetingId === null ? entry.dueOn : '',
    meetingId: entry.meetingId ?? '',
    metOn: entry.met?.on ?? '',
    shownBy: entry.met?.evidence ?? '',
    sourceJa: entry.source.ja,
    sourceEn: entry.source.en,
    basis: entry.basis,
  }
}

/** What an entry says, for the page that asks about it. */
function factsOf(entry: CalendarEntry, words: Words): CalendarForm['facts'] {
  return [
    { label: words.of('obligation_kind', entry.kind), value: words.pick(entry.title) },
    { label: words.t('calendar.body'), value: words.pick(entry.body) },
    { label: words.t('calendar.due'), value: words.date(entry.dueOn) },
  ]
}

export function metForm({ seen, value: entry }: Entry, words: Words): CalendarForm {
  return {
    opens: `entries/${entry.id}/met`,
    sendsTo: `entries/${entry.id}/met`,
    heading: words.t('calendar.met_title'),
    note: null,
    warning: null,
    button: words.t('calendar.met_button'),
    facts: factsOf(entry, words),
    specs: metFields('must'),
    typed: {},
    seen,
  }
}

export function voidForm({ seen, value: entry }: Entry, words: Words): CalendarForm {
  return {
    opens: `entries/${entry.id}/void`,
    sendsTo: `entries/${entry.id}/void`,
    heading: words.t('calendar.void_title'),
    note: null,
    warning: words.t('calendar.void_warning'),
    button: words.t('calendar.void_button'),
    facts: factsOf(entry, words),
    specs: [reason],
    typed: {},
    seen,
  }
}
