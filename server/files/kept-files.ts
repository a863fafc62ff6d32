/** Files that people attached, each under the hash of what it holds, in a folder beside the database. */
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { giveName } from './whole-file.ts'

/** What became of a file: as it was kept, gone, or with other content than its hash says. */
export type FileState = 'whole' | 'missing' | 'changed'

export type KeptFiles = {
  /** Keeps what a file holds and gives its SHA-256, once it is on the disk; the same content is kept once. */
  keep(content: Uint8Array): Promise<string>
  /** What was kept under a hash; null where it is gone, or no longer what it was. */
  read(sha256: string): Promise<Uint8Array | null>
  stateOf(sha256: string): Promise<FileState>
}

/** `folder` is made when the first file comes. */
export function filesIn(folder: string): KeptFiles {
  async function find(sha256: string): Promise<{ state: FileState; content: Uint8Array | null }> {
    if (!/^[0-9a-f]{64}$/.test(sha256)) return { state: 'missing', content: null }
    try {
      const content = await readFile(join(folder, sha256))
      return hashOf(content) === sha256 ? { state: 'whole', content } : { state: 'changed', content: null }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { state: 'missing', content: null }
      throw error
    }
  }

  return {
    async keep(content) {
      const sha256 = hashOf(content)
      await mkdir(folder, { recursive: true })
      // Whole or not at all: under its name there is never half a file.
      const unfinished = join(folder, `${sha256}.${process.pid}.part`)
      await writeFile(unfinished, content)
      await giveName(unfinished, join(folder, sha256))
      return sha256
    },
    read: async (sha256) => (await find(sha256)).content,
    stateOf: async (sha256) => (await find(sha256)).state,
  }
}

/** Where there are no files: whatever is looked for is missing. */
export const noFiles: KeptFiles = {
  keep: async () => {
    throw new Error('there is no folder for files here')
  },
  read: async () => null,
  stateOf: async () => 'missing',
}

/** The files of a database that is one itself, such as a backup: beside it, under its name. */
export function filesBeside(database: string): string {
  return `${database}.files`
}

/** Copies those that are whole; what is not whole is not there afterwards. */
export async function copyFiles(from: KeptFiles, to: KeptFiles, hashes: readonly string[]): Promise<void> {
  for (const sha256 of hashes) {
    const content = await from.read(sha256)
    if (content !== null) await to.keep(content)
  }
}

function hashOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
