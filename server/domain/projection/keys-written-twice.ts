/**
 * Keys that stand twice in one object of a JSON text. A parser keeps the last and says nothing (RFC 8259, section 4, calls
 * that unpredictable); a scenario in which `n` is both 3 and 30 has to be refused instead.
 */
import { memberPath } from './scenario.ts'

/** An object with its keys so far and the newest, or a list with the place in it. */
type Inside = { keys: Set<string>; key: string } | { place: number }

/**
 * The JSON paths of the keys that an object has had already, in the order of the text, which has to be JSON; at most 100.
 * `{"a": {"b": 1, "b": 2}}`: `$.a.b`.
 */
export function keysWrittenTwice(json: string): string[] {
  const twice: string[] = []
  const around: Inside[] = []
  let isKeyNext = false
  for (let at = 0; at < json.length && twice.length < 100; at++) {
    const inside = around.at(-1)
    switch (json.charCodeAt(at)) {
      case quote: {
        const end = endOfString(json, at)
        if (isKeyNext && inside !== undefined && 'keys' in inside) {
          inside.key = JSON.parse(json.slice(at, end + 1)) as string
          if (inside.keys.has(inside.key)) twice.push(pathOf(around))
          inside.keys.add(inside.key)
          isKeyNext = false
        }
        at = end
        break
      }
      case comma:
        if (inside !== undefined && 'place' in inside) inside.place++
        else isKeyNext = true
        break
      case openBrace:
        around.push({ keys: new Set(), key: '' })
        isKeyNext = true
        break
      case openBracket:
        around.push({ place: 0 })
        isKeyNext = false
        break
      case closeBrace:
      case closeBracket:
        around.pop()
        isKeyNext = false
        break
    }
  }
  return twice
}

const [quote, comma, openBrace, closeBrace, openBracket, closeBracket] = [0x22, 0x2c, 0x7b, 0x7d, 0x5b, 0x5d]

/** Where a string that begins here ends: at the next quotation mark after an even number of backslashes. */
function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end >= 0; end = json.indexOf('"', end + 1)) {
    let backslashes = 0
    while (json[end - 1 - backslashes] === '\\') backslashes++
    if (backslashes % 2 === 0) return end
  }
  return json.length
}

function pathOf(around: readonly Inside[]): string {
  return around.reduce((path, each) => ('keys' in each ? memberPath(path, each.key) : `${path}[${each.place}]`), '$')
}
