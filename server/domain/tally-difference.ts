/** What has to be added to the counts when one list of tallies takes the place of another. */
import type { Tally } from './subject.ts'

/** Registered on 03-02, corrected to 03-03: -1 on 03-02 and +1 on 03-03. What stays the same is not in it. */
export function tallyDifference(before: readonly Tally[], after: readonly Tally[]): Tally[] {
  const sums = new Map<string, Tally>()
  const add = ({ step, date, number }: Tally, sign: 1 | -1) => {
    const key = `${step} ${date}`
    const sum = sums.get(key)?.number ?? 0
    sums.set(key, { step, date, number: sum + sign * number })
  }
  for (const tally of after) add(tally, 1)
  for (const tally of before) add(tally, -1)
  return [...sums.values()].filter(({ number }) => number !== 0)
}
