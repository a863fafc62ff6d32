/** Settings as lists of rows: read with a digest of each, and brought to what is wanted without deleting any. */
import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import type { Setting } from '../domain/setting-change.ts'
import type { Tables } from './database.ts'
import { inFixedOrder, type Write } from './write.ts'

/** A digest of a row: another one as soon as anything in the row is. */
export function seenOf(row: object): string {
  return createHash('sha256').update(inFixedOrder(row)).digest('hex').slice(0, 16)
}

export function settingFrom<R extends { id: string }, T>(row: R, value: T): Setting<T> {
  return { id: row.id, seen: seenOf(row), value }
}

type ListTable = 'milestone' | 'trial_arm' | 'exit_reason'
type OwnColumns<T extends ListTable> = Omit<Tables[T], 'id' | 'trial_id' | 'position' | 'retired_at'>

/** The events that adding, changing and retiring a row leave in the audit trail. */
export type ListEvents = readonly [added: string, changed: string, retired: string]

/**
 * Brings a list of rows to what is wanted, in its order: new rows are added, rows that differ are revised, rows that
 * are not wanted any more are retired, and a retired one that is wanted again comes back.
 */
export async function keepList<T extends ListTable>(
  write: Write,
  context: Context,
  trialId: string,
  list: {
    table: T
    rows: readonly Tables[T][]
    wanted: readonly OwnColumns<T>[]
    isSame(row: Tables[T], wanted: OwnColumns<T>): boolean
    /** What has an order of its own; left out, the whole list has one. */
    groupOf?(wanted: OwnColumns<T>): string
    auditAs: ListEvents
    reason: string | null
  },
): Promise<void> {
  const [added, changed, retired] = list.auditAs
  for (const row of list.rows) {
    if (row.retired_at !== null || list.wanted.some((one) => list.isSame(row, one))) continue
    const changes = { retired_at: context.now() } as Partial<Tables[T]>
    await write.revise(list.table, row.id, changes, retired, list.reason)
  }
  const positions = positionsFor(list)
  for (const [index, one] of list.wanted.entries()) {
    const wanted = { ...one, position: positions[index] ?? 0, retired_at: null }
    const row = list.rows.find((known) => list.isSame(known, one))
    if (row === undefined) {
      const whole = { id: context.newId(), trial_id: trialId, ...wanted } as unknown as Tables[T]
      await write.insert(list.table, whole, added)
      continue
    }
    const changes = Object.fromEntries(
      Object.entries(wanted).filter(([column, value]) => row[column as keyof Tables[T]] !== value),
    )
    if (Object.keys(changes).length === 0) continue
    // A place in the order needs no reason; everything else carries the one that was given.
    const reason = Object.keys(changes).every((column) => column === 'position') ? null : list.reason
    await write.revise(list.table, row.id, changes as Partial<Tables[T]>, changed, reason)
  }
}

/**
 * The positions of the wanted rows, group by group: those that their rows have already, in rising order, so that a row
 * is revised only where its turn changes. Positions 1, 3, 4: the first two change places -> 3 and 1 are exchanged; a
 * new last one gets 5.
 */
function positionsFor<T extends ListTable>(list: {
  rows: readonly Tables[T][]
  wanted: readonly OwnColumns<T>[]
  isSame(row: Tables[T], wanted: OwnColumns<T>): boolean
  groupOf?(wanted: OwnColumns<T>): string
}): number[] {
  const groupOf = (one: OwnColumns<T>) => list.groupOf?.(one) ?? ''
  let last = Math.max(0, ...list.rows.map(({ position }) => position))
  const free = new Map<string, number[]>()
  for (const one of list.wanted) {
    const row = list.rows.find((known) => known.retired_at === null && list.isSame(known, one))
    if (row === undefined) last += 1
    free.set(groupOf(one), [...(free.get(groupOf(one)) ?? []), row?.position ?? last])
  }
  for (const positions of free.values()) positions.sort((a, b) => a - b)
  return list.wanted.map((one) => free.get(groupOf(one))?.shift() ?? 0)
}
