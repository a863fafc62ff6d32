/** Accounts: invited, let in once, found again, ended; every change in the trail, and no secret in it. */
import { describe, expect, it } from 'vitest'
import { addPerson } from '../../server/actions/add-person.ts'
import { changePassword } from '../../server/actions/change-password.ts'
import { choosePassword } from '../../server/actions/choose-password.ts'
import { endAccess } from '../../server/actions/end-access.ts'
import { endRole } from '../../server/actions/end-role.ts'
import { grantRole } from '../../server/actions/grant-role.ts'
import { invitePerson } from '../../server/actions/invite-person.ts'
import { issueLink } from '../../server/actions/issue-link.ts'
import { offerSetUp } from '../../server/actions/offer-set-up.ts'
import { removeOwnSecondFactor, removeSecondFactorOf } from '../../server/actions/remove-second-factor.ts'
import { renewRecoveryCodes } from '../../server/actions/renew-recovery-codes.ts'
import { reopenAccess } from '../../server/actions/reopen-access.ts'
import { revokeLink } from '../../server/actions/revoke-link.ts'
import { setSignInRule } from '../../server/actions/set-sign-in-rule.ts'
import { setUpAdministrator } from '../../server/actions/set-up-administrator.ts'
import { setUpSecondFactor } from '../../server/actions/set-up-second-factor.ts'
import { signIn } from '../../server/actions/sign-in.ts'
import { signInWithCode } from '../../server/actions/sign-in-with-code.ts'
import { type Actor, type Context, commandLine } from '../../server/context.ts'
import { findAccount } from '../../server/db/accounts.ts'
import { listAuditEntries, systemChain } from '../../server/db/audit-trail.ts'
import { engineOf } from '../../server/db/dialect.ts'
import { findActor } from '../../server/db/people.ts'
import { isSecondFactorOwed, newSecret } from '../../server/db/second-factors.ts'
import { keepSession } from '../../server/db/sessions.ts'
import { listTrialsFor } from '../../server/db/trials.ts'
import { codeAt } from '../support/codes.ts'
import { testContext } from '../support/context.ts'
import { openCopy } from '../support/databases.ts'
import { chainLength, done, expectSound, openSmallTrial, refusalOf, sharedDatabase } from './small-trial.ts'

const shared = sharedDatabase()
const noon = '2026-06-24T03:00:00.000Z'
const at = (seconds: number): Context =>
  testContext(shared(), new Date(Date.parse(noon) + seconds * 1000).toISOString())
const day = 86_400
const name = { ja: '田中 恵', en: 'Megumi Tanaka' }
const password = 'rain on the roof at night'
const place = { address: '192.0.2.1', agent: 'a browser' }
let people = 0
const fresh = () => {
  people += 1
  return `person-${people}`
}

async function invited(username = fresh()): Promise<{ username: string; token: string }> {
  const { token } = await done(invitePerson(at(0), commandLine, { username, name }))
  return { username, token: token ?? '' }
}

async function member(): Promise<{ username: string; actor: Actor }> {
  const username = fresh()
  const { personId } = await done(addPerson(at(0), commandLine, { username, name, password }))
  const actor = await findActor(shared(), personId)
  if (actor === null) throw new Error('nobody was added')
  return { username, actor }
}

/** Tries come from an address of their own, so that one test's failures are not another's. */
const from = (username: string) => ({ ...place, address: `address of ${username}` })
const tryIn = (username: string, typed: string, seconds = 0) =>
  signIn(at(seconds), { username, password: typed }, from(username))
const canSignIn = async (username: string, typed = password, seconds = 0) =>
  'value' in (await tryIn(username, typed, seconds))

const eventsSince = async (before: number) =>
  (await listAuditEntries(shared(), systemChain, { before: null, limit: 100 }))
    .filter(({ sequence }) => sequence > before)
    .map(({ event }) => event)
    .reverse()
const now = () => chainLength(shared(), systemChain)

async function signedInSomewhere({ personId }: Actor): Promise<() => Promise<number>> {
  await keepSession(shared(), `session of ${personId}`, { personId, content: '{}' }, noon)
  return async () =>
    (await shared().selectFrom('session').select('id_hash').where('person_id', '=', personId).execute()).length
}

