/** From here on a session is somebody's: under a new identifier, whatever it was before. */
import { promisify } from 'node:util'
import type { Request } from 'express'
import type { LastTime } from '../db/sign-in-notes.ts'
import type { SignInWay } from '../domain/person.ts'
import { isWritable } from './forms.ts'

/** Where a request comes from, as the person's own list of sessions names it. */
export function placeOf(request: Request): { address: string; agent: string } {
  const agent = (request.headers['user-agent'] ?? '').slice(0, 300)
  return { address: request.ip ?? '', agent: isWritable(agent) ? agent : '' }
}

export async function beginSignedIn(
  request: Request,
  who: { personId: string; secondFactor: 'passed' | 'none'; lastTime: LastTime | null; way: SignInWay },
): Promise<void> {
  // A new identifier: one that somebody planted before is worth nothing after.
  await promisify(request.session.regenerate.bind(request.session))()
  Object.assign(request.session, { personId: who.personId, way: who.way, ...placeOf(request) })
  if (who.secondFactor === 'passed') request.session.secondFactor = 'passed'
  if (who.lastTime !== null) request.session.lastTime = who.lastTime
  await keepSessionNow(request)
}

/** Kept before the answer begins: a browser may follow it sooner than it ends. */
export async function keepSessionNow(request: Request): Promise<void> {
  await promisify(request.session.save.bind(request.session))()
}
