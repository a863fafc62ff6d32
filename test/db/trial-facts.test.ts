/** What a trial is set up with: the same object while only its subjects change, read again when anything else did. */
import { expect, it } from 'vitest'
import { addConsentVersion } from '../../server/actions/add-consent-version.ts'
import { databaseAddress } from '../../server/config.ts'
import { engineOf, openDatabase } from '../../server/db/dialect.ts'
import { findTrialFacts } from '../../server/db/trial-facts.ts'
import { done, openSmallTrial, registered } from '../actions/small-trial.ts'
import { testContext } from '../support/context.ts'
import { copyOf } from '../support/databases.ts'

it('stands while subjects are screened and registered, and not when a setting changes, in whatever process', async () => {
  const address = await copyOf('empty')
  const [db, elsewhere] = await Promise.all([1, 2].map(() => openDatabase(databaseAddress(address))))
  if (db === undefined || elsewhere === undefined) throw new Error('two were opened')
  const world = await openSmallTrial(db)
  const facts = await findTrialFacts(db, world.trialId)
  await registered(world)
  expect(await findTrialFacts(db, world.trialId)).toBe(facts)
  const version = { label: { ja: '第2版', en: 'Version 2' }, approvedOn: null, basis: 'recorded' as const }
  await done(addConsentVersion(testContext(elsewhere), world.manager, world.trialId, version))
  const after = await findTrialFacts(db, world.trialId)
  expect(after.consentVersions.length).toBe(facts.consentVersions.length + 1)
  expect(after.sites).toEqual(facts.sites)
  await Promise.all([db, elsewhere].map((one) => engineOf(one).close()))
})
