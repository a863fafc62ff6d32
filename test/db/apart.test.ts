/**
 * The file's own check has a thread and a connection of its own. A file that is given another name while a connection holds
 * it keeps what lies beside it under the old name.
 */
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { expect, it, onTestFinished } from 'vitest'
import { engineOf } from '../../server/db/dialect.ts'
import { folderOfTest, openNewFile } from '../support/files.ts'

it('answers when its thread is gone, and with it its connection', async () => {
  const threads: { isGone: boolean }[] = []
  const hear = (worker: Worker) => {
    const thread = { isGone: false }
    threads.push(thread)
    worker.once('exit', () => {
      thread.isGone = true
    })
  }
  process.on('worker', hear)
  onTestFinished(() => void process.off('worker', hear))
  const db = await openNewFile(join(folderOfTest(), 'one.db'))
  expect(await engineOf(db).damage()).toBeNull()
  expect(threads).toEqual([{ isGone: true }])
})
