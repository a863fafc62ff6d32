/**
 * The authorization table as a value: every address with its act, every act with the roles that have it. Made from the
 * routes and the role table that the application itself asks, so that the document and the doors cannot differ.
 */
import { type Act, acts, type Role, reachOf, roleMay, roles } from './permission.ts'

/** What an address asks for: an act of the role table, that somebody is signed in, or nothing. */
export type Access = Act | 'signed_in' | 'anyone'

export type PolicyRoute = { method: 'get' | 'post'; path: string; access: Access }

export type Policy = {
  roles: { role: Role; reach: (typeof reachOf)[Role]; acts: Act[] }[]
  acts: { act: Act; roles: Role[] }[]
  /** As the routes are listed; `roles` is null where everybody, or everybody signed in, may. */
  routes: (PolicyRoute & { roles: Role[] | null })[]
}

export function policyOf(routes: readonly PolicyRoute[]): Policy {
  return {
    roles: roles.map((role) => ({ role, reach: reachOf[role], acts: acts.filter((act) => roleMay(role, act)) })),
    acts: acts.map((act) => ({ act, roles: rolesThatMay(act) })),
    routes: routes.map(({ method, path, access }) => ({
      method,
      path,
      access,
      roles: access === 'signed_in' || access === 'anyone' ? null : rolesThatMay(access),
    })),
  }
}

function rolesThatMay(act: Act): Role[] {
  return roles.filter((role) => roleMay(role, act))
}
