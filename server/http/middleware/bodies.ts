/** Reads the fields of a posted form: small, flat, and only text that can be written down. */
import express, { type RequestHandler } from 'express'

export const bodyLimit = '100kb'

export const readForms: RequestHandler = express.urlencoded({ extended: false, limit: bodyLimit, parameterLimit: 200 })
