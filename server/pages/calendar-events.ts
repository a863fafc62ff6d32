/** A trial's dates as events of a calendar outside: its code, what is due, where it stands. Never anything of a subject. */
import type { CalendarDate } from '../domain/calendar-date.ts'
import { type Obligation, obligationState } from '../domain/obligation.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { anchorOf, hrefOf, noteInWords, whatInWords } from './obligations-list.ts'

export type CalendarEvent = {
  /** Stays the same as long as the thing itself does. */
  uid: string
  on: CalendarDate
  summary: string
  description: string
  url: string
}

/** `origin` is where the product answers: `https://toroku.example`. */
export function calendarEvents(
  trial: Trial,
  obligations: readonly Obligation[],
  today: CalendarDate,
  origin: string,
  words: Words,
): CalendarEvent[] {
  return obligations.map((one) => {
    const state = obligationState(one, today)
    const what = whatInWords(one, words)
    const isPlain = state === 'upcoming' || state === 'due_soon'
    return {
      uid: `${anchorOf(one)}.${trial.id}@toroku`,
      on: one.dueOn,
      summary: words.t('feed.summary', {
        code: trial.code,
        what: isPlain ? what : words.t('feed.with_state', { state: words.of('obligation_state', state), what }),
      }),
      description: [words.pick(trial.name), noteInWords(one, words) ?? ''].filter((line) => line !== '').join('\n'),
      url: `${origin}${isOfRequest(one) ? hrefOf(trial, one) : `/trials/${trial.code}/calendar`}`,
    }
  })
}

/** A condition of a change request is met there, not in the calendar. */
function isOfRequest(one: Obligation): boolean {
  return one.kind === 'condition' && one.request !== null
}
