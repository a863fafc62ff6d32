/** The end of a trial over HTTP: what is typed comes back, a lock is seen everywhere, and its end needs somebody else. */
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { demoPeople } from '../../seeds/demo-people.ts'
import { wordsFor } from '../../server/i18n/words.ts'
import type { Client } from '../support/client.ts'
import { everythingIn, raw, serveForFile, signedIn } from './served.ts'

const served = serveForFile('demo')
const here = '/trials/SSC-BMC'
const words = { ja: wordsFor('ja'), en: wordsFor('en') }
const people = {} as Record<'dm' | 'pi' | 'crc' | 'audit', Client>
const one = (username: string) => {
  const found = demoPeople.find((person) => person.username === username)
  if (found === undefined) throw new Error(`nobody is ${username}`)
  return found
}
const key = () => ({ submissionKey: randomUUID() })

beforeAll(async () => {
  for (const who of ['dm', 'pi', 'crc', 'audit'] as const) {
    people[who] = await signedIn(served, one(`demo-${who}`), who === 'pi' ? 'en' : 'ja')
  }
})

/** Posts what must be refused, and nothing is written. */
async function refused(client: Client, path: string, fields: Record<string, string>, status: number): Promise<string> {
  await client.get(here)
  const before = await everythingIn(served.db)
  const answer = await client.post(path, { ...key(), ...fields })
  expect([path, answer.status]).toEqual([path, status])
  expect(await everythingIn(served.db)).toEqual(before)
  return answer.text
}

describe('how long records are kept', () => {
  const typed = {
    years: '5',
    ruleJa: '臨床研究法施行規則 <第53条> "五年"',
    ruleEn: '',
    retentionEnd: '',
    retentionBasis: 'recorded',
  }

  it('is typed again by nobody: a refused form comes back as it was sent, in the reader’s language', async () => {
    const text = await refused(people.dm, `${here}/retention`, { ...typed, years: '0', seen: '' }, 422)
    expect(text).toContain('value="臨床研究法施行規則 &lt;第53条&gt; &quot;五年&quot;"')
    expect(text).toContain(words.ja.of('problem', 'number_whole', { least: 1, most: 100 }))
    for (const [field, value] of [
      ['years', '1e9'],
      ['years', '５年'],
      ['ruleJa', ''],
      ['ruleJa', `x${'y'.repeat(300)}`],
      ['ruleJa', 'a\u0000b'],
      ['retentionEnd', '2026-02-30'],
      ['retentionEnd', '2026-06-25'],
      ['retentionBasis', 'guessed'],
      ['person_id', 'me'],
    ] as const) {
      await refused(people.dm, `${here}/retention`, { ...typed, seen: '', [field]: value }, 422)
    }
  })

  it('stands on the profile with its rule and the day until which, and is changed by whoever saw it', async () => {
    expect((await people.dm.post(`${here}/retention`, { ...typed, ...key(), seen: '' })).status).toBe(303)
    const { text } = await people.audit.get(`${here}/profile`)
    expect(text).toContain(words.ja.t('trial_end.years_after', { years: 5 }))
    expect(text).toContain('臨床研究法施行規則 &lt;第53条&gt;')
    expect(text).not.toContain(`${here}/retention`)
    await refused(people.dm, `${here}/retention`, { ...typed, seen: 'of old', why: 'x' }, 409)
  })
})

