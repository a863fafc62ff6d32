/** The tables as they are stored, and `Db`: the right to read them. */
import type { Kysely } from 'kysely'
import type { AuditTables } from './tables/audit.ts'
import type { CalendarTables } from './tables/calendar.ts'
import type { PeopleTables } from './tables/people.ts'
import type { RecruitmentTables } from './tables/recruitment.ts'
import type { RequestTables } from './tables/requests.ts'
import type { ReviewTables } from './tables/reviews.ts'
import type { SubjectTables } from './tables/subjects.ts'
import type { TrialTables } from './tables/trial.ts'

export type * from './tables/audit.ts'
export type * from './tables/calendar.ts'
export type * from './tables/people.ts'
export type * from './tables/recruitment.ts'
export type * from './tables/requests.ts'
export type * from './tables/reviews.ts'
export type * from './tables/subjects.ts'
export type * from './tables/trial.ts'

/** Read access. A `Write` can be read from too; nothing else can write. */
export type Db = Pick<Kysely<Tables>, 'selectFrom'>

export type Tables = PeopleTables &
  AuditTables &
  TrialTables &
  SubjectTables &
  RequestTables &
  ReviewTables &
  RecruitmentTables &
  CalendarTables

/** Tables whose every row has an audit entry behind it: written only through `Write.insert` and `Write.revise`. */
export const auditedTables = [
  'person',
  'role_grant',
  'trial',
  'trial_identifier',
  'trial_arm',
  'profile_fact',
  'trial_terms',
  'site',
  'site_status',
  'milestone',
  'consent_version',
  'subject',
  'subject_event',
  'change_request',
  'request_claim',
  'request_body',
  'request_decision',
  'request_inquiry',
  'request_condition',
  'request_attachment',
  'attestation',
  'exit_reason',
  'cap',
  'allocation',
  'import_batch',
  'import_header',
  'day_timeline',
  'review',
  'review_comment',
  'review_signature',
  'access_link',
  'second_factor',
  'openid_identity',
  'sign_in_rule',
  'sign_in_lock',
  'countermeasure',
  'eligibility_pool',
  'calendar_entry',
  'reporting_scheme',
  'periodic_report',
  'calendar_feed',
  'redaction',
  'trial_retention',
  'trial_lock',
] as const
export type AuditedTable = (typeof auditedTables)[number]
