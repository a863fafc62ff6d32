import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { addPerson } from '../../server/actions/add-person.ts'
import { commandLine } from '../../server/context.ts'
import type { Db } from '../../server/db/database.ts'
import { engineOf } from '../../server/db/dialect.ts'
import {
  absoluteHours,
  endSession,
  findSession,
  forgetOldSessions,
  idleMinutes,
  keepSession,
  touchSession,
} from '../../server/db/sessions.ts'
import { done, sharedDatabase } from '../actions/small-trial.ts'
import { testContext } from '../support/context.ts'
import { rawWriter } from '../support/raw.ts'

const shared = sharedDatabase()

const start = Date.parse('2026-06-24T03:00:00.000Z')
/** The instant so many minutes after noon in Tokyo on 2026-06-24. */
const minutesIn = (minutes: number) => new Date(start + minutes * 60_000).toISOString()
const id = 'the identifier in the cookie, which nobody else may know'

/** One session, from noon on, and no other. */
async function signedInAtNoon(): Promise<Db> {
  const db = shared()
  await rawWriter(db).deleteFrom('session').execute()
  await keepSession(db, id, { personId: null, content: '{"a":1}' }, minutesIn(0))
  return db
}

/** What the browser does: one request after another, each one noted. */
async function useEvery(db: Db, minutes: number, until: number): Promise<void> {
  for (let now = minutes; now <= until; now += minutes) {
    const session = await findSession(db, id, minutesIn(now))
    if (session === null) return
    await touchSession(db, id, session.seenAt, minutesIn(now))
  }
}

const rows = (db: Db) => db.selectFrom('session').selectAll().execute()

