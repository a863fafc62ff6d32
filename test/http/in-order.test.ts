/** In which order requests begin, and how many before others are heard. */
import type { Request, Response } from 'express'
import { expect, it } from 'vitest'
import { inOrder } from '../../server/http/middleware/in-order.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Who has begun so far, and how somebody comes. */
function door() {
  const begun: number[] = []
  const handler = inOrder()
  const come = (who: number) => void handler({} as Request, {} as Response, () => void begun.push(who))
  return { begun, come }
}

it('lets everybody begin in the order in which they came, also those who come while others begin', async () => {
  const { begun, come } = door()
  for (let who = 0; who < 30; who++) come(who)
  for (let who = 30; begun.length < 60; who++) {
    await turn()
    if (who < 60) come(who)
  }
  expect(begun).toEqual(Array.from({ length: 60 }, (_, who) => who))
})

it('lets others be heard after a few', async () => {
  const { begun, come } = door()
  for (let who = 0; who < 50; who++) come(who)
  const sofar: number[] = []
  while (begun.length < 50) {
    await turn()
    sofar.push(begun.length)
  }
  const inEach = sofar.map((number, place) => number - (sofar[place - 1] ?? 0))
  expect(Math.max(...inEach)).toBeLessThanOrEqual(8)
})

it('lets somebody begin at once where nobody waits, and again after a rest', async () => {
  const { begun, come } = door()
  for (const who of [0, 1]) {
    come(who)
    await turn()
    await turn()
    expect(begun).toHaveLength(who + 1)
    await turn()
  }
})