describe('an invitation', () => {
  it('lets somebody in once, to choose a password, within seven days', async () => {
    const { username, token } = await invited()
    expect(token).toMatch(/^[\w-]{43}$/)
    expect(await canSignIn(username, '')).toBe(false)
    expect(await refusalOf(choosePassword(at(7 * day), token, password))).toEqual([{ field: '', code: 'link_over' }])
    await done(choosePassword(at(7 * day - 1), token, password))
    expect(await canSignIn(username)).toBe(true)
    expect(await refusalOf(choosePassword(at(60), token, password))).toEqual([{ field: '', code: 'link_over' }])
    await expectSound(shared())
  })

  it('is used by one of two who try at once', async () => {
    const { token } = await invited()
    const outcomes = await Promise.all([1, 2, 3].map(() => choosePassword(at(0), token, password)))
    expect(outcomes.filter((outcome) => 'value' in outcome)).toHaveLength(1)
  })

  it('is kept by the hash of its token, and leaves an entry for each row it changes', async () => {
    const before = await now()
    const { token } = await invited()
    await done(choosePassword(at(0), token, password))
    expect(await eventsSince(before)).toEqual([
      'person_added',
      'access_link_issued',
      'password_set',
      'access_link_used',
    ])
    const kept = JSON.stringify([
      await shared().selectFrom('access_link').selectAll().execute(),
      await shared().selectFrom('audit_entry').selectAll().execute(),
      await shared().selectFrom('submission').selectAll().execute(),
    ])
    expect(kept).not.toContain(token)
  })

  it('that is issued anew, or revoked, leaves the first link worthless', async () => {
    const { username, token } = await invited()
    const second = (await done(issueLink(at(0), commandLine, username))).token ?? ''
    expect(second).not.toBe(token)
    expect((await refusalOf(choosePassword(at(0), token, password)))[0]?.code).toBe('link_over')
    await done(revokeLink(at(0), commandLine, username))
    expect((await refusalOf(choosePassword(at(0), second, password)))[0]?.code).toBe('link_over')
    expect(await refusalOf(revokeLink(at(0), commandLine, username))).toEqual([{ field: '', code: 'link_none' }])
  })

  it('sent twice opens one account, and shows its link once', async () => {
    const username = fresh()
    const key = { key: 'one-key-for-two-forms', contentHash: 'the same' }
    const context: Context = { ...at(0), request: { id: 'a request', submission: key } }
    const first = await done(invitePerson(context, commandLine, { username, name }))
    const second = await done(invitePerson(context, commandLine, { username, name }))
    expect(first.token).not.toBeNull()
    expect(second.token).toBeNull()
    await done(choosePassword(at(0), first.token ?? '', password))
  })

  it('for a name that is taken or malformed is refused, and a password against the rules as well', async () => {
    const { username, token } = await invited()
    expect((await refusalOf(invitePerson(at(0), commandLine, { username, name })))[0]?.code).toBe('username_taken')
    const malformed = invitePerson(at(0), commandLine, { username: 'Ω', name })
    expect((await refusalOf(malformed))[0]?.code).toBe('username_malformed')
    expect((await refusalOf(choosePassword(at(0), token, 'short')))[0]?.code).toBe('password_length')
    expect((await refusalOf(choosePassword(at(0), token, 'megumi on the roof')))[0]?.code).toBe('password_has_name')
    await done(choosePassword(at(0), token, password))
  })
})

describe('the first start', () => {
  it('offers one link that makes the first administrator, and none when somebody is there', async () => {
    const db = await openCopy('empty')
    const context = testContext(db, noon)
    const earlier = (await offerSetUp(context, commandLine)) ?? ''
    const token = (await offerSetUp(context, commandLine)) ?? ''
    const founder = { username: 'first', name, password }
    const use = (which: string) => setUpAdministrator(context, commandLine, which, founder)
    expect((await refusalOf(use(earlier)))[0]?.code).toBe('link_over')
    expect(
      (await refusalOf(setUpAdministrator(context, commandLine, token, { ...founder, password: 'short' })))[0],
    ).toMatchObject({
      code: 'password_length',
    })
    const { personId } = await done(use(token))
    expect((await findActor(db, personId))?.grants).toEqual([{ role: 'administrator', trialId: null, siteId: null }])
    expect((await refusalOf(use(token)))[0]?.code).toBe('link_over')
    expect(await offerSetUp(context, commandLine)).toBeNull()
    await expectSound(db)
  })

  it('is over as soon as somebody was added otherwise', async () => {
    const db = await openCopy('empty')
    const context = testContext(db, noon)
    const token = (await offerSetUp(context, commandLine)) ?? ''
    await done(addPerson(context, commandLine, { username: 'added', name, password }))
    const founder = { username: 'first', name, password }
    expect((await refusalOf(setUpAdministrator(context, commandLine, token, founder)))[0]?.code).toBe('link_over')
  })
})

