/** Before a step that cannot be taken back, or one that is unusual: the answers once more, what to mind, one button. */
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Problem } from '../domain/parsed.ts'
import type { Exit } from '../domain/subject-state.ts'
import type { Words } from '../i18n/words.ts'
import type { EventInput } from './event-form-page.ts'
import { stateWords } from './event-words.ts'
import { type Page, problemsInWords } from './page.ts'

export type ConfirmPage = Page & {
  question: string
  warnings: string[]
  action: string
  button: string
  answers: { label: string; value: string }[]
  hidden: { name: string; value: string }[]
}

export type ConfirmInput = EventInput & {
  occurredOn: CalendarDate
  siteName: string
  /** What is unusual about it; a registration is asked for without any. */
  warnings: readonly Problem[]
  /** How many are registered and wanted, where the event is a registration. */
  places: { registered: number; targetNumber: number } | null
}

export function confirmEventPage(input: ConfirmInput, words: Words): ConfirmPage {
  const { trial, pathway, subject, typed, places } = input
  const milestone = pathway.milestones.find(({ code }) => code === typed.what)
  const step =
    milestone === undefined
      ? stateWords(typed.what.replace('exit:', '') as Exit, pathway, words)
      : words.pick(milestone.label)
  const here = `/trials/${trial.code}/subjects/${subject.id}`
  const unusual = problemsInWords(input.warnings, words).map(({ text }) => text)
  const counts =
    places === null
      ? []
      : [
          milestone?.counting === 'target'
            ? words.t('confirm.counts', { next: places.registered + 1, target: places.targetNumber })
            : words.t('confirm.does_not_count'),
        ]
  return {
    template: 'events/confirm',
    title: words.t('confirm.title', { step }),
    place: 'subjects',
    address: `${here}/events/new?what=${encodeURIComponent(typed.what)}`,
    question: words.t(places === null ? 'confirm.question_unusual' : 'confirm.question', {
      number: subject.number,
      step,
    }),
    warnings: [...unusual, ...counts],
    action: `${here}/events`,
    button: words.t(places === null ? 'confirm.button_record' : 'confirm.button', { step }),
    answers: [
      { label: words.t('subjects.number'), value: subject.number },
      { label: words.t('subjects.site'), value: input.siteName },
      { label: words.t('event.what'), value: step },
      { label: words.t('event.occurred_on'), value: words.date(input.occurredOn) },
      { label: words.t('event.note'), value: typed.note === '' ? '—' : typed.note },
    ],
    hidden: [
      { name: 'what', value: typed.what },
      { name: 'occurredOn', value: typed.occurredOn },
      ...typed.reasons.map((value) => ({ name: 'reasons', value })),
      { name: 'measuredValue', value: typed.measuredValue },
      ...typed.scope.map((value) => ({ name: 'scope', value })),
      { name: 'consentVersionId', value: typed.consentVersionId },
      { name: 'note', value: typed.note },
      { name: 'seenEventId', value: typed.seenEventId },
      { name: 'submissionKey', value: typed.submissionKey },
      { name: 'confirmed', value: 'yes' },
    ],
  }
}
