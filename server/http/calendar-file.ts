/** A calendar as programs fetch it: iCalendar (RFC 5545), whole days, in the order of their days. */
import ical, { ICalCalendarMethod, ICalEventTransparency } from 'ical-generator'
import type { CalendarEvent } from '../pages/calendar-events.ts'

/** Programs ask again after so many hours. */
const refreshHours = 6

/**
 * Lines end with CR LF and are folded at 75 octets. Each event has an identifier of its own that stays the same, a day
 * without a time, and hides nobody's free hours.
 */
export function calendarFile(name: string, events: readonly CalendarEvent[], now: string): string {
  const calendar = ical({
    name,
    prodId: { company: 'Toroku', product: 'Calendar' },
    method: ICalCalendarMethod.PUBLISH,
    ttl: refreshHours * 3600,
  })
  for (const { uid, on, summary, description, url } of events) {
    calendar.createEvent({
      id: uid,
      // A day of its own: midnight of no time zone, written without an hour.
      start: new Date(`${on}T00:00:00.000Z`),
      allDay: true,
      stamp: new Date(now),
      summary,
      description,
      url,
      transparency: ICalEventTransparency.TRANSPARENT,
    })
  }
  return `${calendar.toString()}\r\n`
}
