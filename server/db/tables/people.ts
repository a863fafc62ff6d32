/** People, what they may do, and how they are let in. */

export type PeopleTables = {
  person: PersonRow
  role_grant: RoleGrantRow
  access_link: AccessLinkRow
  second_factor: SecondFactorRow
  openid_identity: OpenIdIdentityRow
  sign_in_rule: SignInRuleRow
  sign_in_lock: SignInLockRow
  sign_in_note: SignInNoteRow
  session: SessionRow
  last_look: LastLookRow
}

export type PersonRow = {
  id: string
  username: string
  name_ja: string
  name_en: string
  /** Empty until the person has chosen a password. */
  password_hash: string
  created_at: string
  disabled_at: string | null
}

export type RoleGrantRow = {
  id: string
  person_id: string
  role: string
  trial_id: string | null
  site_id: string | null
  granted_at: string
  revoked_at: string | null
}

/** A link that lets somebody in once; of a set-up link nobody is known yet. */
export type AccessLinkRow = {
  id: string
  person_id: string | null
  kind: string
  token_hash: string
  issued_at: string
  expires_at: string
  used_at: string | null
  revoked_at: string | null
}

/** The secret is null where a second factor was removed; `recovery_hashes` is JSON: those that are left. */
export type SecondFactorRow = {
  id: string
  person_id: string
  secret: string | null
  set_up_at: string | null
  recovery_hashes: string
}

/** Who somebody is to an OpenID provider: the issuer's address, and the name that it never gives to anybody else. */
export type OpenIdIdentityRow = {
  id: string
  person_id: string
  issuer: string
  subject: string
  linked_at: string
  unlinked_at: string | null
}

export type SignInRuleRow = { id: string; trial_id: string; second_factor: string }

/** That an account or an address had to wait; of an account that does not exist no person is known. */
export type SignInLockRow = {
  id: string
  person_id: string | null
  lock_of: string
  address: string
  begun_at: string
  until: string
  failures: number
}

/** Failures that are counted, and when somebody was last here: no part of the audit trail. `content` is JSON. */
export type SignInNoteRow = { key: string; content: string; noted_at: string }

export type SessionRow = {
  id_hash: string
  person_id: string | null
  content: string
  created_at: string
  seen_at: string
}

/** How far a trial's chain went when a person was last there. */
export type LastLookRow = { person_id: string; trial_id: string; sequence: number; looked_at: string }
