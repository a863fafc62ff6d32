/** The forms by which meetings and conditions are written into the calendar, changed, met, and voided. */
import { addCalendarEntry } from '../actions/add-calendar-entry.ts'
import { changeCalendarEntry } from '../actions/change-calendar-entry.ts'
import { markConditionMet } from '../actions/mark-condition-met.ts'
import { voidCalendarEntry } from '../actions/void-calendar-entry.ts'
import { listCalendarEntries } from '../db/calendar-entries.ts'
import type { Basis } from '../domain/bilingual.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { EntryDraft, EntryKind } from '../domain/calendar-entry.ts'
import { entryForm, metForm, voidForm } from '../pages/entry-forms.ts'
import { type Asking, formAt } from './calendar-forms.ts'
import type { Read } from './settings/read-fields.ts'
import type { TrialVisit } from './visit.ts'

async function entriesOf({ context, request, trial }: TrialVisit) {
  const settings = await listCalendarEntries(context.db, trial.id)
  return {
    meetings: settings.map(({ value }) => value).filter(({ kind }) => kind === 'committee_meeting'),
    setting: settings.find(({ id }) => id === request.params.entry) ?? null,
  }
}

function draftFrom(kind: EntryKind, read: Read): EntryDraft {
  return {
    kind,
    title: { ja: read.text('whatJa'), en: read.text('whatEn') },
    body: { ja: read.text('bodyJa'), en: read.text('bodyEn') },
    dueOn: read.date(kind === 'committee_meeting' ? 'heldOn' : 'dueOn'),
    meetingId: read.text('meetingId') === '' ? null : read.text('meetingId'),
    met: { on: read.date('metOn'), evidence: read.text('shownBy') },
    source: { ja: read.text('sourceJa'), en: read.text('sourceEn') },
    basis: read.text('basis') as Basis,
  }
}

const newEntry = (kind: EntryKind) =>
  formAt(async (visit): Promise<Asking> => {
    const { actor, context, trial, words } = visit
    const { meetings } = await entriesOf(visit)
    return {
      form: entryForm(kind, null, meetings, words),
      doing: 'added',
      save: (read) => addCalendarEntry(context, actor, trial.id, draftFrom(kind, read)),
    }
  })

export const newMeeting = newEntry('committee_meeting')
export const newCondition = newEntry('condition')

export const entryChange = formAt(async (visit): Promise<Asking | null> => {
  const { actor, context, trial, words } = visit
  const { meetings, setting } = await entriesOf(visit)
  if (setting === null) return null
  const { id, value } = setting
  return {
    form: entryForm(value.kind, setting, meetings, words),
    doing: 'changed',
    save: (read, seen) => {
      const change = { id, seen, to: draftFrom(value.kind, read), reason: read.text('reason') }
      return changeCalendarEntry(context, actor, trial.id, change)
    },
  }
})

export const entryMet = formAt(async (visit): Promise<Asking | null> => {
  const { actor, context, trial, words } = visit
  const { setting } = await entriesOf(visit)
  if (setting === null || setting.value.kind !== 'condition') return null
  return {
    form: metForm(setting, words),
    doing: 'met',
    save: (read, seen) => {
      const said = { id: setting.id, seen, on: read.date('metOn') as CalendarDate, evidence: read.text('shownBy') }
      return markConditionMet(context, actor, trial.id, said)
    },
  }
})

export const entryVoid = formAt(async (visit): Promise<Asking | null> => {
  const { actor, context, trial, words } = visit
  const { setting } = await entriesOf(visit)
  if (setting === null) return null
  return {
    form: voidForm(setting, words),
    doing: 'voided',
    save: (read, seen) =>
      voidCalendarEntry(context, actor, trial.id, { id: setting.id, seen, reason: read.text('reason') }),
  }
}, 'voided')
