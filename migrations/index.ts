/** Every migration, in order: a static map, so that what runs is what was compiled. */
import type { Migration } from 'kysely'
import * as house from './0001-house.ts'
import * as attestation from './0002-attestation.ts'
import * as corrections from './0003-corrections.ts'
import * as log from './0004-log.ts'
import * as reviews from './0005-reviews.ts'
import * as recruitment from './0006-recruitment.ts'
import * as calendar from './0007-calendar.ts'
import * as dashboard from './0008-dashboard.ts'
import * as requests from './0009-requests.ts'
import * as people from './0010-people.ts'
import * as auditPlaces from './0012-audit-places.ts'
import * as guests from './0013-guests.ts'
import * as conditions from './0014-conditions.ts'
import * as openid from './0015-openid.ts'
import * as redaction from './0016-redaction.ts'
import * as endOfTrial from './0017-end-of-trial.ts'
import * as trialPlaces from './0018-trial-places.ts'
import * as standing from './0019-standing.ts'

export const migrations: Record<string, Migration> = {
  '0001-house': house,
  '0002-attestation': attestation,
  '0003-corrections': corrections,
  '0004-log': log,
  '0005-reviews': reviews,
  '0006-recruitment': recruitment,
  '0007-calendar': calendar,
  '0008-dashboard': dashboard,
  '0009-requests': requests,
  '0010-people': people,
  '0012-audit-places': auditPlaces,
  '0013-guests': guests,
  '0014-conditions': conditions,
  '0015-openid': openid,
  '0016-redaction': redaction,
  '0017-end-of-trial': endOfTrial,
  '0018-trial-places': trialPlaces,
  '0019-standing': standing,
}
