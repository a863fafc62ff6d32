/**
 * Rows out of an XLSX workbook's first sheet: what Excel last showed, dates as the calendar days that they are. A workbook
 * comes from anybody: it is unpacked and measured here, and read in a thread of its own.
 */
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import { inflateRaw } from 'node:zlib'
import { type ImportTable, importLimits } from '../domain/import-columns.ts'
import type { Parsed, Problem } from '../domain/parsed.ts'
import { tableOf } from './read-csv.ts'

/** A workbook that unpacks to more than this is no screening log. */
const mostUnpacked = 60_000_000
const mostParts = 500
/** A sheet of Excel has no more. */
const mostSheetRows = 1_048_576

/** Whether the bytes begin as every ZIP archive does, and so every XLSX workbook. */
export function isArchive(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4
}

let last: Promise<unknown> = Promise.resolve()

/** One workbook at a time: those that wait hold no more than the file that was sent. */
export function readWorkbook(bytes: Buffer): Promise<Parsed<ImportTable>> {
  const turn = last.then(() => readInTurn(bytes))
  last = turn.catch(() => {})
  return turn
}

async function readInTurn(bytes: Buffer): Promise<Parsed<ImportTable>> {
  const parts = await unpacked(bytes)
  if (parts === null) return unreadable
  if (parts === 'too_large') return tooLarge
  const left: Problem[] = []
  for (const [name, content] of parts) {
    const problem = await sheetProblem(content.toString('latin1'))
    if (problem === null) continue
    // Only the first sheet is read: what cannot be is left out, and is a problem where nothing can be read without it.
    parts.delete(name)
    left.push(problem)
  }
  const sheet = await readApart(archiveOf(parts))
  if (sheet === 'too_large') return tooLarge
  if (sheet === null) return left.length > 0 ? { problems: left.slice(0, 1) } : unreadable
  return { value: tableOf(sheet.map((row) => row.map(textOfCell))) }
}

const unreadable = { problems: [{ field: 'file', code: 'import_workbook_unreadable' }] }
const tooLarge = { problems: [{ field: 'file', code: 'import_workbook_too_large' }] }

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

/* ---------- how far a sheet reaches ---------- */

/**
 * Why a part cannot be read as a sheet; null where it can be, or is none. A reader of sheets makes every row as wide as
 * the widest and fills every gap, so that one cell at XFD1048576 would take all memory; `<dimension>` is no promise. Told
 * by every address that stands in the text, wherever it stands, so that no trick of markup hides one from this look.
 */
