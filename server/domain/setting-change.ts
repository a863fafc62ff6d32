/**
 * What people do to a list of settings: they add an entry, change one, take one out of use, or move it. Nothing is
 * deleted; whoever changes an entry sends along what they saw, so that two at once meet instead of overwriting.
 */
import type { Problem } from './parsed.ts'

export type Direction = 'up' | 'down'

/** One setting as it is kept: `seen` is a digest that changes with anything in it. */
export type Setting<T> = { id: string; seen: string; value: T }

export type SettingChange<T> =
  | { do: 'add'; to: T }
  | { do: 'change'; id: string; seen: string; to: T; reason: string | null }
  | { do: 'retire'; id: string; seen: string }
  | { do: 'move'; id: string; seen: string; direction: Direction }

/** The setting that a change speaks of; or that it is gone, or was changed since the person looked. */
export function settingSeen<S extends Setting<unknown>>(
  settings: readonly S[],
  { id, seen }: { id: string; seen: string },
): { setting: S } | { problems: Problem[] } {
  const setting = settings.find((one) => one.id === id)
  if (setting === undefined) return { problems: [{ field: '', code: 'setting_gone' }] }
  if (setting.seen !== seen) return { problems: [{ field: '', code: 'setting_changed_meanwhile' }] }
  return { setting }
}

/** The list with one entry a place further up or down: `[a, b, c]`, b up -> `[b, a, c]`; at the end, as it was. */
export function moved<T>(list: readonly T[], entry: T, direction: Direction): T[] {
  const from = list.indexOf(entry)
  const to = from + (direction === 'up' ? -1 : 1)
  if (from < 0 || to < 0 || to >= list.length) return [...list]
  return list.toSpliced(from, 1).toSpliced(to, 0, entry)
}

/** The list after a change: entries are kept in order, and a new one stands last. */
export function changedList<T>(
  settings: readonly Setting<T>[],
  change: SettingChange<T>,
): { list: T[]; was: T | null } | { problems: Problem[] } {
  const list = settings.map(({ value }) => value)
  if (change.do === 'add') return { list: [...list, change.to], was: null }
  const found = settingSeen(settings, change)
  if ('problems' in found) return found
  const was = found.setting.value
  if (change.do === 'move') return { list: moved(list, was, change.direction), was }
  if (change.do === 'retire') return { list: list.filter((value) => value !== was), was }
  return { list: list.map((value) => (value === was ? change.to : value)), was }
}
