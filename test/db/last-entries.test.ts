import { describe, expect, it } from 'vitest'
import { inFixedOrder, inOrderOf, saidIn, saidInOrderOf } from '../../server/db/audit-trail.ts'
import { newLastEntries } from '../../server/db/last-entries.ts'

const nothingElse = () => ''

describe('the last entries of records', () => {
  it('know the last content of each of many, once, and how many are left', () => {
    const entries = newLastEntries()
    const many = 20_000
    for (let index = 0; index < many; index++) entries.note(`subject ${index}`, 'first')
    for (let index = 0; index < many; index += 2) entries.note(`subject ${index}`, `second ${index}`)
    expect(entries.size()).toBe(many)
    const answers = new Map<string, number>()
    for (let index = 0; index < many; index++) {
      const found = entries.take(`subject ${index}`, `second ${index}`, nothingElse)
      answers.set(found, (answers.get(found) ?? 0) + 1)
    }
    expect(Object.fromEntries(answers)).toEqual({ same: many / 2, other: many / 2 })
    expect(entries.size()).toBe(0)
    expect(entries.take('subject 0', 'second 0', nothingElse)).toBe('unknown')
  })

  it('know nothing of what was not noted, and take either spelling of a content', () => {
    const entries = newLastEntries()
    entries.note('person a', 'in the clear')
    expect(entries.take('person b', 'in the clear', nothingElse)).toBe('unknown')
    expect([entries.holds('person a'), entries.holds('person b')]).toEqual([true, false])
    expect(entries.take('person a', 'sealed', () => 'in the clear')).toBe('same')
    expect([entries.holds('person a'), entries.size()]).toEqual([false, 0])
  })
})

describe('what a row says', () => {
  it('is the same with and without columns in which nothing stands', () => {
    expect(saidIn('{"a":1,"b":null,"c":"x"}')).toBe('"a":1,"c":"x",')
    expect(saidIn('{"a":1,"c":"x","d":null}')).toBe(saidIn('{"a":1,"c":"x"}'))
    expect(saidIn('{"a":null}')).toBe('')
    expect(saidIn('{"a":0}')).not.toBe(saidIn('{"a":null}'))
  })

  it('is never taken out of what somebody typed', () => {
    const typed = { note: 'he wrote "b":null, and ,"c":null,', other: '"' }
    expect(saidIn(inFixedOrder(typed))).toBe(`${inFixedOrder(typed).slice(1, -1)},`)
  })

  it('is written alike one by one and for many', () => {
    const row = { z: null, a: 'ア"\\', n: 3, m: 1.5 }
    expect(inOrderOf(Object.keys(row))(row)).toBe(inFixedOrder(row))
    expect(saidInOrderOf(Object.keys(row))(row)).toBe(saidIn(inFixedOrder(row)))
    expect(saidInOrderOf(['z'])({ z: null })).toBe(saidIn('{"z":null}'))
  })
})
