/** The screening form on a page of its own: where a refused form is shown again, with everything that was typed. */
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Problem } from '../domain/parsed.ts'
import type { ConsentVersion } from '../domain/screening.ts'
import type { Site } from '../domain/site.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'
import { type Page, titleOf } from './page.ts'
import { type ScreeningForm, type ScreeningTyped, screeningForm } from './screening-form.ts'

export type ScreeningFormPage = Page & { heading: string; button: string; form: ScreeningForm; back: string }

export function screeningFormPage(
  input: {
    trial: Trial
    typed: ScreeningTyped
    problems: readonly Problem[]
    sites: readonly Site[]
    versions: readonly ConsentVersion[]
    follows: string | null
    today: CalendarDate
  },
  words: Words,
): ScreeningFormPage {
  const { opening, earlierAttemptId } = input.typed
  const isCandidate = opening === 'prescreening'
  const title = isCandidate ? 'screening.candidate_title' : 'screening.title'
  const query = new URLSearchParams()
  if (isCandidate) query.set('opening', opening)
  if (earlierAttemptId !== '') query.set('follows', earlierAttemptId)
  return {
    template: 'subjects/new',
    title: titleOf(title, words, input.problems.length > 0),
    place: 'subjects',
    hasDates: true,
    address: `/trials/${input.trial.code}/subjects/new${query.size === 0 ? '' : `?${query}`}`,
    heading: words.t(title),
    button: words.t(isCandidate ? 'screening.record_candidate' : 'screening.record'),
    form: screeningForm(input.trial, input, words),
    back: `/trials/${input.trial.code}/subjects`,
  }
}
