/** What a curious reader finds without typing an address: the pages that the links on their pages lead to. */
import { routes } from '../../server/http/routes.ts'
import type { Client } from './client.ts'

export type Walked = { path: string; route: string; status: number; type: string; text: string }

const patterns = routes
  .filter(({ method }) => method === 'get')
  .map(({ path }) => ({
    path,
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}$`),
  }))

/** The route that answers an address; empty for files and for what is no address of ours. */
export function routeOf(address: string): string {
  const [path = ''] = address.split('?')
  return patterns.find(({ pattern }) => pattern.test(path))?.path ?? ''
}

const entities: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#x27': "'",
  '#x3D': '=',
  '#x60': '`',
}
const plain = (text: string) => text.replace(/&(\w+|#x\w+);/g, (whole, name) => entities[name] ?? whole)

/** Where the links and the questions of a page lead to, with what they ask and without a place on the page. */
export function linksOn({ path, text }: Pick<Walked, 'path' | 'text'>): string[] {
  const links = text.matchAll(/<(?:a\b[^>]*\bhref|form\b[^>]*\bmethod="get"[^>]*\baction)="([^"]*)"/g)
  return [...links].flatMap(([, escaped = '']) => {
    const [to = ''] = plain(escaped).split('#')
    if (to === '') return []
    return [to.startsWith('?') ? `${path.split('?')[0]}${to}` : to]
  })
}

/** What an address is one of: its route in its trial; or, of those that ask, each name that it asks by there. */
function kindsOf(path: string, route: string): { kinds: string[]; asks: boolean } {
  const [, trial = ''] = /^\/trials\/([^/?]+)/.exec(path) ?? []
  const names = [...new URLSearchParams(path.split('?')[1] ?? '').keys()]
  const kind = `${route} ${trial}`
  return names.length === 0
    ? { kinds: [kind], asks: false }
    : { kinds: names.map((name) => `${kind} ${name}`), asks: true }
}

/**
 * From some addresses on, so many at most of each route in each trial; and of those with a question mark every one that
 * asks by a name that was not asked by there.
 */
export async function walk(
  client: Client,
  from: readonly string[],
  { most, within = /^/ }: { most: number; within?: RegExp },
): Promise<Walked[]> {
  const seen = new Map<string, number>()
  const asked = new Set<string>()
  const walked: Walked[] = []
  const queue = [...from]
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const route = routeOf(path)
    const { kinds, asks } = kindsOf(path, route)
    const times = Math.min(...kinds.map((kind) => seen.get(kind) ?? 0))
    if (route === '' || !within.test(path) || asked.has(path) || times >= (asks ? 1 : most)) continue
    for (const kind of kinds) seen.set(kind, (seen.get(kind) ?? 0) + 1)
    asked.add(path)
    const { status, text, headers, location } = await client.get(path)
    const page = { path, route, status, type: headers.get('content-type') ?? '', text }
    walked.push(page)
    if (location !== null) queue.push(location)
    if (page.type.startsWith('text/html')) queue.push(...linksOn(page))
  }
  return walked
}
