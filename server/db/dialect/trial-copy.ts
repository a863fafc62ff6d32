/** What a copy of one trial holds of each table, and how many are made at once. */

/** What of a table a copy of one trial holds, where that is not the rows with its `trial_id`. */
const inCopy: Partial<Record<string, 'itself' | 'every' | 'last' | 'none'>> = {
  trial: 'itself',
  person: 'every',
  role_grant: 'every',
  audit_entry: 'last',
  session: 'none',
  last_look: 'none',
  submission: 'none',
  access_link: 'none',
  second_factor: 'none',
  openid_identity: 'none',
  sign_in_lock: 'none',
  sign_in_note: 'none',
  calendar_feed: 'none',
  calendar_feed_use: 'none',
  access_record: 'none',
  guest_link: 'none',
  guest_link_view: 'none',
}

/** The rows that a copy takes: every one, or those of a column's value, or of those only the last entry of the chain. */
export function copied(table: string): { by: 'id' | 'trial_id' | 'chain' | null; last: boolean } | null {
  const what = inCopy[table]
  if (what === 'none') return null
  if (what === 'every') return { by: null, last: false }
  if (what === 'last') return { by: 'chain', last: true }
  return { by: what === 'itself' ? 'id' : 'trial_id', last: false }
}

/** So many at once; the others wait in the order in which they came. */
export function taking(most: number) {
  const waiting: (() => void)[] = []
  let free = most
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}

export const mostCopies = 2
