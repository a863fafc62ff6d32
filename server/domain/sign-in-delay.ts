/**
 * How long somebody waits after failing to sign in: not at all up to four times, then twice as long with every failure.
 * Counted for each name that is typed, whether it exists or not, and for each address that somebody comes from.
 */

/** So many failures in a row cost nothing but themselves; the next one makes the next try wait. */
const firstDelayAt = 5
const longestSeconds = 15 * 60

/** After so many seconds one failure is forgotten: behind one address a whole hospital mistypes now and then. */
export const forgetSeconds = { account: 3600, address: 60 } as const
export type DelayOf = keyof typeof forgetSeconds

/** `total` counts since the last success and forgets nothing: it is what the person is told. */
export type Failures = { failures: number; total: number; lastAt: string }

/** 4 -> 0, 5 -> 1, 6 -> 2, 7 -> 4 ... 14 -> 512, 15 and more -> 900 seconds. */
export function delaySeconds(failures: number): number {
  return failures < firstDelayAt ? 0 : Math.min(longestSeconds, 2 ** (failures - firstDelayAt))
}

/** Seconds still to wait at an instant, rounded up; 0 where one may try. */
export function waitSeconds(known: Failures | null, now: string): number {
  if (known === null) return 0
  return Math.max(0, Math.ceil(delaySeconds(known.failures) - secondsSince(known.lastAt, now)))
}

/** One failure more, after those that time has forgotten: 5 failures of an address, 3 minutes ago -> 3. */
export function oneMore(known: Failures | null, now: string, of: DelayOf): Failures {
  if (known === null) return { failures: 1, total: 1, lastAt: now }
  const forgotten = Math.floor(secondsSince(known.lastAt, now) / forgetSeconds[of])
  return { failures: Math.max(0, known.failures - forgotten) + 1, total: known.total + 1, lastAt: now }
}

/** Whether a delay begins with this failure, or has grown to its longest: what the audit trail hears of. */
export function isLockToRecord({ failures }: Failures): boolean {
  return failures === firstDelayAt || (failures > firstDelayAt && isFirstOfLongest(failures))
}

function isFirstOfLongest(failures: number): boolean {
  return delaySeconds(failures) === longestSeconds && delaySeconds(failures - 1) < longestSeconds
}

function secondsSince(from: string, until: string): number {
  return Math.max(0, (Date.parse(until) - Date.parse(from)) / 1000)
}
