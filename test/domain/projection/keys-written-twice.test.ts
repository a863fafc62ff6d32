import { describe, expect, it } from 'vitest'
import { keysWrittenTwice } from '../../../server/domain/projection/keys-written-twice.ts'

describe('keys that stand twice in one object', () => {
  it.each([
    ['{"a": 1, "b": {"a": 1}, "c": [{"a": 1}, {"a": 1}]}', []],
    ['{"a": {"b": 1, "b": 2}}', ['$.a.b']],
    ['{"sites": [{"n": 1}, {"n": 3, "id": "x", "n": 30}], "sites": []}', ['$.sites[1].n', '$.sites']],
    // The same key in two spellings, a quotation mark, a backslash and brackets within texts.
    ['{"n": 1, "\\u006e": 2}', ['$.n']],
    ['{"a": "\\"n\\": {", "n": "\\\\", "b": "]}", "n": 1}', ['$.n']],
    ['{"a": [1, "a", "a", {"a key": [], "a key": {}}]}', ['$.a[3]["a key"]']],
    ['{"a": [], "a": {}, "a": "a"}', ['$.a', '$.a']],
    ['["a", "a"]', []],
    ['"a"', []],
  ])('%s', (json, twice) => {
    expect(JSON.parse(json)).toBeDefined()
    expect(keysWrittenTwice(json)).toEqual(twice)
  })

  it('of which there are many: the first hundred', () => {
    const json = `{${Array.from({ length: 500 }, () => '"a": 1').join(', ')}}`
    expect(keysWrittenTwice(json)).toHaveLength(100)
  })

  it('are found in as long as it takes to read the text', () => {
    const json = JSON.stringify({ sites: Array.from({ length: 300_000 }, (_, n) => ({ id: `site ${n}`, n })) })
    const started = performance.now()
    expect(keysWrittenTwice(json)).toEqual([])
    expect(performance.now() - started).toBeLessThan(3000)
  })
})
