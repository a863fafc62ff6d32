/** A URL of the application: its method, who may use it, and what answers. */
import type { Problem } from '../domain/parsed.ts'
import type { SystemAct, TrialAct } from '../domain/permission.ts'
import type { Reply, SignedInVisit, TrialVisit, Visit } from './visit.ts'

type Handler<V> = (visit: V) => Promise<Reply>
/** The form once more with everything that was typed, for a post that was not accepted. */
type ShowAgain<V> = (visit: V, problems: readonly Problem[]) => Promise<Reply>

type Rule<A, V> = { access: A; path: string } & (
  | { method: 'get'; handler: Handler<V> }
  | { method: 'post'; handler: Handler<V>; again: ShowAgain<V> | null }
)
export type Route = Rule<'anyone', Visit> | Rule<'signed_in' | SystemAct, SignedInVisit> | Rule<TrialAct, TrialVisit>

type VisitOf<A extends Route['access']> = A extends 'anyone' ? Visit : A extends TrialAct ? TrialVisit : SignedInVisit

/** A page or a file. */
export function get<A extends Route['access']>(path: string, access: A, handler: Handler<VisitOf<A>>): Route {
  return { method: 'get', path, access, handler } as Route
}

/** A change; `again` shows its form once more with what was typed, or is null where there is no form to show. */
export function post<A extends Route['access']>(
  path: string,
  access: A,
  handler: Handler<VisitOf<A>>,
  again: ShowAgain<VisitOf<A>> | null,
): Route {
  return { method: 'post', path, access, handler, again } as Route
}
