/** A form that is ready to be sent, and what must hold when its change fails: at a statement, at the commit, after it. */
import { sql } from 'kysely'
import { expect } from 'vitest'
import { engineOf } from '../../server/db/dialect.ts'
import { everythingIn, type Served } from '../http/served.ts'
import type { Answer, Client } from '../support/client.ts'
import { armed, failures } from '../support/failing-statements.ts'
import { type Filled, filledIn, formOn } from './filled-forms.ts'

/** A form, by whom it is sent, and the file that goes with it. */
export type Ready = Filled & { who: Client; file?: { name: string; content: string } }

/** A route that changes what is recorded, with a form for it that is accepted. */
export type Way = [route: string, fill: () => Promise<Ready>]

export async function ready(
  who: Client,
  page: string,
  action: RegExp,
  typed: Record<string, string> = {},
): Promise<Ready> {
  return { who, ...(await filledIn(who, page, action, typed)) }
}

/** What is asked back before it is done is answered with yes. */
export async function confirmed(asked: Ready): Promise<Ready> {
  const answer = await asked.who.post(asked.action, asked.fields)
  if (answer.status !== 200) throw new Error(`${asked.action} asked nothing: ${answer.status}`)
  return { who: asked.who, ...formOn(answer.text, new RegExp(`^${asked.action}`)) }
}

function send({ who, action, fields, file }: Ready): Promise<Answer> {
  if (file === undefined) return who.post(action, fields)
  return who.postWithFile(action, fields, file)
}

function expectPlainPage({ status, text, headers }: Answer): void {
  expect(status).toBe(503)
  expect(headers.get('retry-after')).toBe('10')
  expect(text).toContain('今は記録の読み書きができません')
  expect(text).not.toMatch(/\bat \S+ \(|node_modules/)
  for (const { code, message } of failures)
    expect([text.includes(code), text.includes(message)]).toEqual([false, false])
}

/** A try counts before it is looked at, and a code is good once: here the same form is tried again and again. */
export async function forgetTries({ db }: Served): Promise<void> {
  await sql`delete from sign_in_note`.execute(engineOf(db).writer)
}

/**
 * Sends a form while the first statement of its change fails, then the second, and so on to the last; while the commit
 * fails; and while its answer is lost after the commit. Nothing is recorded until then, and everything then: the same form
 * sent once more is answered as if it had been heard, and changes nothing. The number of statements of the change.
 */
export async function failEverywhere(served: Served, fill: () => Promise<Ready>): Promise<number> {
  const form = await fill()
  const before = await everythingIn(served.db)
  let statements = 0
  for (;;) {
    const trap = armed(served.db, { statement: statements + 1, orAt: 'before the commit' }, failureAt(statements))
    await forgetTries(served)
    const answer = await send(form)
    trap.disarm()
    const said = answer.text.match(/error-words[^<]*<[^>]*>[^<]*/g)
    expect([form.action, answer.status, said, trap.hasFailed()]).toEqual([form.action, 503, null, true])
    expectPlainPage(answer)
    expect(await everythingIn(served.db)).toEqual(before)
    if (trap.failedAt() === 'before the commit') break
    statements += 1
  }
  const trap = armed(served.db, { orAt: 'after the commit' }, failureAt(statements))
  await forgetTries(served)
  expectPlainPage(await send(form))
  expect(trap.hasFailed()).toBe(true)
  const after = await everythingIn(served.db)
  expect(after).not.toEqual(before)
  const { status } = await send(form)
  // Without a key it may be told that there is nothing left to do, or that somebody is signed out.
  if (form.fields.submissionKey === undefined) expect([form.action, status < 500]).toEqual([form.action, true])
  else expect([form.action, [200, 201, 303].includes(status)]).toEqual([form.action, true])
  expect(await everythingIn(served.db)).toEqual(after)
  return statements
}

const failureAt = (statement: number) => failures[statement % failures.length] ?? failures[0]
