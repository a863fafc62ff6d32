/** A ward's computer is used by the next person: whoever has signed out leaves no page that the back button shows. */
import { expect, it } from 'vitest'
import { browserOfFile, demoOfFile } from '../support/browser.ts'

const visitAs = browserOfFile(demoOfFile())

it('after signing out, the way back leads to the sign-in page and not to the dashboard', async () => {
  const visitor = await visitAs('demo-pi', { language: 'en' })
  const { page } = visitor
  await visitor.open('/trials/SSC-BMC')
  await visitor.open('/trials/SSC-BMC/subjects')
  await visitor.open('/trials/SSC-BMC')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(/session\/new/)
  for (let step = 0; step < 3; step++) {
    await page.goBack()
    expect(new URL(page.url()).pathname).toBe('/session/new')
    expect(await page.locator('.verdict').count()).toBe(0)
  }
})
