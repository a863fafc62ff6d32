/** A guest's link: who makes one, what is read under it, and when nothing is. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { demoPeople } from '../../seeds/demo-people.ts'
import { day, done } from '../../seeds/story.ts'
import { draftRequest } from '../../server/actions/draft-request.ts'
import { putInquiry } from '../../server/actions/put-inquiry.ts'
import { commandLine } from '../../server/context.ts'
import { auditedTables } from '../../server/db/database.ts'
import { engineOf } from '../../server/db/dialect.ts'
import { findGuestLink } from '../../server/db/guest-links.ts'
import { findTrialByCode } from '../../server/db/trials.ts'
import { verify } from '../../server/db/verification.ts'
import { routes } from '../../server/http/routes.ts'
import { drafted, submitted } from '../actions/a-drafted-request.ts'
import type { Client } from '../support/client.ts'
import { everythingIn, raw, serveForFile, signedIn, visitor } from './served.ts'

const served = serveForFile('demo')
const person = (username: string) => demoPeople.find((one) => one.username === username) ?? demoPeople[0]
const request = '/trials/SSC-BMC/requests/1'
const links = `${request}/guest-links`
let pi: Client
let trialId = ''

beforeAll(async () => {
  trialId = (await findTrialByCode(served.db, 'SSC-BMC'))?.id ?? ''
  pi = await signedIn(served, person('demo-pi'))
})

const form = (more: Record<string, string> = {}) => ({
  guestLabel: '部会 事務局',
  validUntil: '2026-07-08',
  submissionKey: randomUUID(),
  ...more,
})

/** Makes a link as its page does, and reads it where it is shown. */
async function linkMade(more: Record<string, string> = {}, at = links): Promise<string> {
  const { status, text } = await pi.post(at, form(more))
  expect(status).toBe(201)
  const [address] = /\/guest\/[\w-]{43}/.exec(text) ?? []
  if (address === undefined) throw new Error('no address is shown')
  return address
}

const opened = (address: string, language = 'ja') => raw(served, 'GET', address, { 'accept-language': language })
const tokenIn = (address: string) => address.slice('/guest/'.length)

describe('what a guest reads', () => {
  it('is the document, the inquiries and the sheet, as of when, by whom, until when and with its digest', async () => {
    const address = await linkMade()
    const { status, text } = await opened(address)
    expect(status).toBe(200)
    for (const part of [
      '先進医療の試験実施計画の変更について',
      '照会事項と回答',
      '実現可能性の確認',
      '佐藤 由美',
      '部会 事務局',
    ]) {
      expect([part, text.includes(part)]).toEqual([part, true])
    }
    expect(text).toContain('2026-06-24 12:00')
    expect(text).toContain('2026-07-08（令和8年7月8日・水）')
    const hash = (await findGuestLink(served.db, tokenIn(address)))?.link.contentHash ?? ''
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    expect(text.replace(/(?<=[0-9a-f]{8}) (?=[0-9a-f]{8})/g, '')).toContain(hash)
  })

  it('is kept by nobody, found by no search engine, and tells no other host where it was read', async () => {
    const { headers } = await opened(await linkMade())
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
    })
  })

  it('leads nowhere: no link but to a place on the page, no form but the language', async () => {
    const { text } = await opened(await linkMade())
    const addresses = [...text.matchAll(/<(?:a|form)\b[^>]*\b(?:href|action)="([^"]*)"/g)].map(([, to = '']) => to)
    expect(new Set(addresses.filter((to) => !to.startsWith('#')))).toEqual(new Set(['/language']))
    const ids = new Set([...text.matchAll(/\bid="([^"]*)"/g)].map(([, id]) => `#${id}`))
    expect(addresses.filter((to) => to.startsWith('#') && !ids.has(to))).toEqual([])
  })

  it('is told in either language, and the choice stays on the page', async () => {
    const address = await linkMade()
    expect((await opened(address, 'en')).text).toContain('Change request no. 1 (SSC-BMC): a copy to read')
    const guest = await visitor(served)
    expect((await guest.get(address)).text).toContain('閲覧用の写し')
    const chosen = await guest.post('/language', { language: 'en', returnTo: address })
    expect(chosen.location).toBe(address)
    expect((await guest.get(address)).text).toContain('a copy to read')
  })

  it('stays byte for byte what it was, whatever happens to the request since', async () => {
    const { context, db } = served
    const manager = { ...commandLine, grants: [{ role: 'data_manager', trialId, siteId: null }] as const }
    const found = await submitted({ context, db, trialId, manager })
    const { number } = found.record
    const address = await linkMade({}, `/trials/SSC-BMC/requests/${number}/guest-links`)
    const plain = ({ text }: { text: string }) => text.replace(/name="csrf" value="[^"]*"/g, '')
    const before = plain(await opened(address))
    const said = { ja: 'あとからの照会', en: 'Asked later' }
    const body = { bodyId: found.bodies[0]?.id ?? '', basis: 'recorded' as const }
    const asked = { ...body, round: 1, item: 1, askedOn: day('2026-06-20'), question: said, dueOn: null }
    await done(putInquiry(context, manager, trialId, number, asked))
    expect((await pi.get(`/trials/SSC-BMC/requests/${number}`)).text).toContain('あとからの照会')
    expect(plain(await opened(address))).toBe(before)
    expect(before).not.toContain('あとからの照会')
  })

  it('names no subject, in no language', async () => {
    const address = await linkMade()
    const subjects = await served.db.selectFrom('subject').select(['id', 'number']).execute()
    for (const language of ['ja', 'en']) {
      const { text } = await opened(address, language)
      expect(subjects.filter(({ id, number }) => text.includes(id) || text.includes(number))).toEqual([])
    }
  })
})

