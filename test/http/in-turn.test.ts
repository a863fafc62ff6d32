/** Requests begin in the order in which they came, few in a turn, each as far as it can get before the next. */
import type { Request, Response } from 'express'
import { expect, it } from 'vitest'
import { inOneTurn, inTurn } from '../../server/http/middleware/in-turn.ts'

const turnOver = () => new Promise((resolve) => setImmediate(resolve))

it('begins as many in one turn of the loop as were said, in their order, and none is left over', async () => {
  const through = inTurn()
  const begun: number[] = []
  const many = 3 * inOneTurn + 1
  for (let place = 0; place < many; place++) {
    through({} as Request, {} as Response, () => void begun.push(place))
  }
  expect(begun).toEqual([])
  const after: number[] = []
  while (begun.length < many && after.length < many) {
    await turnOver()
    after.push(begun.length)
  }
  expect(begun).toEqual(Array.from({ length: many }, (_, place) => place))
  expect(after).toEqual([inOneTurn, 2 * inOneTurn, 3 * inOneTurn, many])
})

it('lets one run as far as it can without waiting before the next begins', async () => {
  const through = inTurn()
  const said: string[] = []
  for (const name of ['first', 'second']) {
    through({} as Request, {} as Response, async () => {
      said.push(`${name} begins`)
      for (let step = 0; step < 20; step++) await null
      said.push(`${name} ends`)
    })
  }
  while (said.length < 4) await turnOver()
  expect(said).toEqual(['first begins', 'first ends', 'second begins', 'second ends'])
})

it('goes on with whoever comes while another one is answered', async () => {
  const through = inTurn()
  const begun: string[] = []
  through({} as Request, {} as Response, () => {
    begun.push('one')
    through({} as Request, {} as Response, () => void begun.push('another'))
  })
  for (let turn = 0; turn < 5; turn++) await turnOver()
  expect(begun).toEqual(['one', 'another'])
})
