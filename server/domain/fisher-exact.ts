/** Two proportions compared exactly: is the part of one group larger than that of the other? */

/** So many of a group of so many. */
export type PartOf = { part: number; of: number }

/**
 * Fisher's exact test (Statistical Methods for Research Workers, 1934), two-sided: the chance, if both groups had the
 * same proportion, of a table no more likely than this one, given its margins. `least` is the smallest chance that any
 * table with these margins has: where it is not under 0.05, no outcome could have shown a difference.
 *
 * The lady tasting tea, 3 of 4 and 1 of 4: 34/70 = 0.486; all right would have been 2/70 = 0.029. An empty group: 1, 1.
 */
export function fisherExact(one: PartOf, other: PartOf): { chance: number; least: number } {
  for (const { part, of } of [one, other]) {
    if (!(Number.isInteger(of) && Number.isInteger(part) && part >= 0 && part <= of)) {
      throw new RangeError(`No part of a group: ${part} of ${of}`)
    }
  }
  const parts = one.part + other.part
  const first = Math.max(0, parts - other.of)
  const last = Math.min(one.of, parts)
  // Each table's chance relative to its neighbour's; in logarithms, for the ends of a large table vanish.
  const logs = [0]
  for (let part = first; part < last; part++) {
    const up = (one.of - part) * (parts - part)
    const down = (part + 1) * (other.of - parts + part + 1)
    logs.push((logs.at(-1) ?? 0) + Math.log(up / down))
  }
  const largest = logs.reduce((most, log) => Math.max(most, log), Number.NEGATIVE_INFINITY)
  const weights = logs.map((log) => Math.exp(log - largest))
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  // Tables that are equally likely differ in their last digits.
  const upTo = (bound: number) =>
    weights.reduce((sum, weight) => (weight <= bound * (1 + 1e-7) ? sum + weight : sum), 0) / whole
  return {
    chance: upTo(weights[one.part - first] ?? 0),
    least: upTo(weights.reduce((least, weight) => Math.min(least, weight), 1)),
  }
}
