/** Deadlines that somebody asks for and no version of the terms has yet: of a request, and of the scenarios. */
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { ChangeRequest } from '../domain/claim.ts'
import type { WhatIf } from '../domain/projection/what-if.ts'
import type { Words } from '../i18n/words.ts'
import { type ScenarioName, scenarioNames } from './projection-fields.ts'

/** The last day of registration that is asked for, with its whole and its short name. */
export type AskedDeadline = { until: CalendarDate; name: string; shortName: string }

/**
 * In the order of their days, each day once with the names of all who ask for it. The request asks for 2031-07-18 and
 * so does scenario A, B for 2033-07-18: "requested, scenario A" and "scenario B".
 */
export function askedDeadlines(
  request: Pick<ChangeRequest, 'registrationUntil'> | null,
  scenarios: Record<ScenarioName, WhatIf>,
  words: Words,
): AskedDeadline[] {
  const asked = [
    ...(request === null
      ? []
      : [{ until: request.registrationUntil, name: words.t('chart.asked'), shortName: words.t('chart.asked_short') }]),
    ...scenarioNames.flatMap((name) => {
      const { until } = scenarios[name]
      return until === null ? [] : [{ until, name: words.t('chart.asked_by', { name }), shortName: name }]
    }),
  ]
  const days = [...new Set(asked.map(({ until }) => until))].sort()
  return days.map((until) => {
    const same = asked.filter((each) => each.until === until)
    const together = (names: string[]) => names.join(words.t('format.and'))
    return {
      until,
      name: together(same.map(({ name }) => name)),
      shortName: together(same.map(({ shortName }) => shortName)),
    }
  })
}
