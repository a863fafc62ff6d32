/** Rows out of an XLSX workbook's first sheet: what Excel last showed, dates as the calendar days that they are. */
import { inflateRawSync } from 'node:zlib'
import { readSheet } from 'read-excel-file/node'
import { type ImportTable, importLimits } from '../domain/import-columns.ts'
import type { Parsed } from '../domain/parsed.ts'
import { tableOf } from './read-csv.ts'

/** A workbook that unpacks to more than this is no screening log. */
const mostUnpacked = 60_000_000
const mostParts = 500

/** Whether the bytes begin as every ZIP archive does, and so every XLSX workbook. */
export function isArchive(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4
}

export async function readWorkbook(bytes: Buffer): Promise<Parsed<ImportTable>> {
  const unreadable = { problems: [{ field: 'file', code: 'import_workbook_unreadable' }] }
  const size = unpackedSize(bytes)
  if (size === null) return unreadable
  if (size > mostUnpacked) return { problems: [{ field: 'file', code: 'import_workbook_too_large' }] }
  let sheet: unknown[][]
  try {
    sheet = (await readSheet(bytes)) as unknown[][]
  } catch {
    // The library has no common name for what can be wrong with a file; the person can only send another.
    return unreadable
  }
  if (sheet.some((row) => row.length > importLimits.columns * 5)) {
    const values = { most: importLimits.columns }
    return { problems: [{ field: 'rows', code: 'import_too_many_columns', values }] }
  }
  return { value: tableOf(sheet.map((row) => row.map(textOfCell))) }
}

/** A date cell is midnight in UTC on its calendar day: 2026-01-08, whatever zone this runs in. */
export function textOfCell(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  if (cell instanceof Date) {
    if (Number.isNaN(cell.getTime())) return ''
    const [day = '', time = ''] = cell.toISOString().split('T')
    return time.startsWith('00:00:00') ? day : `${day} ${time.slice(0, 5)}`
  }
  return String(cell)
}

/**
 * What an archive really unpacks to, part by part from its beginning, as far as the limit lets it; null where it is none.
 * What its directory says of the sizes is nobody's promise.
 */
function unpackedSize(bytes: Buffer): number | null {
  let place = 0
  let size = 0
  for (let part = 0; bytes.length >= place + 30 && bytes.readUInt32LE(place) === localHeader; part++) {
    if (part > mostParts) return Number.POSITIVE_INFINITY
    const [flags, method] = [bytes.readUInt16LE(place + 6), bytes.readUInt16LE(place + 8)]
    const stated = bytes.readUInt32LE(place + 18)
    place += 30 + bytes.readUInt16LE(place + 26) + bytes.readUInt16LE(place + 28)
    const hasDescriptor = (flags & 8) !== 0
    if (method === 0 && hasDescriptor) return null
    const unpacked = method === 0 ? { size: stated, taken: stated } : inflatedSize(bytes.subarray(place), size)
    if (unpacked === null || unpacked === 'too_large') return unpacked === null ? null : Number.POSITIVE_INFINITY
    if (!hasDescriptor && unpacked.taken !== stated) return null
    place += unpacked.taken
    size += unpacked.size
    if (hasDescriptor) place += place + 4 <= bytes.length && bytes.readUInt32LE(place) === descriptor ? 16 : 12
  }
  return place === 0 || size > mostUnpacked ? null : size
}

const localHeader = 0x04034b50
const descriptor = 0x08074b50

function inflatedSize(bytes: Buffer, sofar: number): { size: number; taken: number } | 'too_large' | null {
  try {
    const most = Math.max(1, mostUnpacked - sofar)
    // The types of the platform do not know what `info` changes.
    const { buffer, engine } = inflateRawSync(bytes, { maxOutputLength: most, info: true }) as unknown as {
      buffer: Buffer
      engine: { bytesWritten: number }
    }
    return { size: buffer.length, taken: engine.bytesWritten }
  } catch (error) {
    return (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? 'too_large' : null
  }
}
