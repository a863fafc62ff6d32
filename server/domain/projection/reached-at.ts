/** Where a chance that only rises reaches a given height: dates of completion, and factors on the rates. */

/**
 * For each probability the place at which chanceAt(place) = p, for a chance that never falls from 0 on. Null where it
 * is not reached by `most`; 0 where it is reached at once.
 *
 * Secant steps on ln(place) and the logit of the chance, which is nearly straight, from a guess; every step stays
 * between places proved too early and too late. All that was looked at serves the next probability. It ends with a step
 * of less than `tolerance`, a part of the place itself, and is then far nearer than that.
 *
 * A chance of place / 100: 10, 50 and 90% at 10, 50 and 90.
 */
export function reachedAt(
  probabilities: readonly number[],
  chanceAt: (place: number) => number,
  { guess, most, tolerance }: { guess: (p: number) => number; most: number; tolerance: number },
): (number | null)[] {
  const looked: Look[] = []
  const look = (at: number): Look => {
    const chance = chanceAt(at)
    const seen = { at, chance, x: Math.log(at), y: logit(chance) }
    looked.push(seen)
    return seen
  }
  const atOnce = chanceAt(0)
  return probabilities.map((p) => {
    if (atOnce >= p) return 0
    return placeFor(p, looked, look, Math.min(Math.max(guess(p), nearest), most), most, tolerance)
  })
}

/** What lies nearer than this is at once: seconds, where places are days. */
const nearest = 1e-5

type Look = { at: number; chance: number; x: number; y: number }

function placeFor(
  p: number,
  looked: readonly Look[],
  look: (at: number) => Look,
  guess: number,
  most: number,
  tolerance: number,
): number | null {
  const target = logit(p)
  let last = look(guess)
  let width = Number.POSITIVE_INFINITY
  for (let step = 1; step < 200; step++) {
    const { early, late } = bracket(looked, p)
    if (early !== null && early.at >= most) return null
    if (late !== null && (late.at <= nearest || late.at - (early?.at ?? 0) <= 1e-3 * tolerance * late.at))
      return late.at
    const isNarrowing = early !== null && late !== null && late.x - early.x <= 0.5 * width
    if (step % 3 === 0) width = early === null || late === null ? width : late.x - early.x
    const next = step % 3 === 2 && step > 3 && !isNarrowing ? Number.NaN : secant(looked, target)
    if (next > (early?.at ?? 0) && next < (late?.at ?? most)) {
      if (Math.abs(next - last.at) <= tolerance * next) return next
      last = look(next)
    } else if (early === null) last = look((late?.at ?? guess) / 1.5)
    else if (late === null) last = look(step > 4 || next >= most ? most : Math.min(early.at * 1.5, most))
    else last = look(Math.exp((early.x + late.x) / 2))
  }
  return last.at
}

/** The latest place that is too early for p, and the earliest that is not; null where there is none yet. */
function bracket(looked: readonly Look[], p: number): { early: Look | null; late: Look | null } {
  let early: Look | null = null
  let late: Look | null = null
  for (const seen of looked) {
    if (seen.chance < p && (early === null || seen.at > early.at)) early = seen
    if (seen.chance >= p && (late === null || seen.at < late.at)) late = seen
  }
  return { early, late }
}

/** The straight line through the two looks nearest to the target; not a number where there is none. */
function secant(looked: readonly Look[], target: number): number {
  let near: Look | null = null
  let next: Look | null = null
  for (const seen of looked) {
    if (near === null || Math.abs(seen.y - target) < Math.abs(near.y - target)) {
      next = near
      near = seen
    } else if (next === null || Math.abs(seen.y - target) < Math.abs(next.y - target)) next = seen
  }
  if (near === null || next === null || !Number.isFinite(near.y - next.y)) return Number.NaN
  return Math.exp(near.x + ((target - near.y) * (next.x - near.x)) / (next.y - near.y))
}

function logit(chance: number): number {
  return Math.log(chance / (1 - chance))
}
