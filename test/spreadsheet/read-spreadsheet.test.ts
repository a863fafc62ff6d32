/** Rows out of files of every kind, and a clear answer to those that are none. */
import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import writeXlsxFile from 'write-excel-file/node'
import { isRefused } from '../../server/domain/parsed.ts'
import { readText, textOfTable } from '../../server/spreadsheet/read-csv.ts'
import { readSpreadsheet } from '../../server/spreadsheet/read-spreadsheet.ts'
import { textOfCell } from '../../server/spreadsheet/read-xlsx.ts'

const codeOf = async (bytes: Buffer) => {
  const table = await readSpreadsheet(bytes)
  return isRefused(table) ? table.problems[0]?.code : table.value
}
const text = (content: string) => Buffer.from(content)

describe('text', () => {
  it('keeps the numbers of its rows, whatever is empty', () => {
    const table = readText('\n番号\t日\n\n1\t"二\n行"\n\t\n2')
    expect(table).toEqual({
      value: {
        headLine: 2,
        head: ['番号', '日'],
        rows: [
          { line: 4, cells: ['1', '二\n行'] },
          { line: 6, cells: ['2'] },
        ],
      },
    })
    if (!isRefused(table)) expect(readText(textOfTable(table.value))).toEqual(table)
  })
  it('is CP932 where it is not UTF-8, and neither where it is neither', async () => {
    expect(await codeOf(Buffer.from([0x8e, 0x7b, 0x90, 0xdd, 0x2c, 0x31, 0x0a, 0x41]))).toMatchObject({
      head: ['施設', '1'],
    })
    expect(await codeOf(Buffer.from([0x41, 0x2c, 0xff, 0xfd, 0x80, 0x0a]))).toBe('import_encoding')
  })
  it('is UTF-16 where its mark says so, as Excel saves “Unicode text”', async () => {
    expect(await codeOf(Buffer.from('\ufeff番号\t日', 'utf16le'))).toMatchObject({ head: ['番号', '日'] })
  })
  it.each([
    ['NUL bytes', text('番号,日\n1\0,2'), 'import_binary'],
    ['UTF-16 without its mark', Buffer.from('番号,日', 'utf16le'), 'import_binary'],
    ['the old Excel format', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), 'import_old_workbook'],
    ['a web page named .xls', text('\ufeff<html><table><tr><td>番号</td></tr></table></html>'), 'import_old_workbook'],
    ['XML named .xls', text('<?xml version="1.0"?><Workbook/>'), 'import_old_workbook'],
    ['a PDF without a NUL byte', text('%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj'), 'import_binary'],
    ['a picture', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'import_binary'],
    ['a photograph', Buffer.from('\xff\xd8\xff\xe0 JFIF', 'latin1'), 'import_binary'],
    ['control characters all over', text('\x01\x02,\x03\x04\n\x05\x06,\x07\x08'), 'import_binary'],
    ['a quotation mark that never ends', text(`番号,日\n1,"${'x'.repeat(1_200_000)}`), 'import_line_too_long'],
    ['a line of 5 MB', text(`番号,日\n${'x'.repeat(4_900_000)}`), 'import_line_too_long'],
  ])('%s are refused in words', async (_, bytes, code) => {
    expect(await codeOf(bytes)).toBe(code)
  })
  it('with one stray control character is still a text: its cell says so', async () => {
    expect(await codeOf(text('番号,日\n1\x0b,2\n3\x02,4'))).toMatchObject({ head: ['番号', '日'] })
  })
  it('a quotation mark that was left open to the end is refused with its row', async () => {
    expect(await codeOf(text('番号,日\n1,"2\n3,4'))).toBe('import_quotes')
  })
})

describe('a workbook', () => {
  it('gives its days without a shift of time zones, and its numbers as they are', async () => {
    const bytes = await writeXlsxFile([
      [{ value: '番号' }, { value: '同意日' }, { value: '登録日' }],
      [{ value: 'A' }, { value: new Date('2026-01-08T00:00:00Z'), type: Date, format: 'yyyy/mm/dd' }, { value: 46030 }],
    ]).toBuffer()
    expect(await codeOf(bytes)).toMatchObject({
      head: ['番号', '同意日', '登録日'],
      rows: [{ line: 2, cells: ['A', '2026-01-08', '46030'] }],
    })
    expect(textOfCell(new Date('2026-01-08T09:30:00Z'))).toBe('2026-01-08 09:30')
    expect([textOfCell(null), textOfCell(true), textOfCell(new Date(Number.NaN))]).toEqual(['', 'true', ''])
  })
  it('that is cut off, or no workbook at all, is refused', async () => {
    const bytes = await writeXlsxFile([[{ value: '番号' }]]).toBuffer()
    expect(await codeOf(bytes.subarray(0, bytes.length / 2))).toBe('import_workbook_unreadable')
    expect(await codeOf(Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(100)]))).toBe(
      'import_workbook_unreadable',
    )
    expect(await codeOf(archiveOf('word/document.xml', Buffer.from('<x/>')))).toBe('import_workbook_unreadable')
  })
  it('that unpacks to more than a log could be is refused before it is read', async () => {
    const packed = archiveOf('xl/worksheets/sheet1.xml', Buffer.alloc(200_000_000))
    expect(packed.length).toBeLessThan(1_000_000)
    expect(await codeOf(packed)).toBe('import_workbook_too_large')
  })
  it('that its own directory describes otherwise is read as it lies there, or not at all', async () => {
    const honest = workbookOf('<row r="1"><c r="A1" t="inlineStr"><is><t>番号</t></is></c></row>')
    const hidden = archiveOf('xl/worksheets/sheet1.xml', Buffer.alloc(200_000_000))
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    // After its directory, or after bytes that belong to nothing, another part that only some readers see.
    for (const between of [entry, Buffer.from('JUNK')]) {
      expect(await codeOf(Buffer.concat([honest, between, hidden]))).toMatchObject({ head: ['番号'] })
    }
  })
})

