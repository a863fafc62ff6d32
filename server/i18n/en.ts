/** Every sentence of the product, in English; the same keys as `ja.ts`, as the compiler checks. */

import { accesses } from './en/accesses.ts'
import { account } from './en/account.ts'
import { audit } from './en/audit.ts'
import { calendar } from './en/calendar.ts'
import { dashboard } from './en/dashboard.ts'
import { files } from './en/files.ts'
import { frame } from './en/frame.ts'
import { imports } from './en/imports.ts'
import { people } from './en/people.ts'
import { policy } from './en/policy.ts'
import { portfolio } from './en/portfolio.ts'
import { problems } from './en/problems.ts'
import { projection } from './en/projection.ts'
import { recruitment } from './en/recruitment.ts'
import { redactions } from './en/redactions.ts'
import { requestChecks } from './en/request-checks.ts'
import { requests } from './en/requests.ts'
import { reviews } from './en/reviews.ts'
import { settings } from './en/settings.ts'
import { sites } from './en/sites.ts'
import { subjects } from './en/subjects.ts'
import { timelines } from './en/timelines.ts'
import { trial } from './en/trial.ts'
import { trialEnd } from './en/trial-end.ts'

export const en = {
  ...frame,
  ...files,
  ...account,
  ...people,
  ...trial,
  ...trialEnd,
  ...policy,
  ...portfolio,
  ...sites,
  ...timelines,
  ...subjects,
  ...dashboard,
  ...calendar,
  ...projection,
  ...requests,
  ...requestChecks,
  ...reviews,
  ...recruitment,
  ...audit,
  ...accesses,
  ...redactions,
  ...problems,
  ...settings,
  ...imports,
}
