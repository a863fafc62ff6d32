/** Tells a story through the actions: each thing is done by its person on its day, so that it has an audit trail. */
import type { Context } from '../server/context.ts'
import { type CalendarDate, calendarDate } from '../server/domain/calendar-date.ts'
import { isRefused, type Parsed } from '../server/domain/parsed.ts'

export type Story = {
  /** The context as it was on a day: its clock stands there, a little later with every look. */
  on(day: string): Context
}

export function story(context: Context): Story {
  let milliseconds = 0
  return {
    on: (day) => ({
      ...context,
      today: () => calendarDate(day),
      now: () => {
        milliseconds += 1
        return new Date(Date.parse(`${day}T01:00:00.000Z`) + milliseconds).toISOString()
      },
    }),
  }
}

/** What an action gave; a story has no refusals, so one is a mistake in the telling. */
export async function done<T>(outcome: Promise<Parsed<T>>): Promise<T> {
  const result = await outcome
  if (isRefused(result)) throw new Error(`the story was refused: ${JSON.stringify(result.problems)}`)
  return result.value
}

export const day = (text: string): CalendarDate => calendarDate(text)