describe('the link', () => {
  it('is shown once, and stands nowhere: not in the database, not in the log', async () => {
    const address = await linkMade()
    const token = tokenIn(address)
    for (const way of [address, address.replace('guest', 'Guest'), `${address}/`, `${address}?x=${token}`])
      await opened(way)
    await raw(served, 'POST', address)
    expect((await pi.get(request)).text).not.toContain(token)
    for (const table of [...auditedTables, 'audit_entry', 'submission', 'session', 'guest_link_view']) {
      const { rows } = await sql`select * from ${sql.table(table)}`.execute(engineOf(served.db).writer)
      expect([table, JSON.stringify(rows).includes(token)]).toEqual([table, false])
    }
    expect(served.log.join('')).toContain('/guest/…')
    expect(served.log.join('')).not.toContain(token)
  })

  it('of a form that is sent twice is made once, and shown once', async () => {
    const sent = form()
    const before = (await everythingIn(served.db)).guest_link ?? 0
    expect((await pi.post(links, sent)).status).toBe(201)
    const again = await pi.post(links, sent)
    expect(again.status).toBe(201)
    expect(again.text).not.toMatch(/\/guest\/[\w-]{43}/)
    expect((await everythingIn(served.db)).guest_link).toBe(before + 1)
  })

  it.each([
    ['for nobody', { guestLabel: '' }],
    ['until a day that is over', { validUntil: '2026-06-23' }],
    ['for longer than 90 days', { validUntil: '2026-09-23' }],
    ['until a day that there is not', { validUntil: '2026-02-30' }],
    ['with a field more', { more: 'x' }],
  ])('%s is not made: the form comes back as it was typed', async (_what, more) => {
    const before = await everythingIn(served.db)
    const { status, text } = await pi.post(links, form(more))
    expect(status).toBe(422)
    expect(text).toContain('<title>エラー：')
    for (const value of Object.values({ ...form(), ...more }).slice(0, 2)) expect(text).toContain(`value="${value}"`)
    expect(await everythingIn(served.db)).toEqual(before)
  })

  it('of a draft there is none', async () => {
    const { context } = served
    const manager = { ...commandLine, grants: [{ role: 'data_manager', trialId, siteId: null }] as const }
    const { number } = await done(draftRequest(context, manager, trialId, drafted()))
    const at = `/trials/SSC-BMC/requests/${number}/guest-links`
    expect((await pi.get(`${at}/new`)).status).toBe(404)
    expect((await pi.post(at, form())).status).toBe(404)
    expect((await pi.get(`/trials/SSC-BMC/requests/${number}`)).text).not.toContain('閲覧リンク')
  })

  it('tells on the request’s page how often it was opened, without a word in the audit trail', async () => {
    const address = await linkMade({ guestLabel: '数えられる人' })
    const before = await everythingIn(served.db)
    await opened(address)
    await opened(address)
    await raw(served, 'HEAD', address)
    expect(await everythingIn(served.db)).toEqual(before)
    const { text } = await pi.get(request)
    const row = text.slice(text.indexOf('数えられる人'))
    expect(row.slice(0, row.indexOf('</tr>'))).toMatch(/2回.*2026-06-24 12:00/s)
    expect((await verify(served.db)).finding).toBeNull()
  })

  it('is not told of to a committee member, who makes none', async () => {
    const member = await signedIn(served, person('demo-irb'))
    expect((await member.get(request)).text).not.toContain('閲覧リンク')
    expect((await member.post(links, form())).status).toBe(403)
  })

  it('is revoked once it was asked about, and is found under no other request', async () => {
    const address = await linkMade({ guestLabel: '取り消される人' })
    const page = (await pi.get(request)).text
    const revocation = /href="([^"]*\/revocation)"/.exec(page.slice(page.indexOf('取り消される人')))?.[1] ?? ''
    expect((await pi.get(revocation.replace('/requests/1/', '/requests/2/'))).status).toBe(404)
    expect((await pi.get(revocation)).text).toContain('この閲覧リンクを無効にしますか')
    expect((await opened(address)).status).toBe(200)
    const before = (await everythingIn(served.db)).audit_entry ?? 0
    expect((await pi.post(revocation, {})).location).toBe(`${request}?done=guest_revoked`)
    expect((await pi.post(revocation, {})).status).toBe(303)
    expect((await everythingIn(served.db)).audit_entry).toBe(before + 1)
    expect((await opened(address)).status).toBe(410)
  })
})

