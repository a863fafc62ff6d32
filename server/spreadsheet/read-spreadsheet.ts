/** Rows out of whatever a person sends: a workbook, or a text file; and the digest by which the file is known again. */
import { createHash } from 'node:crypto'
import type { ImportTable } from '../domain/import-columns.ts'
import { isRefused, type Parsed } from '../domain/parsed.ts'
import { decodedText, readText } from './read-csv.ts'
import { isArchive, readWorkbook } from './read-xlsx.ts'

export async function readSpreadsheet(bytes: Buffer): Promise<Parsed<ImportTable>> {
  if (isArchive(bytes)) return readWorkbook(bytes)
  // Excel's own "Unicode text".
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return readText(new TextDecoder('utf-16le').decode(bytes))
  if (isOldWorkbook(bytes)) return { problems: [{ field: 'file', code: 'import_old_workbook' }] }
  const binary = { problems: [{ field: 'file', code: 'import_binary' }] }
  if (bytes.includes(0) || beginsAs(bytes, '%PDF') || beginsAs(bytes, '\x89PNG') || beginsAs(bytes, '\xff\xd8\xff')) {
    return binary
  }
  const text = decodedText(bytes)
  if (isRefused(text)) return text
  return isHardlyText(text.value) ? binary : readText(text.value)
}

/** What is named `.xls`: Excel's format before 2007, or a web page or XML that another system wrote under that name. */
function isOldWorkbook(bytes: Buffer): boolean {
  if (beginsAs(bytes, '\xd0\xcf\x11\xe0') || beginsAs(bytes, '\x09\x08\x10\x00')) return true
  const start = bytes
    .subarray(0, 200)
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
  return /^\s*<(?:!doctype|html|table|meta|\?xml)\b/i.test(start)
}

function beginsAs(bytes: Buffer, start: string): boolean {
  return bytes.subarray(0, start.length).equals(Buffer.from(start, 'latin1'))
}

/** A stray control character is one cell's problem; many of them are no text at all. */
function isHardlyText(text: string): boolean {
  const start = text.slice(0, 4000)
  const strange = start.match(/[^\P{Cc}\t\n\r\v\f]/gu)?.length ?? 0
  return strange > 3 && strange > start.length / 100
}

/** SHA-256 of a file's bytes or of a text. */
export function hashOf(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex')
}
