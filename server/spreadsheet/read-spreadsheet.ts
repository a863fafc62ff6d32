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
  // The older format of Excel, and other things that are no text.
  if (bytes.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0])) || bytes.includes(0)) {
    return { problems: [{ field: 'file', code: 'import_binary' }] }
  }
  const text = decodedText(bytes)
  return isRefused(text) ? text : readText(text.value)
}

/** SHA-256 of a file's bytes or of a text. */
export function hashOf(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex')
}