describe('a session', () => {
  it('is found as it was kept', async () => {
    const db = await signedInAtNoon()
    expect(await findSession(db, id, minutesIn(1))).toEqual({
      content: '{"a":1}',
      createdAt: minutesIn(0),
      seenAt: minutesIn(0),
    })
  })

  it('of another identifier is none', async () => {
    const db = await signedInAtNoon()
    expect(await findSession(db, `${id} `, minutesIn(1))).toBeNull()
    expect(await findSession(db, '', minutesIn(1))).toBeNull()
  })

  it('is idle after 30 minutes: found at 30, not a millisecond later', async () => {
    const db = await signedInAtNoon()
    expect(idleMinutes).toBe(30)
    expect(await findSession(db, id, minutesIn(30))).not.toBeNull()
    expect(await findSession(db, id, minutesIn(30 + 1 / 60_000))).toBeNull()
  })

  it('that is used goes on: 29 minutes, and 29 more', async () => {
    const db = await signedInAtNoon()
    await useEvery(db, 29, 58)
    expect(await findSession(db, id, minutesIn(58 + 30))).not.toBeNull()
    expect(await findSession(db, id, minutesIn(58 + 31))).toBeNull()
  })

  it('is over after 12 hours, however much it is used', async () => {
    const db = await signedInAtNoon()
    expect(absoluteHours).toBe(12)
    await useEvery(db, 20, 720)
    expect(await findSession(db, id, minutesIn(720))).not.toBeNull()
    expect(await findSession(db, id, minutesIn(720 + 1 / 60_000))).toBeNull()
  })

  it('cannot be made younger by keeping its content again', async () => {
    const db = await signedInAtNoon()
    await useEvery(db, 20, 700)
    await keepSession(db, id, { personId: null, content: '{"a":2}' }, minutesIn(710))
    expect(await findSession(db, id, minutesIn(720))).toMatchObject({ content: '{"a":2}', createdAt: minutesIn(0) })
    expect(await findSession(db, id, minutesIn(721))).toBeNull()
  })

  it('is noted as used once a minute at most, so that reading a page costs no write', async () => {
    const db = await signedInAtNoon()
    const seenAt = async () => (await findSession(db, id, minutesIn(2)))?.seenAt
    await touchSession(db, id, minutesIn(0), minutesIn(59 / 60))
    expect(await seenAt()).toBe(minutesIn(0))
    await touchSession(db, id, minutesIn(0), minutesIn(1))
    expect(await seenAt()).toBe(minutesIn(1))
    await touchSession(db, id, minutesIn(1), minutesIn(1.5))
    expect(await seenAt()).toBe(minutesIn(1))
  })

  it('is not noted while somebody writes for long, and neither waits: the next request notes it', async () => {
    const db = await signedInAtNoon()
    await engineOf(db).inTurn('a trial', () => touchSession(db, id, minutesIn(0), minutesIn(2)))
    await touchSession(db, id, minutesIn(0), minutesIn(3))
    expect((await findSession(db, id, minutesIn(3)))?.seenAt).toBe(minutesIn(3))
  })

  it('is kept at once while somebody writes for long, and written when that is done', async () => {
    const db = await signedInAtNoon()
    const other = 'the identifier of somebody who signs in meanwhile'
    const kept = { content: '{"a":2}', createdAt: minutesIn(1), seenAt: minutesIn(1) }
    await engineOf(db).inTurn('a trial', async () => {
      // The page of signing in has a session of its own, which ends as the person's begins.
      await keepSession(db, 'planted', { personId: null, content: '{}' }, minutesIn(1))
      await endSession(db, 'planted')
      await endSession(db, id)
      await keepSession(db, other, { personId: null, content: kept.content }, minutesIn(1))
      expect(await findSession(db, other, minutesIn(2))).toEqual(kept)
      expect(await findSession(db, other, minutesIn(1 + idleMinutes + 1))).toBeNull()
      expect(await findSession(db, 'planted', minutesIn(2))).toBeNull()
      expect(await findSession(db, id, minutesIn(2))).toBeNull()
    })
    await forgetOldSessions(db, minutesIn(0))
    expect((await rows(db)).map(({ content }) => content)).toEqual([kept.content])
    expect(await findSession(db, other, minutesIn(2))).toEqual(kept)
  })

  it('in which somebody signed in has ended, also on the disk, when signing out is answered', async () => {
    const db = await signedInAtNoon()
    const { personId } = await done(
      addPerson(testContext(db), commandLine, {
        username: 'leaver',
        name: { ja: '退', en: 'L' },
        password: 'rain on the roof',
      }),
    )
    await keepSession(db, id, { personId, content: '{}' }, minutesIn(0))
    let ended = Promise.resolve()
    await engineOf(db).inTurn('a trial', async () => {
      ended = endSession(db, id)
      await new Promise((resolve) => setImmediate(resolve))
      expect(await findSession(db, id, minutesIn(1))).toBeNull()
    })
    await ended
    expect(await rows(db)).toEqual([])
    expect(await findSession(db, id, minutesIn(1))).toBeNull()
  })

  it('that ended is gone, and cannot be touched back', async () => {
    const db = await signedInAtNoon()
    await endSession(db, id)
    await touchSession(db, id, minutesIn(0), minutesIn(5))
    expect(await findSession(db, id, minutesIn(5))).toBeNull()
    expect(await rows(db)).toEqual([])
  })

  it('ends alone: the others of the same person go on', async () => {
    const db = await signedInAtNoon()
    await keepSession(db, 'another browser', { personId: null, content: '{}' }, minutesIn(0))
    await endSession(db, id)
    expect(await findSession(db, 'another browser', minutesIn(1))).not.toBeNull()
  })
})

describe('in the database', () => {
  it('a session stands under the SHA-256 of its identifier, and the identifier nowhere', async () => {
    const db = await signedInAtNoon()
    const [row] = await rows(db)
    expect(row?.id_hash).toBe(createHash('sha256').update(id).digest('hex'))
    expect(JSON.stringify(row)).not.toContain(id)
  })

  it('the hash opens no session: it is not an identifier itself', async () => {
    const db = await signedInAtNoon()
    const [row] = await rows(db)
    expect(await findSession(db, row?.id_hash ?? '', minutesIn(1))).toBeNull()
  })

  it('a session knows whose it is as soon as somebody signed in', async () => {
    const db = await signedInAtNoon()
    const name = { ja: '一', en: 'One' }
    const person = { username: 'one', name, password: 'long enough to be one' }
    const { personId } = await done(addPerson(testContext(db), commandLine, person))
    await keepSession(db, id, { personId, content: '{}' }, minutesIn(1))
    expect((await rows(db)).map(({ person_id }) => person_id)).toEqual([personId])
  })

  it('sessions whose time is over are removed, the others stay', async () => {
    const db = await signedInAtNoon()
    await keepSession(db, 'used since', { personId: null, content: '{}' }, minutesIn(5))
    await forgetOldSessions(db, minutesIn(30))
    expect(await rows(db)).toHaveLength(2)
    await forgetOldSessions(db, minutesIn(31))
    expect((await rows(db)).map(({ seen_at }) => seen_at)).toEqual([minutesIn(5)])
  })
})
