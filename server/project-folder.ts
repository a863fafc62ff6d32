/** Where the project's own files lie, the same for sources and for what was compiled into `dist`. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

function folderWithPackage(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder
    if (folder === dirname(folder)) throw new Error(`no package.json above ${start}`)
  }
}

export const projectFolder: string = folderWithPackage(dirname(fileURLToPath(import.meta.url)))

/** The product's version, as its package says it: `0.1.0`. */
export function productVersion(): string {
  const { version } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')) as { version: string }
  return version
}
