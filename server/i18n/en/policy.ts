/** The authorization table as a document. */
import type { policy as ja } from '../ja/policy.ts'
import type { SameWords } from '../same-words.ts'

export const policy: SameWords<typeof ja> = {
  policy: {
    title: 'Authorization table',
    intro:
      'Of Toroku {version}: {routes} addresses, {acts} acts, {roles} roles. Made from the very tables that the application asks; nothing of it is written by hand.',
    and: '; ',
    roles_title: 'Roles',
    acts_title: 'Acts and roles',
    acts_note: '{yes}: the role has the act. A role of a site has it at that site only.',
    routes_title: 'Addresses and acts',
    routes_note:
      '“Read” changes no data. “Send” is a form; whatever it changes leaves an audit entry. An address that is not listed does not exist. A trial in which somebody has no role, and a subject of a site that is not theirs, is answered as one that does not exist (404).',
    col_role: 'Role',
    col_reach: 'Held for',
    col_acts: 'May',
    col_act: 'Act',
    col_method: 'Kind',
    col_path: 'Address',
    col_who: 'Who',
  },
  policy_method: { get: 'Read', post: 'Send' },
  act: {
    see_counts: 'see counts, projections, reviews and requests (no subject’s row)',
    see_subjects: 'see subjects’ rows',
    log_subjects: 'record and correct subjects',
    see_allocation: 'see allocated arms',
    record_allocation: 'record an allocated arm',
    void_subjects: 'void an entry made by mistake',
    override_period: 'allow a registration outside its period, with a reason',
    plan_recruitment: 'record candidate pools and recruitment measures',
    sign_reviews: 'prepare and sign periodic reviews',
    write_requests: 'write and submit change requests, answer inquiries',
    revoke_guest_links: 'revoke guest links to change requests',
    judge_requests: 'inquire about change requests and decide on them',
    keep_calendar: 'record meetings, conditions and reports',
    see_audit: 'see the audit trail',
    ask_redaction: 'ask that a text typed by mistake be taken out for good',
    confirm_redaction: 'confirm a redaction that another person asked for',
    configure_trial: 'configure terms, sites and the pathway',
    lock_trial: 'lock the trial, unlock what somebody else locked',
    manage_people: 'manage accounts and roles',
    signed_in: 'everybody who is signed in',
    anyone: 'anyone, signed in or not',
  },
}
