/** The project's own files as text, for tests about how they are written. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { projectFolder } from '../../server/project-folder.ts'

export type Source = { path: string; text: string }

/** Every file below a folder whose name ends so, with its path from the project's folder. */
export function sourcesIn(folder: string, ending: string): Source[] {
  return readdirSync(join(projectFolder, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({
      path: relative(projectFolder, file).split(sep).join('/'),
      text: readFileSync(file, 'utf8'),
    }))
}

/** TypeScript or JavaScript without its comments; what stands in quotes is left as it is. */
export function withoutComments(code: string): string {
  const tokens =
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|(?<=(?:[=(,:!&|?[]|\breturn)\s*)\/(?![/*])(?:\[(?:\\.|[^\]\\\n])*\]|\\.|[^/\\\n[])+\//g
  return code.replace(tokens, (token) => (token.startsWith('//') || token.startsWith('/*') ? '' : token))
}

/** Texts in quotes, with what a template literal says between its values. */
export function quotedIn(code: string): string[] {
  return [...withoutComments(code).matchAll(/'((?:\\.|[^'\\\n])*)'|"((?:\\.|[^"\\\n])*)"/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  )
}
