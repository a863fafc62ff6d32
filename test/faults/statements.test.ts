/**
 * Every form that changes something is sent while the k-th statement of the change fails, for every k; then while its
 * commit fails; then while the answer is lost after the commit. What is stored is all of it or nothing, what is said is
 * a page without a stack, and the same form sent again is recorded once.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { verify } from '../../server/db/verification.ts'
import { routes } from '../../server/http/routes.ts'
import { serveForFile } from '../http/served.ts'
import { everyWay } from './every-way.ts'
import { failEverywhere } from './failing-forms.ts'

const served = serveForFile('demo')
const days = everyWay(served)

/** Posts that change nothing that is recorded: sessions, a language, a check. */
const changeNothing = ['/session', '/session/end', '/account/sessions/end', '/language', '/trials/:trial/import']

describe.each(days)('a form $when', ({ ways, begin }) => {
  beforeAll(begin)

  it.each([...ways])('%s: all of it or nothing, at every statement, at the commit and after it', async (_, fill) => {
    expect(await failEverywhere(served, fill)).toBeGreaterThan(2)
    expect((await verify(served.db)).finding).toBeNull()
  })
})

/** Routes that no form can be failed on, with the reason. */
const withoutWay: string[] = [
  // A provider is asked before, which `test/http` has; the change is the row of a second factor over again.
  '/account/openid',
]

it('every route that changes something was failed, or is on the list of those that cannot be', () => {
  const posts = routes.filter(({ method }) => method === 'post').map(({ path }) => path)
  const failed = new Set(days.flatMap(({ ways }) => ways.map(([route]) => route)))
  expect(posts.filter((path) => !failed.has(path) && !changeNothing.includes(path))).toEqual(withoutWay)
})
