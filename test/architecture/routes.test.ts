/** The running application answers at the addresses that the one list of routes names, each with its policy row. */
import { METHODS } from 'node:http'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { createApp } from '../../server/app.ts'
import { liveContext } from '../../server/context.ts'
import type { Db } from '../../server/db/database.ts'
import { acts } from '../../server/domain/permission.ts'
import type { Route } from '../../server/http/route.ts'
import { routes } from '../../server/http/routes.ts'
import { testConfig } from '../support/context.ts'

/** Answered without looking who asks: files that everybody may have, and the two questions of whoever watches. */
const withoutPolicy = ['/healthz', '/readyz', '/icon.svg', '/vendor/chart.js/chart.umd.js']

/** Everybody may do this, signed in or not; a new line here is a decision. */
/** A calendar program has no session: the token in its address is looked up, and is somebody's right. */
const forAnyone = [
  'get /session/new',
  'post /session',
  'get /session/code',
  'post /session/code',
  'get /session/oidc',
  'get /session/oidc/callback',
  'get /access',
  'post /access',
  'post /language',
  'get /calendar/:token.ics',
]
/** About oneself, and the two that everybody needs. */
const forSignedIn = [
  'get /',
  'get /account',
  'get /account/openid',
  'get /account/openid/end',
  'get /account/password',
  'get /account/second-factor',
  'get /account/second-factor/codes',
  'get /account/second-factor/end',
  'get /dates/reading.txt',
  'post /account/openid',
  'post /account/openid/end',
  'post /account/password',
  'post /account/second-factor',
  'post /account/second-factor/codes',
  'post /account/second-factor/end',
  'post /account/sessions/end',
  'post /session/end',
]
/** Where an administrator invites people: no trial's data stand there. */
const ofPeople = /^\/(people|invitations|sign-in-rules)(\/|$)/

type Layer = { name: string; route?: { path: string; methods: Record<string, boolean> } }

/** Every address that the running router has, with its methods; `every other` is a layer that answers all there are. */
function mounted(more: readonly Route[] = []): Map<string, Set<string>> {
  // Mounting asks the database nothing, so there is none.
  const app = createApp(liveContext({} as Db, testConfig), pino({ level: 'silent' }), more)
  const found = new Map<string, Set<string>>()
  for (const { route } of app.router.stack as unknown as Layer[]) {
    if (route === undefined) continue
    const methods = found.get(route.path) ?? new Set()
    const answered = Object.keys(route.methods)
    for (const method of answered.length >= METHODS.length - 1 ? ['every other'] : answered) methods.add(method)
    found.set(route.path, methods)
  }
  return found
}

/** What the running router answers and no policy row names. */
function withoutRow(running: Map<string, Set<string>>): string[] {
  const rows = new Set(routes.map(({ method, path }) => `${method} ${path}`))
  return [...running]
    .filter(([path]) => !withoutPolicy.includes(path))
    .flatMap(([path, methods]) => [...methods].map((method) => `${method} ${path}`))
    .filter((address) => !address.startsWith('every other ') && !rows.has(address))
}

describe('every route of the running router', () => {
  const running = mounted()

  it('has a policy row, or is one of the few that everybody may have', () => {
    expect(running.size).toBeGreaterThan(12)
    expect(withoutRow(running)).toEqual([])
    expect(withoutPolicy.filter((path) => !running.has(path))).toEqual([])
  })

  it('would be missed without one', () => {
    const stray: Route = {
      method: 'get',
      path: '/stray',
      access: 'anyone',
      handler: async () => ({ error: 'not_found' }),
    }
    expect(withoutRow(mounted([stray]))).toEqual(['get /stray'])
  })

  it('says 405 to the methods it does not know', () => {
    const rows = new Set(routes.map(({ path }) => path))
    expect([...rows].filter((path) => running.get(path)?.has('every other') !== true)).toEqual([])
  })
})

describe('the policy rows', () => {
  const address = ({ method, path }: Route) => `${method} ${path}`

  it('name a known act, the signed in, or anyone', () => {
    const known: readonly string[] = [...acts, 'signed_in', 'anyone']
    expect(routes.filter(({ access }) => !known.includes(access)).map(address)).toEqual([])
  })

  it('let anyone in where one signs in, and everybody signed in where it is about themselves', () => {
    expect(routes.filter(({ access }) => access === 'anyone').map(address)).toEqual(forAnyone)
    expect(
      routes
        .filter(({ access }) => access === 'signed_in')
        .map(address)
        .sort(),
    ).toEqual(forSignedIn)
  })

  it('demand an act wherever a trial is named, and one about subjects wherever a subject is', () => {
    for (const route of routes) {
      const isOfTrial = route.path.startsWith('/trials/:trial')
      const isAct = (acts as readonly string[]).includes(route.access)
      expect([address(route), isAct]).toEqual([address(route), isOfTrial || ofPeople.test(route.path)])
      expect([address(route), route.access === 'manage_people']).toEqual([address(route), ofPeople.test(route.path)])
      if (!route.path.includes('/subjects')) continue
      expect([address(route), route.access]).toEqual([
        address(route),
        expect.stringMatching(
          route.method === 'post'
            ? /^(log_subjects|void_subjects|record_allocation|override_period)$/
            : /^((see|log|void)_subjects|record_allocation|override_period)$/,
        ),
      ])
    }
  })

  it('name each address once', () => {
    const addresses = routes.map(address)
    expect(addresses.filter((one, index) => addresses.indexOf(one) !== index)).toEqual([])
  })
})
