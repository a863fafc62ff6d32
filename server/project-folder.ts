/** Where the project's own files lie, the same for sources and for what was compiled into `dist`. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

function folderWithPackage(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder
    if (folder === dirname(folder)) throw new Error(`no package.json above ${start}`)
  }
}

export const projectFolder: string = folderWithPackage(dirname(fileURLToPath(import.meta.url)))
