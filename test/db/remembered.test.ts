import { describe, expect, it } from 'vitest'
import { remembered } from '../../server/db/remembered.ts'
import { openSmallTrial, screened, sharedDatabase } from '../actions/small-trial.ts'

const shared = sharedDatabase()

describe('what was read of a trial', () => {
  it('is read once while the trial stands still, and again after every change of it', async () => {
    const world = await openSmallTrial(shared())
    let reads = 0
    const ask = () =>
      remembered(world.db, world.trialId, 'how often', async () => {
        reads += 1
        return reads
      })
    expect([await ask(), await ask()]).toEqual([1, 1])
    await screened(world)
    expect([await ask(), await ask()]).toEqual([2, 2])
  })

  it('is not taken for the answer to another question, or about another trial', async () => {
    const [one, other] = [await openSmallTrial(shared()), await openSmallTrial(shared())]
    const ask = (trialId: string, question: string) =>
      remembered(one.db, trialId, question, async () => `${trialId} ${question}`)
    const first = await ask(one.trialId, 'a')
    expect(await ask(one.trialId, 'b')).not.toBe(first)
    expect(await ask(other.trialId, 'a')).not.toBe(first)
    expect(await ask(one.trialId, 'a')).toBe(first)
  })

  it('is not kept where reading failed', async () => {
    const world = await openSmallTrial(shared())
    const failing = remembered(world.db, world.trialId, 'fails', () => Promise.reject(new Error('no')))
    await expect(failing).rejects.toThrow('no')
    expect(await remembered(world.db, world.trialId, 'fails', async () => 'now it does')).toBe('now it does')
  })

  it('forgets the oldest answers first', async () => {
    const world = await openSmallTrial(shared())
    let reads = 0
    const ask = (question: string) => remembered(world.db, world.trialId, question, async () => (reads += 1))
    await ask('first')
    for (let count = 0; count < 500; count++) await ask(`another ${count}`)
    reads = 0
    await ask('another 499')
    expect(reads).toBe(0)
    await ask('first')
    expect(reads).toBe(1)
  })
})
