/** Templates: each is shown by a page and none is missing; they escape everything and ask nobody else for anything. */
import { describe, expect, it } from 'vitest'
import { quotedIn, type Source, sourcesIn, withoutComments } from './sources.ts'

const views = sourcesIn('views', '.hbs')
const browserFiles = [
  ...sourcesIn('public', '.js'),
  ...sourcesIn('public', '.css'),
  ...sourcesIn('public', '.svg'),
  ...views,
]
const nameOf = ({ path }: Source) => path.replace(/^views\//, '').replace(/\.hbs$/, '')
const partials = views.map(nameOf).filter((name) => name.startsWith('partials/'))
const templates = views.map(nameOf).filter((name) => !/^(partials|layouts)\//.test(name))

function matches(pattern: RegExp, sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, text }) => (text.match(pattern) ?? []).map((found) => `${path}: ${found}`))
}

describe('templates', () => {
  it('are those that pages name, and no others', () => {
    const named = sourcesIn('server/pages', '.ts').flatMap(({ text }) =>
      [...withoutComments(text).matchAll(/\btemplate: '([^']+)'/g)].map(([, name = '']) => name),
    )
    expect(templates.length).toBeGreaterThan(10)
    expect([...new Set(named)].sort()).toEqual([...templates].sort())
  })

  it('stand in the layout of the application, or in one that a page names', () => {
    const named = sourcesIn('server/pages', '.ts').flatMap(({ text }) =>
      [...withoutComments(text).matchAll(/\blayout: '([^']+)',/g)].map(([, name = '']) => `layouts/${name}`),
    )
    const layouts = views.map(nameOf).filter((name) => name.startsWith('layouts/'))
    expect(layouts.sort()).toEqual([...new Set([...named, 'layouts/main'])].sort())
    expect(
      quotedIn(sourcesIn('server/http', '.ts').find(({ path }) => path === 'server/http/views.ts')?.text ?? ''),
    ).toContain('layouts/main')
  })

  it('use every partial, and only partials that exist', () => {
    const used = views.flatMap(({ text }) =>
      [...text.matchAll(/\{\{(?:#?>\s*|kept ")([\w-]+)/g)].map(([, name]) => `partials/${name}`),
    )
    expect([...new Set(used)].sort()).toEqual([...partials].sort())
  })

  it('escape whatever they show: no triple-stash, no {{& }}', () => {
    expect(matches(/\{\{\{|\{\{~?&/g, views)).toEqual([])
  })

  it('let only five helpers of the engine give markup: `say`, `unbroken`, `choose` and `json`, and `kept` that of a partial', () => {
    const safe = sourcesIn('server', '.ts').filter(({ text }) => /SafeString/.test(withoutComments(text)))
    expect(safe.map(({ path }) => path)).toEqual(['server/http/views.ts'])
    const helpers = withoutComments(safe[0]?.text ?? '').match(/^ {2}\w+:.*SafeString/gm) ?? []
    expect(helpers.map((line) => line.trim().split(':')[0])).toEqual(['say', 'unbroken', 'choose', 'json'])
    expect(safe[0]?.text.match(/registerHelper\('\w+'/g)).toEqual(["registerHelper('kept'"])
  })
})

describe('what the content security policy would stop is not tried', () => {
  it('no style attribute and no style element', () => {
    expect(matches(/\sstyle\s*=|<style\b/gi, views)).toEqual([])
    expect(matches(/setAttribute\(\s*['"]style|<style|cssText/gi, sourcesIn('public', '.js'))).toEqual([])
  })

  it('no script inside a page but data, and no handler in an attribute', () => {
    expect(matches(/<script\b(?![^>]*\bsrc=)(?![^>]*\btype="application\/json")[^>]*>/gi, views)).toEqual([])
    expect(matches(/\son[a-z]+\s*=/gi, views)).toEqual([])
    expect(matches(/javascript:/gi, browserFiles)).toEqual([])
    expect(matches(/\beval\(|new Function\(/g, sourcesIn('public', '.js'))).toEqual([])
  })
})

describe('no outside host', () => {
  const elsewhere = /(?:https?:|["'(\s=])\/\/[a-z0-9][a-z0-9.-]*\.[a-z]{2,}[^\s"')]*|\bwss?:\/\/[^\s"')]*/gi
  /** Names of vocabularies, which nobody fetches. */
  const vocabularies = /https?:\/\/www\.w3\.org\/(2000\/svg|1999\/xlink)/g

  it('is named in templates, scripts, styles or pictures', () => {
    const named = browserFiles.map(({ path, text }) => ({
      path,
      text: (path.endsWith('.js') ? withoutComments(text) : text).replace(vocabularies, ''),
    }))
    expect(named.length).toBeGreaterThan(40)
    expect(matches(elsewhere, named)).toEqual([])
    expect(matches(/@import[^\n]*/g, sourcesIn('public', '.css'))).toEqual([])
  })

  it.each([
    '<a href="https://example.org/x">',
    "import 'http://example.org/x.js'",
    '<script src="//cdn.example.org">',
    'url(//example.org/a.woff2)',
  ])('would be seen: %s', (text) => {
    expect(matches(elsewhere, [{ path: 'x', text }])).toHaveLength(1)
  })

  it('is asked for a script, a style or a font by no page', () => {
    const addresses = views.flatMap(({ text }) =>
      [...text.matchAll(/\b(?:src|href|action)="([^"]*)"/g)].map(([, to = '']) => to),
    )
    expect(addresses.length).toBeGreaterThan(20)
    expect(addresses.filter((to) => !/^(\/|#|\{\{)/.test(to))).toEqual([])
  })
})
