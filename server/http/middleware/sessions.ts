/** Sessions kept in the product's own database; the cookie is for TLS only where TLS is in front. */
import type { RequestHandler } from 'express'
import session, { type SessionData } from 'express-session'
import type { Context } from '../../context.ts'
import {
  absoluteHours,
  endSession,
  findSession,
  forgetOldSessions,
  keepSession,
  touchSession,
} from '../../db/sessions.ts'
import { forgetOldFailures } from '../../db/sign-in-notes.ts'

class DatabaseStore extends session.Store {
  readonly #context: Context
  /** When each session of the current requests was last noted: spares a second look before touching it. */
  readonly #seenAt = new Map<string, string>()

  constructor(context: Context) {
    super()
    this.#context = context
  }

  override get(id: string, done: (error: unknown, session?: SessionData | null) => void): void {
    findSession(this.#context.db, id, this.#context.now()).then((found) => {
      if (found === null) return done(null, null)
      this.#seenAt.set(id, found.seenAt)
      done(null, JSON.parse(found.content))
    }, done)
  }

  override set(id: string, data: SessionData, done?: (error?: unknown) => void): void {
    const kept = { personId: data.personId ?? null, content: JSON.stringify(data) }
    keepSession(this.#context.db, id, kept, this.#context.now()).then(() => done?.(), done)
  }

  override touch(id: string, _data: SessionData, done?: (error?: unknown) => void): void {
    const seenAt = this.#seenAt.get(id)
    this.#seenAt.delete(id)
    const now = this.#context.now()
    touchSession(this.#context.db, id, seenAt ?? now, now).then(() => done?.(), done)
  }

  override destroy(id: string, done?: (error?: unknown) => void): void {
    endSession(this.#context.db, id).then(() => done?.(), done)
  }
}

const pruneMinutes = 10

export function sessions(context: Context): RequestHandler {
  const { config, db } = context
  const secure = config.tls === 'proxy'
  const forget = () => Promise.all([forgetOldSessions(db, context.now()), forgetOldFailures(db, context.now())])
  const prune = setInterval(() => void forget().catch(() => {}), pruneMinutes * 60_000)
  prune.unref()
  return session({
    name: secure ? '__Host-session' : 'session',
    secret: config.sessionSecret,
    store: new DatabaseStore(context),
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure, path: '/', maxAge: absoluteHours * 3_600_000 },
  })
}
