/** What an administrator may do to an account, and when: a table instead of a condition at every button. */

export const personSteps = [
  'invitation',
  'first_password',
  'reset',
  'link_end',
  'second_factor_end',
  'openid_end',
  'end',
  'reopening',
] as const
export type PersonStep = (typeof personSteps)[number]

export type Standing = {
  isEnded: boolean
  hasPassword: boolean
  hasLink: boolean
  hasSecondFactor: boolean
  hasOpenId: boolean
}

const openWhen: Record<PersonStep, (standing: Standing) => boolean> = {
  /** The invitation once more: the first link was lost, or is too old. */
  invitation: ({ isEnded, hasPassword, hasOpenId }) => !isEnded && !hasPassword && !hasOpenId,
  /** A password beside the other way in. */
  first_password: ({ isEnded, hasPassword, hasOpenId }) => !isEnded && !hasPassword && hasOpenId,
  /** A link for a forgotten password. */
  reset: ({ isEnded, hasPassword }) => !isEnded && hasPassword,
  link_end: ({ isEnded, hasLink }) => !isEnded && hasLink,
  /** The telephone is lost, and the recovery codes with it. */
  second_factor_end: ({ isEnded, hasSecondFactor }) => !isEnded && hasSecondFactor,
  /** The identity is another person's, or belongs to another account of theirs. */
  openid_end: ({ isEnded, hasOpenId }) => !isEnded && hasOpenId,
  end: ({ isEnded }) => !isEnded,
  reopening: ({ isEnded }) => isEnded,
}

export function isStepOpen(step: PersonStep, standing: Standing): boolean {
  return openWhen[step](standing)
}
