import { describe, expect, it } from 'vitest'
import type { Db } from '../../server/db/database.ts'
import { listRemembered, mostKept, remembered, rememberedWhile } from '../../server/db/remembered.ts'
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

  it('of several trials is read in one statement where all of them stood still, and anew for the one that did not', async () => {
    const worlds = [await openSmallTrial(shared()), await openSmallTrial(shared()), await openSmallTrial(shared())]
    const { db } = worlds[0] ?? (await openSmallTrial(shared()))
    let statements = 0
    const counting: Db = {
      selectFrom: ((table: 'trial') => {
        statements += 1
        return db.selectFrom(table)
      }) as Db['selectFrom'],
    }
    const reads: string[] = []
    const trials = worlds.map(({ trialId }) => ({ id: trialId }))
    const ask = () =>
      listRemembered(
        counting,
        trials,
        () => 'several',
        async ({ id }) => {
          reads.push(id)
          return `answer about ${id}`
        },
      )
    const answers = trials.map(({ id }) => `answer about ${id}`)
    expect(await ask()).toEqual(answers)
    expect([statements, reads]).toEqual([1, trials.map(({ id }) => id)])
    expect(await ask()).toEqual(answers)
    expect([statements, reads.length]).toEqual([2, 3])
    const [, second] = worlds
    if (second !== undefined) await screened(second)
    expect(await ask()).toEqual(answers)
    expect(reads.slice(3)).toEqual([second?.trialId])
  })

  it('is read once for all who ask at the same time, and by the next one where that failed', async () => {
    const world = await openSmallTrial(shared())
    let reads = 0
    const ask = (outcome: 'read' | 'failed') =>
      remembered(world.db, world.trialId, 'together', async () => {
        reads += 1
        await new Promise((resolve) => setTimeout(resolve, 20))
        if (outcome === 'failed') throw new Error('no')
        return reads
      })
    const failing = await Promise.allSettled([ask('failed'), ask('failed')])
    expect([failing.map(({ status }) => status), reads]).toEqual([['rejected', 'rejected'], 1])
    expect(await Promise.all([ask('read'), ask('read'), ask('read')])).toEqual([2, 2, 2])
  })

  it('outlives what leaves it standing, which is asked once after each change, and is read anew otherwise', async () => {
    const world = await openSmallTrial(shared())
    let [reads, asked, isStanding] = [0, 0, true]
    const stands = async () => {
      asked += 1
      return isStanding
    }
    const ask = () => rememberedWhile(world.db, world.trialId, 'standing', stands, async () => ++reads)
    expect([await ask(), await ask(), asked]).toEqual([1, 1, 0])
    await screened(world)
    expect([await Promise.all([ask(), ask()]), asked]).toEqual([[1, 1], 1])
    isStanding = false
    await screened(world)
    expect([await Promise.all([ask(), ask()]), asked]).toEqual([[2, 2], 2])
  })

  it('is read anew where the one before it could not be read, whoever asked for that', async () => {
    const world = await openSmallTrial(shared())
    let fail = () => {}
    const failing = new Promise<string>((_, reject) => {
      fail = () => reject(new Error('no'))
    })
    const ask = (read: () => Promise<string>) =>
      rememberedWhile(world.db, world.trialId, 'late', async () => true, read)
    const first = ask(() => failing)
    first.catch(() => {})
    await screened(world)
    const second = ask(async () => 'now it does')
    fail()
    await expect(first).rejects.toThrow('no')
    expect([await second, await ask(async () => 'again')]).toEqual(['now it does', 'now it does'])
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
    for (let count = 0; count < mostKept; count++) await ask(`another ${count}`)
    reads = 0
    await ask(`another ${mostKept - 1}`)
    expect(reads).toBe(0)
    await ask('first')
    expect(reads).toBe(1)
  })
})
