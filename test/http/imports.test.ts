/** From Excel, over HTTP: pasted or sent as a file, checked, mended, confirmed; by whom, and what hostile input gets. */
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import writeXlsxFile from 'write-excel-file/node'
import { listAuditEntries } from '../../server/db/audit-trail.ts'
import { listEvents } from '../../server/db/subject-events.ts'
import { findPathway, findTrialByCode, listConsentVersions } from '../../server/db/trials.ts'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import { pastedRows } from '../../server/domain/import-origin.ts'
import { languages, wordsFor } from '../../server/i18n/words.ts'
import { referenceFile } from '../actions/imported.ts'
import { type Answer, Client } from '../support/client.ts'
import { everythingIn, newcomer, serveForFile, signedIn } from './served.ts'

const served = serveForFile('demo')
const page = '/trials/SSC-BMC/import'
let coordinator: Client
let manager: Client
let investigator: Client
let trialId = ''
const ja = wordsFor('ja')

beforeAll(async () => {
  trialId = (await findTrialByCode(served.db, 'SSC-BMC'))?.id ?? ''
  const sites = await served.db.selectFrom('site').selectAll().where('trial_id', '=', trialId).execute()
  const siteId = sites.find(({ code }) => code === '01')?.id ?? ''
  const client = async (...grants: Parameters<typeof newcomer>[1]) => signedIn(served, await newcomer(served, grants))
  coordinator = await client({ role: 'coordinator', trialId, siteId })
  manager = await client({ role: 'data_manager', trialId, siteId: null })
  investigator = await client({ role: 'principal_investigator', trialId, siteId: null })
})

type Fields = Record<string, string>

async function sendForm(
  client: Client,
  path: string,
  fields: Fields,
  file?: { name: string; bytes: Buffer },
): Promise<Answer> {
  const { text } = await client.get('/')
  const form = new FormData()
  form.set('csrf', /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '')
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  if (file !== undefined) form.set('file', new Blob([new Uint8Array(file.bytes)]), file.name)
  return client.send(path, { method: 'POST', body: form })
}

