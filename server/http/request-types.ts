/** What the middleware adds to a request, declared once. */
import type { Actor } from '../context.ts'
import type { Problem } from '../domain/parsed.ts'
import type { Trial } from '../domain/trial.ts'
import type { Words } from '../i18n/words.ts'

declare global {
  namespace Express {
    interface Request {
      words: Words
      actor: Actor | null
      /** The trials in which the person has a role. */
      trials: readonly Trial[]
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
    csrfToken?: string
    /** By the trial's identifier. */
    looks?: Readonly<Record<string, Look>>
  }
}
