/** What an OpenID provider says of somebody, and what of it counts here. */
import { longestName } from './person.ts'

/** A sign-in at the provider is finished within so many minutes. */
export const openIdMinutes = 10

/** Issuer and subject together are one person, for good; name and address of mail may be anybody's tomorrow. */
export type OpenIdSubject = { issuer: string; subject: string }

export type OpenIdIdentity = OpenIdSubject & {
  /** As the provider has it, cleaned; empty where it says none. */
  name: string
  /** Whether the provider has asked for a second factor at this sign-in. */
  secondFactor: 'passed' | 'none'
}

/** Why the provider's answer signs nobody in: refused there, not proven, or no answer at all. */
export type OpenIdFailure = 'denied' | 'unproven' | 'unavailable'

/** A name out of claims: one line without characters that nobody sees, 100 characters at most. `' a\u202e\tb '` is `a b`. */
export function cleanName(claim: unknown): string {
  if (typeof claim !== 'string') return ''
  const visible = claim.normalize('NFC').replace(/\s+/gu, ' ').replace(/\p{C}/gu, '').replace(/ +/g, ' ').trim()
  return [...visible].slice(0, longestName).join('').trim()
}

/** The first name among the claims: the full one, else the one they go by there. */
export function nameFromClaims(claims: Readonly<Record<string, unknown>>): string {
  return [claims.name, claims.preferred_username].map(cleanName).find((name) => name !== '') ?? ''
}

/** RFC 8176: several factors, a one-time password, a hardware key. */
const provingMethods = ['mfa', 'otp', 'hwk']
/** REFEDS' multi-factor profile; OpenID's phishing-resistant classes. */
const provingClasses = ['https://refeds.org/profile/mfa', 'phr', 'phrh']

/** Whether a second factor was asked for, by the methods (`amr`) and the class (`acr`) of the sign-in. */
export function secondFactorOf({ amr, acr }: Readonly<Record<string, unknown>>): 'passed' | 'none' {
  const isProven =
    (Array.isArray(amr) && amr.some((method) => provingMethods.includes(method))) ||
    (typeof acr === 'string' && provingClasses.includes(acr))
  return isProven ? 'passed' : 'none'
}