describe('a sheet', () => {
  const text = (place: string, content: string) => `<c r="${place}" t="inlineStr"><is><t>${content}</t></is></c>`
  const head = `<row r="1">${text('A1', '番号')}${text('B1', '同意日')}</row>`
  const fill = 'x'.repeat(2_000_000)

  it.each([
    ['one cell in its last corner', `<row r="1048576">${text('XFD1048576', 'x')}</row>`, 'import_too_many_columns'],
    ['one cell in its last row', `<row r="1048576">${text('A1048576', 'x')}</row>`, 'import_too_many_rows'],
    ['one cell in its last column', `<row r="2">${text('XFD2', 'x')}</row>`, 'import_too_many_columns'],
    ['a cell far away in a row without a number', `<row>${text('GS2', 'x')}</row>`, 'import_too_many_columns'],
    ['a row further than Excel has', '<row r="9999999"/>', 'import_workbook_too_large'],
    ['a row at no number', '<row r="1e9"/>', 'import_workbook_too_large'],
    ['a place in other signs', `<row r="2">${text('&#65;2', 'x')}</row>`, 'import_workbook_too_large'],
    ['a place under a prefix', `<x:row x:r='2'><x:c x:r='XFD2'><x:v>1</x:v></x:c></x:row>`, 'import_too_many_columns'],
    ['a place behind a comment', `<!-- <c ' --><row r="2">${text('XFD2', "'")}</row>`, 'import_too_many_columns'],
    ['a place behind a sign', '<row r="2"><c r="XFD2" a="/>"><v>1</v></c></row>', 'import_too_many_columns'],
    ['a place behind a long tag', `<x a="${fill}>"/><row r="2">${text('XFD2', 'x')}</row>`, 'import_too_many_columns'],
    ['more rows than Excel has', '<row/>'.repeat(1_048_577), 'import_workbook_too_large'],
    ['a cell without a place', '<row><c><v>1</v></c></row>', 'import_workbook_unreadable'],
    ['a cell outside of a row', '<c r="A2"><v>1</v></c>', 'import_workbook_unreadable'],
  ])('with %s is refused in words, and quickly', async (_, rows, code) => {
    const begun = performance.now()
    expect(await codeOf(workbookOf(head + rows))).toBe(code)
    expect(performance.now() - begun).toBeLessThan(3000)
  })

  it('may have formats far away, where nothing stands', async () => {
    const far = `<row r="2">${text('A2', 'A')}<c r="XFD2" s="1"/></row><row r="1048576"><c r="XFD1048576" s="1" /></row>`
    expect(await codeOf(workbookOf(head + far))).toMatchObject({ rows: [{ line: 2, cells: ['A'] }] })
  })

  it('behind the first may be of any size', async () => {
    const other = archiveOf(
      'xl/worksheets/sheet2.xml',
      Buffer.from(sheetOf(`<row r="1048576">${text('XFD1048576', 'x')}</row>`)),
    )
    expect(await codeOf(Buffer.concat([other, workbookOf(head)]))).toMatchObject({ head: ['番号', '同意日'] })
  })

  it('whose cells repeat one endless text is refused', async () => {
    const strings = archiveOf('xl/sharedStrings.xml', Buffer.from(`<sst><si><t>${fill}</t></si></sst>`))
    const rows = Array.from({ length: 20 }, (_, index) => `<row><c r="A${index + 2}" t="s"><v>0</v></c></row>`)
    expect(await codeOf(Buffer.concat([strings, workbookOf(head + rows.join(''))]))).toBe('import_workbook_too_large')
  })

  it('that takes longer to read than any log is given up, and the next is read', async () => {
    const endless = workbookOf(`${head}<row a="${'a'.repeat(55_000_000)}`)
    const [first, next] = await Promise.all([codeOf(endless), codeOf(workbookOf(head))])
    expect(first).toBe('import_workbook_too_large')
    expect(next).toMatchObject({ head: ['番号', '同意日'] })
  }, 30_000)
})

const sheetOf = (rows: string) => `<?xml version="1.0"?><worksheet><sheetData>${rows}</sheetData></worksheet>`

/** A workbook of one sheet, as small as it can be. */
function workbookOf(rows: string): Buffer {
  const type = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet'
  const parts = {
    'xl/workbook.xml': '<workbook><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId1" Type="${type}" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': sheetOf(rows),
  }
  return Buffer.concat(Object.entries(parts).map(([name, content]) => archiveOf(name, Buffer.from(content))))
}

/** An archive of one part, which says of its size what it likes. */
function archiveOf(name: string, content: Buffer): Buffer {
  const data = deflateRawSync(content)
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(8, 8)
  local.writeUInt32LE(data.length, 18)
  local.writeUInt32LE(10, 22)
  local.writeUInt16LE(name.length, 26)
  return Buffer.concat([local, Buffer.from(name), data])
}
