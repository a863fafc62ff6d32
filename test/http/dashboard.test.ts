import { expect, it } from 'vitest'
import { Client, startApp } from '../support/client.ts'
import { testContext } from '../support/context.ts'
import { openCopy } from '../support/databases.ts'

it('the dashboard of the extension request says what its day said', async () => {
  const app = await startApp(testContext(await openCopy('demo')))
  const pi = await new Client(app.url).signIn('demo-pi')
  const { status, text } = await pi.get('/trials/SSC-BMC')
  await app.stop()
  expect(status).toBe(200)
  expect(text).toContain('大きく下回っています')
  expect(text).toContain('<b>0.3％</b>')
})
