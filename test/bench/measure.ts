/** What a measurement is: times in milliseconds, and how one is told. */
export type Measured = {
  /** Milliseconds, of so many times. */
  median: number
  p99: number
  times: number
  /** Milliseconds of the processor for each, which a busy machine does not change much; null where it was not asked. */
  processor: number | null
}

/** Of n values in order, the one at `share`: of [1, 2, 3, 4] the median is 3. */
export function at(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN
}

export function measuredFrom(values: readonly number[], processor: readonly number[] | null): Measured {
  return {
    median: at(values, 0.5),
    p99: at(values, 0.99),
    times: values.length,
    processor: processor === null ? null : at(processor, 0.5),
  }
}

/** Does something so many times, after some to warm up; `used` says how much of the processor has been used so far. */
export async function measure(
  times: number,
  work: (time: number) => Promise<unknown>,
  { before = async () => {}, used }: { before?: (time: number) => Promise<unknown>; used?: () => Promise<number> } = {},
): Promise<Measured> {
  const [took, processor]: [number[], number[]] = [[], []]
  for (let time = -Math.min(5, times); time < times; time++) {
    await before(time)
    const usedBefore = used === undefined ? 0 : await used()
    const begun = performance.now()
    await work(time)
    const ended = performance.now()
    const usedAfter = used === undefined ? 0 : await used()
    if (time < 0) continue
    took.push(ended - begun)
    processor.push(usedAfter - usedBefore)
  }
  return measuredFrom(took, used === undefined ? null : processor)
}

/** How long one thing took that is done once. */
export async function once(work: () => Promise<unknown>): Promise<Measured> {
  const begun = performance.now()
  await work()
  return measuredFrom([performance.now() - begun], null)
}
