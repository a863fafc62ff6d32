/** Files that are there whole or not at all, whatever happens to the machine: written under another name, flushed, named. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readFile, rename, writeFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Gives a finished file its name, once its bytes are on the disk; then the name is, too. */
export async function giveName(unfinished: string, path: string): Promise<void> {
  await flush(unfinished)
  await rename(unfinished, path)
  await flush(dirname(path))
}

/** SHA-256 of a file, in hexadecimal. */
export async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/** Where the digest of a file stands: beside it, as `sha256sum --check` reads it. */
const besideOf = (path: string) => `${path}.sha256`

export async function writeDigest(path: string, digest: string): Promise<void> {
  const unfinished = `${besideOf(path)}.part`
  await writeFile(unfinished, `${digest}  ${basename(path)}\n`)
  await giveName(unfinished, besideOf(path))
}

/** The digest that was written beside a file; null where there is none. */
export async function readDigest(path: string): Promise<string | null> {
  try {
    return /^[0-9a-f]{64}/.exec(await readFile(besideOf(path), 'utf8'))?.[0] ?? 'unreadable'
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
