/** What is asked of a provider, and how long it is remembered: nothing before somebody comes, and its silence not for long. */
import { afterAll, expect, it } from 'vitest'
import { openIdProvider } from '../../server/openid/provider.ts'
import { startProvider } from '../support/openid-provider.ts'

const provider = await startProvider()
afterAll(() => provider.stop())

const discoveries = () => provider.asked.filter((path) => path === '/.well-known/openid-configuration').length

it('discovery waits for the first who comes, and holds for an hour', async () => {
  let now = '2026-06-24T03:00:00.000Z'
  const before = discoveries()
  const { begin } = openIdProvider(provider.settings, () => now)
  expect(discoveries()).toBe(before)
  const begun = await Promise.all([begin(), begin(), begin()])
  expect(discoveries()).toBe(before + 1)
  const states = begun.map((one) => ('flow' in one ? one.flow.state : one.because))
  expect(new Set(states).size).toBe(3)
  now = '2026-06-24T03:59:59.000Z'
  await begin()
  expect(discoveries()).toBe(before + 1)
  now = '2026-06-24T04:00:01.000Z'
  await begin()
  expect(discoveries()).toBe(before + 2)
})

it('silence is remembered for ten seconds, and over when the provider is back', async () => {
  let now = '2026-06-24T03:00:00.000Z'
  const { begin } = openIdProvider(provider.settings, () => now)
  provider.tampering = { silent: true }
  const before = discoveries()
  expect(await begin()).toMatchObject({ failure: 'unavailable' })
  provider.tampering = {}
  expect(await begin()).toMatchObject({ failure: 'unavailable' })
  expect(discoveries()).toBe(before + 1)
  now = '2026-06-24T03:00:11.000Z'
  expect(await begin()).toHaveProperty('address')
})

it('who calls itself otherwise than its address is not believed', async () => {
  const { begin } = openIdProvider(
    { ...provider.settings, issuer: `${provider.settings.issuer}/` },
    () => '2026-06-24T03:00:00.000Z',
  )
  expect(await begin()).toHaveProperty('address')
  const other = provider.settings.issuer.replace('127.0.0.1', 'localhost')
  const { begin: beginOther } = openIdProvider(
    { ...provider.settings, issuer: other },
    () => '2026-06-24T03:00:00.000Z',
  )
  expect(await beginOther()).toEqual({ failure: 'unproven', because: 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED' })
})
