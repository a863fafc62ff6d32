/**
 * Many files as one, in the form that every `tar` unpacks (POSIX ustar): written so that the same files are the same
 * bytes, and read so strictly that a byte which our own writing would not have put there is damage.
 */
import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'

const block = 512
/** Eleven octal digits: 8 GiB less one byte. */
const mostBytes = 8 ** 11 - 1
const mostName = 100

export type Member = { path: string; bytes: number; sha256: string }
export type Content = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>

/** The header of a member: its name and size, and nothing of the machine or the hour at which it was written. */
function headerOf(path: string, bytes: number): Buffer {
  const name = Buffer.from(path)
  if (name.length > mostName || !/^[\w.-]+(\/[\w.-]+)*$/.test(path)) throw new Error(`no name for an archive: ${path}`)
  if (bytes > mostBytes) throw new Error(`${path} has ${bytes} bytes, more than a member of an archive may have`)
  const header = Buffer.alloc(block)
  const put = (text: string, at: number) => header.write(text, at, 'latin1')
  name.copy(header)
  put('0000644\0', 100)
  put('0000000\0', 108)
  put('0000000\0', 116)
  put(`${bytes.toString(8).padStart(11, '0')}\0`, 124)
  put('00000000000\0', 136)
  put('        ', 148)
  put('0', 156)
  put('ustar\x0000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

const paddingOf = (bytes: number) => (block - (bytes % block)) % block

export type TarWriter = {
  add(path: string, content: Content): Promise<Member>
  /** Ends the file, once it is on the disk. */
  finish(): Promise<void>
  /** Lets go of a file that is not finished. */
  abandon(): Promise<void>
}

/** A content of any length: what is kept of it meanwhile is a part. */
export async function writeTar(file: string): Promise<TarWriter> {
  const handle = await open(file, 'wx')
  let end = 0
  return {
    async add(path, content) {
      const from = end
      end += block
      const hash = createHash('sha256')
      for await (const part of inLargeParts(content)) {
        hash.update(part)
        await handle.write(part, 0, part.length, end)
        end += part.length
      }
      const bytes = end - from - block
      await handle.write(headerOf(path, bytes), 0, block, from)
      const padding = paddingOf(bytes)
      await handle.write(Buffer.alloc(padding), 0, padding, end)
      end += padding
      return { path, bytes, sha256: hash.digest('hex') }
    },
    async finish() {
      await handle.write(Buffer.alloc(2 * block), 0, 2 * block, end)
      await handle.sync()
      await handle.close()
    },
    abandon: () => handle.close(),
  }
}

const partBytes = 1 << 18

async function* inLargeParts(content: Content): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = []
  let size = 0
  for await (const piece of content) {
    const part = typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece)
    waiting.push(part)
    size += part.length
    if (size < partBytes) continue
    yield Buffer.concat(waiting)
    waiting = []
    size = 0
  }
  if (size > 0) yield Buffer.concat(waiting)
}

export type TarReader = {
  members: { path: string; bytes: number }[]
  /** A member's content, a part at a time. */
  read(path: string): AsyncGenerator<Buffer>
  close(): Promise<void>
}

/** Opens what `writeTar` wrote; `damaged` says where a file is anything else. */
export async function openTar(file: string): Promise<TarReader | { damaged: string }> {
  const handle = await open(file, 'r')
  const { size } = await handle.stat()
  const places = new Map<string, { bytes: number; at: number }>()
  const damaged = async (place: string) => {
    await handle.close()
    return { damaged: place }
  }
  let at = 0
  for (;;) {
    const header = await bytesAt(handle, at, block)
    if (header.length < block) return damaged(`byte ${at}: the end is missing`)
    if (header.every((byte) => byte === 0)) break
    const path = header.toString('latin1', 0, mostName).replace(/\0.*$/s, '')
    const bytes = Number.parseInt(header.toString('latin1', 124, 135), 8)
    if (!isHeader(header, path, bytes) || places.has(path)) return damaged(`byte ${at}: no header of a file`)
    const padding = await bytesAt(handle, at + block + bytes, paddingOf(bytes))
    if (padding.length < paddingOf(bytes) || padding.some((byte) => byte !== 0)) return damaged(`the end of ${path}`)
    places.set(path, { bytes, at: at + block })
    at += block + bytes + padding.length
  }
  const rest = await bytesAt(handle, at, 3 * block)
  if (rest.length !== 2 * block || rest.some((byte) => byte !== 0) || at + 2 * block !== size) {
    return damaged(`byte ${at}: something stands behind the last file`)
  }
  return {
    members: [...places].map(([path, { bytes }]) => ({ path, bytes })),
    async *read(path) {
      const place = places.get(path)
      if (place === undefined) throw new Error(`no ${path} in this archive`)
      for (let done = 0; done < place.bytes; done += partBytes) {
        yield await bytesAt(handle, place.at + done, Math.min(partBytes, place.bytes - done))
      }
    },
    close: () => handle.close(),
  }
}

function isHeader(header: Buffer, path: string, bytes: number): boolean {
  try {
    return header.equals(headerOf(path, bytes))
  } catch {
    return false
  }
}

async function bytesAt(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await handle.read(buffer, 0, length, at)
  return buffer.subarray(0, bytesRead)
}
