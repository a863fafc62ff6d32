/** What the middleware adds to a request, declared once. */
import type { Actor } from '../context.ts'
import type { LastTime } from '../db/sign-in-notes.ts'
import type { OpenIdSubject } from '../domain/openid.ts'
import type { Problem } from '../domain/parsed.ts'
import type { SignInWay } from '../domain/person.ts'
import type { TrialAtHand } from '../domain/trial-lock.ts'
import type { Words } from '../i18n/words.ts'
import type { OpenIdFlow } from '../openid/provider.ts'

declare global {
  namespace Express {
    interface Request {
      words: Words
      actor: Actor | null
      /** The trials in which the person has a role. */
      trials: readonly TrialAtHand[]
      /** Whether a trial of theirs asks for a second factor that they have not set up. */
      owesSecondFactor: boolean
      /** Whether a post carries the token of this session's own forms and comes from this site. */
      isOwnForm: boolean
      /** Why a file that was sent with a form could not be taken. */
      uploadProblem?: Problem
    }
  }
}

/** Where the person's visit before this session ended in a trial's audit trail, and how far this one has come, and when. */
export type Look = { since: number | null; at: string | null; seen: number | null; keptAt: string | null }

declare module 'express-session' {
  interface SessionData {
    personId?: string
    /** Who was right by password or provider, and whose code is still to come: nobody is signed in yet. */
    half?: { personId: string; returnTo: string; since: string; way: SignInWay }
    /** How the person came in. */
    way?: SignInWay
    /** Who is on the way to the OpenID provider, and what for; heard once, when they are back. */
    openIdFlow?: OpenIdFlow & { returnTo: string; purpose: 'sign_in' | 'link'; since: string }
    /** Who the person is to the OpenID provider, while it is being linked. */
    openIdFound?: OpenIdSubject & { name: string; since: string }
    /** Where it began, for the person's own list of their sessions. */
    address?: string
    agent?: string
    /** The code of a second factor was asked for, and right. */
    secondFactor?: 'passed'
    /** The secret of a second factor that is being set up. */
    newSecret?: string
    /** What the first page after signing in says of the time before. */
    lastTime?: LastTime
    csrfToken?: string
    /** By the trial's identifier. */
    looks?: Readonly<Record<string, Look>>
  }
}
