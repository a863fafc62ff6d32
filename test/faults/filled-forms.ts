/** Forms as a browser would send them: every field of the page's own form with what stands in it, and what is typed over it. */
import type { Answer, Client } from '../support/client.ts'

const attribute = (tag: string, name: string): string | null =>
  unescaped(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? null)

function unescaped(text: string | null): string | null {
  return (
    text
      ?.replaceAll('&quot;', '"')
      .replaceAll('&#x27;', "'")
      .replaceAll('&#x3D;', '=')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&') ?? null
  )
}

export type Filled = { action: string; fields: Record<string, string> }

/** Every form of a page that is posted, with what stands in it; where nothing is chosen yet, the first choice there is. */
export function formsOn(html: string): Filled[] {
  return [...html.matchAll(/(<form\b[^>]*>)[\s\S]*?<\/form>/g)].flatMap(([whole, opening = '']) => {
    const action = attribute(opening, 'action')
    return attribute(opening, 'method') === 'post' && action !== null
      ? [{ action, fields: { ...firstChoices(whole), ...chosenOf(whole) } }]
      : []
  })
}

/** The form of a page that is posted to an address which fits, or whose class does. */
export function formOn(html: string, action: RegExp): Filled {
  for (const [whole, opening = ''] of html.matchAll(/(<form\b[^>]*>)[\s\S]*?<\/form>/g)) {
    const address = attribute(opening, 'action')
    if (attribute(opening, 'method') !== 'post' || address === null) continue
    if (!action.test(address) && !action.test(attribute(opening, 'class') ?? '')) continue
    return { action: address, fields: fieldsOf(whole) }
  }
  throw new Error(`no form posts to ${action}`)
}

const chosenOf = (form: string) =>
  Object.fromEntries(Object.entries(fieldsOf(form)).filter(([, value]) => value !== ''))

function firstChoices(form: string): Record<string, string> {
  const fields = fieldsOf(form)
  for (const [tag] of form.matchAll(/<input\b[^>]*type="radio"[^>]*>/g)) {
    const name = attribute(tag, 'name')
    if (name !== null) fields[name] ||= attribute(tag, 'value') ?? ''
  }
  for (const [, opening = '', inner = ''] of form.matchAll(/(<select\b[^>]*>)([\s\S]*?)<\/select>/g)) {
    const values = [...inner.matchAll(/<option\b[^>]*>/g)].map(([tag]) => attribute(tag, 'value') ?? '')
    const name = attribute(opening, 'name')
    if (name !== null) fields[name] ||= values.find((value) => value !== '') ?? ''
  }
  return fields
}

function fieldsOf(form: string): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const [tag] of form.matchAll(/<input\b[^>]*>/g)) {
    const name = attribute(tag, 'name')
    const isBox = /type="(checkbox|radio)"/.test(tag)
    const isSent = !/type="(submit|file)"/.test(tag) && (!isBox || /\bchecked\b/.test(tag))
    if (name !== null && isSent) fields[name] = attribute(tag, 'value') ?? ''
  }
  for (const [, opening = '', text = ''] of form.matchAll(/(<textarea\b[^>]*>)([\s\S]*?)<\/textarea>/g)) {
    const name = attribute(opening, 'name')
    if (name !== null) fields[name] = (unescaped(text) ?? '').replace(/^\n/, '')
  }
  for (const [, opening = '', inner = ''] of form.matchAll(/(<select\b[^>]*>)([\s\S]*?)<\/select>/g)) {
    const name = attribute(opening, 'name')
    const options = [...inner.matchAll(/<option\b[^>]*>/g)].map(([tag]) => tag)
    const chosen = options.find((tag) => /\bselected\b/.test(tag)) ?? options[0]
    if (name !== null && chosen !== undefined) fields[name] = attribute(chosen, 'value') ?? ''
  }
  delete fields.csrf
  return fields
}

/** Opens a page and fills its form in. */
export async function filledIn(
  client: Client,
  page: string,
  action: RegExp,
  typed: Record<string, string>,
): Promise<Filled> {
  const answer: Answer = await client.get(page)
  if (answer.status !== 200) throw new Error(`${page}: ${answer.status}`)
  const form = formOn(answer.text, action)
  return { ...form, fields: { ...form.fields, ...typed } }
}
