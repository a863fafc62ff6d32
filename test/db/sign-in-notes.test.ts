import { describe, expect, it } from 'vitest'
import { engineOf } from '../../server/db/dialect.ts'
import {
  countTry,
  forgetOldFailures,
  forgiveTry,
  listLastSignIns,
  noteSignIn,
  settleTry,
  useStep,
} from '../../server/db/sign-in-notes.ts'
import { sharedDatabase } from '../actions/small-trial.ts'
import { openCopy } from '../support/databases.ts'

const shared = sharedDatabase()
const noon = '2026-06-24T03:00:00.000Z'
const later = (seconds: number) => new Date(Date.parse(noon) + seconds * 1000).toISOString()
let people = 0
const somebody = () => {
  people += 1
  return { username: `somebody-${people}`, address: `192.0.2.${people}` }
}

async function failing(times: number, who = somebody(), now = noon) {
  for (let time = 0; time < times; time += 1) {
    await countTry(shared(), who, now)
    await settleTry(shared(), who, 'wrong', now)
  }
  return who
}

describe('tries', () => {
  it('are counted until the fifth, after which the next waits a second', async () => {
    const who = somebody()
    for (let time = 1; time <= 5; time += 1) {
      const tried = await countTry(shared(), who, noon)
      expect('failures' in tried && tried.failures.failures).toBe(time)
    }
    expect(await countTry(shared(), who, noon)).toEqual({ waitSeconds: 1 })
    // One that had to wait is not counted: nobody is locked out for ever by another's knocking.
    expect('failures' in (await countTry(shared(), who, later(1)))).toBe(true)
    expect(await countTry(shared(), who, later(1))).toEqual({ waitSeconds: 2 })
  })

  it('wait by the name wherever they come from, and by the address whatever the name', async () => {
    const who = await failing(5)
    expect(await countTry(shared(), { ...who, address: '198.51.100.1' }, noon)).toEqual({ waitSeconds: 1 })
    expect(await countTry(shared(), { ...who, username: 'another' }, noon)).toEqual({ waitSeconds: 1 })
    expect('failures' in (await countTry(shared(), somebody(), noon))).toBe(true)
    // Capitals and full width make no new name.
    const loud = { username: who.username.toUpperCase(), address: '198.51.100.2' }
    expect(await countTry(shared(), loud, noon)).toEqual({ waitSeconds: 1 })
  })

  it('at once are no more than one after another: of forty, five are looked at', async () => {
    const who = somebody()
    const tries = await Promise.all(Array.from({ length: 40 }, () => countTry(shared(), who, noon)))
    expect(tries.filter((tried) => 'failures' in tried)).toHaveLength(5)
  })

  it('that go well are forgiven: the name’s all, and their number is said; the address keeps what failed', async () => {
    const who = await failing(4)
    expect(await forgiveTry(shared(), who, noon)).toBe(4)
    expect(await forgiveTry(shared(), who, noon)).toBe(0)
    const again = await countTry(shared(), who, noon)
    expect('failures' in again && again.failures.failures).toBe(1)
    expect(await settleTry(shared(), who, 'wrong', noon)).toMatchObject({ failures: { failures: 5 } })
  })

  it('of a whole hospital behind one address go well at once: only what fails makes it wait', async () => {
    const { address } = somebody()
    const staff = Array.from({ length: 40 }, () => ({ ...somebody(), address }))
    const tries = await Promise.all(staff.map((who) => countTry(shared(), who, noon)))
    expect(tries.filter((tried) => 'waitSeconds' in tried)).toEqual([])
    const settled = await Promise.all(staff.map((who) => settleTry(shared(), who, 'right', noon)))
    expect(settled.filter((one) => 'waitSeconds' in one)).toEqual([])
  })

  it('under way when their address has to wait by now tell nobody what came of them, right or wrong', async () => {
    const { address } = somebody()
    const guesses = Array.from({ length: 40 }, () => ({ ...somebody(), address }))
    await Promise.all(guesses.map((who) => countTry(shared(), who, noon)))
    const outcomes = []
    for (const who of guesses.slice(0, 39)) outcomes.push(await settleTry(shared(), who, 'wrong', noon))
    expect(outcomes.filter((one) => 'failures' in one)).toHaveLength(5)
    expect(await settleTry(shared(), guesses[39] ?? somebody(), 'right', noon)).toEqual({ waitSeconds: 1 })
  })

  it('keep neither the name nor the address that was typed', async () => {
    const who = await failing(1, { username: 'my-secret-password', address: '203.0.113.77' })
    const rows = await shared().selectFrom('sign_in_note').selectAll().execute()
    expect(rows.length).toBeGreaterThan(1)
    expect(JSON.stringify(rows)).not.toContain(who.username)
    expect(JSON.stringify(rows)).not.toContain(who.address)
  })

  it('are counted while an import has the database, and kept when it is done', async () => {
    const db = await openCopy('empty')
    const who = somebody()
    let ends = () => {}
    const importing = engineOf(db).inTurn('a trial', () => new Promise<void>((resolve) => (ends = resolve)))
    for (let time = 0; time < 5; time += 1) await countTry(db, who, noon)
    expect(await countTry(db, who, noon)).toEqual({ waitSeconds: 1 })
    ends()
    await importing
    expect(await countTry(db, who, noon)).toEqual({ waitSeconds: 1 })
    const kept = async () => (await db.selectFrom('sign_in_note').select('key').execute()).length
    await expect.poll(kept).toBe(1)
  })

  it('of long ago are forgotten, and nobody’s last time is', async () => {
    const db = await openCopy('empty')
    await countTry(db, somebody(), noon)
    await noteSignIn(db, 'a-person', { address: '', agent: '' }, 0, noon)
    await forgetOldFailures(db, later(91 * 86_400))
    const keys = (await db.selectFrom('sign_in_note').select('key').execute()).map(({ key }) => key)
    expect(keys).toEqual(['person a-person'])
  })
})

describe('a person', () => {
  it('is told when and from where they were last here, and what failed since', async () => {
    const here = { address: '192.0.2.1', agent: 'a browser' }
    expect(await noteSignIn(shared(), 'told', here, 0, noon)).toBeNull()
    const then = await noteSignIn(shared(), 'told', { address: '192.0.2.2', agent: 'another' }, 3, later(60))
    expect(then).toEqual({ at: noon, ...here, failures: 3 })
    expect(await listLastSignIns(shared(), ['told', 'never'])).toEqual(new Map([['told', later(60)]]))
  })

  it('uses a step of a second factor once, also when two ask at once', async () => {
    const step = (number: number) => (used: number | null) => (used === null || number > used ? number : null)
    const asked = await Promise.all([1, 2, 3].map(() => useStep(shared(), 'stepping', step(7), noon)))
    expect(asked.filter(Boolean)).toHaveLength(1)
    expect(await useStep(shared(), 'stepping', step(6), noon)).toBe(false)
    expect(await useStep(shared(), 'stepping', step(8), noon)).toBe(true)
    // Having used a code is not having been here.
    expect(await listLastSignIns(shared(), ['stepping'])).toEqual(new Map())
  })
})
