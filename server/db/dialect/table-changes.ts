/** How often each table was changed by the statements of one connection, as far as others can see it. */

/** Stands for every table: a statement that changes something and does not say what. */
const anyTable = ''

/** The table that a changing statement names first, `trial` of `update "trial" set ...`; `anyTable` of any other words. */
export function tableChangedBy(text: string): string {
  return /^(?:insert into|update|delete from) "(\w+)"(?!\.)/.exec(text)?.[1] ?? anyTable
}

/**
 * Nothing was changed yet. After `note('trial', true)` the count of `['trial']` is 0 as before, with `commit()` it is 1; that
 * of `['site']` stays 0.
 */
export function newTableChanges() {
  const times = new Map<string, number>()
  const waiting = new Set<string>()
  const timesOf = (table: string) => times.get(table) ?? 0
  const tell = (table: string) => times.set(table, timesOf(table) + 1)
  return {
    /** What a transaction changes is there for others with its end. */
    note: (table: string, isInTransaction: boolean) => void (isInTransaction ? waiting.add(table) : tell(table)),
    commit: () => {
      waiting.forEach(tell)
      waiting.clear()
    },
    rollback: () => waiting.clear(),
    /** A larger number after every change of one of them. */
    countOf: (tables: readonly string[]) => tables.reduce((sum, table) => sum + timesOf(table), timesOf(anyTable)),
  }
}
