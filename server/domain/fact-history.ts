/** A profile fact and the versions that it replaced. */
import type { ProfileFact } from './trial.ts'

export type FactVersion = {
  id: string
  fact: ProfileFact
  /** The version whose place it took. */
  replacesId: string | null
  /** When it was itself replaced or withdrawn; null while it holds. */
  replacedAt: string | null
}

export type FactWithHistory = { fact: ProfileFact; earlier: readonly FactVersion[] }

/** The facts that hold, in their order, each with its earlier versions, the latest first: c replaced b, b replaced a. */
export function factHistories(versions: readonly FactVersion[]): FactWithHistory[] {
  const byId = new Map(versions.map((version) => [version.id, version]))
  const before = ({ replacesId }: FactVersion): FactVersion[] => {
    const earlier = replacesId === null ? undefined : byId.get(replacesId)
    return earlier === undefined ? [] : [earlier, ...before(earlier)]
  }
  return versions
    .filter(({ replacedAt }) => replacedAt === null)
    .map((version) => ({ fact: version.fact, earlier: before(version) }))
}
