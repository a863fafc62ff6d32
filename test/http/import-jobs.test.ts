/** An import that takes long: its progress has a page, for the person who began it and for nobody else. */
import { expect, it } from 'vitest'
import type { Progress } from '../../server/actions/import/unknown-sites.ts'
import type { Trial } from '../../server/domain/trial.ts'
import { answerOrProgress, progressOf } from '../../server/http/import-jobs.ts'
import type { Reply, TrialVisit } from '../../server/http/visit.ts'
import { actor } from '../actions/small-trial.ts'
import { testContext } from '../support/context.ts'
import { openCopy } from '../support/databases.ts'

const visitOf = async (name: string) =>
  ({
    actor: actor(name, 'data_manager', 'trial'),
    context: testContext(await openCopy('empty')),
    trial: { id: 'trial', code: 'T' } as Trial,
  }) as TrialVisit

it('what is done soon is answered at once', async () => {
  const reply: Reply = { seeOther: '/done' }
  expect(await answerOrProgress(await visitOf('one'), async () => reply)).toBe(reply)
})

it('what takes longer is answered with the way to its progress, and then with its answer', async () => {
  const [own, other] = [await visitOf('one'), await visitOf('other')]
  const reply: Reply = { seeOther: '/done' }
  let finish: (reply: Reply) => void = () => {}
  const work = async (progress: Progress) => {
    await progress(20, 100)
    return new Promise<Reply>((resolve) => {
      finish = resolve
    })
  }
  const answer = await answerOrProgress(own, work)
  const address = 'seeOther' in answer ? answer.seeOther : ''
  expect(address).toMatch(/^\/trials\/T\/import\/jobs\/[\w-]+$/)
  const id = address.split('/').at(-1) ?? ''
  expect(progressOf(own, id)).toEqual({ done: 20, total: 100 })
  expect(progressOf(other, id)).toBeNull()
  expect(progressOf({ ...own, trial: { ...own.trial, id: 'another' } }, id)).toBeNull()
  finish(reply)
  await new Promise((resolve) => setImmediate(resolve))
  expect(progressOf(own, id)).toEqual({ reply })
  expect(progressOf(other, id)).toBeNull()
})

it('a failure is thrown to whoever asks for the answer', async () => {
  const work = async () => {
    throw new Error('the disk is full')
  }
  await expect(answerOrProgress(await visitOf('one'), work)).rejects.toThrow('the disk is full')
})
