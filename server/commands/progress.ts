/** How far something is and how long it will take, on standard error: one line that is written over, or a line a second. */
import type { Progress } from '../db/dialect.ts'

/** After a quarter of 40 seconds: `copied 25%, 30 s left`. */
export function progressInWords(verb: string, done: number, of: number, secondsSoFar: number): string {
  const share = of === 0 ? 1 : done / of
  const left = share === 0 ? null : Math.ceil((secondsSoFar / share) * (1 - share))
  return `${verb} ${Math.floor(share * 100)}%${left === null ? '' : `, ${left} s left`}`
}

export function tellProgress(verb: string): Progress {
  const from = performance.now()
  let saidAt = from
  return (done, of) => {
    const at = performance.now()
    const isLast = done === of && saidAt > from
    if (at - saidAt < 1000 && !isLast) return
    saidAt = at
    const line = progressInWords(verb, done, of, (at - from) / 1000)
    if (process.stderr.isTTY) process.stderr.write(`\r${line.padEnd(60)}${isLast ? '\n' : ''}`)
    else console.error(line)
  }
}
