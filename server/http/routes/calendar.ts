/** The calendar, its obligations and feeds. */
import { showCalendar } from '../calendar.ts'
import { entryChange, entryMet, entryVoid, newCondition, newMeeting } from '../calendar-entries.ts'
import { askRevocation, createFeed, revokeFeed } from '../calendar-feeds.ts'
import { reportSubmission } from '../report-submissions.ts'
import { get, post, type Route } from '../route.ts'

export const calendarRoutes: readonly Route[] = [
  get('/trials/:trial/calendar', 'see_counts', showCalendar),
  get('/trials/:trial/calendar/meetings/new', 'keep_calendar', newMeeting.open),
  post('/trials/:trial/calendar/meetings', 'keep_calendar', newMeeting.send, newMeeting.again),
  get('/trials/:trial/calendar/conditions/new', 'keep_calendar', newCondition.open),
  post('/trials/:trial/calendar/conditions', 'keep_calendar', newCondition.send, newCondition.again),
  get('/trials/:trial/calendar/entries/:entry', 'keep_calendar', entryChange.open),
  post('/trials/:trial/calendar/entries/:entry', 'keep_calendar', entryChange.send, entryChange.again),
  get('/trials/:trial/calendar/entries/:entry/met', 'keep_calendar', entryMet.open),
  post('/trials/:trial/calendar/entries/:entry/met', 'keep_calendar', entryMet.send, entryMet.again),
  get('/trials/:trial/calendar/entries/:entry/void', 'keep_calendar', entryVoid.open),
  post('/trials/:trial/calendar/entries/:entry/void', 'keep_calendar', entryVoid.send, entryVoid.again),
  get('/trials/:trial/calendar/reports/:scheme/:from', 'keep_calendar', reportSubmission.open),
  post('/trials/:trial/calendar/reports/:scheme/:from', 'keep_calendar', reportSubmission.send, reportSubmission.again),
  post('/trials/:trial/calendar/feeds', 'see_counts', createFeed, null),
  get('/trials/:trial/calendar/feeds/:feed/revocation', 'see_counts', askRevocation),
  post('/trials/:trial/calendar/feeds/:feed/revocation', 'see_counts', revokeFeed, null),
]