describe('a password', () => {
  it('is changed by whoever knows it, and signs them out everywhere', async () => {
    const { username, actor } = await member()
    const sessions = await signedInSomewhere(actor)
    const change = (old: string, next: string) => changePassword(at(0), actor, { old, password: next }, from(username))
    expect((await refusalOf(change('wrong', 'quite another sentence')))[0]).toEqual({
      field: 'old',
      code: 'password_wrong',
    })
    expect((await refusalOf(change(password, password)))[0]?.code).toBe('password_same')
    expect((await refusalOf(change(password, 'passwordpassword')))[0]?.code).toBe('password_common')
    expect(await sessions()).toBe(1)
    await done(change(password, 'quite another sentence'))
    expect(await sessions()).toBe(0)
    expect([await canSignIn(username), await canSignIn(username, 'quite another sentence')]).toEqual([false, true])
    await expectSound(shared())
  })

  it('that was forgotten is chosen anew by a link for a day; until then the old one stands', async () => {
    const { username, actor } = await member()
    const sessions = await signedInSomewhere(actor)
    const { token } = await done(issueLink(at(0), commandLine, username))
    expect(await canSignIn(username)).toBe(true)
    expect((await refusalOf(choosePassword(at(day), token ?? '', 'quite another sentence')))[0]?.code).toBe('link_over')
    await done(choosePassword(at(60), token ?? '', 'quite another sentence'))
    expect([await canSignIn(username), await sessions()]).toEqual([false, 0])
  })

  it('stands in the trail as a digest of its hash: recognised, not known', async () => {
    const { actor } = await member()
    const row = await shared()
      .selectFrom('person')
      .selectAll()
      .where('id', '=', actor.personId)
      .executeTakeFirstOrThrow()
    const entries = await shared()
      .selectFrom('audit_entry')
      .select('after')
      .where('record_id', '=', actor.personId)
      .execute()
    expect(entries).toHaveLength(1)
    expect(entries[0]?.after).not.toContain(row.password_hash)
    expect(JSON.parse(entries[0]?.after ?? '').password_hash).toMatch(/^sha256:[0-9a-f]{64}$/)
    await expectSound(shared())
  })
})

describe('access', () => {
  it('that ends signs out at once, ends links, and lets in no more; reopened it does', async () => {
    const { username, actor } = await member()
    const sessions = await signedInSomewhere(actor)
    const { token } = await done(issueLink(at(0), commandLine, username))
    await done(endAccess(at(0), commandLine, username))
    expect([await sessions(), await findActor(shared(), actor.personId), await canSignIn(username)]).toEqual([
      0,
      null,
      false,
    ])
    expect((await refusalOf(choosePassword(at(0), token ?? '', password)))[0]?.code).toBe('link_over')
    expect((await refusalOf(endAccess(at(0), commandLine, username)))[0]?.code).toBe('person_ended')
    expect((await refusalOf(issueLink(at(0), commandLine, username)))[0]?.code).toBe('person_ended')
    const grant = { role: 'administrator', trialId: null, siteId: null } as const
    expect((await refusalOf(grantRole(at(0), commandLine, actor.personId, grant)))[0]?.code).toBe('person_ended')
    await done(reopenAccess(at(0), commandLine, username))
    expect(await canSignIn(username)).toBe(true)
    expect((await refusalOf(reopenAccess(at(0), commandLine, username)))[0]?.code).toBe('person_not_ended')
    expect((await refusalOf(endAccess(at(0), commandLine, 'nobody-here')))[0]?.code).toBe('person_unknown')
    await expectSound(shared())
  })

  it('of the last administrator cannot end, nor can their role', async () => {
    const db = await openCopy('empty')
    const context = testContext(db, noon)
    const add = async (username: string) => {
      const { personId } = await done(addPerson(context, commandLine, { username, name, password }))
      await done(grantRole(context, commandLine, personId, { role: 'administrator', trialId: null, siteId: null }))
      const grantId = (await findAccount(db, username))?.roles[0]?.id ?? ''
      return { username, ending: { personId, grantId, trialId: null } }
    }
    const [first, second] = [await add('first'), await add('second')]
    await done(endRole(context, commandLine, second.ending))
    expect((await refusalOf(endRole(context, commandLine, first.ending)))[0]?.code).toBe('administrator_last')
    expect((await refusalOf(endAccess(context, commandLine, first.username)))[0]?.code).toBe('administrator_last')
    await expectSound(db)
  })
})

