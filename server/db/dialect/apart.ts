/** Statements that take long and hold up their thread: asked in one of their own, on a connection of their own. */
import { Worker } from 'node:worker_threads'

const asking = `
const { parentPort, workerData } = require('node:worker_threads')
const { library, path, settings, statements } = workerData
const connection = new (require(library))(path, { fileMustExist: true })
try {
  for (const setting of settings) connection.pragma(setting)
  let rows = []
  for (const statement of statements) {
    rows = connection.prepare(statement).all().filter((row) => Object.values(row)[0] !== 'ok')
    if (rows.length > 0) break
  }
  parentPort.postMessage(rows)
} catch ({ message, code }) {
  // The library's own errors arrive elsewhere without their words.
  throw Object.assign(new Error(message), { code })
} finally {
  connection.close()
}`

/**
 * What the first statement says that says anything but `ok`, of a file that a library opens; nothing where all do. When it
 * answers, the thread and its connection are gone: a file may be given another name then.
 */
export function askApart(question: {
  library: string
  path: string
  settings: readonly string[]
  statements: readonly string[]
}): Promise<Record<string, unknown>[]> {
  const thread = new Worker(asking, { eval: true, workerData: question, execArgv: [] })
  return new Promise((resolve, reject) => {
    let answer: Record<string, unknown>[] | null = null
    thread.once('message', (rows) => {
      answer = rows
    })
    thread.once('error', reject)
    thread.once('exit', () =>
      answer === null ? reject(new Error('the thread ended without an answer')) : resolve(answer),
    )
  })
}
