/** The template engine: every template is compiled once, at the start; a missing value is an error, not an empty place. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import Handlebars from 'handlebars'
import type { Key, Values, Words } from '../i18n/words.ts'
import type { Choice } from '../pages/page.ts'

/**
 * What a template says of its values, and what a layout says around that, of the frame and of nothing else; both as they are
 * sent. Neither holds a part of the other.
 */
export type Render = {
  body: (template: string, values: object, words: Words) => Buffer
  around: (layout: string, frame: object, words: Words) => { before: Buffer; after: Buffer }
}

/** Where the body goes in a layout, and a kept part in a body. Nobody can have typed it: what values say is escaped. */
const bodyHere = '<!--body-->'
const partHere = '<!--part-->'

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
  /** What a `<select>` offers: `{{choose sites}}`. A network has hundreds of sites, and every log offers them twice. */
  choose: (choices: readonly Choice[]) => new Handlebars.SafeString(choices.map(optionHtml).join('')),
  /** Data for a script, inside `<script type="application/json">`. */
  json: (text: string) => new Handlebars.SafeString(text.replace(/</g, '\\u003c')),
}

export function optionHtml({ value, label, chosen }: Choice): string {
  const selected = chosen ? ' selected' : ''
  return `<option value="${Handlebars.escapeExpression(value)}"${selected}>${Handlebars.escapeExpression(label)}</option>`
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
  const parts = new WeakMap<object, Buffer>()
  /** The kept parts of the body that is being made, in their order. */
  let within: Buffer[] = []
  /**
   * A partial about one value, made once as long as the value is the same object: it has nothing else to say. It is kept as
   * it is sent; a page of fifty such parts would otherwise be put into bytes anew each time.
   */
  engine.registerHelper('kept', (partial: string, value: object, { data }: Handlebars.HelperOptions) => {
    const { words } = data.root as Root
    const make = () => Buffer.from((engine.partials[partial] as Handlebars.TemplateDelegate)({ ...value, words }))
    const part = parts.get(value) ?? make()
    parts.set(value, part)
    within.push(part)
    return new Handlebars.SafeString(partHere)
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
  return {
    body: (name, values, words) => {
      within = []
      const [first = '', ...rest] = find(name)({ ...values, words }).split(partHere)
      const pieces = rest.flatMap((text, at) => [within[at] as Buffer, Buffer.from(text)])
      return Buffer.concat([Buffer.from(first), ...pieces])
    },
    around: (layout, frame, words) => {
      const whole = find(`layouts/${layout}`)({ frame, words, body: new Handlebars.SafeString(bodyHere) })
      const at = whole.indexOf(bodyHere)
      return { before: Buffer.from(whole.slice(0, at)), after: Buffer.from(whole.slice(at + bodyHere.length)) }
    },
  }
}
