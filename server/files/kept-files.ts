/** Files that people attached, each under the hash of what it holds, in a folder beside the database. */
import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export type KeptFiles = {
  /** Keeps what a file holds and gives its SHA-256; the same content is kept once. */
  keep(content: Uint8Array): Promise<string>
  /** What was kept under a hash; null where it is gone, or no longer what it was. */
  read(sha256: string): Promise<Uint8Array | null>
}

/** `folder` is made when the first file comes. */
export function filesIn(folder: string): KeptFiles {
  const placeOf = (sha256: string) => join(folder, sha256)
  return {
    async keep(content) {
      const sha256 = hashOf(content)
      await mkdir(folder, { recursive: true })
      // Whole or not at all: under its name there is never half a file.
      const unfinished = join(folder, `${sha256}.${process.pid}.part`)
      await writeFile(unfinished, content)
      await rename(unfinished, placeOf(sha256))
      return sha256
    },
    async read(sha256) {
      if (!/^[0-9a-f]{64}$/.test(sha256)) return null
      try {
        const content = await readFile(placeOf(sha256))
        return hashOf(content) === sha256 ? content : null
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
        throw error
      }
    },
  }
}

function hashOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
