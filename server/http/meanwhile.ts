/**
 * How a refused record is answered. Two people at one subject meet on the 409 page: what the other one wrote is said, what
 * this one typed is still there, and sent again it says that it has seen the other's.
 */
import { newestEvent } from '../domain/next-event.ts'
import type { Problem } from '../domain/parsed.ts'
import type { SubjectEvent } from '../domain/subject.ts'

export function refusedAs<Typed extends { seenEventId: string }>(
  events: readonly SubjectEvent[],
  typed: Typed,
  problems: readonly Problem[],
): { typed: Typed; status: 409 | 422 } {
  if (!problems.some(({ code }) => code === 'changed_meanwhile')) return { typed, status: 422 }
  return { typed: { ...typed, seenEventId: newestEvent(events)?.id ?? '' }, status: 409 }
}
