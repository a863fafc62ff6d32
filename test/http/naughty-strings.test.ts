/** A hundred strings that have broken programs: in every field of every form, in every address, behind every question mark. */
import { beforeAll, describe, expect, it } from 'vitest'
import { demoPeople } from '../../seeds/demo-people.ts'
import { listCountermeasures } from '../../server/db/countermeasures.ts'
import { listPoolSettings } from '../../server/db/eligibility-pools.ts'
import { findTrialByCode } from '../../server/db/trials.ts'
import { routes } from '../../server/http/routes.ts'
import { askedRedaction } from '../actions/an-asked-redaction.ts'
import type { Client } from '../support/client.ts'
import { type FormsOfTrial, formsOfTrial } from './forms-of-a-trial.ts'
import { naughtyStrings } from './naughty-strings.ts'
import { measureFields, newRecruitment, poolFields } from './recruitment-of-a-trial.ts'
import { everythingIn, forgetFailures, newcomer, serveForFile, signedIn, visitor, withEach } from './served.ts'

const served = serveForFile('demo')
const kinds = ['screening', 'event', 'correction'] as const
const here = '/trials/SSC-BMC'
const log = `${here}/subjects`
const crc = demoPeople[0]
let trial: FormsOfTrial
let member: Client

beforeAll(async () => {
  trial = await formsOfTrial(served)
  member = await signedIn(served, crc)
})

/** Written down independently: text that a database on either engine keeps as it is. */
function isWritable(value: string): boolean {
  return [...value].every((character) => {
    const point = character.codePointAt(0) ?? 0
    const isLineEndOrTab = point === 9 || point === 10 || point === 13
    const isControl = point < 32 || (point >= 127 && point < 160)
    const isHalf = point >= 0xd800 && point <= 0xdfff
    return isLineEndOrTab || !(isControl || isHalf || point === 0xfffd)
  })
}

/** For fields that nobody types into: no rule reads them but for what they may name, their length and their letters. */
const everyThird = naughtyStrings.filter((_, index) => index % 3 === 0)

const lengthOf = (value: string) => [...value].length

/** What an address can carry: malformed bytes in addresses have tests of their own. */
const wellFormed = (text: string) => text.replace(/\p{Cs}/gu, '\uFFFD')

/** A key that was used belongs to what it was used for, which has its own test. */
const isKey = (name: string, text: string) => name === 'submissionKey' && /^[\w-]{16,64}$/.test(text)

const subjectIn = (location: string | null) => /subjects\/([^/?]+)/.exec(location ?? '')?.[1] ?? ''

/** The free text that was kept of what was just recorded. */
async function keptText(kind: (typeof kinds)[number], subject: string): Promise<string | null | undefined> {
  const { db } = served
  if (kind === 'screening') {
    const row = await db.selectFrom('subject').select('referral_source').where('id', '=', subject).executeTakeFirst()
    return row?.referral_source
  }
  const events = db.selectFrom('subject_event').select(['note', 'withdrawn_note']).where('subject_id', '=', subject)
  if (kind === 'event') return (await events.where('step', '=', 'eligibility').executeTakeFirst())?.note
  return (await events.where('withdrawn_at', 'is not', null).executeTakeFirst())?.withdrawn_note
}

it('there are more than a hundred, each once', () => {
  expect(naughtyStrings.length).toBeGreaterThan(100)
  expect(new Set(naughtyStrings).size).toBe(naughtyStrings.length)
})