const plain = (text: string) =>
  text
    .replace(/&#x3D;/g, '=')
    .replace(/&#x27;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')

/** Everything that the preview's form would send, as a browser reads it. */
function fieldsOf({ text }: Answer): Fields {
  const form = /<form class="import-preview"[\s\S]*?<\/form>/.exec(text)?.[0] ?? ''
  const fields: Fields = {}
  for (const [tag] of form.matchAll(/<input [^>]*>/g)) {
    const name = / name="([^"]*)"/.exec(tag)?.[1] ?? ''
    const isOff = tag.includes('type="checkbox"') && !tag.includes(' checked')
    if (name !== '' && name !== 'csrf' && !isOff) fields[name] = plain(/ value="([^"]*)"/.exec(tag)?.[1] ?? '')
  }
  for (const [, name = '', options = ''] of form.matchAll(
    /<select id="[^"]*" name="([^"]*)"[^>]*>([\s\S]*?)<\/select>/g,
  )) {
    fields[name] = / value="([^"]*)" selected|value="([^"]*)" selected/.exec(options)?.[1] ?? ''
  }
  for (const [, name = '', value = ''] of form.matchAll(
    /<textarea id="[^"]*" name="(cell-[^"]*)"[^>]*>\n?([\s\S]*?)<\/textarea>/g,
  )) {
    // A browser sends line ends so.
    fields[name] = plain(value).replaceAll('\n', '\r\n')
  }
  fields.rows = plain(/<textarea name="rows"[^>]*>\n?([\s\S]*?)<\/textarea>/.exec(form)?.[1] ?? '')
  return fields
}

const heads = '施設\tスクリーニング番号\t同意取得日\t適格性\t不適格・辞退理由'
const rowsOf = (...rows: string[]) => [heads, ...rows].join('\n')

describe('the pages of an import', () => {
  it('are linked from the log for those who write it', async () => {
    expect((await coordinator.get('/trials/SSC-BMC/subjects')).text).toContain(`href="${page}"`)
    expect((await investigator.get('/trials/SSC-BMC/subjects')).text).not.toContain(`href="${page}"`)
    expect((await coordinator.get(page)).text).toContain(ja.t('import.check'))
  })

  it('exist for nobody else', async () => {
    const before = await everythingIn(served.db)
    const rows = rowsOf('01\tW-1\t2026-02-10')
    expect((await investigator.get(page)).status).toBe(403)
    for (const path of [page, `${page}/confirm`]) {
      expect((await sendForm(investigator, path, { rows })).status).toBe(403)
      expect((await sendForm(investigator, path, { rows }, { name: 'a.csv', bytes: Buffer.from(rows) })).status).toBe(
        403,
      )
    }
    expect((await coordinator.get(`${page}/jobs/00000000-0000-0000-0000-000000000000`)).status).toBe(404)
    expect(await everythingIn(served.db)).toEqual(before)
  })

  it('without our own form nothing is read, and what was pasted stays', async () => {
    const rows = rowsOf('01\tW-1\t2026-02-10')
    for (const path of [page, `${page}/confirm`]) {
      const answer = await coordinator.post(path, { rows }, 'not ours')
      expect([answer.status, plain(answer.text).includes(rows)]).toEqual([403, true])
      expect(answer.text).toContain(ja.of('problem', 'form_expired'))
    }
  })
})

describe('paste, check, mend, confirm', () => {
  it('a wrong cell is named by row, column, value and words; mended on the page, all rows are recorded', async () => {
    const before = await everythingIn(served.db)
    const rows = rowsOf('01\tH-1\t2025/11/31', '01\tH-2\t2026/2/10\t不適格\t除外基準④', '01\tH-3\tR8.2.12')
    const refused = await sendForm(coordinator, page, { rows })
    expect(refused.status).toBe(422)
    expect(plain(refused.text)).toContain(
      ja.t('import.at_cell', {
        cell: ja.t('import.cell', { line: 2, column: '同意取得日' }),
        problem: ja.of('problem', 'date_impossible_day', { month: ja.month('2025-11'), lastDay: 30 }),
      }),
    )
    expect(fieldsOf(refused)).toMatchObject({ 'cell-2-2': '2025/11/31', rows })
    expect(refused.text).not.toContain('formaction')

    const mended = await sendForm(coordinator, page, { ...fieldsOf(refused), 'cell-2-2': '2025/11/30' })
    expect(mended.status).toBe(200)
    expect(mended.text).toContain(ja.t('import.confirm', { count: 3 }))
    expect(await everythingIn(served.db)).toEqual(before)

    const fields = fieldsOf(mended)
    const done = await sendForm(coordinator, `${page}/confirm`, fields)
    expect([done.status, done.location]).toEqual([303, `${page}?done=3-0-0`])
    expect((await coordinator.get(`${page}?done=3-0-0`)).text).toContain(
      ja.t('import.done', { new: 3, changed: 0, unchanged: 0 }),
    )
    const after = await everythingIn(served.db)
    // The same form once more is the same import.
    expect((await sendForm(coordinator, `${page}/confirm`, fields)).location).toBe(`${page}?done=3-0-0`)
    expect(await everythingIn(served.db)).toEqual(after)

    const again = await sendForm(coordinator, page, { rows: fields.rows ?? '' })
    expect([again.status, again.text.includes(ja.t('import.nothing_to_do'))]).toEqual([200, true])
    const [last] = await listAuditEntries(served.db, trialId, { before: null, limit: 1 })
    expect(last?.after).toMatchObject({ file_name: '<pasted> <mended>', new_number: 3 })
  })

  it('every cell of a wrong row can be mended, one of several lines too, and what is not touched stays as it is', async () => {
    const heads = '施設\tスクリーニング番号\t同意取得日\t転帰\t登録日\t備考\t担当'
    const note = `一行目\n${'二行目'.repeat(60)}`
    const rows = `${heads}\n01\tI-1\t2026-02-10\t登録\t\t"${note}"\t佐藤`
    const refused = await sendForm(coordinator, page, { rows })
    expect(refused.status).toBe(422)
    const label = ja.t('import.cell', { line: 2, column: '転帰' })
    const step = (await findPathway(served.db, trialId)).registration.label.ja
    expect(plain(refused.text)).toContain(
      ja.t('import.at_cell', {
        cell: label,
        problem: ja.of('problem', 'import_outcome_without_day', { milestone: step }),
      }),
    )
    const fields = fieldsOf(refused)
    expect(Object.keys(fields).filter((name) => name.startsWith('cell-'))).toEqual(
      expect.arrayContaining(['cell-2-0', 'cell-2-1', 'cell-2-2', 'cell-2-3', 'cell-2-4', 'cell-2-5']),
    )
    expect(fields).not.toHaveProperty('cell-2-6')
    const untouched = fieldsOf(await sendForm(coordinator, page, fields))
    expect([untouched.rows, untouched.originName]).toEqual([fields.rows, '<pasted>'])
    const cleared = await sendForm(coordinator, page, { ...fields, 'cell-2-3': '' })
    expect([cleared.status, fieldsOf(cleared).rows?.includes(note)]).toEqual([200, true])
    expect(cleared.text.split(ja.t('import.confirm', { count: 1 })).length - 1).toBe(2)
  })

  it('the preview shows what will be recorded beside the days, and what a number of Excel was read as', async () => {
    const heads = '施設\tスクリーニング番号\t同意取得日\t転帰\t理由\t紹介元\t備考'
    const rows = `${heads}\n01\tP-1\t46063\t不適格\t除外基準④\t&lt;市民&gt;病院\t要確認`
    const checked = await sendForm(coordinator, page, { rows: rows.replaceAll('&lt;', '<').replaceAll('&gt;', '>') })
    expect(checked.status).toBe(200)
    const preview = /<table class="import-rows">[\s\S]*?<\/table>/.exec(checked.text)?.[0] ?? ''
    const shown = plain(preview)
    expect(shown).toContain(
      ja.t('import.serial', { column: '同意取得日', typed: '46063', on: ja.date(calendarDate('2026-02-10')) }),
    )
    for (const text of [
      '除外基準④',
      '<市民>病院',
      '要確認',
      (await listConsentVersions(served.db, trialId)).at(-1)?.label.ja,
    ]) {
      expect(shown).toContain(`<b>${text}</b>`)
    }
  })

  it('the history and a correction say in the reader’s language where the rows came from', async () => {
    const rows = (on: string) => rowsOf(`01\tQ-1\t${on}`)
    for (const on of ['2026/2/30', '2026/2/12']) {
      const checked = await sendForm(coordinator, page, { rows: rows(on) })
      const mended =
        on === '2026/2/30'
          ? await sendForm(coordinator, page, { ...fieldsOf(checked), 'cell-2-2': '2026/2/28' })
          : checked
      expect((await sendForm(coordinator, `${page}/confirm`, fieldsOf(mended))).status).toBe(303)
    }
    const subject = await served.db.selectFrom('subject').select('id').where('number', '=', 'Q-1').executeTakeFirst()
    for (const language of languages) {
      const words = wordsFor(language)
      const [pasted, mended] = [words.t('import.pasted'), words.t('import.mended')]
      const client = await new Client(served.url).signIn('demo-dm', language)
      const history = plain((await client.get(page)).text)
      expect(history).toContain(`>${pasted}${mended}<`)
      expect(history).toContain(`>${pasted}<`)
      const about = plain((await client.get(`/trials/SSC-BMC/subjects/${subject?.id}`)).text)
      expect(about).toContain(pasted)
      expect(about).not.toContain('<pasted>')
      const audit = plain((await client.get('/trials/SSC-BMC/audit')).text)
      expect(audit).toContain(`${words.of('correction_reason', 'transcription')}: ${pasted}`)
    }
  })

  it('what was not checked as it stands is checked first', async () => {
    const before = await everythingIn(served.db)
    const checked = await sendForm(coordinator, page, { rows: rowsOf('01\tK-1\t2026-02-10') })
    const fields = fieldsOf(checked)
    const other = await sendForm(coordinator, `${page}/confirm`, { ...fields, 'meaning-3': 'ignored' })
    expect([other.status, other.text.includes('formaction')]).toEqual([200, true])
    expect((await sendForm(coordinator, `${page}/confirm`, { rows: rowsOf('01\tK-1\t2026-02-10') })).status).toBe(200)
    expect(await everythingIn(served.db)).toEqual(before)
  })

  it('a coordinator’s rows of another site are refused; the data manager may add what is new', async () => {
    const before = await everythingIn(served.db)
    const rows = rowsOf('02\tL-1\t2026-02-10', '新しい病院\tL-2\t2026-02-10')
    const refused = await sendForm(coordinator, page, { rows })
    expect(plain(refused.text)).toContain(ja.of('problem', 'import_site_unknown', { name: '02' }))
    expect(refused.text).not.toContain('name="addSites"')
    expect((await sendForm(coordinator, page, { rows, addSites: 'yes' })).text).toContain(
      ja.of('problem', 'import_may_not_add_sites'),
    )
    const asked = await sendForm(manager, page, { rows })
    expect([asked.status, asked.text.includes('name="addSites"')]).toEqual([422, true])
    const allowed = await sendForm(manager, page, { ...fieldsOf(asked), addSites: 'yes' })
    expect([allowed.status, allowed.text.includes('formaction')]).toEqual([200, true])
    expect(await everythingIn(served.db)).toEqual(before)
  })
})

describe('what was checked', () => {
  const subjectOf = (number: string) =>
    served.db
      .selectFrom('subject')
      .select(['id', 'consented_on'])
      .where('trial_id', '=', trialId)
      .where('number', '=', number)
      .executeTakeFirst()

  async function correctConsent(number: string, on: string): Promise<Answer> {
    const { id } = (await subjectOf(number)) ?? { id: '' }
    const [event] = await listEvents(served.db, id)
    const place = `/trials/SSC-BMC/subjects/${id}/events/${event?.id}/corrections`
    const { text } = await manager.get(`${place}/new`)
    const hidden = [...text.matchAll(/ name="(submissionKey|seenEventId)" value="([^"]*)"/g)]
    const fields = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]))
    return manager.post(place, { ...fields, occurredOn: on, reason: 'source_corrected' })
  }

  it('is checked again where somebody changed the log since: no correction is undone unseen', async () => {
    const add = await sendForm(coordinator, page, { rows: rowsOf('01\tP-1\t2026-02-10') })
    await sendForm(coordinator, `${page}/confirm`, fieldsOf(add))

    const checked = await sendForm(coordinator, page, { rows: rowsOf('01\tP-1\t2026-02-10', '01\tP-2\t2026-02-11') })
    expect([checked.status, checked.text.includes('formaction')]).toEqual([200, true])
    expect((await correctConsent('P-1', '2026-02-12')).status).toBe(303)
    const corrected = await everythingIn(served.db)

    const late = await sendForm(coordinator, `${page}/confirm`, fieldsOf(checked))
    expect([late.status, plain(late.text).includes(ja.t('import.outdated'))]).toEqual([409, true])
    expect(late.text).toContain(ja.of('import_result', 'changed'))
    expect(await everythingIn(served.db)).toEqual(corrected)
    expect((await subjectOf('P-1'))?.consented_on).toBe('2026-02-12')

    // Who has seen it may still say that the rows are right.
    const again = await sendForm(coordinator, `${page}/confirm`, fieldsOf(late))
    expect([again.status, again.location]).toEqual([303, `${page}?done=1-1-0`])
    expect((await subjectOf('P-1'))?.consented_on).toBe('2026-02-10')
  })

  it('is the rows of one person in one trial: what another sends, or sends elsewhere, is checked first', async () => {
    const other = await signedIn(
      served,
      await newcomer(served, [
        { role: 'data_manager', trialId, siteId: null },
        { role: 'data_manager', trialId: (await findTrialByCode(served.db, 'CLTI-MNC'))?.id ?? '', siteId: null },
      ]),
    )
    const bytes = Buffer.from(rowsOf('01\tQX-1\t2026-02-10'))
    const checked = await sendForm(manager, page, {}, { name: 'log.csv', bytes })
    const fields = fieldsOf(checked)
    expect(fields).toMatchObject({
      originName: 'log.csv',
      checked: expect.stringMatching(/^[0-9a-f]{64}\.[0-9a-f]{64}$/),
    })
    const before = await everythingIn(served.db)

    const byAnother = await sendForm(other, `${page}/confirm`, fields)
    expect([byAnother.status, byAnother.location]).toEqual([200, null])
    expect(fieldsOf(byAnother)).toMatchObject({ originName: pastedRows })
    expect(fieldsOf(byAnother).checked).not.toBe(fields.checked)

    const own = await sendForm(other, page, {}, { name: 'log.csv', bytes })
    const elsewhere = await sendForm(other, '/trials/CLTI-MNC/import/confirm', fieldsOf(own))
    expect(elsewhere.status).not.toBe(303)
    expect(fieldsOf(elsewhere)).toMatchObject({ originName: pastedRows })

    const [seen = '', seal = ''] = (fields.checked ?? '').split('.')
    const forged = [seen, `.${seal}`, `${'0'.repeat(64)}.${seal}`, `${seen}.${'0'.repeat(64)}`, '']
    for (const checkedBefore of forged) {
      expect((await sendForm(manager, `${page}/confirm`, { ...fields, checked: checkedBefore })).status).toBe(200)
    }
    expect(await everythingIn(served.db)).toEqual(before)
    expect((await sendForm(manager, `${page}/confirm`, fields)).location).toBe(`${page}?done=1-0-0`)
  })

  it('and found wrong has no seal: nothing can be sent on to be recorded', async () => {
    const wrong = await sendForm(manager, page, { rows: rowsOf('01\tR-1\t2026-02-31') })
    expect([wrong.status, fieldsOf(wrong).checked]).toEqual([422, ''])
  })
})

