/**
 * Who may do what: one table, role by act, reviewed as a document.
 * A role is held for one trial, and for one site of it where the role says so.
 */

export const roles = [
  'coordinator',
  'investigator',
  'data_manager',
  'principal_investigator',
  'unblinded_statistician',
  'committee',
  'auditor',
  'administrator',
] as const
export type Role = (typeof roles)[number]

/** How far a role reaches: one site of a trial, a whole trial, or the installation without any trial's data. */
export const reachOf: Record<Role, 'site' | 'trial' | 'system'> = {
  coordinator: 'site',
  investigator: 'site',
  data_manager: 'trial',
  principal_investigator: 'trial',
  unblinded_statistician: 'trial',
  committee: 'trial',
  auditor: 'trial',
  administrator: 'system',
}

export const acts = [
  /** Counts of the trial and of its sites, terms, projections: never a subject's row. */
  'see_counts',
  /** Rows of single subjects, of the sites within reach. */
  'see_subjects',
  /** Screenings, outcomes, registrations, treatments: at the sites within reach. */
  'log_subjects',
  /** Which arm a subject was allocated to. */
  'see_allocation',
  /** To write that arm down, once and for all. */
  'record_allocation',
  /** To say that an entry was a mistake and counts nowhere. */
  'void_subjects',
  /** To let a registration happen outside its period, with a reason. */
  'override_period',
  /** Candidate pools and measures for recruitment: to write them down. */
  'plan_recruitment',
  /** To prepare a periodic review, and to sign it. */
  'sign_reviews',
  /** Change requests: to write them, to submit and to withdraw them, to answer inquiries. */
  'write_requests',
  /** To end a guest's link to a request. */
  'revoke_guest_links',
  /** To put inquiries about a change request, and to decide on it. */
  'judge_requests',
  /** Dates of committees, their conditions, reports handed in: to write them into the calendar. */
  'keep_calendar',
  /** The audit trail of the trial. */
  'see_audit',
  /** To ask that a text typed by mistake be taken out for good. */
  'ask_redaction',
  /** To confirm that, as another person than who asked. */
  'confirm_redaction',
  /** The trial's terms, sites, pathway and people's roles. */
  'configure_trial',
  /** To lock the trial at its end, so that nothing of it is changed; to unlock what somebody else locked. */
  'lock_trial',
  /** Accounts, and roles in any trial. */
  'manage_people',
] as const
export type Act = (typeof acts)[number]

const table: Record<Role, readonly Act[]> = {
  coordinator: ['see_counts', 'see_subjects', 'log_subjects'],
  investigator: ['see_counts', 'see_subjects', 'log_subjects'],
  data_manager: [
    'see_counts',
    'see_subjects',
    'log_subjects',
    'void_subjects',
    'plan_recruitment',
    'write_requests',
    'revoke_guest_links',
    'keep_calendar',
    'see_audit',
    'ask_redaction',
    'confirm_redaction',
    'configure_trial',
    'lock_trial',
  ],
  principal_investigator: [
    'see_counts',
    'see_subjects',
    'override_period',
    'plan_recruitment',
    'sign_reviews',
    'write_requests',
    'revoke_guest_links',
    'keep_calendar',
    'see_audit',
    'ask_redaction',
    'confirm_redaction',
    'lock_trial',
  ],
  unblinded_statistician: ['see_counts', 'see_subjects', 'see_allocation', 'record_allocation'],
  committee: ['see_counts', 'judge_requests'],
  auditor: ['see_counts', 'see_subjects', 'see_audit'],
  administrator: ['manage_people'],
}

/**
 * What a trial that is locked still allows: reading, unlocking, taking out what should never have been typed, and taking
 * back what somebody outside may read.
 */
const underLock: readonly Act[] = [
  'see_counts',
  'see_subjects',
  'see_allocation',
  'see_audit',
  'revoke_guest_links',
  'ask_redaction',
  'confirm_redaction',
  'lock_trial',
]

/**
 * One role given to one person: `siteId` is set for roles of a site, `trialId` is null only for the administrator. In a
 * trial that is locked, a role gives the right to read.
 */
export type Grant = { role: Role; trialId: string | null; siteId: string | null; reads?: 'only' }

export function roleMay(role: Role, act: Act): boolean {
  return table[role].includes(act)
}

function gives({ role, reads }: Grant, act: Act): boolean {
  return roleMay(role, act) && (reads !== 'only' || underLock.includes(act))
}

/** Whether any of the grants allows the act somewhere in the trial; which sites, `sitesWithin` tells. */
export function mayIn(grants: readonly Grant[], act: Act, trialId: string): boolean {
  return grants.some((grant) => grant.trialId === trialId && gives(grant, act))
}

/** Whether it is the lock of the trial that stands against the act, which the role would give otherwise. */
export function isLockedOut(grants: readonly Grant[], act: Act, trialId: string): boolean {
  const held = grants.filter((grant) => grant.trialId === trialId)
  return !mayIn(held, act, trialId) && held.some(({ role }) => roleMay(role, act))
}

/** Acts that belong to no trial: a page of theirs names none. */
export type SystemAct = 'manage_people'
export type TrialAct = Exclude<Act, SystemAct>

/** Whether a role of the installation allows the act. */
export function mayInSystem(grants: readonly Grant[], act: SystemAct): boolean {
  return grants.some((grant) => grant.trialId === null && roleMay(grant.role, act))
}

/**
 * The sites of a trial at which the grants allow the act: `every` for a role of the whole trial,
 * otherwise the listed sites; an empty list means none.
 */
export function sitesWithin(grants: readonly Grant[], act: Act, trialId: string): 'every' | readonly string[] {
  const allowing = grants.filter((grant) => grant.trialId === trialId && gives(grant, act))
  if (allowing.some((grant) => reachOf[grant.role] === 'trial')) return 'every'
  return [...new Set(allowing.flatMap((grant) => (grant.siteId === null ? [] : [grant.siteId])))]
}

/** Whether a site lies within a reach given by `sitesWithin`. */
export function reaches(sites: 'every' | readonly string[], siteId: string): boolean {
  return sites === 'every' || sites.includes(siteId)
}

/** The role a person acts in at a trial, for the header and the audit trail: the widest one they hold there. */
export function roleIn(grants: readonly Grant[], trialId: string | null): Role | null {
  const here = grants.filter((grant) => grant.trialId === trialId || grant.trialId === null).map((grant) => grant.role)
  const widestFirst: readonly Role[] = [
    'principal_investigator',
    'data_manager',
    'investigator',
    'coordinator',
    'unblinded_statistician',
    'auditor',
    'committee',
    'administrator',
  ]
  return widestFirst.find((role) => here.includes(role)) ?? null
}
