/** Every sentence of the product, in Japanese. `[[...]]` must not be broken over lines, `**...**` is strong, `//` breaks. */

import { accesses } from './ja/accesses.ts'
import { account } from './ja/account.ts'
import { audit } from './ja/audit.ts'
import { calendar } from './ja/calendar.ts'
import { dashboard } from './ja/dashboard.ts'
import { files } from './ja/files.ts'
import { frame } from './ja/frame.ts'
import { imports } from './ja/imports.ts'
import { people } from './ja/people.ts'
import { policy } from './ja/policy.ts'
import { portfolio } from './ja/portfolio.ts'
import { problems } from './ja/problems.ts'
import { projection } from './ja/projection.ts'
import { recruitment } from './ja/recruitment.ts'
import { redactions } from './ja/redactions.ts'
import { requestChecks } from './ja/request-checks.ts'
import { requests } from './ja/requests.ts'
import { reviews } from './ja/reviews.ts'
import { settings } from './ja/settings.ts'
import { sites } from './ja/sites.ts'
import { subjects } from './ja/subjects.ts'
import { timelines } from './ja/timelines.ts'
import { trial } from './ja/trial.ts'
import { trialEnd } from './ja/trial-end.ts'

export const ja = {
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