describe.each(kinds)('the form of a %s', (kind) => {
  it('keeps free text exactly as it was sent, or refuses it', async () => {
    const form = trial.forms[kind]
    for (const [name, most] of Object.entries(form.free)) {
      await withEach(naughtyStrings, async (naughty) => {
        const sent = naughty.trim()
        const answer = await member.post(await form.address(), { ...form.accepted(), [name]: naughty })
        const isFine = isWritable(sent) && lengthOf(sent) <= most
        expect([name, naughty, answer.status]).toEqual([name, naughty, isFine ? 303 : 422])
        if (!isFine) return
        expect(await keptText(kind, subjectIn(answer.location))).toBe(sent === '' ? null : sent)
        if (!/[<"{[]/.test(sent)) return
        const page = await member.get(answer.location ?? '')
        expect([naughty, page.status]).toEqual([naughty, 200])
        if (/[<"]/.test(sent) && sent.length > 10) expect([sent, page.text.includes(sent)]).toEqual([sent, false])
      })
    }
  })

  it('takes no such thing for a site, a version, an event, a reason or a day, and writes nothing', async () => {
    const form = trial.forms[kind]
    const address = await form.address()
    const before = await everythingIn(served.db)
    for (const name of form.naming) {
      await withEach(name.endsWith('On') ? naughtyStrings : everyThird, async (naughty) => {
        const answer = await member.post(address, { ...form.accepted(), [name]: naughty })
        expect([name, naughty, answer.status]).toEqual([name, naughty, 422])
      })
    }
    expect(await everythingIn(served.db)).toEqual(before)
  })

  it('comes to no harm by what nobody fills in by hand', async () => {
    const form = trial.forms[kind]
    const address = await form.address()
    for (const name of form.hidden) {
      await withEach(everyThird, async (naughty) => {
        if (isKey(name, naughty)) return
        // A date of the future, so that nothing is recorded and the same subject will do.
        const unacceptable = { consentedOn: '2027-01-01', occurredOn: '2027-01-01' }
        const fields = Object.entries({ ...form.accepted(), ...unacceptable, [name]: naughty })
        const known = fields.filter(([field]) => field in form.accepted() || field === name)
        const { status } = await member.post(address, Object.fromEntries(known))
        expect([name, naughty, [409, 422].includes(status)]).toEqual([name, naughty, true])
      })
    }
  })
})

it('a number is kept on one line in plain letters, or refused; none is given twice', async () => {
  const { db } = served
  const form = trial.forms.screening
  await withEach(naughtyStrings, async (number) => {
    const answer = await member.post(log, { ...form.accepted(), number })
    expect([number, [303, 422].includes(answer.status)]).toEqual([number, true])
    if (answer.status !== 303) return
    const id = subjectIn(answer.location)
    const row = await db.selectFrom('subject').select('number').where('id', '=', id).executeTakeFirstOrThrow()
    // Only the kinds of dash became one.
    const dashed = (text: string) => text.replace(/[‐-―−ー─━]/g, '-')
    const inPlainLetters = dashed(number.normalize('NFKC')).trim()
    if (inPlainLetters === '') expect(row.number).toMatch(/^SSC-BMC-01-\d{3,}$/)
    else expect(row.number).toBe(inPlainLetters)
    expect(row.number).not.toMatch(/[\p{C}\p{M}\p{Default_Ignorable_Code_Point}]|^[-=+@]/u)
    expect(row.number).toMatch(/\d/)
    expect(lengthOf(row.number)).toBeLessThanOrEqual(64)
  })
  const numbers = await db.selectFrom('subject').select(['trial_id', 'number']).execute()
  expect(new Set(numbers.map((row) => `${row.trial_id} ${row.number}`)).size).toBe(numbers.length)
  // Whatever the numbers are now, the log that lists them can be read, searched and left again.
  expect((await member.get(`${log}?order=number`)).status).toBe(200)
})

describe('what is written of recruitment', () => {
  const address = '/trials/CLTI-MNC'
  const keyFor = (index: number) => `naughty-key-${String(index).padStart(8, '0')}`
  const isKept = (sent: string, most: number) => isWritable(sent) && lengthOf(sent) <= most

  it.each<[string, number]>([
    ['titleJa', 200],
    ['titleEn', 200],
    ['owner', 200],
    ['evidence', 500],
  ])('a countermeasure keeps its %s exactly as it was sent, or refuses it', async (name, most) => {
    const client = await manager()
    const trialId = (await findTrialByCode(served.db, 'CLTI-MNC'))?.id ?? ''
    const before = (await listCountermeasures(served.db, trialId)).length
    const answers = await withEach([...naughtyStrings.entries()], async ([index, naughty]) => {
      const fields = { ...measureFields, [name]: naughty, submissionKey: `${name}-${keyFor(index)}` }
      const { status } = await client.post(`${address}/countermeasures`, fields)
      const sent = naughty.trim()
      const isMissing = sent === '' && name !== 'titleEn'
      expect([name, naughty, status]).toEqual([name, naughty, isKept(sent, most) && !isMissing ? 303 : 422])
      return { sent, status }
    })
    const taken = answers.filter(({ status }) => status === 303).map(({ sent }) => sent)
    const listed = await listCountermeasures(served.db, trialId)
    const kept = listed.slice(0, listed.length - before).map(({ title, owner, evidence }) => {
      if (name === 'titleJa') return title.ja
      if (name === 'titleEn') return title.en
      return name === 'owner' ? owner : evidence
    })
    expect(new Set(kept)).toEqual(new Set(taken.map((sent) => (sent === '' ? '周知' : sent))))
  })

  it('a pool keeps its place and its source exactly as they were sent, or refuses them', async () => {
    const client = await manager()
    const trialId = (await findTrialByCode(served.db, 'CLTI-MNC'))?.id ?? ''
    const taken = new Set<string>()
    await withEach([...naughtyStrings.entries()], async ([index, naughty]) => {
      const fields = { ...poolFields, placeJa: naughty, source: naughty, submissionKey: `pool-${keyFor(index)}` }
      const { status } = await client.post(`${address}/pools`, fields)
      const sent = naughty.trim()
      expect([naughty, status]).toEqual([naughty, isKept(sent, 200) && sent !== '' ? 303 : 422])
      if (status === 303) taken.add(sent)
    })
    const kept = (await listPoolSettings(served.db, trialId)).map(({ value }) => value)
    expect(new Set(kept.map(({ place }) => place.ja))).toEqual(taken)
    expect(new Set(kept.map(({ source }) => source))).toEqual(taken)
    // Whatever stands there now, the pages can be read.
    for (const page of ['countermeasures', 'pools', 'sources']) {
      const { status, text } = await client.get(`${address}/${page}`)
      expect([page, status]).toEqual([page, 200])
      expect(text).not.toMatch(/<script>|onerror=alert\(1\)>/)
    }
  })

  it('takes no such thing for a choice, a number or a day, and writes nothing', async () => {
    const client = await manager()
    const before = await everythingIn(served.db)
    const isNumber = (naughty: string) => /^\d{1,7}$/.test(naughty.normalize('NFKC').trim())
    const fields = {
      category: 'm',
      siteIds: 'm',
      sources: 'm',
      startedOn: 'm',
      basis: 'm',
      poolSite: 'p',
      size: 'p',
      partOf: 'p',
    }
    for (const [name, form] of Object.entries(fields)) {
      await withEach(everyThird, async (naughty) => {
        if (name === 'size' && isNumber(naughty)) return
        const [path, accepted] = form === 'm' ? ['countermeasures', measureFields] : ['pools', poolFields]
        const { status } = await client.post(`${address}/${path}`, { ...accepted, [name]: naughty })
        expect([name, naughty, status]).toEqual([name, naughty, 422])
      })
    }
    expect(await everythingIn(served.db)).toEqual(before)
  })
})

it('nothing is said for a month that is none', async () => {
  const before = await everythingIn(served.db)
  await withEach(naughtyStrings, async (month) => {
    const { status } = await member.post(`${here}/sites/01/attestations`, { month })
    expect([month, status]).toEqual([month, 422])
  })
  expect(await everythingIn(served.db)).toEqual(before)
})

it('nobody is let in by such a name or password, and no language or address is found behind it', async () => {
  const client = await visitor(served)
  const before = await everythingIn(served.db)
  await withEach(naughtyStrings, async (naughty) => {
    const byName = await client.post('/session', { username: naughty, password: naughty, returnTo: naughty })
    expect([naughty, byName.status]).toEqual([naughty, 422])
    const byPassword = await client.post('/session', { username: crc.username, password: naughty, returnTo: '/' })
    expect([naughty, byPassword.status]).toEqual([naughty, 422])
    const language = await client.post('/language', { language: naughty, returnTo: '/' })
    expect([naughty, language.status]).toEqual([naughty, 422])
    const returnTo = await client.post('/language', { language: 'ja', returnTo: naughty })
    expect([naughty, returnTo.status]).toEqual([naughty, 303])
    expect(returnTo.location).toMatch(/^\/(?![/\\])/)
  })
  // That somebody had to wait after failing is all that was written down.
  const after = await everythingIn(served.db)
  const locks = (after.sign_in_lock ?? 0) - (before.sign_in_lock ?? 0)
  expect(locks).toBeGreaterThan(0)
  const written = { audit_entry: locks, sign_in_lock: locks, system: locks }
  const expected = Object.entries(written).map(([name, more]) => [name, (before[name] ?? 0) + more])
  expect(after).toEqual({ ...before, ...Object.fromEntries(expected) })
  await forgetFailures(served)
})

describe('an account', () => {
  let administrator: Client
  beforeAll(async () => {
    administrator = await signedIn(served, demoPeople[7])
  })

  it('is opened under a name kept exactly as it was sent, or refused', async () => {
    let number = 0
    await withEach(naughtyStrings, async (naughty) => {
      number += 1
      const username = `naughty-${number}`
      const sent = naughty.trim()
      const answer = await administrator.post('/invitations', { username, nameJa: naughty, nameEn: '' })
      const isFine = isWritable(sent) && lengthOf(sent) <= 100 && sent !== ''
      expect([naughty, answer.status]).toEqual([naughty, isFine ? 200 : 422])
      if (!isFine) return
      const row = served.db.selectFrom('person').select('name_ja').where('username', '=', username)
      expect((await row.executeTakeFirstOrThrow()).name_ja).toBe(sent)
      const page = await administrator.get(`/people/${username}`)
      expect([naughty, page.status]).toEqual([naughty, 200])
      if (/[<"]/.test(sent) && sent.length > 10) expect([sent, page.text.includes(sent)]).toEqual([sent, false])
    })
  })

  it('is called, given, asked for and ended by no such thing', async () => {
    const before = await everythingIn(served.db)
    await withEach(naughtyStrings, async (naughty) => {
      const posts: readonly [string, Record<string, string>][] = [
        ['/invitations', { username: `${naughty}\u0000`, nameJa: '名' }],
        ['/people/demo-crc/roles', { role: naughty, place: '' }],
        ['/people/demo-crc/roles', { role: 'coordinator', place: naughty }],
        ['/sign-in-rules', { trial: naughty, secondFactor: 'required' }],
        ['/sign-in-rules', { trial: 'SSC-BMC', secondFactor: naughty }],
        ['/account/sessions/end', { session: `${naughty}x` }],
        ['/account/second-factor', { code: naughty }],
      ]
      for (const [path, fields] of posts) {
        const { status } = await administrator.post(path, fields)
        expect([path, naughty, status === 422 || (path === '/account/second-factor' && status === 303)]).toEqual([
          path,
          naughty,
          true,
        ])
      }
      const part = encodeURIComponent(wellFormed(naughty)).slice(0, 6000)
      for (const path of [`/people/${part}`, `/people/${part}/steps/end`, `/people/demo-crc/steps/${part}`]) {
        expect([path, (await administrator.get(path)).status]).toEqual([path, 404])
      }
      const access = await administrator.post('/access', { token: naughty, password: naughty, repeated: naughty })
      expect([naughty, access.status]).toEqual([naughty, 404])
    })
    expect(await everythingIn(served.db)).toEqual(before)
  })

  it('takes a password as it was sent, spaces and all, or refuses it', async () => {
    await withEach(naughtyStrings, async (naughty) => {
      const { username, password: old } = await newcomer(served, [])
      const client = await signedIn(served, { username, password: old })
      const password = `rain on the roof ${naughty}`
      const answer = await client.post('/account/password', { old, password, repeated: password })
      expect([naughty, [303, 422].includes(answer.status)]).toEqual([naughty, true])
      const now = answer.status === 303 ? password : old
      // Whatever a form can carry comes back the same, and opens the door.
      const again = await (await visitor(served)).post('/session', { username, password: now, returnTo: '/' })
      expect([naughty, again.status]).toEqual([naughty, 303])
    })
  })
})

describe('behind the question mark', () => {
  const parameters = [
    'asOf',
    'from',
    'search',
    'list',
    'site',
    'order',
    'direction',
    'page',
    'before',
    'by',
    'what',
    'done',
    'opening',
    'on',
  ]
  const pages = routes.filter(({ method }) => method === 'get').map(({ path }) => path)

  it.each(pages)('they are answered, shown as text where they are shown, and write nothing: %s', async (path) => {
    // A trial of few subjects: what matters here is what stands in the address.
    const [subject, event, entry] = await serving('STR01-03')
    const { measure, count } = await recruitment('STR01-03')
    const ofRecruitment = { countermeasure: measure, pool: count, count }
    const ofTrial = { trial: 'STR01-03', subject, event, section: 'pathway', entry, job: subject }
    const ofPerson = { person: 'demo-crc', step: 'end', role: subject }
    const ofRequest = {
      request: '1',
      inquiry: subject,
      condition: subject,
      attachment: subject,
      link: subject,
      token: 'x',
    }
    const { redactionId, sequence } = await mistyped('STR01-03')
    const ofEnd = { lock: subject, redaction: redactionId }
    const parts: Record<string, string> = { ...ofTrial, ...ofRecruitment, ...ofPerson, ...ofRequest, ...ofEnd }
    const address = path.replace(/:(\w+)/g, (_, name) => parts[name] ?? '')
    // The one form that is about what stands behind the question mark.
    const pointed = path.endsWith('/redactions/new') ? `?entry=${sequence}` : '?'
    const isOfPeople = /^\/(people|invitations|sign-in-rules|account)/.test(path)
    const isForAnyone = /^\/(session|access|guest)/.test(path)
    const client = isForAnyone ? await visitor(served) : isOfPeople ? await administrator() : await manager()
    const { status: usual, text: plainPage } = await client.get(address + pointed)
    // These are about one event or one state: for the manager's own eyes they are not there, whatever is asked.
    const isNotThere =
      /oidc|openid$|taking-back|allocation|override|import\/jobs|calendar\/.*:|:review|^\/(access|guest)|:role\/end|:lock\/end|requests\/:request/.test(
        path,
      )
    // They lead elsewhere.
    const isSignpost = path.endsWith('/current') || ['/session/code', '/account/openid/end'].includes(path)
    expect([200, ...(isSignpost ? [303] : []), ...(isNotThere ? [403, 404] : [])]).toContain(usual)
    const before = await everythingIn(served.db)
    await withEach(naughtyStrings, async (naughty) => {
      // Longer ones do not fit into an address: they never reach the application.
      const sent = encodeURIComponent([...wellFormed(naughty)].slice(0, 40).join(''))
      const query = [...parameters, 'returnTo', 'said', 'x'].map((name) => `${name}=${sent}`).join('&')
      const answer = await client.get(`${address}${pointed}&${query}`)
      // A file or a sheet of a day that cannot be read is not given: the log and the projection say why.
      const answers = /\.(csv|xlsx)$|\/sheet$/.test(path) ? [usual, 303] : [usual, 422]
      expect([naughty, answers.includes(answer.status)]).toEqual([naughty, true])
      if (/[<"]/.test(naughty) && !plainPage.includes(naughty)) {
        expect([naughty, answer.text.includes(naughty)]).toEqual([naughty, false])
      }
      expect(answer.text).not.toMatch(/<script>|onerror=alert\(1\)>|function Object|\[native code\]/)
    })
    expect(await everythingIn(served.db)).toEqual(before)
  })

  let planned: { measure: string; count: string } | null = null
  async function recruitment(code: string): Promise<{ measure: string; count: string }> {
    if (planned !== null) return planned
    const { measure, count } = await newRecruitment(served, (await findTrialByCode(served.db, code))?.id ?? '')
    planned = { measure: measure.id, count: count.id }
    return planned
  }

  let asked: { redactionId: string; sequence: number } | null = null
  async function mistyped(code: string): Promise<{ redactionId: string; sequence: number }> {
    asked ??= await askedRedaction(served, (await findTrialByCode(served.db, code))?.id ?? '', '2017-12-01')
    return asked
  }

  async function serving(code: string): Promise<[subject: string, event: string, milestone: string]> {
    const row = await served.db
      .selectFrom('subject_event')
      .innerJoin('trial', 'trial.id', 'subject_event.trial_id')
      .innerJoin('milestone', 'milestone.trial_id', 'trial.id')
      .select(['subject_event.subject_id', 'subject_event.id', 'milestone.id as milestone'])
      .where('trial.code', '=', code)
      .executeTakeFirstOrThrow()
    return [row.subject_id, row.id, row.milestone]
  }
})

let keeper: Client | null = null
async function administrator(): Promise<Client> {
  keeper ??= await signedIn(served, demoPeople[7])
  return keeper
}

let dataManager: Client | null = null
async function manager(): Promise<Client> {
  dataManager ??= await signedIn(served, demoPeople[3])
  return dataManager
}

it('as a part of an address they lead to nothing', async () => {
  const client = await manager()
  await withEach(naughtyStrings, async (naughty) => {
    const part = encodeURIComponent(wellFormed(naughty)).slice(0, 6000)
    for (const address of [`/${part}`, `/css/${part}`, `/trials/${part}/subjects`, `${log}/${part}/events/new`]) {
      const { status } = await client.get(address)
      expect([address, status]).toEqual([address, 404])
    }
    const said = await client.post(`${here}/sites/${part}/attestations`, { month: '2023-01' })
    expect([naughty, said.status]).toEqual([naughty, 404])
  })
})

it('after all this the server still serves, and its log holds no failure', async () => {
  expect((await member.get('/')).status).toBe(200)
  const failures = served.log.flatMap((chunk) => chunk.trim().split('\n')).filter((line) => /"level":50/.test(line))
  expect(failures.map((line) => JSON.parse(line).err?.message)).toEqual([])
})
