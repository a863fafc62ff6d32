/** What a change makes of the reasons for exits: each exit has its own list, and a code means one thing for ever. */
import type { ExitReason } from './exit-reason.ts'
import type { Problem } from './parsed.ts'
import { changedList, moved, type Setting, type SettingChange } from './setting-change.ts'

export type ReasonsChange =
  | SettingChange<ExitReason>
  /** Several at once, as a trial begins: those whose codes it has already are left out. */
  | { do: 'addAll'; to: readonly ExitReason[] }

const isTheSame = (a: ExitReason, b: ExitReason) => a.exit === b.exit && a.code === b.code

/** `every`: all that the trial ever had, in use or not. */
export function reasonsAfter(
  settings: readonly Setting<ExitReason>[],
  every: readonly ExitReason[],
  change: ReasonsChange,
): { list: ExitReason[] } | { problems: Problem[] } {
  const now = settings.map(({ value }) => value)
  if (change.do === 'addAll') {
    const fresh = change.to.filter((reason) => !every.some((known) => isTheSame(known, reason)))
    return { list: [...now, ...fresh] }
  }
  if (change.do === 'add' && every.some((known) => isTheSame(known, change.to))) {
    return { problems: [{ field: 'code', code: 'code_taken', values: { taken: change.to.code } }] }
  }
  const next = changedList(settings, change)
  if ('problems' in next || change.do !== 'move' || next.was === null) return next
  // Up and down are meant within the exit's own list.
  const { was } = next
  const own = moved(
    now.filter(({ exit }) => exit === was.exit),
    was,
    change.direction,
  )
  return { list: now.map((reason) => (reason.exit === was.exit ? (own.shift() ?? reason) : reason)) }
}