async function sheetProblem(text: string): Promise<Problem | null> {
  if (!text.includes('sheetData')) return null
  // `xmlns:r` names a vocabulary, not a place.
  const places = /[<:]row(?=[\s/>])|(?<![\s"']xmlns)[\s:"']r=(?=["'])/g
  const address = /["'](?:([A-Z]{1,3})(\d{1,7})|(\d{1,7}))["']/y
  const isEmptyAfter = /(?:\s+[\w:.-]+="[^"'<>&]*")*\s*\/>/y
  let elements = 0
  let looked = 0
  for (let found = places.exec(text); found !== null; found = places.exec(text)) {
    // Others get their turn: 60 MB of cells take a while.
    if (++looked % 100_000 === 0) await new Promise((resolve) => setImmediate(resolve))
    if (found[0].endsWith('row')) {
      if (++elements > mostSheetRows) return tooLarge.problems[0] ?? null
      continue
    }
    address.lastIndex = places.lastIndex
    const [, letters, digits, rowAlone] = address.exec(text) ?? []
    const row = Number(digits ?? rowAlone ?? Number.POSITIVE_INFINITY)
    if (row > mostSheetRows) return tooLarge.problems[0] ?? null
    if (letters === undefined) continue
    isEmptyAfter.lastIndex = address.lastIndex
    // A cell that has only a format widens nothing: Excel leaves many, far from the rows.
    if (isEmptyAfter.test(text)) continue
    const { columns, rows } = importLimits
    if (columnOf(letters) > columns) {
      return { field: 'rows', code: 'import_too_many_columns', values: { most: columns } }
    }
    if (row > rows + 1000) return { field: 'rows', code: 'import_too_many_rows', values: { most: rows } }
  }
  return null
}

/** A is 1, AA is 27. */
function columnOf(letters: string): number {
  return [...letters].reduce((column, letter) => column * 26 + letter.charCodeAt(0) - 64, 0)
}

/* ---------- the reading, apart ---------- */

const mostMegabytes = 512
const mostMilliseconds = 10_000
/** More text than the largest file has: one long string may stand in any number of cells. */
const mostText = 20_000_000

const reading = `
const { parentPort, workerData } = require('node:worker_threads')
const { readSheet } = require(workerData.library)
const lengthOf = (row) => row.reduce((sum, cell) => sum + (typeof cell === 'string' ? cell.length : 1), 0)
readSheet(Buffer.from(workerData.bytes.buffer)).then(
  (rows) => {
    const length = rows.reduce((sum, row) => sum + lengthOf(row), 0)
    parentPort.postMessage(length > workerData.mostText ? 'too_large' : rows)
  },
  () => parentPort.postMessage(null),
)`

/** Reads in a thread with a limit on memory and time: what goes wrong there ends there. Null: it cannot be read. */
function readApart(bytes: Uint8Array<ArrayBuffer>): Promise<unknown[][] | 'too_large' | null> {
  const library = createRequire(import.meta.url).resolve('read-excel-file/node')
  const thread = new Worker(reading, {
    eval: true,
    workerData: { library, bytes, mostText },
    transferList: [bytes.buffer],
    resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
    execArgv: [],
  })
  return new Promise((resolve) => {
    const timer = setTimeout(() => end('too_large'), mostMilliseconds)
    const end = (answer: unknown[][] | 'too_large' | null) => {
      clearTimeout(timer)
      resolve(answer)
      void thread.terminate()
    }
    thread.once('message', end)
    // The library has no common name for what can be wrong with a file; the person can only send another.
    thread.once('error', (error: Error & { code?: string }) =>
      end(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'too_large' : null),
    )
    thread.once('exit', () => end(null))
  })
}

/* ---------- the archive ---------- */

/**
 * The parts of an archive that may be read, one by one from its beginning, as far as the limit lets it; null where it is
 * none. What its headers and its directory say of sizes is nobody's promise.
 */
async function unpacked(bytes: Buffer): Promise<Map<string, Buffer> | 'too_large' | null> {
  const parts = new Map<string, Buffer>()
  let place = 0
  let size = 0
  for (let part = 0; bytes.length >= place + 30 && bytes.readUInt32LE(place) === localHeader; part++) {
    if (part > mostParts) return 'too_large'
    const [flags, method] = [bytes.readUInt16LE(place + 6), bytes.readUInt16LE(place + 8)]
    const stated = bytes.readUInt32LE(place + 18)
    const nameEnds = place + 30 + bytes.readUInt16LE(place + 26)
    const name = bytes.subarray(place + 30, nameEnds).toString('utf8')
    place = nameEnds + bytes.readUInt16LE(place + 28)
    const hasDescriptor = (flags & 8) !== 0
    if (method === 0 && hasDescriptor) return null
    const content =
      method === 0
        ? { data: bytes.subarray(place, place + stated), taken: stated }
        : await inflated(bytes.subarray(place), mostUnpacked - size)
    if (content === null || content === 'too_large') return content
    if (!hasDescriptor && content.taken !== stated) return null
    place += content.taken
    size += content.data.length
    if (size > mostUnpacked) return 'too_large'
    if (/\.xml(?:\.rels)?$/.test(name)) parts.set(name, content.data)
    if (hasDescriptor) place += place + 4 <= bytes.length && bytes.readUInt32LE(place) === descriptor ? 16 : 12
  }
  return place === 0 ? null : parts
}

const localHeader = 0x04034b50
const descriptor = 0x08074b50
const directoryEnd = 0x06054b50

function inflated(bytes: Buffer, most: number): Promise<{ data: Buffer; taken: number } | 'too_large' | null> {
  return new Promise((resolve) => {
    const options = { maxOutputLength: Math.max(1, most), info: true }
    inflateRaw(bytes, options, (error, result) => {
      if (error !== null) {
        return resolve((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? 'too_large' : null)
      }
      // The types of the platform do not know what `info` changes.
      const { buffer, engine } = result as unknown as { buffer: Buffer; engine: { bytesWritten: number } }
      resolve({ data: buffer, taken: engine.bytesWritten })
    })
  })
}

/** The parts as a new archive, not packed: whoever reads it finds what was measured, and nothing else. */
function archiveOf(parts: ReadonlyMap<string, Buffer>): Uint8Array<ArrayBuffer> {
  const pieces = [...parts].flatMap(([name, content]) => {
    const path = Buffer.from(name)
    const header = Buffer.alloc(30)
    header.writeUInt32LE(localHeader, 0)
    header.writeUInt32LE(content.length, 18)
    header.writeUInt32LE(content.length, 22)
    header.writeUInt16LE(path.length, 26)
    return [header, path, content]
  })
  const end = Buffer.alloc(22)
  end.writeUInt32LE(directoryEnd, 0)
  const whole = new Uint8Array([...pieces, end].reduce((sum, { length }) => sum + length, 0))
  let place = 0
  for (const piece of [...pieces, end]) {
    whole.set(piece, place)
    place += piece.length
  }
  return whole
}
