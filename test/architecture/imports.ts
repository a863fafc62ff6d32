/** What a TypeScript file imports: from where, which names, and whether only their types. */
import { posix } from 'node:path'
import { type Source, withoutComments } from './sources.ts'

export type Import = {
  /** A path from the project's folder, a package's name, or `node:...`. */
  from: string
  names: string[]
  /** True where nothing remains of it after compiling. */
  isTypeOnly: boolean
}

const clause = String.raw`(?:[\w$]+\s*,\s*)?\{[^}]*\}|(?:[\w$]+\s*,\s*)?\*(?:\s+as\s+[\w$]+)?|[\w$]+`
const statement = new RegExp(String.raw`^(?:import|export)\s+(type\s+)?(${clause})\s+from\s+'([^']+)'`, 'gm')
const bare = /^import\s+'([^']+)'/gm
const dynamic = /\bimport\(\s*'([^']+)'\s*\)/g

export function importsOf({ path, text }: Source): Import[] {
  const code = withoutComments(text)
  const found: Import[] = []
  for (const [, type, what = '', from = ''] of code.matchAll(statement)) {
    const parts = /\{([^}]*)\}/.exec(what)?.[1]?.split(',') ?? [what]
    const specifiers = parts.map((part) => part.trim()).filter((part) => part !== '')
    found.push({
      from: placeOf(path, from),
      names: specifiers.map((part) => part.replace(/^type\s+/, '').replace(/\s+as\s+.*$/, '')),
      isTypeOnly: type !== undefined || specifiers.every((part) => part.startsWith('type ')),
    })
  }
  for (const [, from = ''] of [...code.matchAll(bare), ...code.matchAll(dynamic)]) {
    found.push({ from: placeOf(path, from), names: [], isTypeOnly: false })
  }
  return found
}

function placeOf(path: string, from: string): string {
  return from.startsWith('.') ? posix.join(posix.dirname(path), from) : from
}
