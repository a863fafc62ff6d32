import { describe, expect, it } from 'vitest'
import { addPerson } from '../../server/actions/add-person.ts'
import { commandLine } from '../../server/context.ts'
import { listAuditEntries, systemChain } from '../../server/db/audit-trail.ts'
import { passwordFits } from '../../server/db/password-hash.ts'
import { findActor, findCredentials, findPersonId } from '../../server/db/people.ts'
import { isRefused } from '../../server/domain/parsed.ts'
import { testContext } from '../support/context.ts'
import { chainLength, done, expectSound, refusalOf, sharedDatabase } from './small-trial.ts'

const shared = sharedDatabase()
const name = { ja: '田中 恵', en: 'Megumi Tanaka' }
const password = 'correct horse battery'
const add = (username: string, typed = password) =>
  addPerson(testContext(shared()), commandLine, { username, name, password: typed })

describe('an account', () => {
  it('is found by its name, with no role yet', async () => {
    const { personId } = await done(add('found'))
    expect(await findPersonId(shared(), 'found')).toBe(personId)
    expect(await findActor(shared(), personId)).toEqual({ personId, username: 'found', name, grants: [] })
    expect(await findPersonId(shared(), 'foun')).toBeNull()
    await expectSound(shared())
  })

  it('has a password that fits, of which only the hash is kept', async () => {
    const { personId } = await done(add('has-a-password'))
    const credentials = await findCredentials(shared(), 'has-a-password')
    expect(credentials?.personId).toBe(personId)
    expect(await passwordFits(password, credentials?.passwordHash ?? null, 2 ** 4)).toBe(true)
    expect(await passwordFits('another password', credentials?.passwordHash ?? null, 2 ** 4)).toBe(false)
    const stored = JSON.stringify([
      await shared().selectFrom('person').selectAll().execute(),
      await shared().selectFrom('audit_entry').selectAll().execute(),
    ])
    expect(stored).toContain('has-a-password')
    expect(stored).not.toContain(password)
  })

  it('leaves one audit entry in the chain of the installation', async () => {
    const before = await chainLength(shared(), systemChain)
    const { personId } = await done(add('audited'))
    const [entry] = await listAuditEntries(shared(), systemChain, { before: null, limit: 1 })
    expect(entry).toMatchObject({
      sequence: before + 1,
      event: 'person_added',
      recordId: personId,
      before: null,
      actorName: 'コマンドライン',
      actorRole: 'administrator',
    })
  })

  it('under a name that is taken is refused, and leaves nothing', async () => {
    await done(add('taken'))
    const before = await chainLength(shared(), systemChain)
    expect(await refusalOf(add('taken'))).toEqual([
      { field: 'username', code: 'username_taken', values: { username: 'taken' } },
    ])
    expect(await chainLength(shared(), systemChain)).toBe(before)
    await expectSound(shared())
  })

  it('five at once under one name: one is added', async () => {
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => add('at-once')))
    expect(outcomes.filter((outcome) => 'value' in outcome)).toHaveLength(1)
    expect(outcomes.filter(isRefused).flatMap(({ problems }) => problems.map(({ code }) => code))).toEqual(
      Array(4).fill('username_taken'),
    )
    await expectSound(shared())
  })

  it('may be called by small letters, digits, dots, dashes and underscores, 2 to 64 of them', async () => {
    for (const username of ['ta', 'tanaka.megumi', 'tanaka_2', 't-1', '01', 'a'.repeat(64)]) {
      expect(isRefused(await add(username)), username).toBe(false)
    }
    await expectSound(shared())
  })

  it('may be called by nothing else', async () => {
    const before = await chainLength(shared(), systemChain)
    const malformed = [
      '',
      't',
      'Tanaka',
      '田中',
      'ta naka',
      '.tanaka',
      '-tanaka',
      'tanaka\n',
      'ta/naka',
      'ｔａｎａｋａ',
    ]
    for (const username of [...malformed, 'a'.repeat(65)]) {
      expect(await refusalOf(add(username)), JSON.stringify(username)).toEqual([
        { field: 'username', code: 'username_malformed' },
      ])
    }
    expect(await chainLength(shared(), systemChain)).toBe(before)
  })
})

describe('the length of a password', () => {
  const tooShortOrLong = [{ field: 'password', code: 'password_length', values: { least: 15, most: 256 } }]

  it('is 15 characters or more, and 256 or fewer', async () => {
    expect(await refusalOf(add('short', 'x'.repeat(14)))).toEqual(tooShortOrLong)
    expect(await refusalOf(add('long', 'x'.repeat(257)))).toEqual(tooShortOrLong)
    await done(add('shortest', 'rain on a roof!'))
    await done(add('longest', 'rain on a roof! '.repeat(16)))
  })

  it('is counted in characters, not in the units a computer stores: 15 of them are enough in any script', async () => {
    await done(add('japanese', '長い合言葉は覚えやすいものだ。'))
    expect(await refusalOf(add('rare-14', '𠮷'.repeat(14)))).toEqual(tooShortOrLong)
    await done(add('rare-15', '𠮷野家で食べた牛丼はうまかった。'.slice(0, -1)))
  })

  it('counts for nothing where everybody would guess it, or it holds the person’s own name', async () => {
    const common = [{ field: 'password', code: 'password_common' }]
    const ownName = [{ field: 'password', code: 'password_has_name' }]
    expect(await refusalOf(add('common', 'password12345678'))).toEqual(common)
    expect(await refusalOf(add('tanaka.m', 'tanaka.m likes rain'))).toEqual(ownName)
    expect(await refusalOf(add('somebody', 'Megumi is my first name'))).toEqual(ownName)
  })

  it('is heard of together with what is wrong with the name', async () => {
    expect((await refusalOf(add('T', 'short'))).map(({ code }) => code)).toEqual([
      'username_malformed',
      'password_length',
    ])
  })
})
