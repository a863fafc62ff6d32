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

const plain = (text: string) => text.replaceAll('&#x3D;', '=').replaceAll('&quot;', '"').replaceAll('&amp;', '&')

function linksOn({ path, text }: Walked): string[] {
  const links = text.matchAll(/<(?:a\b[^>]*\bhref|form\b[^>]*\bmethod="get"[^>]*\baction)="([^"#]+)/g)
  return [...links].map(([, to = '']) => (to.startsWith('?') ? (path.split('?')[0] ?? '') + plain(to) : plain(to)))
}

/** From some addresses on, so many at most of each route in each trial; and as many again with a question mark. */
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
    const kind = `${route} ${/^\/trials\/([^/?]+)/.exec(path)?.[1]} ${path.includes('?')}`
    const times = seen.get(kind) ?? 0
    if (route === '' || !within.test(path) || asked.has(path) || times >= most) continue
    seen.set(kind, times + 1)
    asked.add(path)
    const { status, text, headers, location } = await client.get(path)
    const page = { path, route, status, type: headers.get('content-type') ?? '', text }
    walked.push(page)
    if (location !== null) queue.push(location)
    if (page.type.startsWith('text/html')) queue.push(...linksOn(page))
  }
  return walked
}