describe('signing in', () => {
  it('after five failures waits, with the right password too, and by the same words for a name that is nobody’s', async () => {
    const { username } = await member()
    const nobody = `nobody-${username}`
    const codes = async (who: string) => {
      const said: unknown[] = []
      for (let time = 0; time < 5; time += 1) said.push((await refusalOf(tryIn(who, 'wrong'))).map(({ code }) => code))
      said.push(await refusalOf(tryIn(who, password)))
      return said
    }
    const before = await now()
    const known = await codes(username)
    expect(known.slice(0, 5)).toEqual(Array(5).fill(['sign_in_failed']))
    expect(known[5]).toEqual([{ field: '', code: 'sign_in_wait_seconds', values: { seconds: 1 } }])
    expect(await codes(nobody)).toEqual(known)
    expect(await eventsSince(before)).toEqual(Array(4).fill('sign_in_locked'))
    const locks = await shared().selectFrom('sign_in_lock').selectAll().orderBy('id').execute()
    expect(locks.slice(-4).map((lock) => [lock.lock_of, lock.person_id !== null, lock.failures])).toEqual([
      ['account', true, 5],
      ['address', false, 5],
      ['account', false, 5],
      ['address', false, 5],
    ])
    const signedIn = await done(tryIn(username, password, 1))
    expect(signedIn).toMatchObject({ next: 'signed_in', last: null })
    await expectSound(shared())
  })

  it('says when one was last there, from where, and what failed since', async () => {
    const { username } = await member()
    await done(tryIn(username, password))
    await tryIn(username, 'wrong', 5)
    await tryIn(username, 'wrong', 6)
    const { last } = await done(tryIn(username, password, 60))
    expect(last).toEqual({ at: noon, ...from(username), failures: 2 })
    expect((await done(tryIn(username, password, 61))).last?.failures).toBe(0)
  })
})