describe('a lock', () => {
  /** Where a guest reads a request of the trial. */
  let guests = ''
  const because = '最終報告書 <b>を提出</b>'
  const password = one('demo-dm').password

  it('needs a reason and the password, and is for those who may', async () => {
    const empty = await refused(people.dm, `${here}/locks`, { because: '', password: '' }, 422)
    expect(empty).toContain(words.ja.of('problem', 'password_missing'))
    const wrong = await refused(people.dm, `${here}/locks`, { because, password: 'something else' }, 422)
    expect(wrong).toContain('最終報告書 &lt;b&gt;を提出&lt;/b&gt;')
    expect(wrong).toContain(words.ja.of('problem', 'password_wrong'))
    expect(wrong).not.toContain('something else')
    await refused(people.crc, `${here}/locks`, { because, password }, 403)
  })

  it('is seen on every page; what changes something is gone from them, and refused with one sentence', async () => {
    const open = (await people.crc.get(`${here}/subjects`)).text
    expect(open).toContain(`${here}/subjects/new`)
    const made = { guestLabel: '部会 事務局', validUntil: '2026-07-08', ...key() }
    guests = /\/guest\/[\w-]{43}/.exec((await people.pi.post(`${here}/requests/1/guest-links`, made)).text)?.[0] ?? ''
    const sent = { because, password, ...key() }
    expect((await people.dm.post(`${here}/locks`, sent)).location).toBe(`${here}/profile?done=locked`)
    // The same form once more is answered as it was, and locks nothing twice.
    expect((await people.dm.post(`${here}/locks`, sent)).status).toBe(303)
    for (const path of [
      '',
      '/subjects',
      '/sites',
      '/projection',
      '/reviews',
      '/requests',
      '/calendar',
      '/profile',
      '/audit',
    ]) {
      const { status, text } = await people.dm.get(here + path)
      expect([path, status, text.includes('この試験はロックされています')]).toEqual([path, 200, true])
      const forms = [...text.matchAll(/<form method="post" action="(\/trials\/[^"]*)"/g)].map(([, action]) => action)
      const links = text.match(/href="[^"]*\/(new|import|settings)"/g) ?? []
      // A calendar of one's own goes on.
      expect([path, forms.filter((action) => !action?.includes('/feeds')), links]).toEqual([path, [], []])
    }
    expect((await people.crc.get(`${here}/subjects`)).text).not.toContain(`${here}/subjects/new`)
    for (const [client, path] of [
      [people.crc, '/subjects'],
      [people.dm, '/settings/reasons'],
      [people.pi, '/reviews'],
      [people.dm, '/requests'],
    ] as const) {
      const text = await refused(client, here + path, {}, 409)
      expect(text).toContain(client === people.pi ? 'The trial is locked' : '試験はロックされています')
    }
    expect((await people.crc.get(`${here}/subjects/new`)).status).toBe(409)
    expect((await people.audit.get(`${here}/audit.csv`)).status).toBe(200)
    expect((await people.dm.get('/trials/CLTI-MNC/subjects')).text).not.toContain('この試験はロックされています')
  })

  it('leaves a guest no longer than who wrote the request wants: their link is taken back all the same', async () => {
    const [revocation = ''] =
      /\/trials\/SSC-BMC\/requests\/1\/guest-links\/[\w-]{36}\/revocation/.exec(
        (await people.pi.get(`${here}/requests/1`)).text,
      ) ?? []
    expect((await raw(served, 'GET', guests)).status).toBe(200)
    expect((await people.pi.get(`${here}/requests/1`)).text).not.toContain('guest-links/new')
    await refused(people.pi, `${here}/requests/1/guest-links`, {}, 409)
    await refused(people.crc, revocation, {}, 403)
    expect((await people.pi.get(revocation)).status).toBe(200)
    expect((await people.pi.post(revocation, key())).location).toBe(`${here}/requests/1?done=guest_revoked`)
    expect((await raw(served, 'GET', guests)).status).toBe(410)
  })

  it('is ended by another person only, and once', async () => {
    const { text } = await people.pi.get(`${here}/profile`)
    const [end = ''] = /\/trials\/SSC-BMC\/locks\/[\w-]{36}\/end/.exec(text) ?? []
    expect((await people.dm.get(`${here}/profile`)).text).not.toContain(end)
    const own = await refused(people.dm, end, { because, password }, 422)
    expect(own).toContain(words.ja.of('problem', 'unlock_by_another'))
    await refused(people.pi, `${here}/locks/${randomUUID()}/end`, { because, password }, 404)
    const sent = { because: 'a correction', password: one('demo-pi').password, ...key() }
    expect((await people.pi.post(end, sent)).location).toBe(`${here}/profile?done=unlocked`)
    expect((await people.pi.post(end, sent)).status).toBe(303)
    expect((await people.pi.get(`${end}/new`)).location).toBe(`${here}/profile`)
    const again = await refused(people.pi, end, { ...sent, ...key() }, 422)
    expect(again).toContain(words.en.of('problem', 'trial_not_locked'))
    expect((await people.crc.get(`${here}/subjects`)).text).toContain(`${here}/subjects/new`)
  })
})