describe('a link that does not open', () => {
  const over = async (address: string, language = 'ja') => {
    const { status, text } = await opened(address, language)
    const heading = /<h1>([^<]*)<\/h1>/.exec(text)?.[1]
    // Nothing of any trial stands on it.
    expect(text).not.toMatch(/SSC-BMC|CLTI-MNC|強皮症/)
    return { status, heading, shape: text.replace(/>[^<]*</g, '><').replace(/value="[^"]*"/g, '') }
  }

  it('says why, in either language, in one shape, and shows nothing', async () => {
    const [gone, old] = [await linkMade({ guestLabel: 'gone' }), await linkMade({ validUntil: '2026-06-24' })]
    const page = (await pi.get(request)).text
    const revocation = /href="([^"]*\/revocation)"/.exec(page.slice(page.indexOf('gone')))?.[1] ?? ''
    await pi.post(revocation, {})
    expect((await opened(old)).status).toBe(200)
    try {
      // Half an hour into the next day, where the trial is.
      served.now = '2026-06-24T15:30:00.000Z'
      const unknown = await over(`/guest/${'A'.repeat(43)}`)
      const [expired, revoked] = [await over(old), await over(gone)]
      expect([unknown.status, unknown.heading]).toEqual([404, 'この閲覧リンクは使えません'])
      expect([expired.status, expired.heading]).toEqual([410, 'この閲覧リンクの期限は過ぎました'])
      expect([revoked.status, revoked.heading]).toEqual([410, 'この閲覧リンクは無効にされました'])
      expect(new Set([unknown.shape, expired.shape, revoked.shape]).size).toBe(1)
      expect((await over(old, 'en')).heading).toBe('This guest link has expired')
      expect((await over(gone, 'en')).heading).toBe('This guest link was revoked')
    } finally {
      served.now = '2026-06-24T03:00:00.000Z'
    }
  })

  it.each(['x', `${'A'.repeat(42)}%00`, `${'A'.repeat(42)}%0a`, 'A'.repeat(44), 'A'.repeat(5000)])(
    'was never made: %s',
    async (token) => {
      expect((await opened(`/guest/${token}`)).status).toBe(404)
    },
  )

  it('holds a text that is not the one that was frozen: it is not shown, and the verification finds it', async () => {
    const address = await linkMade()
    const found = await findGuestLink(served.db, tokenIn(address))
    const { writer } = engineOf(served.db)
    const changed = found?.content.replace('"requestNumber":1', '"requestNumber":2') ?? ''
    expect(changed).not.toBe(found?.content)
    const set = (content: string) =>
      writer
        .updateTable('guest_link')
        .set({ content })
        .where('id', '=', found?.link.id ?? '')
        .execute()
    await set(changed)
    expect((await opened(address)).status).toBe(500)
    expect((await verify(served.db)).finding).not.toBeNull()
    await set(found?.content ?? '')
    expect((await verify(served.db)).finding).toBeNull()
  })
})

describe('a guest’s token, taken to every route,', () => {
  it.each(['open', 'expired', 'revoked', 'unknown'])(
    'leads to nothing of a trial but its one page: %s',
    async (kind) => {
      const address =
        kind === 'unknown'
          ? `/guest/${'B'.repeat(43)}`
          : await linkMade({ guestLabel: `guest ${kind}`, validUntil: '2026-06-24' })
      if (kind === 'revoked') {
        const page = (await pi.get(request)).text
        await pi.post(/href="([^"]*\/revocation)"/.exec(page.slice(page.indexOf('guest revoked')))?.[1] ?? '', {})
      }
      if (kind === 'expired') served.now = '2026-06-24T15:30:00.000Z'
      const token = tokenIn(address)
      const guest = await visitor(served)
      const right = { open: 200, expired: 410, revoked: 410, unknown: 404 }[kind]
      expect((await guest.get(address)).status).toBe(right)
      const before = await everythingIn(served.db)
      for (const { method, path, access } of routes) {
        if (access === 'anyone') continue
        const parts: Record<string, string> = { trial: 'SSC-BMC', request: '1', site: '01', section: 'pathway' }
        const there = path.replace(/:(\w+)/g, (_, name) => parts[name] ?? token)
        for (const query of ['', `?token=${token}`]) {
          const answer = method === 'get' ? await guest.get(there + query) : await guest.post(there + query, { token })
          expect([method, path, answer.status]).toEqual([method, path, 303])
          expect(answer.location).toMatch(/^\/session\/new/)
        }
      }
      expect(await everythingIn(served.db)).toEqual(before)
      served.now = '2026-06-24T03:00:00.000Z'
    },
  )
})
