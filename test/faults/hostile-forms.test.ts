/**
 * Every form that changes something, right in everything but for one field with what somebody might send who means harm:
 * each is accepted with such a value sooner or later, and then that value stands in the trail as it was sent; where it is
 * refused, nothing is recorded.
 */
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { findCandidateHash } from '../../server/db/settings.ts'
import { findTrialByCode } from '../../server/db/trials.ts'
import { verifyWhole } from '../../server/db/whole-verification.ts'
import { routes } from '../../server/http/routes.ts'
import { serveForFile } from '../http/served.ts'
import type { Answer } from '../support/client.ts'
import { everyWay } from './every-way.ts'
import { forgetTries, type Ready } from './failing-forms.ts'
import { formOn } from './filled-forms.ts'
import { chanceFrom, hostileDays, hostileNumbers, hostileTexts } from './hostile-values.ts'
import { leads, stands, type Typed } from './recorded-as-sent.ts'
import { sizes } from './sizes.ts'

const served = serveForFile('demo')
const days = everyWay(served)
const chance = chanceFrom(20261121)

/** So often a form is sent until it is accepted once. */
const mostTries = 60

/** What is chosen from what is offered, and what proves who somebody is: anything else is refused, as it is elsewhere. */
const isChosen =
  /^(password|repeated|old|code|of|month|offer|measures|place|role|trial|secondFactor|anchorCode|capOf|meaning)$/
/** What a form carries along, and says nothing by: a name for a password's keeper, a file's that was not sent, what belongs to another event or claim. */
const isCarried =
  /^(username|origin\w+|proof|checked|addSites|measuredValue|consentVersionId|scope|reasons|\w+[2-9]|(number|sites|years)1)$/

/** Forms that say nothing but a password or a code, or choose: they have no key, or no field that is anybody's to write. */
const closed = [
  '/account/password',
  '/account/second-factor',
  '/account/second-factor/codes',
  '/account/second-factor/end',
  '/account/openid/end',
  '/access',
]

function typedInto({ fields, file, action }: Ready): Typed {
  if (file !== undefined) return { name: 'file', value: `${chance.oneOf(hostileTexts).replace(/["\r\n]/g, '')}.pdf` }
  const isFree = (name: string) => {
    // Somebody new is named; a review is of one of the days on which there is one.
    if (action === '/invitations') return name !== 'submissionKey'
    if (/\/reviews$/.test(action)) return false
    return !leads.test(name) && !isChosen.test(name) && !isCarried.test(name)
  }
  const names = Object.keys(fields).filter(isFree)
  const name = names.length === 0 ? 'submissionKey' : chance.oneOf(names)
  if (/On$|^effectiveFrom$|Until$/.test(name) && chance.below(4) > 0) {
    const { typed, means } = chance.oneOf(hostileDays)
    return { name, value: typed, means }
  }
  if (/Number$|^(size|years)$/.test(name) && chance.below(4) > 0) {
    const { typed, means } = chance.oneOf(hostileNumbers)
    return { name, value: typed, means }
  }
  const value = chance.oneOf(hostileTexts)
  // Of a table that is pasted, one cell.
  return name === 'rows' ? { name, value: value.replace(/[\t\r\n"]/g, '') } : { name, value }
}

function send({ who, action, fields, file }: Ready, { name, value }: Typed): Promise<Answer> {
  if (file !== undefined) return who.postWithFile(action, fields, { ...file, name: value })
  if (action.endsWith('/import/confirm')) return sendTable({ who, action, fields }, value)
  const typed = name === 'rows' ? (fields.rows ?? '').replace('P1', () => value) : value
  const key = fields.submissionKey === undefined ? {} : { submissionKey: randomUUID() }
  return who.post(action, { ...fields, ...key, [name]: typed })
}

/** A table is looked at before it is taken over: what is taken over is what was looked at. */
async function sendTable({ who, action, fields }: Ready, cell: string): Promise<Answer> {
  const rows = (fields.rows ?? '').replace('F-1', () => cell)
  const checked = await who.post(action.replace('/confirm', ''), { rows })
  const isTaken = checked.text.includes('class="import-preview"')
  return isTaken ? who.post(action, formOn(checked.text, /^import-preview$/).fields) : checked
}

async function heads(): Promise<Map<string, number>> {
  const last = served.db.selectFrom('audit_entry').select(({ fn }) => ['chain', fn.max('sequence').as('sequence')])
  const rows = await last.groupBy('chain').execute()
  return new Map(rows.map(({ chain, sequence }) => [chain, Number(sequence)]))
}

async function entriesSince(before: Map<string, number>) {
  const grown = [...(await heads())].filter(([chain, last]) => last > (before.get(chain) ?? 0))
  const found = grown.map(([chain]) =>
    served.db
      .selectFrom('audit_entry')
      .selectAll()
      .where('chain', '=', chain)
      .where('sequence', '>', before.get(chain) ?? 0)
      .execute(),
  )
  return (await Promise.all(found)).flat()
}

/** What is kept of a value that nobody is to read, be it by its trial's secret. */
async function digestOf({ action }: Ready, { name, value }: Typed): Promise<string | null> {
  if (name !== 'candidateKey' || value.trim() === '') return null
  const [, code = ''] = /^\/trials\/([^/]+)/.exec(action) ?? []
  return findCandidateHash(served.db, (await findTrialByCode(served.db, code))?.id ?? '', value.trim())
}

const accepted = new Map<string, number>()

/** Sends a form once; whether it was accepted. */
async function sendOnce(form: Ready, typed: Typed): Promise<boolean> {
  const before = await heads()
  await forgetTries(served)
  const { status, text } = await send(form, typed)
  const entries = await entriesSince(before)
  const said = [form.action, typed, status]
  expect([said, [200, 201, 303, 403, 404, 409, 413, 422].includes(status)]).toEqual([said, true])
  const isMarkup = typed.value.length > 5 && /["<]/.test(typed.value)
  expect([said, isMarkup && text.includes(typed.value)]).toEqual([said, false])
  if (status >= 400) expect([said, entries.length]).toEqual([said, 0])
  if (entries.length === 0) return false
  expect([said, stands(typed, entries, await digestOf(form, typed))]).toEqual([said, true])
  return true
}

describe.each(days)('a form $when', ({ ways, begin }) => {
  beforeAll(begin)

  it.each([...ways])(
    '%s',
    async (route, fill) => {
      const form = await fill()
      let [tries, times] = [0, 0]
      for (; tries < mostTries && (times === 0 || tries < sizes.hostileForms); tries += 1) {
        if (await sendOnce(form, typedInto(form))) times += 1
      }
      accepted.set(route, (accepted.get(route) ?? 0) + times)
      if (times > 0) return
      // What nobody could fill in otherwise is right as it is, filled in anew: a code may be over by now.
      const { who, action, fields } = await fill()
      await forgetTries(served)
      expect([route, (await who.post(action, fields)).status < 400]).toEqual([route, true])
    },
    120_000,
  )
})

it('every form but those that are closed was accepted, and every row is as the trail says', async () => {
  const all = days.flatMap(({ ways }) => ways.map(([route]) => route))
  expect([...new Set(all)].filter((route) => (accepted.get(route) ?? 0) === 0).sort()).toEqual([...closed].sort())
  expect(routes.filter(({ method }) => method === 'post').length).toBeGreaterThan(60)
  expect((await verifyWhole(served.db)).finding).toBeNull()
  expect(served.log.filter((line) => /"level":50/.test(line))).toEqual([])
}, 120_000)
