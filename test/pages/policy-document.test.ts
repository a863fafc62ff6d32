/** The document of `toroku policy` says what the routes and the role table say, in both languages. */
import { describe, expect, it } from 'vitest'
import { acts, roleMay, roles } from '../../server/domain/permission.ts'
import { policyOf } from '../../server/domain/policy.ts'
import { routes } from '../../server/http/routes.ts'
import { wordsFor } from '../../server/i18n/words.ts'
import { policyDocument } from '../../server/pages/policy-document.ts'

const policy = policyOf(routes)

describe('the authorization table', () => {
  it('has every address once, each with the roles that may', () => {
    expect(policy.routes.map(({ method, path }) => `${method} ${path}`)).toEqual(
      routes.map(({ method, path }) => `${method} ${path}`),
    )
    const row = policy.routes.find(({ path }) => path === '/trials/:trial/subjects/:subject/void')
    expect(row).toEqual({
      method: 'post',
      path: '/trials/:trial/subjects/:subject/void',
      access: 'void_subjects',
      roles: ['data_manager'],
    })
    expect(policy.routes.find(({ path }) => path === '/account')?.roles).toBeNull()
  })

  it('has every role with every act of the role table', () => {
    expect(policy.acts.flatMap(({ act, roles }) => roles.map((role) => `${role} ${act}`)).sort()).toEqual(
      roles.flatMap((role) => acts.filter((act) => roleMay(role, act)).map((act) => `${role} ${act}`)).sort(),
    )
  })
})

describe.each(['ja', 'en'] as const)('the document in %s', (language) => {
  const words = wordsFor(language)
  const text = policyDocument(policy, '0.1.0', words)
  const lines = text.split('\n')

  it('has a line for every role, act and address, with words', () => {
    for (const role of roles) expect(text).toContain(`${words.of('role', role)} (${role})`)
    for (const act of acts) expect(text).toContain(`${words.of('act', act)} (${act})`)
    expect(lines.filter((line) => / `\/[^`]*` /.test(line))).toHaveLength(routes.length)
    expect(text).not.toMatch(/undefined|policy\.|\{\w+\}/)
  })

  it('is Markdown whose tables have as many cells in every row as in their head', () => {
    let cells = 0
    for (const line of lines) {
      if (!line.startsWith('|')) cells = 0
      else if (cells === 0) cells = line.split('|').length
      else expect([line, line.split('|').length]).toEqual([line, cells])
    }
  })
})
