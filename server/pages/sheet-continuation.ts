/**
 * What does not fit on the one page of the feasibility sheet: of many claims the later ones, with what the record says to
 * them, go on a second page, and the first says so. Everything else stays where it is.
 */

/** So many rows of claims, and of claims against the record, leave room for all the rest of the page. */
const mostRows = 7
/** Of more, so many of either stay on the first page: what somebody typed is named at length. */
const claimsStaying = 2
const groupsStaying = 2

export type SheetParts<Group, Claim> = {
  first: { groups: Group[]; claims: Claim[] }
  /** Null where one page holds them all. */
  further: { groups: Group[]; claims: Claim[] } | null
}

/** 4 claims of which 2 are about sites, and the trial as a whole: 7 rows, on one page. With one more, 2 and 2 stay. */
export function onSheets<Group, Claim>(groups: readonly Group[], claims: readonly Claim[]): SheetParts<Group, Claim> {
  if (groups.length + claims.length <= mostRows)
    return { first: { groups: [...groups], claims: [...claims] }, further: null }
  return {
    first: { groups: groups.slice(0, groupsStaying), claims: claims.slice(0, claimsStaying) },
    further: { groups: groups.slice(groupsStaying), claims: claims.slice(claimsStaying) },
  }
}
