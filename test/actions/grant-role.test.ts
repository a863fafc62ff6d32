import { describe, expect, it } from 'vitest'
import { addPerson } from '../../server/actions/add-person.ts'
import { endRole } from '../../server/actions/end-role.ts'
import { grantRole } from '../../server/actions/grant-role.ts'
import { commandLine } from '../../server/context.ts'
import { findAccount } from '../../server/db/accounts.ts'
import { listAuditEntries, systemChain } from '../../server/db/audit-trail.ts'
import { findActor, listPeopleWithRoles } from '../../server/db/people.ts'
import { type Grant, type Role, reachOf, roles } from '../../server/domain/permission.ts'
import {
  chainLength,
  done,
  expectSound,
  openSmallTrial,
  refusalOf,
  type SmallTrial,
  sharedDatabase,
} from './small-trial.ts'

const shared = sharedDatabase()

/** The small trial, and somebody who holds no role yet. */
async function openWorld(): Promise<SmallTrial & { personId: string }> {
  const world = await openSmallTrial(shared())
  const name = { ja: '田中 恵', en: 'Megumi Tanaka' }
  const draft = { username: world.code.toLowerCase(), name, password: 'long enough to be one' }
  return { ...world, ...(await done(addPerson(world.context, commandLine, draft))) }
}
type World = Awaited<ReturnType<typeof openWorld>>

const give = (world: World, role: Role, trialId: string | null, siteId: string | null = null) =>
  grantRole(world.context, commandLine, world.personId, { role, trialId, siteId })

const grantsOf = async ({ db, personId }: World) => (await findActor(db, personId))?.grants

describe('a role', () => {
  it('is held from then on: of a site, of a trial, of the installation', async () => {
    const world = await openWorld()
    expect(await grantsOf(world)).toEqual([])
    const grants: Grant[] = [
      { role: 'coordinator', trialId: world.trialId, siteId: world.siteIds['01'] },
      { role: 'auditor', trialId: world.trialId, siteId: null },
      { role: 'administrator', trialId: null, siteId: null },
    ]
    for (const grant of grants) {
      expect(await done(grantRole(world.context, commandLine, world.personId, grant))).toEqual({
        personId: world.personId,
      })
    }
    const held = await grantsOf(world)
    expect(held).toHaveLength(3)
    expect(held).toEqual(expect.arrayContaining(grants))
    const username = world.code.toLowerCase()
    const listed = (await listPeopleWithRoles(world.db)).filter((person) => person.username === username)
    expect(listed.map(({ role }) => role).sort()).toEqual(['administrator', 'auditor', 'coordinator'])
    await expectSound(world.db)
  })

  it('in a trial stands in the trial’s audit trail, the administrator’s in that of the installation', async () => {
    const world = await openWorld()
    const before = {
      trial: await chainLength(world.db, world.trialId),
      system: await chainLength(world.db, systemChain),
    }
    await done(give(world, 'auditor', world.trialId))
    expect(await chainLength(world.db, world.trialId)).toBe(before.trial + 1)
    await done(give(world, 'administrator', null))
    expect(await chainLength(world.db, systemChain)).toBe(before.system + 1)
    const [entry] = await listAuditEntries(world.db, world.trialId, { before: null, limit: 1 })
    expect(entry).toMatchObject({
      event: 'role_granted',
      after: { person_id: world.personId, role: 'auditor', revoked_at: null, granted_at: '2026-06-24T03:00:00.000Z' },
    })
  })

  it('is granted for its own reach only: no role of a site for a whole trial, no auditor of the installation', async () => {
    const world = await openWorld()
    const before = await chainLength(world.db, world.trialId)
    const ofInstallation = await chainLength(world.db, systemChain)
    const places = {
      site: [world.trialId, world.siteIds['01']],
      trial: [world.trialId, null],
      system: [null, null],
    } as const
    let refusals = 0
    for (const role of roles) {
      for (const [reach, [trialId, siteId]] of Object.entries(places)) {
        if (reach === reachOf[role]) continue
        expect(await refusalOf(give(world, role, trialId, siteId)), `${role} for a ${reach}`).toEqual([
          { field: 'role', code: 'role_reach', values: { role, reach: reachOf[role] } },
        ])
        refusals += 1
      }
    }
    expect(refusals).toBe(16)
    expect(await grantsOf(world)).toEqual([])
    expect(await chainLength(world.db, world.trialId)).toBe(before)
    expect(await chainLength(world.db, systemChain)).toBe(ofInstallation)
  })

  it('of a site is not granted without the trial that the site belongs to', async () => {
    const world = await openWorld()
    expect((await refusalOf(give(world, 'coordinator', null, world.siteIds['01']))).map(({ code }) => code)).toEqual([
      'role_reach',
    ])
    expect(await grantsOf(world)).toEqual([])
  })

  it('for nobody, at a site that there is not or of another trial, is refused, and nothing is kept', async () => {
    const world = await openWorld()
    const other = await openSmallTrial(shared())
    const before = [await chainLength(world.db, world.trialId), await chainLength(world.db, other.trialId)]
    const grant: Grant = { role: 'auditor', trialId: world.trialId, siteId: null }
    expect(await refusalOf(grantRole(world.context, commandLine, 'nobody', grant))).toEqual([
      { field: '', code: 'person_ended' },
    ])
    for (const siteId of ['no-such-site', other.siteIds['01']]) {
      expect(await refusalOf(give(world, 'coordinator', world.trialId, siteId))).toEqual([
        { field: 'place', code: 'site_of_other_trial' },
      ])
    }
    const after = [await chainLength(world.db, world.trialId), await chainLength(world.db, other.trialId)]
    expect(after).toEqual(before)
    expect(await grantsOf(world)).toEqual([])
    await expectSound(world.db)
  })

  it('that is held already is not granted again; one that has ended is', async () => {
    const world = await openWorld()
    await done(give(world, 'auditor', world.trialId))
    expect(await refusalOf(give(world, 'auditor', world.trialId))).toEqual([{ field: 'role', code: 'role_held' }])
    const [held] = (await findAccount(world.db, world.code.toLowerCase()))?.roles ?? []
    const ending = { personId: world.personId, grantId: held?.id ?? '', trialId: world.trialId }
    await done(endRole(world.context, commandLine, ending))
    expect(await grantsOf(world)).toEqual([])
    expect(await refusalOf(endRole(world.context, commandLine, ending))).toEqual([{ field: '', code: 'role_not_held' }])
    await done(give(world, 'auditor', world.trialId))
    expect(await grantsOf(world)).toHaveLength(1)
    await expectSound(world.db)
  })
})
