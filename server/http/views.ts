/** The template engine: every template is compiled once, at the start; a missing value is an error, not an empty place. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import Handlebars from 'handlebars'
import type { Key, Values, Words } from '../i18n/words.ts'

export type Render = (template: string, values: object, words: Words) => string

type Root = { words: Words }

const helpers: Record<string, Handlebars.HelperDelegate> = {
  /** A sentence of the dictionary in the reader's language: `{{t "audit.note" count=3}}`. */
  t: (key: Key, options: Handlebars.HelperOptions) => {
    const { words } = options.data.root as Root
    return Object.keys(options.hash).length === 0 ? words.t(key) : words.t(key, options.hash as Values)
  },
  /** A sentence with `[[unbroken]]` phrases, `**strong**` words and `//` breaks; everything else is escaped. */
  say: (sentence: string) => new Handlebars.SafeString(sentenceHtml(sentence)),
  /** What people wrote, escaped; a date or a term with a hyphen in it stays on one line. */
  unbroken: (text: string) => new Handlebars.SafeString(unbrokenHtml(text)),
  /** Data for a script, inside `<script type="application/json">`. */
  json: (text: string) => new Handlebars.SafeString(text.replace(/</g, '\\u003c')),
}

export function sentenceHtml(sentence: string): string {
  return Handlebars.escapeExpression(sentence)
    .replace(/\[\[/g, '<span class="q">')
    .replace(/\]\]/g, '</span>')
    .replace(/\*\*(.+?)\*\*/g, '<b>$1</b>')
    .replace(/\/\//g, '<br>')
}

/** `2026-07-31` and `COVID-19`; words such as `well-known`, and what is longer than a narrow column, may break. */
export function unbrokenHtml(text: string): string {
  return Handlebars.escapeExpression(text).replace(
    /(?<![\w-])(?=[\w-]{0,23}[A-Z0-9])[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+(?![\w-])/g,
    (term) => (term.length <= 24 ? `<span class="q">${term}</span>` : term),
  )
}

function templateFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.hbs'))
    .map((entry) => join(entry.parentPath, entry.name))
}

/** Compiles every template below a folder; one that cannot be compiled stops the start. */
export function compileViews(folder: string): Render {
  const engine = Handlebars.create()
  const known = Object.fromEntries([...Object.keys(helpers), 'kept'].map((name) => [name, true]))
  const options = { strict: true, preventIndent: true, knownHelpers: known, knownHelpersOnly: true }
  engine.registerHelper(helpers)
  const templates = new Map<string, Handlebars.TemplateDelegate>()
  const parts = new WeakMap<object, string>()
  /** A partial about one value, made once as long as the value is the same object: it has nothing else to say. */
  engine.registerHelper('kept', (partial: string, value: object, { data }: Handlebars.HelperOptions) => {
    const known = parts.get(value)
    if (known !== undefined) return new Handlebars.SafeString(known)
    const { words } = data.root as Root
    const html = (engine.partials[partial] as Handlebars.TemplateDelegate)({ ...value, words })
    // In one piece: put together from hundreds, it would be put together again in every page that it stands on.
    const whole = Buffer.from(html).toString()
    parts.set(value, whole)
    return new Handlebars.SafeString(whole)
  })
  for (const file of templateFiles(folder)) {
    const source = readFileSync(file, 'utf8').replace(/\n$/, '')
    engine.precompile(source, options)
    const name = relative(folder, file).replace(/\.hbs$/, '')
    const template = engine.compile(source, options)
    if (name.startsWith('partials/')) engine.registerPartial(basename(name), template)
    else templates.set(name, template)
  }
  const find = (name: string) => {
    const template = templates.get(name)
    if (template === undefined) throw new Error(`no template ${name}.hbs in ${folder}`)
    return template
  }
  find('layouts/main')
  return (name, values, words) => {
    const layout = find(`layouts/${'layout' in values ? values.layout : 'main'}`)
    const body = new Handlebars.SafeString(find(name)({ ...values, words }))
    return layout({ ...values, words, body })
  }
}
