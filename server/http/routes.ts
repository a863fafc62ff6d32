/**
 * Every URL of the application with who may use it. `access` is the policy row: an act of the role table for pages of
 * a trial, the act of the administrator, `signed_in`, or `anyone`. What is not listed here does not exist.
 */
import type { Route } from './route.ts'
import { accountRoutes } from './routes/account.ts'
import { calendarRoutes } from './routes/calendar.ts'
import { peopleRoutes } from './routes/people.ts'
import { recruitmentRoutes } from './routes/recruitment.ts'
import { redactionsRoutes } from './routes/redactions.ts'
import { requestsRoutes } from './routes/requests.ts'
import { reviewsRoutes } from './routes/reviews.ts'
import { sessionRoutes } from './routes/session.ts'
import { settingsRoutes } from './routes/settings.ts'
import { subjectsRoutes } from './routes/subjects.ts'
import { trialRoutes } from './routes/trial.ts'

/** In this order an address is compared with them: the pages that are opened all day stand first. */
export const routes: readonly Route[] = [
  ...trialRoutes,
  ...subjectsRoutes,
  ...sessionRoutes,
  ...accountRoutes,
  ...peopleRoutes,
  ...redactionsRoutes,
  ...reviewsRoutes,
  ...requestsRoutes,
  ...recruitmentRoutes,
  ...calendarRoutes,
  ...settingsRoutes,
]