describe('a file', () => {
  it('is known by its name and its hash, which nobody can put to other rows', async () => {
    const bytes = readFileSync(referenceFile('screening_log_cp932.csv'))
    const checked = await sendForm(manager, page, {}, { name: 'C:\\台帳\\登録.csv', bytes })
    expect(checked.status).toBe(422)
    const fields = fieldsOf(checked)
    expect(fields).toMatchObject({ originName: '登録.csv', originHash: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(fieldsOf(await sendForm(manager, page, fields))).toMatchObject({ originName: '登録.csv' })
    const forged = await sendForm(manager, page, { ...fields, rows: rowsOf('01\tM-1\t2026-02-10') })
    expect(fieldsOf(forged)).toMatchObject({ originName: '<pasted>' })
  })

  it('may be a workbook', async () => {
    const bytes = await writeXlsxFile([
      ['施設', 'スクリーニング番号', '同意取得日'].map((value) => ({ value })),
      [
        { value: '01' },
        { value: 'N-1' },
        { value: new Date('2026-01-08T00:00:00Z'), type: Date, format: 'yyyy/mm/dd' },
      ],
    ]).toBuffer()
    const checked = await sendForm(manager, page, {}, { name: 'log.xlsx', bytes })
    expect([checked.status, checked.text.includes('2026-01-08')]).toEqual([200, true])
  })
})

describe('hostile input gets a clear answer and changes nothing', () => {
  const big = (size: number) => Buffer.alloc(size, 'x')
  it.each<[string, Fields, Buffer | null, string]>([
    ['nothing', { rows: '' }, null, 'import_nothing_sent'],
    ['only headings', { rows: heads }, null, 'import_no_rows'],
    ['100,000 columns', { rows: '' }, Buffer.from(`${'x,'.repeat(100_000)}y\n1,2`), 'import_too_many_columns'],
    [
      'a line of almost 5 MB',
      { rows: '' },
      Buffer.concat([Buffer.from('番号,日\n'), big(4_900_000)]),
      'import_line_too_long',
    ],
    ['a file over 5 MB', { rows: '' }, big(5_100_000), 'import_too_large'],
    ['NUL bytes', { rows: '' }, Buffer.from('番号,日\n1\0,2'), 'import_binary'],
    ['a broken encoding', { rows: '' }, Buffer.from([0x41, 0x2c, 0xff, 0xfd, 0x80, 0x0a]), 'import_encoding'],
    [
      'a broken workbook',
      { rows: '' },
      Buffer.concat([Buffer.from('PK\x03\x04'), big(500)]),
      'import_workbook_unreadable',
    ],
    [
      'two columns of one meaning',
      { rows: '症例番号\t同意日\t同意取得日\n1\t2026-02-10\t2026-02-10' },
      null,
      'import_same_meaning',
    ],
    ['a number twice', { rows: rowsOf('01\tZ\t2026-02-10', '01\tZ\t2026-02-10') }, null, 'import_number_twice'],
    ['a formula', { rows: rowsOf('01\tZ\t=TODAY()') }, null, 'date_unreadable'],
    ['an unknown field', { rows: rowsOf('01\tZ\t2026-02-10'), surprise: 'x' }, null, 'field_unknown'],
  ])('%s', async (_, fields, bytes, code) => {
    const before = await everythingIn(served.db)
    for (const path of [page, `${page}/confirm`]) {
      const answer = await sendForm(manager, path, fields, bytes === null ? undefined : { name: 'a.csv', bytes })
      expect(answer.status).toBe(422)
      const words = ja.of('problem', code, {
        most: 200,
        line: 2,
        name: 'surprise',
        first: '同意日',
        second: '同意取得日',
      })
      expect(plain(answer.text)).toContain(words)
    }
    expect(await everythingIn(served.db)).toEqual(before)
  })

  it('a form beyond every limit, or one that is cut off, is refused by its status', async () => {
    const answer = await sendForm(manager, page, { rows: 'x'.repeat(14_000_000) })
    expect(answer.status).toBe(413)
    const cut = await manager.send(page, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body: '--x\r\nContent-Disposition: form-data; name="rows"\r\n\r\nabc',
    })
    expect([422, 403]).toContain(cut.status)
  })
})