describe('a second factor', () => {
  async function withFactor() {
    const { username, actor } = await member()
    const secret = newSecret()
    const { recoveryCodes } = await done(setUpSecondFactor(at(0), actor, { secret, code: codeAt(secret, noon) }))
    const code = (seconds: number) => codeAt(secret, at(seconds).now())
    const enter = (typed: string, seconds: number) =>
      signInWithCode(at(seconds), { personId: actor.personId, way: 'password' }, typed, from(username))
    return { username, actor, secret, recoveryCodes, code, enter }
  }

  it('is proved by a code, which is used up with it; then the password is half of signing in', async () => {
    const { username, code, enter } = await withFactor()
    expect(await done(tryIn(username, password))).toMatchObject({ next: 'code' })
    expect((await refusalOf(enter(code(0), 0)))[0]).toEqual({ field: 'code', code: 'code_wrong' })
    expect((await refusalOf(enter('000000', 0)))[0]?.code).toBe('code_wrong')
    await done(enter(code(30), 30))
    expect((await refusalOf(enter(code(30), 31)))[0]?.code).toBe('code_wrong')
    await expectSound(shared())
  })

  it('fails with a code that is not the app’s, and is not set up twice', async () => {
    const { actor } = await member()
    const secret = newSecret()
    expect((await refusalOf(setUpSecondFactor(at(0), actor, { secret, code: '123' })))[0]?.code).toBe('code_wrong')
    const right = { secret, code: codeAt(secret, noon) }
    await done(setUpSecondFactor(at(0), actor, right))
    expect((await refusalOf(setUpSecondFactor(at(0), actor, right)))[0]?.code).toBe('second_factor_there')
  })

  it('has ten recovery codes, each good once, however it is typed', async () => {
    const { recoveryCodes, enter, actor } = await withFactor()
    expect(recoveryCodes).toHaveLength(10)
    expect(new Set(recoveryCodes).size).toBe(10)
    const [first = '', second = ''] = recoveryCodes
    expect(first).toMatch(/^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/)
    await done(enter(first.toUpperCase().replaceAll('-', ' '), 0))
    expect((await refusalOf(enter(first, 1)))[0]?.code).toBe('code_wrong')
    const before = await now()
    await done(enter(second, 2))
    expect(await eventsSince(before)).toEqual(['recovery_code_used'])
    const kept = JSON.stringify([
      await shared().selectFrom('second_factor').selectAll().where('person_id', '=', actor.personId).execute(),
      await shared().selectFrom('audit_entry').selectAll().execute(),
    ])
    for (const code of recoveryCodes) expect(kept).not.toContain(code)
    await expectSound(shared())
  })

  it('keeps its secret out of the trail', async () => {
    const { secret } = await withFactor()
    const trail = JSON.stringify(await shared().selectFrom('audit_entry').selectAll().execute())
    expect(trail).not.toContain(secret)
    expect(trail).toContain('second_factor_set_up')
  })

  it('whose codes are guessed makes the name wait, as a password does', async () => {
    const { enter, code } = await withFactor()
    for (let time = 0; time < 5; time += 1) await enter('000000', 0)
    expect((await refusalOf(enter(code(60), 0)))[0]?.code).toBe('sign_in_wait_seconds')
  })

  it('gets new recovery codes for a code, and the old ones are over', async () => {
    const { actor, code, recoveryCodes, enter, username } = await withFactor()
    const renew = (typed: string, seconds: number) => renewRecoveryCodes(at(seconds), actor, typed, from(username))
    expect((await refusalOf(renew('000000', 30)))[0]?.code).toBe('code_wrong')
    const renewed = await done(renew(code(30), 30))
    expect((await refusalOf(enter(recoveryCodes[0] ?? '', 60)))[0]?.code).toBe('code_wrong')
    await done(enter(renewed.recoveryCodes[0] ?? '', 61))
  })

  it('lets a shorter password stand, which is not enough to go on without it', async () => {
    const { actor, username } = await withFactor()
    const change = { old: password, password: 'wet roofs' }
    await done(changePassword(at(0), actor, change, from(username)))
    const remove = (typed: string) => removeOwnSecondFactor(at(0), actor, typed, from(username))
    expect((await refusalOf(remove('wrong')))[0]?.code).toBe('password_wrong')
    expect((await refusalOf(remove('wet roofs')))[0]?.code).toBe('password_short_alone')
    await done(changePassword(at(0), actor, { old: 'wet roofs', password }, from(username)))
    await done(remove(password))
    expect(await done(tryIn(username, password))).toMatchObject({ next: 'signed_in' })
    await expectSound(shared())
  })

  it('is removed by an administrator where the telephone is lost, and everybody who sat there is signed out', async () => {
    const { actor, username } = await withFactor()
    const sessions = await signedInSomewhere(actor)
    await done(removeSecondFactorOf(at(0), commandLine, username))
    expect(await sessions()).toBe(0)
    expect((await refusalOf(removeSecondFactorOf(at(0), commandLine, username)))[0]?.code).toBe('second_factor_none')
    expect(await done(tryIn(username, password))).toMatchObject({ next: 'signed_in' })
  })

  it('is owed by whoever has a role in a trial that requires it, until it is set up', async () => {
    const world = await openSmallTrial(shared())
    const { actor } = await member()
    const ofTrial = { role: 'auditor', trialId: world.trialId, siteId: null } as const
    const owed = async () => isSecondFactorOwed(shared(), actor.personId, await listTrialsFor(shared(), [ofTrial]))
    await done(grantRole(at(0), commandLine, actor.personId, ofTrial))
    expect(await owed()).toBe(false)
    await done(setSignInRule(at(0), commandLine, { trialId: world.trialId, secondFactor: 'required' }))
    expect(await owed()).toBe(true)
    const secret = newSecret()
    await done(setUpSecondFactor(at(0), actor, { secret, code: codeAt(secret, noon) }))
    expect(await owed()).toBe(false)
    await done(setSignInRule(at(0), commandLine, { trialId: world.trialId, secondFactor: 'optional' }))
    await expectSound(shared())
  })
})

it('a copy of a trial, on which an import is tried, holds no link, secret or note', async () => {
  const world = await openSmallTrial(shared())
  await invited()
  const counts = await engineOf(shared()).onCopy(world.trialId, async (copy) =>
    Promise.all(
      (['access_link', 'second_factor', 'openid_identity', 'sign_in_note', 'sign_in_lock'] as const).map(
        async (table) => (await copy.selectFrom(table).selectAll().execute()).length,
      ),
    ),
  )
  expect(counts).toEqual([0, 0, 0, 0, 0])
})
