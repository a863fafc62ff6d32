/** Requests begin in the order in which they came, so many in a turn of the loop; what they record is recorded together. */
import type { NextFunction, Request, Response } from 'express'
import { expect, it } from 'vitest'
import { takeTurns } from '../../server/http/middleware/turns.ts'
import { atEndOfTurn, onceInTurn } from '../../server/turns.ts'

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

it('asks once in a turn for all who began in it, and each time of whom nobody has begun', async () => {
  let asked = 0
  const ask = onceInTurn(() => {
    asked += 1
    return asked
  })
  expect([ask(), ask()]).toEqual([1, 2])
  const middleware = takeTurns(2)
  const told: number[] = []
  await new Promise<void>((resolve) => {
    for (let place = 0; place < 4; place++) {
      arrive(middleware, () => {
        void Promise.resolve().then(() => told.push(ask()))
        atEndOfTurn(() => {
          if (place === 3) resolve()
        })
      })
    }
  })
  expect(told).toEqual([3, 3, 4, 4])
  expect([ask(), ask()]).toEqual([5, 6])
})
