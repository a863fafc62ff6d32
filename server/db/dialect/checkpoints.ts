/** What stands in the log beside a file is taken into the file by a thread with a connection of its own: it waits for the disk. */
import { Worker } from 'node:worker_threads'

const taking = `
const { parentPort, workerData } = require('node:worker_threads')
const { library, path, settings } = workerData
const connection = new (require(library))(path, { fileMustExist: true })
for (const setting of settings) connection.pragma(setting)
parentPort.on('message', (statement) => {
  if (statement === null) {
    connection.close()
    parentPort.close()
    return
  }
  try {
    connection.prepare(statement).all()
    parentPort.postMessage(null)
  } catch ({ message }) {
    // The library's own errors arrive elsewhere without their words.
    parentPort.postMessage(message)
  }
})`

/** The thread beside has a heap for next to nothing. */
const resourceLimits = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 16 }

export type Checkpoints = {
  /** One at a time; rejected with what hindered it. */
  take(): Promise<void>
  /** When this answers, the thread and its connection are gone. */
  end(): Promise<void>
}

/** The thread begins with the first `take`, again after it has failed; only while it is asked does it keep a process going. */
export function checkpointsOf(question: {
  library: string
  path: string
  settings: readonly string[]
  statement: string
}): Checkpoints {
  let thread: Worker | null = null
  const begin = () => {
    const begun = new Worker(taking, { eval: true, workerData: question, execArgv: [], resourceLimits })
    begun.once('error', () => {})
    begun.once('exit', () => {
      thread = null
    })
    return begun
  }
  return {
    take: () => {
      thread ??= begin()
      const asked = thread
      asked.ref()
      return new Promise((resolve, reject) => {
        const ended = () => reject(new Error('the thread ended without an answer'))
        asked.once('exit', ended)
        asked.once('message', (hindered: string | null) => {
          asked.off('exit', ended)
          asked.unref()
          if (hindered === null) resolve()
          else reject(new Error(hindered))
        })
        asked.postMessage(question.statement)
      })
    },
    end: async () => {
      const asked = thread
      if (asked === null) return
      asked.ref()
      const ended = new Promise((resolve) => asked.once('exit', resolve))
      asked.postMessage(null)
      await ended
    },
  }
}
