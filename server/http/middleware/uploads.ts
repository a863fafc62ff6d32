/** Reads a form that comes with a file: at the few addresses that take one, from people who may do that there, in memory. */
import type { RequestHandler } from 'express'
import multer, { MulterError } from 'multer'
import { type Act, mayIn } from '../../domain/permission.ts'

const fileLimit = 5_000_000

/** The rows come back as text when they are confirmed, a little longer than the file. */
const wholeLimit = 13_000_000

const readOneFile = multer({
  storage: multer.memoryStorage(),
  limits: { files: 1, fileSize: fileLimit, fields: 800, fieldSize: 6_000_000, fieldNameSize: 64, parts: 801 },
  defParamCharset: 'utf8',
}).single('file')

/** Below a trial's address, who may send a file to it. */
const places: readonly { path: RegExp; act: Act }[] = [
  { path: /^\/import(?:\/confirm)?$/, act: 'log_subjects' },
  { path: /^\/requests\/\d+\/attachments$/, act: 'write_requests' },
]

export const readUploads: RequestHandler = (request, response, next) => {
  const [, code, below = ''] = /^\/trials\/([^/]+)(\/.*)$/.exec(request.path) ?? []
  const act = places.find(({ path }) => path.test(below))?.act
  const trial = request.trials.find((one) => encodeURIComponent(one.code) === code)
  const isForUs = request.method === 'POST' && request.is('multipart/form-data') !== false && trial !== undefined
  if (!isForUs || act === undefined || request.actor === null) return next()
  if (!mayIn(request.actor.grants, act, trial.id)) return next()
  // Without a length a form could go on for ever; browsers always say it.
  if (!(Number(request.headers['content-length']) <= wholeLimit)) {
    return next(Object.assign(new Error('the form is too large'), { status: 413 }))
  }
  readOneFile(request, response, (error?: unknown) => {
    if (error === undefined || error === null) return next()
    if (error instanceof MulterError && ['LIMIT_FILE_SIZE', 'LIMIT_FIELD_VALUE'].includes(error.code)) {
      request.uploadProblem = { field: 'file', code: 'import_too_large' }
      return next()
    }
    // Every other way in which the parts of a form can be wrong is the sender's.
    next(Object.assign(new Error('the form cannot be read'), { status: 422 }))
  })
}
