/** Forms by which people are invited, get and lose roles and access, and keep their passwords and second factors. */
import { done } from '../../seeds/story.ts'
import { linkOpenId } from '../../server/actions/link-openid.ts'
import { setSignInRule } from '../../server/actions/set-sign-in-rule.ts'
import { commandLine } from '../../server/context.ts'
import { findActor } from '../../server/db/people.ts'
import { findTrialByCode } from '../../server/db/trials.ts'
import { newcomer, type Served, signedIn, visitor } from '../http/served.ts'
import type { Client } from '../support/client.ts'
import { codeAt } from '../support/codes.ts'
import { type Ready, ready, type Way } from './failing-forms.ts'

const password = 'three herons wait in the rain'

export function waysOfPeople(served: Served, administrator: () => Client): Way[] {
  const stranger = () => newcomer(served, [])

  /** Somebody signed in with a second factor; the secret of their app and their recovery codes. */
  async function withFactor() {
    const person = await stranger()
    const who = await signedIn(served, person)
    const { text } = await who.get('/account/second-factor')
    const secret = (/class="secret">([^<]+)</.exec(text)?.[1] ?? '').replaceAll(' ', '')
    const answer = await who.post('/account/second-factor', { code: codeAt(secret, served.now) })
    const codes = [...answer.text.matchAll(/<li>([a-z2-7-]{19})<\/li>/g)].map(([, code = '']) => code)
    if (codes.length === 0) throw new Error(`no second factor was set up: ${answer.status}`)
    return { ...person, who, secret, codes }
  }

  async function invited(): Promise<{ username: string; token: string }> {
    const username = `invited-${served.context.newId().slice(-8)}`
    const answer = await administrator().post('/invitations', { username, nameJa: '新人 一', nameEn: '' })
    const [, token = ''] = /token(?:=|&#x3D;)([\w-]{43})/.exec(answer.text) ?? []
    return { username, token }
  }

  const step = async (username: string, name: string): Promise<Ready> =>
    ready(administrator(), `/people/${username}/steps/${name}`, /\/steps\//)

  return [
    [
      '/session/code',
      async () => {
        const { username, password: own, codes } = await withFactor()
        const who = await visitor(served)
        await who.post('/session', { username, password: own, returnTo: '/' })
        return ready(who, '/session/code', /^\/session\/code$/, { code: codes[0] ?? '' })
      },
    ],
    [
      '/access',
      async () => {
        const { token } = await invited()
        const who = await visitor(served)
        return ready(who, `/access?token=${token}`, /^\/access$/, { password, repeated: password })
      },
    ],
    [
      '/account/password',
      async () => {
        const person = await stranger()
        const typed = { old: person.password, password, repeated: password }
        return ready(await signedIn(served, person), '/account/password', /password$/, typed)
      },
    ],
    [
      '/account/second-factor',
      async () => {
        const who = await signedIn(served, await stranger())
        const { text } = await who.get('/account/second-factor')
        const secret = (/class="secret">([^<]+)</.exec(text)?.[1] ?? '').replaceAll(' ', '')
        return ready(who, '/account/second-factor', /second-factor$/, { code: codeAt(secret, served.now) })
      },
    ],
    [
      '/account/second-factor/codes',
      async () => {
        const { who, secret } = await withFactor()
        return ready(who, '/account/second-factor/codes', /codes$/, { code: codeAt(secret, served.now) })
      },
    ],
    [
      '/account/second-factor/end',
      async () => {
        const { who, password: own } = await withFactor()
        return ready(who, '/account/second-factor/end', /second-factor\/end$/, { password: own })
      },
    ],
    [
      '/account/openid/end',
      async () => {
        const person = await stranger()
        const actor = await findActor(served.db, person.personId)
        if (actor === null) throw new Error('nobody is there')
        const identity = { issuer: 'https://provider.example.org', subject: person.username }
        const proof = { identity, password: person.password }
        await done(linkOpenId(served.context, actor, proof, { address: '127.0.0.1' }))
        const who = await signedIn(served, person)
        return ready(who, '/account/openid/end', /openid\/end$/, { password: person.password })
      },
    ],
    [
      '/invitations',
      () => ready(administrator(), '/invitations/new', /^\/invitations$/, { username: 'faults-1', nameJa: '新人' }),
    ],
    [
      '/sign-in-rules',
      async () => {
        const trialId = (await findTrialByCode(served.db, 'STR01-03'))?.id ?? ''
        await done(setSignInRule(served.context, commandLine, { trialId, secondFactor: 'required' }))
        const typed = { trial: 'STR01-03', secondFactor: 'optional' }
        return ready(administrator(), '/sign-in-rules', /^\/sign-in-rules$/, typed)
      },
    ],
    ['/people/:person/steps/:step', async () => step((await invited()).username, 'invitation')],
    ['/people/:person/steps/:step', async () => step((await invited()).username, 'link-end')],
    ['/people/:person/steps/:step', async () => step((await stranger()).username, 'reset')],
    ['/people/:person/steps/:step', async () => step((await withFactor()).username, 'second-factor-end')],
    ['/people/:person/steps/:step', async () => step((await stranger()).username, 'end')],
    [
      '/people/:person/steps/:step',
      async () => {
        const { username } = await stranger()
        await administrator().post(`/people/${username}/steps/end`, {})
        return step(username, 'reopening')
      },
    ],
    [
      '/people/:person/roles',
      async () => {
        const { username } = await stranger()
        const place = (await findTrialByCode(served.db, 'SSC-BMC'))?.id ?? ''
        return ready(administrator(), `/people/${username}/roles/new`, /\/roles$/, { role: 'auditor', place })
      },
    ],
    [
      '/people/:person/roles/:role/end',
      async () => {
        const trialId = (await findTrialByCode(served.db, 'SSC-BMC'))?.id ?? ''
        const { username } = await newcomer(served, [{ role: 'auditor', trialId, siteId: null }])
        const { text } = await administrator().get(`/people/${username}`)
        const [, address = ''] = /href="([^"]+\/roles\/[\w-]+\/end)"/.exec(text) ?? []
        return ready(administrator(), address, /\/roles\/.*\/end$/)
      },
    ],
  ]
}
