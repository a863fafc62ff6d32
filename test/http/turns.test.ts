/** Requests begin in the order in which they came, so many in a turn of the loop; what they record is recorded together. */
import type { NextFunction, Request, Response } from 'express'
import { expect, it } from 'vitest'
import { takeTurns } from '../../server/http/middleware/turns.ts'
import { atEndOfTurn } from '../../server/turns.ts'

const arrive = (middleware: ReturnType<typeof takeTurns>, next: () => void) =>
  middleware({} as Request, {} as Response, next as NextFunction)

it('begins three in each turn, in their order, after those that were begun have gone on', async () => {
  const said: string[] = []
  const middleware = takeTurns(3)
  await new Promise<void>((resolve) => {
    for (let place = 0; place < 7; place++) {
      arrive(middleware, () => {
        said.push(`begins ${place}`)
        // As one who waits for a statement.
        void Promise.resolve().then(() => said.push(`goes on ${place}`))
        atEndOfTurn(() => {
          said.push(`recorded ${place}`)
          if (place === 6) resolve()
        })
      })
    }
    expect(said).toEqual([])
  })
  const turn = (...places: number[]) =>
    ['begins', 'goes on', 'recorded'].flatMap((what) => places.map((place) => `${what} ${place}`))
  expect(said).toEqual([...turn(0, 1, 2), ...turn(3, 4, 5), ...turn(6)])
})

it('lets whoever comes meanwhile wait for those before them', async () => {
  const begun: string[] = []
  const middleware = takeTurns(2)
  await new Promise<void>((resolve) => {
    arrive(middleware, () => {
      begun.push('first')
      arrive(middleware, () => {
        begun.push('latecomer')
        resolve()
      })
    })
    arrive(middleware, () => begun.push('second'))
    arrive(middleware, () => begun.push('third'))
  })
  expect(begun).toEqual(['first', 'second', 'third', 'latecomer'])
})

it('records at once what somebody asks for between the turns', async () => {
  const said = await new Promise<string>((resolve) => atEndOfTurn(() => resolve('recorded')))
  expect(said).toBe('recorded')
})
