/** One request as a handler sees it, and what a handler may answer: values, so that a handler only decides. */
import type { Readable } from 'node:stream'
import type { Request } from 'express'
import type { Actor, Context } from '../context.ts'
import type { SubjectsShown } from '../domain/access-record.ts'
import type { Trial } from '../domain/trial.ts'
import type { TrialAtHand } from '../domain/trial-lock.ts'
import type { Language, Words } from '../i18n/words.ts'
import type { ErrorKind } from '../pages/error-page.ts'
import type { Page } from '../pages/page.ts'

export type Visit = {
  context: Context
  words: Words
  request: Request
  /** The person signed in; null for everybody else. */
  actor: Actor | null
  /** The trials in which they have a role: another one does not exist for them. */
  trials: readonly TrialAtHand[]
}
export type SignedInVisit = Visit & { actor: Actor }
export type TrialVisit = SignedInVisit & { trial: TrialAtHand }

/** Of a visit, what a trial's figures depend on: no matter who asks, and whether it is over HTTP. */
export type Asking = Pick<TrialVisit, 'context' | 'words'> & { trial: Trial; request: { query: Request['query'] } }

/** `shown` says which subjects stand on it: it leaves a record of who read what. */
export type Reply =
  /** `lasting`: this very page is handed out again as long as it says the same, so its document is kept as well. */
  | { page: Page; status?: number; lasting?: true; shown?: SubjectsShown }
  /** `forget`: what the browser kept of pages is to be gone. */
  | { seeOther: string; language?: Language; forget?: true }
  | { error: ErrorKind }
  | { text: string; status: number }
  | { file: File; shown?: SubjectsShown }
  /** For calendar programs: iCalendar text. */
  | { calendar: string }
  /** For programs: shown as it is, under the same status as a page would have. */
  | { json: object; status: number }
  /** The same as a text that is kept byte by byte. */
  | { jsonText: string; status: number }

/** Something to keep: sent as an attachment under its name, as it comes. */
export type File = { name: string; type: string; content: Readable }

/** The value of a query parameter or form field where it is one text; otherwise empty. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The values of a field with several boxes: none, one or many. */
export function textsOf(value: unknown): string[] {
  return [value].flat().filter((one): one is string => typeof one === 'string')
}

/** An address of this application, or its start: nobody is sent elsewhere. */
export function localAddress(address: string): string {
  return /^\/(?![/\\])[\x21-\x7e]*$/.test(address) ? address : '/'
}
