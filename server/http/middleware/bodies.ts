/** Reads the fields of a posted form: small, flat, and only text that can be written down. */
import express, { type RequestHandler } from 'express'

export const bodyLimit = '100kb'

/** Bytes that are no UTF-8 are refused with the whole form: the parser would keep them as the signs `%FF`, as if typed. */
function refuseMalformed(_request: unknown, _response: unknown, body: Buffer): void {
  try {
    decodeURIComponent(body.toString('latin1'))
  } catch {
    throw Object.assign(new Error('the form is not UTF-8'), { status: 422 })
  }
}

export const readForms: RequestHandler = express.urlencoded({
  extended: false,
  limit: bodyLimit,
  parameterLimit: 200,
  verify: refuseMalformed,
})
